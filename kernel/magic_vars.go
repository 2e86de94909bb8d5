package kernel

import (
	"fmt"
	"strings"

	"gofive/kernel/msg"
)

// Magics that tell what there is.
var (
	who = magic{name: "who", args: "[TYPE]", help: "list the variables, or those of a type", run: func(x *execution, args string) *msg.Failed {
		var names []string
		for _, v := range x.k.front.Variables() {
			if args == "" || v.Type == args {
				names = append(names, v.Name)
			}
		}
		text := strings.Join(names, "  ")
		if text == "" {
			text = "there are no variables"
		}
		x.out.Stream("stdout", []byte(text+"\n"))
		return nil
	}}
	whos = magic{name: "whos", help: "list the variables with type, shape, size and value", run: func(x *execution, args string) *msg.Failed {
		var b strings.Builder
		for _, v := range x.k.front.Variables() {
			fmt.Fprintf(&b, "ˑmagic.Var{%q, %q, %q, %s}, ", v.Name, v.Type, v.Cell, v.Name)
		}
		return x.runGoBeside("ˑmagic.Whos("+b.String()+")", nil)
	}}
)
