package kernel

import (
	"fmt"
	"strings"

	"gofive/kernel/msg"
)

// listMagics is %lsmagic, and helpMagic the same for those who do not know the word.
var (
	listMagics = magic{name: "lsmagic", help: "list what begins with %", run: lsmagic}
	helpMagic  = magic{name: "help", help: "the same", run: lsmagic}
)

func lsmagic(x *execution, _ string) *msg.Failed {
	var b strings.Builder
	for _, m := range magics {
		fmt.Fprintf(&b, "%-28s %s\n", strings.TrimSpace(m.String()+" "+m.args), m.help)
	}
	x.out.Stream("stdout", []byte(b.String()))
	return nil
}
