package kernel

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"regexp"
	"strings"

	"gofive/kernel/cell"
	"gofive/kernel/msg"
)

// A line that begins with % is no Go: it is a magic, a word to the kernel. So are a line that begins
// with !, a command of the system, and one that ends in ?, a question. %%name in the first line says how
// the cell below it is run. Each magic has a file of its own.
//
// A magic either becomes Go, which stands in its place and runs in the engine when its turn comes, or is
// done by the kernel: before the Go of its cell when it stands above it, after it elsewhere.

// The words of magics that are no names.
const (
	commandWord  = "!"
	questionWord = "?"
)

// magic is one of them.
type magic struct {
	name  string
	cell  bool   // it is %%name
	text  bool   // what stands below is no Go; it is handed to expand
	args  string // for %lsmagic
	help  string
	takes operand
	run   func(x *execution, args string) *msg.Failed
	// expand gives the Go that stands in its line, and what is to follow the last line of the cell.
	expand func(l magicLine) (line, end string, failed *msg.Failed)
}

// operand is what stands behind a magic, for completion.
type operand int

const (
	takesWords operand = iota
	takesFiles
	takesGo
	takesTopics
)

// magics are all there are, in the order in which %lsmagic lists them.
var magics []magic

// Some look into the list that holds them.
func init() {
	magics = []magic{
		command, bash, changeDir, printDir, listDir, environment, writeFile,
		timeLine, timeCell, timeitLine, timeitCell, nativeCell, nativeAuto,
		pxCell, pxLine, autoPx, pxResult, pxConfig, clusterMagic,
		who, whos, reset, restart, replay,
		load, save, listHistory, output, captureCell, htmlCell, markdownCell,
		question, docMagic, listMagics, helpMagic,
	}
}

// String writes the magic as a cell does.
func (m magic) String() string {
	switch {
	case m.name == commandWord || m.name == questionWord:
		return m.name
	case m.cell:
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
	end   int // of the line
	above bool
	last  bool   // nothing stands below
	value bool   // it is a command whose lines are assigned
	body  string // what stands below a magic for text
}

// cutMagics takes the magics off a cell. Blanks stand where they were, so that what is left keeps its
// lines and columns.
func cutMagics(code string) ([]magicLine, string) {
	var found []magicLine
	rest := []byte(code)
	goes := byte(0) // the last letter of the Go before
	for i, line := 0, 1; i < len(code); line++ {
		end := i + strings.IndexByte(code[i:]+"\n", '\n')
		text := strings.TrimSpace(code[i:end])
		word, args, ok := cutMagic(text, goes)
		at := 0
		if !ok {
			at, args, ok = cutAssigned(text)
			word = commandWord
		}
		if ok {
			l := magicLine{word: word, args: args, line: line, start: i + strings.Index(code[i:end], text) + at, end: end, above: goes == 0, value: at > 0}
			below := code[min(end+1, len(code)):]
			l.last = strings.TrimSpace(below) == ""
			m, failed := l.find()
			if failed == nil && m.text {
				l.body, end = below, len(code)
			}
			if m.expand != nil && !m.cell {
				goes = ';'
			}
			found = append(found, l)
			from := i
			if l.value {
				from = l.start
			}
			for j := from; j < end; j++ {
				if rest[j] != '\n' {
					rest[j] = ' '
				}
			}
			if l.value {
				copy(rest[from:], "nil") // so that the rest is Go
			}
			i = end + 1
			continue
		}
		next, last := endOfLine(code, i)
		if last != 0 {
			goes = last
		}
		line += strings.Count(code[i:min(next, len(code))], "\n")
		i = next + 1
	}
	return found, string(rest)
}

// assigned is a line that assigns what begins with !.
var assigned = regexp.MustCompile(`^(?:var\s+)?[\pL_][\pL\pN_.]*\s*:?=\s*(!)\s*[^\s=].*$`)

// cutAssigned finds the command in a line that assigns the lines it prints. What can be Go, or begin
// some, is Go.
func cutAssigned(text string) (at int, command string, ok bool) {
	m := assigned.FindStringSubmatchIndex(text)
	if m == nil || canBeGo(text[m[2]:]) {
		return 0, "", false
	}
	return m[2], strings.TrimSpace(text[m[3]:]), true
}

// commandHint says what to type where a command was meant that could be Go, as z := !ls -l is.
func commandHint(line string) string {
	m := assigned.FindStringSubmatchIndex(strings.TrimSpace(line))
	if m == nil {
		return ""
	}
	return fmt.Sprintf("; the lines of a command are shell.Lines(%q)", strings.TrimSpace(strings.TrimSpace(line)[m[3]:]))
}

// canBeGo reports whether text, which begins with !, is an expression of Go, perhaps with statements behind
// it, or the beginning of that. A composite literal, as {file} behind a word looks, cannot be negated.
func canBeGo(text string) bool {
	const before = "package p; func _() { _ = "
	file, err := parser.ParseFile(token.NewFileSet(), "", before+text+"\n}", 0)
	var faults scanner.ErrorList
	if errors.As(err, &faults) {
		return faults[0].Pos.Offset >= len(before)+len(text)
	}
	first := file.Decls[0].(*ast.FuncDecl).Body.List[0].(*ast.AssignStmt)
	not, ok := first.Rhs[0].(*ast.UnaryExpr)
	if !ok {
		return true
	}
	_, literal := not.X.(*ast.CompositeLit)
	return !literal
}

// asked is a line that asks what a name means.
var asked = regexp.MustCompile(`^(\?{0,2})(!|%{0,2}[\pL_][\pL\pN_.]*)(\?{0,2})$`)

// cutMagic cuts a line that is a magic into its word and the rest. Behind goes, the last letter before
// it, an operand may have to come, and then ! is Go's.
func cutMagic(text string, goes byte) (word, args string, ok bool) {
	if m := asked.FindStringSubmatch(text); m != nil && m[1]+m[3] != "" {
		return questionWord, m[2] + strings.Repeat("?", len(m[1]+m[3])-1), true
	}
	if rest, ok := strings.CutPrefix(text, commandWord); ok && rest != "" && rest[0] != '=' {
		return commandWord, strings.TrimSpace(rest), !strings.ContainsRune("&|=(,[<>+!", rune(goes))
	}
	name := strings.TrimPrefix(strings.TrimPrefix(text, "%"), "%")
	if len(name) == len(text) || name != "" && !(name[0] >= 'a' && name[0] <= 'z' || name[0] >= 'A' && name[0] <= 'Z') {
		return "", "", false
	}
	word, args, _ = strings.Cut(text, " ")
	return word, strings.TrimSpace(args), true
}

// expandMagics writes the Go that magics become into the places of their lines.
func expandMagics(lines []magicLine, code string) (string, *msg.Failed) {
	ends := ""
	for i := len(lines) - 1; i >= 0; i-- {
		l := lines[i]
		m, failed := l.find()
		if failed != nil || m.expand == nil {
			continue
		}
		line, end, failed := m.expand(l)
		if failed != nil {
			return "", failed
		}
		code = code[:l.start] + line + code[l.end:]
		ends += end
	}
	return code + ends, nil
}

// endOfLine gives the offset of the next line break after i that is in no comment and no raw string, and
// the last letter before it that is neither blank nor comment, 0 when there is none.
func endOfLine(code string, i int) (end int, last byte) {
	for i < len(code) && code[i] != '\n' {
		skip := 1
		switch c := code[i]; {
		case strings.HasPrefix(code[i:], "//"):
			i += strings.IndexByte(code[i:]+"\n", '\n')
			continue
		case strings.HasPrefix(code[i:], "/*"):
			i = min(i+len("/*")+until(code[i+2:], "*/"), len(code))
			continue
		case c == '`':
			skip = 1 + until(code[i+1:], "`")
		case c == '"' || c == '\'':
			skip = quoted(code[i:])
		}
		if c := code[i]; c != ' ' && c != '\t' && c != '\r' {
			last = c
		}
		i += skip
	}
	return min(i, len(code)), last
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
	for _, m := range magics {
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
