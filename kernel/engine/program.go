package engine

// Program is one checked and lowered cell, ready to run.
type Program struct {
	// Run numbers this execution. It is unique in the life of a kernel, and every Event that the
	// execution causes, however late, carries it. Numbers start at 1.
	Run int64
	// Name is the cell's name in messages, such as "In[4]".
	Name string
	// Code is the cell as it was typed, for the lines that a traceback quotes.
	Code string
	// Source is Go in the subset that the interpreter runs right; "" runs nothing.
	Source string
	// Entry is the function in Source that holds the cell's statements; "" when there are none.
	Entry string
	// Funcs says how messages name the functions of Source.
	Funcs map[string]string
	// AllowInput says whether the cell may ask its front end for a line of text.
	AllowInput bool
}

// Failure is why a cell did not finish, ready to be shown as a Jupyter error.
type Failure struct {
	// Name is the kind of failure: "panic", "error", "interrupted", "exit" or "engine".
	Name string
	// Value is the message, usually one line.
	Value string
	// Traceback is what a person reads: the message and where it happened, innermost first.
	Traceback []string
	// Unrun says that nothing of the program has run: what it declares does not exist.
	Unrun bool
}

// Error makes a Failure an error; the text is that of a one-line report.
func (f *Failure) Error() string { return f.Name + ": " + f.Value }

// The kinds of Failure.
const (
	FailurePanic       = "panic"
	FailureError       = "error"
	FailureInterrupted = "interrupted"
	FailureExit        = "exit"
	FailureEngine      = "engine"
)
