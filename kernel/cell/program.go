package cell

// Program is a cell that passed its checks, lowered to what the engine runs.
type Program struct {
	// Name is the cell's name in messages, such as "In[4]".
	Name string
	// Types is what the engine reads before Source: the types of the cell, when Ring names structs among
	// them that refer to each other, each behind those that it holds. Else it is "".
	Types string
	Ring  []string
	// Source is Go in the subset that yaegi runs right; "" when there is nothing to run.
	Source string
	// Entry is the function of Source that holds the cell's statements, of type func(*rt.Run); ""
	// when there are none.
	Entry string
	// Funcs says what tracebacks tell of the functions of Source, by what line directives in it call
	// them.
	Funcs map[string]Func
	// Forget lists what no later Source mentions: names that serve this one alone, and functions of
	// earlier ones that have been declared again.
	Forget []string
	// Passing says that Source declares nothing else: the same Source and Entry are the same program, which need not
	// be read twice.
	Passing bool
	// Native is what has to be built and loaded before Source can run, nil for nothing.
	Native *Native
	// Notes are what the check has to say beside the program, for the cell's stderr: functions of
	// earlier cells that no longer fit what this one declares.
	Notes []string
}
