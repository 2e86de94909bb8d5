package cell

// Program is a cell that passed its checks, lowered to what the engine runs.
type Program struct {
	// Name is the cell's name in messages, such as "In[4]".
	Name string
	// Source is Go in the subset that yaegi runs right; "" when there is nothing to run.
	Source string
	// Entry is the function of Source that holds the cell's statements; "" when there are none.
	Entry string
}
