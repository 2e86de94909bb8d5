package display

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// Input shows prompt and waits for a line of text, which it returns without the line break. In a
// notebook the front end asks, and a front end that does not makes it an error; a compiled program
// reads standard input.
func Input(prompt string) (string, error) {
	fmt.Print(prompt)
	return readLine(os.Stdin)
}

// Password is Input for what nobody is to see: a notebook shows dots in its place. A compiled program
// does not keep a terminal from showing it.
func Password(prompt string) (string, error) { return Input(prompt) }

// readLine reads up to the next line break and nothing behind it, which is for who reads next.
func readLine(r io.Reader) (string, error) {
	var line []byte
	b := make([]byte, 1)
	for {
		n, err := r.Read(b)
		switch {
		case n == 1 && b[0] == '\n':
			return string(line), nil
		case n == 1:
			line = append(line, b[0])
		case errors.Is(err, io.EOF) && len(line) > 0:
			return string(line), nil
		case err != nil:
			return "", fmt.Errorf("display: read a line of input: %w", err)
		}
	}
}
