package h5view

import (
	"errors"
	"strings"

	"gofive/display"
	"gofive/h5"
)

// maxCharacters is how many characters of a dataset are read.
const maxCharacters = 1 << 16

// characters adds a dataset whose last axis runs along the characters of texts, a line for each text.
func (x *exhibit) characters(d *h5.Dataset) error {
	if d.Len() > maxCharacters {
		return nil // the table shows the first and last ones
	}
	a, err := d.Slice()
	if err != nil {
		return err
	}
	letters, err := a.Strings()
	if err != nil {
		return err
	}
	shape := d.Shape()
	n := shape[len(shape)-1]
	if n == 0 {
		return errors.New("its texts have no room for a character")
	}
	var lines []string
	for ; len(letters) >= n; letters = letters[n:] {
		lines = append(lines, strings.TrimRight(strings.Join(letters[:n], ""), "\x00 "))
	}
	x.lines("as text", strings.Join(lines, "\n"))
	x.note(plural(len(lines), "text") + " of up to " + display.Count(n) + " characters")
	x.replaced = true
	return nil
}
