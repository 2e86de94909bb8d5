package kernel

import (
	"fmt"
	"strings"

	"gofive/kernel/msg"
)

// listMagics is %lsmagic.
var listMagics = magic{name: "lsmagic", help: "list what begins with %", run: func(x *execution, _ string) *msg.Failed {
	x.out.Stream("stdout", []byte(magicList()))
	return nil
}}

func magicList() string {
	var b strings.Builder
	for _, m := range magics {
		fmt.Fprintf(&b, "%-28s %s\n", strings.TrimSpace(m.String()+" "+m.args), m.help)
	}
	return b.String()
}
