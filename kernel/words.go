package kernel

import (
	"fmt"
	"strings"
)

// words splits what stands behind a magic at its blanks. Between quotes, single or double, stands one word
// with its blanks.
func words(text string) ([]string, error) {
	var out []string
	var word strings.Builder
	begun, quote := false, rune(0)
	for _, r := range text {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote, begun = r, true
		case quote == 0 && (r == ' ' || r == '\t'):
			if begun {
				out = append(out, word.String())
			}
			word.Reset()
			begun = false
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("the quote %c is not closed: %s", quote, text)
	}
	if begun {
		out = append(out, word.String())
	}
	return out, nil
}
