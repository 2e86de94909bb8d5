package kernel

import (
	"fmt"
	"math"
	"strings"

	"gofive/display"
	"gofive/kernel/engine"
	"gofive/kernel/msg"
)

// output is %output: how much text a cell shows.
var output = magic{name: "output", args: "[--limit SIZE]", help: "how much text a cell shows before the rest goes to a file: --limit 10MB, --limit none", run: setOutput}

func setOutput(x *execution, args string) *msg.Failed {
	if args == "" {
		limit := "all of its text"
		if n := x.k.limit.Load(); n < math.MaxInt64 {
			limit = display.Size(n) + " of text; the rest goes to a file"
		}
		x.out.Stream("stdout", fmt.Appendf(nil, "a cell shows %s\n", limit))
		return nil
	}
	size, found := strings.CutPrefix(args, "--limit ")
	n, ok := parseSize(strings.TrimSpace(size))
	if !found || !ok {
		return magicFailure("%%output takes --limit and a size behind it, 500KB, 10MB, 2GB or none: not %q", args)
	}
	x.k.limit.Store(n)
	x.out.limit(n)
	return nil
}

// parseSize reads a number of bytes, or none, which is no limit.
func parseSize(text string) (int64, bool) {
	if text == "none" {
		return math.MaxInt64, true
	}
	return engine.ParseSize(text)
}
