package cell

import "strconv"

// Question is what only the engine can answer, of a variable or of the folders that it sees.
type Question struct {
	Kind QuestionKind
	// Var is the variable's name in lowered code.
	Var string
	// Calls lead from the variable to what is asked about, each a method with a string as its argument.
	Calls []Call
	// Method is the one whose argument is being typed, Text what stands there so far.
	Method, Text string
	// Raw says that it is typed in a raw string.
	Raw bool
}

// Call is a method called with one string.
type Call struct{ Method, Arg string }

// QuestionKind says what is asked.
type QuestionKind uint8

const (
	// AskFiles asks for the files and folders whose path begins with Text.
	AskFiles QuestionKind = iota + 1
	// AskNames asks what the argument of Method could be when it begins with Text.
	AskNames
	// AskValue asks for the value of Var, as text.
	AskValue
)

// Literal gives a name as it stands in the string that is being typed.
func (q *Question) Literal(name string) string {
	if q.Raw {
		return name
	}
	quoted := strconv.Quote(name)
	return quoted[1 : len(quoted)-1]
}
