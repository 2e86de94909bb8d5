package display

import (
	"io"
	"strings"
	"testing"
)

// TestReadLine reads one line after the other.
func TestReadLine(t *testing.T) {
	for _, test := range []struct {
		text string
		want []string
	}{
		{"a\nbc\n", []string{"a", "bc"}},
		{"\nlast", []string{"", "last"}},
		{"", nil},
	} {
		r := strings.NewReader(test.text)
		for _, want := range test.want {
			if got, err := readLine(r); got != want || err != nil {
				t.Errorf("%q: got %q, %v, want %q", test.text, got, err, want)
			}
		}
		if got, err := readLine(r); err == nil || !strings.Contains(err.Error(), io.EOF.Error()) {
			t.Errorf("%q: got %q, %v at the end, want EOF", test.text, got, err)
		}
	}
}
