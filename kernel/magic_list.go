package kernel

import (
	"fmt"
	"strings"

	"gofive/kernel/msg"
)

// listMagics is %lsmagic. The list of magics holds it, so that it gets its function later.
var listMagics = magic{name: "lsmagic", help: "list what begins with %"}

func init() { listMagics.run = lsmagic }

func lsmagic(x *execution, _ string) *msg.Failed {
	var b strings.Builder
	for _, m := range magics() {
		fmt.Fprintf(&b, "%-28s %s\n", strings.TrimSpace(m.String()+" "+m.args), m.help)
	}
	x.out.Stream("stdout", []byte(b.String()))
	return nil
}
