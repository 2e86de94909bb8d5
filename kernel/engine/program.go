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
	// Types is what is read before Source, "" for nothing: types, of which Ring names structs that refer to
	// each other, each behind those that it holds.
	Types string
	Ring  []string
	// Source is Go in the subset that the interpreter runs right; "" runs nothing.
	Source string
	// Entry is the function in Source that holds the cell's statements; "" when there are none.
	Entry string
	// Funcs says what tracebacks tell of the functions of Source, by what line directives in it call
	// them.
	Funcs map[string]Func
	// Forget lists names of this Source and of earlier ones that no later one mentions.
	Forget []string
	// Passing says that Forget has all that Source declares: the same Source and Entry are the same program.
	Passing bool
	// Native is what to load before Source runs, nil for nothing.
	Native *Native
	// Profile says that Hot events shall tell of functions that take long.
	Profile bool
	// Beside says that the program runs in a subshell: what no run can be told of is not its.
	Beside bool
	// Life is the number of the process that has what the program was checked with, 0 for any. Another
	// runs nothing, and the Failure is Stale.
	Life int64
	// Parent is the id of the message that asks for the execution.
	Parent string
	// Turn says that the program is no cell: functions of cells run that the CommMessage delivered for
	// this Run called for.
	Turn bool
	// AllowInput says whether the cell may ask its front end for a line of text.
	AllowInput bool
}

// Native is a plugin whose functions take the place of functions of a Program.
type Native struct {
	Path string
	// Package is its import path, by which the runtime names its functions.
	Package string
	// Table is the variable of the plugin that maps names to functions.
	Table string
	// Funcs gives for variables of the Program's Source the names of the functions they are to hold.
	Funcs map[string]string
	// Cells are the cells of which the plugin's line directives give the numbers.
	Cells []string
}

// Func is what a traceback tells of a function of a Program. It is the same type as the front end's.
type Func = struct {
	// Name is what messages call the function: "pick", "(*T).Name", "pick.func1".
	Name string
	// Cell is the cell that its text stands in.
	Cell string
	// Line is the one line of the cell on which the function may fail; 0 when there are several,
	// and it keeps its line in a variable.
	Line int
}

// Failure is why a cell did not finish, ready to be shown as a Jupyter error.
type Failure struct {
	// Name is the kind of failure: "panic", "error", "command", "interrupted", "exit" or "engine".
	Name string
	// Value is the message, usually one line.
	Value string
	// Traceback is what a person reads: the message and where it happened, innermost first.
	Traceback []string
	// Code is the status with which a program that ended by itself (FailureExit) did so.
	Code int
	// Unrun says that nothing of the program has run: what it declares does not exist.
	Unrun bool
	// Stale says that this is so because the program was checked with what has been lost since.
	Stale bool
	// Unloaded says that this is so because the program's Native cannot be loaded.
	Unloaded bool
}

// Error makes a Failure an error; the text is that of a one-line report.
func (f *Failure) Error() string { return f.Name + ": " + f.Value }

// The kinds of Failure.
const (
	FailurePanic       = "panic"
	FailureError       = "error"
	FailureCommand     = "command" // of the system, which did not end well
	FailureInterrupted = "interrupted"
	FailureExit        = "exit"
	FailureEngine      = "engine"
)
