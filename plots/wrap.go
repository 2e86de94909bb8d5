package plots

import (
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// wrapped breaks text between words so that no line is wider than room. What needs more lines than most
// ends in …, and so does a word wider than the room.
func wrapped(style draw.TextStyle, text string, room vg.Length, most int) string {
	var lines []string
	for _, paragraph := range strings.Split(text, "\n") {
		line := ""
		for _, word := range strings.Fields(paragraph) {
			if line != "" && style.Width(line+" "+word) > room {
				lines = append(lines, line)
				line = ""
			}
			line = strings.TrimPrefix(line+" "+word, " ")
		}
		lines = append(lines, line)
	}
	if len(lines) > most {
		lines = append(lines[:most-1], strings.Join(lines[most-1:], " "))
	}
	for i, line := range lines {
		lines[i] = shortened(style, line, room)
	}
	return strings.Join(lines, "\n")
}

// shortened cuts text that is wider than room and ends it in ….
func shortened(style draw.TextStyle, text string, room vg.Length) string {
	if style.Width(text) <= room {
		return text
	}
	letters := []rune(text)
	low, high := 0, len(letters) // of low letters and … it is known that they fit
	for low+1 < high {
		if middle := (low + high) / 2; style.Width(string(letters[:middle])+"…") <= room {
			low = middle
		} else {
			high = middle
		}
	}
	return string(letters[:low]) + "…"
}
