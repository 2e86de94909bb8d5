package kernel

import (
	"fmt"
	"strings"

	"gofive/display"
	"gofive/kernel/msg"
)

// question is name? and name??: what is known of a name, on a page beside the notebook.
var question = magic{name: questionWord, args: "NAME? NAME??", help: "what a name is; ?? shows its source too", run: ask}

func ask(x *execution, args string) *msg.Failed {
	name := strings.TrimRight(args, "?")
	data, found := x.k.about(name, len(name), len(args)-len(name))
	if !found {
		return magicFailure("nothing is known of %s", name)
	}
	x.payload = append(x.payload, map[string]any{"source": "page", "data": data, "start": 0})
	return nil
}

// docMagic is %doc: the same in the cell's output, for consoles and for notebooks that are printed.
var docMagic = magic{name: "doc", takes: takesGo, args: "NAME", help: "show what a name is, with its documentation", run: func(x *execution, args string) *msg.Failed {
	if args == "" {
		return magicFailure("%%doc wants a name: %%doc strings.Split")
	}
	data, found := x.k.about(args, len(args), 0)
	if !found {
		return magicFailure("nothing is known of %s", args)
	}
	x.out.Display(msg.MustMarshal(data), []byte("{}"), "")
	return nil
}}

// about describes what stands at a cursor as a MIME bundle.
func (k *Kernel) about(code string, cursor, detail int) (map[string]string, bool) {
	lines, rest := cutMagics(code)
	for _, l := range lines {
		m, failed := l.find()
		switch {
		case failed != nil || cursor < l.start || cursor > l.end:
		case cursor > l.start+len(l.word) && m.takes == takesGo:
			rest = l.asGo(code, rest)
		default:
			return map[string]string{display.TextPlain: m.about()}, true
		}
	}
	front := k.frontFor(lines)
	i, found := front.Inspect(rest, cursor, detail)
	if !found {
		return map[string]string{}, false
	}
	if i.Ask != nil && front == k.front {
		i.Value = k.askEngine(i.Ask).Value
	}
	return map[string]string{display.TextPlain: i.Text(), display.TextMarkdown: i.Markdown()}, true
}

// about is what %name? shows.
func (m magic) about() string {
	where := "It stands in a line of its own."
	if m.cell {
		where = "It stands above the cell that it is for."
	}
	return fmt.Sprintf("%s\n\n%s\n\n%s\n", strings.TrimSpace(m.String()+" "+m.args), m.help, where)
}
