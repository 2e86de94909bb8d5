package display

import "fmt"

// Show displays each value. In a notebook each becomes an output of the cell that called Show; in a
// compiled program, which has no page, its text goes to standard output, a line of its own.
func Show(vs ...any) {
	for _, v := range vs {
		fmt.Println(Render(v).Data[TextPlain])
	}
}

// Clear removes what the cell has shown so far; with wait not before the next thing is shown, which
// then takes its place without flicker. A compiled program cannot take back what it wrote, and there
// Clear does nothing.
func Clear(wait bool) {}
