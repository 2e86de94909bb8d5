package kernel

import (
	"bytes"
	"fmt"
	"strings"

	"gofive/kernel/msg"
)

// listHistory is %history: what was run in this session, or what all sessions ran that has a pattern
// in it.
var listHistory = magic{name: "history", args: "[-n] [-g GLOB]", help: "show the cells of this session, or those of all sessions that a pattern is found in; -n with their numbers", run: showHistory}

func showHistory(x *execution, args string) *msg.Failed {
	q := msg.HistoryRequest{Access: "range"}
	numbers := false
	for rest := args; rest != "" && q.Access == "range"; {
		var word string
		word, rest, _ = strings.Cut(rest, " ")
		rest = strings.TrimSpace(rest)
		switch {
		case word == "-n":
			numbers = true
		case word == "-g" && rest != "":
			q = msg.HistoryRequest{Access: "search", Pattern: "*" + rest + "*"}
		default:
			return magicFailure("%%history takes -n, and -g with a pattern behind it, as in %%history -n -g *Slice*: %q is neither", word)
		}
	}
	cells, err := x.k.findHistory(q)
	if err != nil {
		return magicFailure("%v", err)
	}
	var text bytes.Buffer
	for _, c := range cells {
		switch {
		case numbers && q.Access == "search":
			fmt.Fprintf(&text, "%d/%d: ", c.Session, c.Line)
		case numbers:
			fmt.Fprintf(&text, "%d: ", c.Line)
		}
		fmt.Fprintln(&text, c.Input)
	}
	x.out.Stream("stdout", text.Bytes())
	if trouble := x.k.history.Trouble(); trouble != "" {
		x.out.Stream("stderr", []byte("history: "+trouble+"\n"))
	}
	return nil
}
