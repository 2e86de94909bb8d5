package display

import (
	"encoding/json"
	"fmt"
)

// MIME types that a Bundle commonly holds.
const (
	TextPlain    = "text/plain"
	TextHTML     = "text/html"
	TextMarkdown = "text/markdown"
	TextLatex    = "text/latex"
	ImagePNG     = "image/png"
	ImageJPEG    = "image/jpeg"
	ImageSVG     = "image/svg+xml"
	AppJSON      = "application/json"
	HDF5         = "application/vnd.gofive.hdf5+json"
	VegaLite     = "application/vnd.vegalite.v5+json"
)

// Bundle is one value in several forms, keyed by MIME type; a front end shows the richest it can.
//
// A value of Data is a string for text types, []byte for binary types (they travel as base64, as
// the messaging specification asks) or anything encoding/json takes for JSON types. A complete
// Bundle always has text/plain. Metadata is keyed by MIME type too and may be nil.
type Bundle struct {
	Data     map[string]any
	Metadata map[string]any
	// Trouble tells which forms could not be made, and why.
	Trouble []Trouble
}

// Trouble is a form that could not be made. Cause is an error, or what a method panicked with.
type Trouble struct {
	What  string
	Cause any
}

func (t Trouble) String() string { return fmt.Sprintf("display: %s: %v", t.What, t.Cause) }

// MimeBundle lets a Bundle be shown.
func (b Bundle) MimeBundle() map[string]any { return b.Data }

// MimeMetadata goes with MimeBundle.
func (b Bundle) MimeMetadata() map[string]any { return b.Metadata }

// MarshalData gives the JSON object that a display_data message carries as its data.
func (b Bundle) MarshalData() (json.RawMessage, error) { return json.Marshal(nonNil(b.Data)) }

// MarshalMetadata gives the JSON object that a display_data message carries as its metadata.
func (b Bundle) MarshalMetadata() (json.RawMessage, error) { return json.Marshal(nonNil(b.Metadata)) }

// nonNil lets a missing map be written as {}, which front ends demand, and not as null.
func nonNil(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

// Renderer is a value that gives all its forms itself: a map from MIME type to what Bundle.Data
// holds. Nothing of this package is needed to implement it.
type Renderer interface {
	MimeBundle() map[string]any
}

// Viewer gives the forms of values whose own package knows nothing of display, as h5view does for
// h5. It reports false for values that are none of its business.
type Viewer func(v any) (Bundle, bool)

// Sink is where a cell shows things: in a notebook the front end of the cell.
type Sink interface {
	// Display shows v. The id lets Update find it again.
	Display(v any, id string)
	// Update replaces what was displayed under id, in whatever cell that was.
	Update(v any, id string)
}
