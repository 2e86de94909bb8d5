package kernel

import (
	"fmt"
	"go/ast"
	"go/parser"
	"os/exec"
	"strconv"
	"strings"

	"gofive/kernel/msg"
)

// Magics that speak with the system. They run in the engine, where the cells' working directory and
// environment are.
var (
	command = magic{name: commandWord, takes: takesFiles, args: "COMMAND", help: "run a command of the system; {x} in it is the value of x; z := !COMMAND takes the lines that it prints", expand: func(l magicLine) (string, string, *msg.Failed) {
		parts := strings.Join(commandParts(l.args), ", ")
		if l.value {
			return "ˑmagic.Lines(ˑshell.Lines(" + parts + "))", "", nil
		}
		return "ˑmagic.Must(ˑshell.Run(" + parts + "))", "", nil
	}}
	bash = magic{name: "bash", cell: true, text: true, help: "run the cell as a script of bash", expand: func(l magicLine) (string, string, *msg.Failed) {
		if l.args != "" {
			return "", "", magicFailure("%%%%bash takes nothing behind it: %q", l.args)
		}
		return "ˑmagic.Must(ˑshell.Bash(" + strconv.Quote(l.body) + "))", "", nil
	}}
	changeDir = magic{name: "cd", takes: takesFiles, args: "[DIR]", help: "change the working directory; %cd - goes back", expand: func(l magicLine) (string, string, *msg.Failed) {
		return said("ˑshell.Cd(" + strconv.Quote(unquoted(l.args)) + ")")
	}}
	printDir = magic{name: "pwd", help: "print the working directory", expand: func(l magicLine) (string, string, *msg.Failed) {
		return said("ˑos.Getwd()")
	}}
	listDir = magic{name: "ls", takes: takesFiles, args: "[ARGS]", help: "list files, as the command ls does", expand: func(l magicLine) (string, string, *msg.Failed) {
		l.args = "ls " + l.args
		return command.expand(l)
	}}
	environment = magic{name: "env", args: "[NAME[=VALUE]]", help: "show or set variables of the environment", expand: func(l magicLine) (string, string, *msg.Failed) {
		return said("ˑshell.Env(" + strconv.Quote(l.args) + ")")
	}}
	writeFile = magic{name: "writefile", takes: takesFiles, cell: true, text: true, args: "[-a] FILE", help: "write the cell into a file; -a adds it to the end", expand: func(l magicLine) (string, string, *msg.Failed) {
		file, add := strings.CutPrefix(l.args, "-a ")
		if file = unquoted(strings.TrimSpace(file)); file == "" || file == "-a" {
			return "", "", magicFailure("%%%%writefile wants a file to write to: %%%%writefile notes.txt")
		}
		return said(fmt.Sprintf("ˑshell.WriteFile(%q, %q, %v)", file, withNewline(l.body), add))
	}}
)

// withoutNegations puts lines back that only look like commands: !ok, where ok is a name of Go and no
// command.
func (x *execution) withoutNegations(lines []magicLine, code string) ([]magicLine, string) {
	var kept []magicLine
	for _, l := range lines {
		if l.word == commandWord && !l.value && x.isNegation(l.args, code) {
			code = code[:l.start] + x.asked.Code[l.start:l.end] + code[l.end:]
			continue
		}
		kept = append(kept, l)
	}
	return kept, code
}

// isNegation reports whether all names in an expression are known, at the end of code, and its first word
// is no command.
func (x *execution) isNegation(text, code string) bool {
	expr, err := parser.ParseExpr(text)
	if err != nil {
		return false
	}
	if _, err := exec.LookPath(strings.Fields(text)[0]); err == nil {
		return false
	}
	known := true
	ast.Inspect(expr, func(n ast.Node) bool {
		if name, ok := n.(*ast.Ident); ok && known {
			_, known = x.k.front.Inspect(code+"\n"+text, len(code)+int(name.Pos()), 0)
		}
		return true
	})
	return known
}

// said is Go that prints what a call gives, and fails the cell when that is an error.
func said(call string) (string, string, *msg.Failed) { return "ˑmagic.Say(" + call + ")", "", nil }

// commandParts gives the expressions whose values make a command: {x} is x, where that is an expression
// of Go, all else is text. A shell's own braces, as ${HOME}, {a,b} and {1..5}, are text too.
func commandParts(text string) []string {
	var parts []string
	begin := 0
	for i := 0; i < len(text); i++ {
		n := strings.IndexByte(text[i:], '}')
		if text[i] != '{' || i > 0 && text[i-1] == '$' || n < 0 {
			continue
		}
		expr := text[i+1 : i+n]
		if _, err := parser.ParseExpr(expr); err != nil {
			continue
		}
		parts = append(parts, strconv.Quote(text[begin:i]), expr)
		i += n
		begin = i + 1
	}
	return append(parts, strconv.Quote(text[begin:]))
}

// unquoted takes the quotes off a name that has blanks.
func unquoted(name string) string {
	if n := len(name); n >= 2 && (name[0] == '"' || name[0] == '\'') && name[n-1] == name[0] {
		return name[1 : n-1]
	}
	return name
}

// withNewline ends text with a line break, which a cell has not.
func withNewline(text string) string {
	if text == "" || strings.HasSuffix(text, "\n") {
		return text
	}
	return text + "\n"
}
