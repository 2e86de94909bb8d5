package kernel

import (
	"strings"

	"gofive/kernel/cell"
	"gofive/kernel/msg"
)

// A line that begins with % is no Go: it is a magic, a word to the kernel. %%name in the first line
// says how the cell below it is run; %name does something by itself, before the Go of its cell when it
// stands above it, after it elsewhere. Each magic has a file of its own.

// magic is one of them.
type magic struct {
	name string
	cell bool   // it is %%name
	args string // for %lsmagic
	help string
	run  func(x *execution, args string) *msg.Failed
}

// magics are all there are, in the order in which %lsmagic lists them.
func magics() []magic {
	return []magic{nativeCell, nativeAuto, save, listHistory, output, listMagics, helpMagic}
}

// String writes the magic as a cell does.
func (m magic) String() string {
	if m.cell {
		return "%%" + m.name
	}
	return "%" + m.name
}

// magicLine is a line of a cell that is a magic.
type magicLine struct {
	word  string // "%%native"
	args  string
	line  int // 1-based
	start int // offset of the word
	above bool
}

// cutMagics takes the magics off a cell. Blanks stand where they were, so that what is left keeps its
// lines and columns.
func cutMagics(code string) ([]magicLine, string) {
	var found []magicLine
	rest := []byte(code)
	goes := false // Go has begun
	for i, line := 0, 1; i < len(code); line++ {
		end := i + strings.IndexByte(code[i:]+"\n", '\n')
		text := strings.TrimSpace(code[i:end])
		if isMagic(text) {
			word, args, _ := strings.Cut(text, " ")
			found = append(found, magicLine{word, strings.TrimSpace(args), line, i + strings.IndexByte(code[i:], '%'), !goes})
			for j := i; j < end; j++ {
				rest[j] = ' '
			}
			i = end + 1
			continue
		}
		goes = goes || text != "" && !strings.HasPrefix(text, "//")
		next := endOfLine(code, i)
		line += strings.Count(code[i:min(next, len(code))], "\n")
		i = next + 1
	}
	return found, string(rest)
}

// isMagic reports whether a line, which begins no statement of Go then, is a magic.
func isMagic(text string) bool {
	name := strings.TrimPrefix(strings.TrimPrefix(text, "%"), "%")
	return len(name) < len(text) && (name == "" || name[0] >= 'a' && name[0] <= 'z' || name[0] >= 'A' && name[0] <= 'Z')
}

// endOfLine gives the offset of the next line break after i that is in no comment and no raw string.
func endOfLine(code string, i int) int {
	for i < len(code) && code[i] != '\n' {
		skip := 1
		switch c := code[i]; {
		case strings.HasPrefix(code[i:], "//"):
			skip = strings.IndexByte(code[i:]+"\n", '\n')
		case strings.HasPrefix(code[i:], "/*"):
			skip = len("/*") + until(code[i+2:], "*/")
		case c == '`':
			skip = 1 + until(code[i+1:], "`")
		case c == '"' || c == '\'':
			skip = quoted(code[i:])
		}
		i += skip
	}
	return min(i, len(code))
}

// until gives the length of text up to and with the end, all of it when there is none.
func until(text, end string) int {
	if i := strings.Index(text, end); i >= 0 {
		return i + len(end)
	}
	return len(text)
}

// quoted gives the length of the literal that text begins with, which ends with its line at the latest.
func quoted(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case text[0]:
			return i + 1
		case '\n':
			return i
		}
	}
	return len(text)
}

// find gives the magic of a line, or says that there is none.
func (l magicLine) find() (magic, *msg.Failed) {
	var words []string
	for _, m := range magics() {
		if m.String() == l.word {
			if m.cell && !l.above {
				return m, magicFailure("%s must stand above the cell that it is for", l.word)
			}
			return m, nil
		}
		words = append(words, m.String())
	}
	hint := "%lsmagic lists them"
	if near := cell.Nearest(l.word, words); len(near) > 0 {
		hint = "did you mean " + near[0] + "?"
	}
	return magic{}, magicFailure("line %d: there is no magic %s; %s", l.line, l.word, hint)
}
