package kernel

import (
	"go/token"
	"strconv"

	"gofive/display"
	"gofive/kernel/msg"
)

// captureCell is %%capture: the cell runs in silence, and what it prints becomes a string.
var captureCell = magic{name: "capture", cell: true, args: "[NAME]", help: "show nothing of the cell; what it prints goes into the string variable NAME", run: capture}

func capture(x *execution, args string) *msg.Failed {
	if args != "" && !token.IsIdentifier(args) {
		return magicFailure("%%%%capture takes the name of a variable behind it: not %q", args)
	}
	x.out.capture()
	x.after = append(x.after, func() *msg.Failed {
		text, lost := x.out.captured()
		if args == "" {
			return nil
		}
		if lost > 0 {
			x.out.note("[gofive: %%%%capture keeps %s; %s more were printed]\n", display.Size(captureMost), display.Size(lost))
		}
		return x.runGoBeside(args+" := "+strconv.Quote(text), nil)
	})
	return nil
}
