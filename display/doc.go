// Package display is how a value gets onto the page of a notebook.
//
// There are only a few types here. A Bundle is one value in several forms, keyed by MIME type; a
// Sink is where bundles go; a Renderer is a value that makes its own bundle, and a Viewer makes
// bundles for values of packages that know nothing of display. Markup is the one way by which gofive
// builds HTML: whatever it writes is escaped. A Handle stands for what is shown.
//
// A type shows itself without importing this package, by any of the methods
//
//	MimeBundle() map[string]any    MimeMetadata() map[string]any
//	HTML() string    Markdown() string    Latex() string    SVG() string
//	PNG() []byte     JPEG() []byte        JSON() any
//
// each of which may give an error too, as in HTML() (string, error);
// and a cell shows markup of its own with the types HTML, Markdown, Latex, SVG, PNG and JPEG and the
// function JSON:
//
//	display.Show(display.Markdown("**done**: " + name), img)
//
// What Show returns can be given other values to show in the same place. Package progress shows how far
// something is.
package display
