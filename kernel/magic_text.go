package kernel

import (
	"os"
	"strconv"
	"strings"

	"gofive/kernel/msg"
)

// Magics for cells that are text, and for text that becomes a cell.
var (
	htmlCell     = magic{name: "html", cell: true, text: true, help: "show the cell as HTML", expand: shown("HTML")}
	markdownCell = magic{name: "markdown", cell: true, text: true, help: "show the cell as Markdown", expand: shown("Markdown")}

	load = magic{name: "load", takes: takesFiles, args: "FILE", help: "put the text of a file into the cell", run: func(x *execution, args string) *msg.Failed {
		text, err := os.ReadFile(x.file(unquoted(args)))
		if err != nil {
			return magicFailure("%%load: %v", err)
		}
		x.payload = append(x.payload, map[string]any{
			"source": "set_next_input", "replace": true,
			"text": "// %load " + args + "\n" + strings.ToValidUTF8(string(text), "\uFFFD"),
		})
		return nil
	}}
)

// shown makes Go that shows the cell as a kind of text.
func shown(kind string) func(l magicLine) (string, string, *msg.Failed) {
	return func(l magicLine) (string, string, *msg.Failed) {
		return "ˑdisplay.Show(ˑdisplay." + kind + "(" + strconv.Quote(l.body) + "))", "", nil
	}
}
