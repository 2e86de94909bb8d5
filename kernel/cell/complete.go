package cell

// Completion is what could stand at the cursor. Start and End are byte offsets in the code: the
// span that a match replaces.
type Completion struct {
	Matches    []Match
	Start, End int
}

// Match is one completion.
type Match struct {
	Text      string // what is inserted
	Type      string // "function", "method", "field", "variable", "constant", "type", "package", "keyword"
	Signature string // its Go type, for people
}

// Complete gives the names that could stand at the byte offset cursor of code.
func (s *Session) Complete(code string, cursor int) Completion {
	return Completion{Start: cursor, End: cursor}
}

// Inspection describes the name at a cursor.
type Inspection struct {
	Text     string // plain
	Markdown string
}

// Inspect describes the name at the byte offset cursor of code; detail 1 adds source. It reports
// false when there is no known name.
func (s *Session) Inspect(code string, cursor, detail int) (Inspection, bool) {
	return Inspection{}, false
}

// Status says whether code could be run as it stands.
type Status string

const (
	Complete   Status = "complete"
	Incomplete Status = "incomplete"
	Invalid    Status = "invalid"
)

// IsComplete tells a console whether to run code or to ask for another line, and the indent of that
// line.
func IsComplete(code string) (status Status, indent string) { return Complete, "" }
