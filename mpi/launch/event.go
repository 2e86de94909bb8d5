package launch

// Kind says what an Event or an Output is.
type Kind uint8

// The kinds that ranks emit. What their payloads hold is between the Runner and the kernel, but for
// text, which is merged line by line.
const (
	Stdout  Kind = iota + 1 // text
	Stderr                  // text
	Display                 // a MIME bundle
	Result                  // the value of a cell
	Other
)

// The kinds that only Outputs have.
const (
	// Failed is a failure, the payload that Runner.Run returned, as soon as it is known.
	Failed Kind = iota + 16
	// Died says that ranks are gone; the payload is text.
	Died
	// State is one line of text for people about what the ranks do now. It replaces the one before;
	// "" says that there is nothing left to tell.
	State
	// Turn is a State of a program that waits until the ranks have ended another.
	Turn
	// Note is a line of text about the output itself, such as where the rest of it is.
	Note
)

// Event is something that a program does on one rank.
type Event struct {
	Kind    Kind
	Payload []byte
	// Merge says that the event may be made one with equal events of other ranks. Text always may,
	// unless the Program says otherwise.
	Merge bool
}

// Output is an Event of all the ranks that had the same. Outputs of one rank come in its order.
type Output struct {
	Ranks   Set
	Kind    Kind
	Payload []byte
}
