package h5browse

import (
	"encoding/json"
	"math"
)

// request is what a page asks for; each op reads its own fields.
type request struct {
	V         int      `json:"v"`
	ID        int64    `json:"id"`
	Op        string   `json:"op"`
	File      string   `json:"file"`
	Path      string   `json:"path"`
	Offset    int      `json:"offset"`
	Limit     int      `json:"limit"`
	Sort      string   `json:"sort"`
	Filter    string   `json:"filter"`
	Kinds     []string `json:"kinds"`
	Attribute string   `json:"attribute"`
	Detail    bool     `json:"detail"` // of what is listed: its type and attributes
	Sel       string   `json:"sel"`
	Field     string   `json:"field"`
	As        string   `json:"as"`
	Max       int      `json:"max"`
	Width     int      `json:"width"`
	Height    int      `json:"height"`
	Method    string   `json:"method"`
	X         *series  `json:"x"`
	Bins      int      `json:"bins"`
	Text      string   `json:"text"`
	In        string   `json:"in"`
	Rows      string   `json:"rows"`
	Columns   columns  `json:"columns"`
	Every     int      `json:"every"` // ms
	Target    int64    `json:"target"`
	SWMR      bool     `json:"swmr"`
	Show      string   `json:"show"`
	Series    []series `json:"series"` // the lines of a figure
	Errors    *series  `json:"errors"` // of the first one
	Look      look     `json:"look"`
	Spectrum  spectrum `json:"spectrum"`
	Component string   `json:"component"` // of complex numbers
	Scaled    bool     `json:"scaled"`    // numbers as CF's attributes say they are meant
}

// series names a dataset, or a column of one, that is drawn.
type series struct {
	Path      string `json:"path"`
	Field     string `json:"field"`
	Sel       string `json:"sel"`
	Component string `json:"component"` // of complex numbers
	Label     string `json:"label"`
}

// look is how a figure is drawn.
type look struct {
	Range      []float64 `json:"range"` // of X
	LogX       bool      `json:"logx"`
	LogY       bool      `json:"logy"`
	Labels     []string  `json:"labels"` // of X and Y
	Colours    string    `json:"colours"`
	Percentile []float64 `json:"percentile"`
	Log        bool      `json:"log"`    // of the colours
	Turned     bool      `json:"turned"` // rows across
}

// columns are names, or a range of places in a text.
type columns struct {
	names []string
	span  string
}

// UnmarshalJSON implements json.Unmarshaler.
func (c *columns) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		return json.Unmarshal(raw, &c.span)
	}
	return json.Unmarshal(raw, &c.names)
}

// parseRequest reads a request. Its id is given also where the rest is wrong, 0 when there is none.
func parseRequest(data json.RawMessage) (*request, error) {
	var only struct {
		ID json.Number `json:"id"`
		V  int         `json:"v"`
	}
	r := &request{}
	if err := json.Unmarshal(data, &only); err == nil {
		r.ID, _ = only.ID.Int64() // 0 is refused below
	}
	id := r.ID
	if err := json.Unmarshal(data, r); err != nil {
		return &request{ID: max(id, 0)}, badRequest("%v", err)
	}
	switch {
	case r.ID < 1 || r.ID > 1<<53:
		return &request{}, badRequest("id must be a whole number above 0")
	case r.V != version:
		return r, badRequest("v must be 1, not %d", r.V)
	}
	return r, nil
}

// within puts a number that a page asks for between bounds; 0 stands for the usual.
func within(n, usual, least, most int) int {
	if n == 0 {
		n = usual
	}
	return min(max(n, least), most)
}

// finite gives a number that JSON holds, nil for others.
func finite(x float64) any {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return x
}
