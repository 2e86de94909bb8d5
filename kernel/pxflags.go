package kernel

import (
	"flag"
	"fmt"
	"go/token"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gofive/kernel/msg"
	"gofive/mpi/launch"
)

// pxFlags say how a parallel cell runs. They are called as ipyparallel's where they mean the same.
type pxFlags struct {
	targets   string
	noblock   bool
	output    string // the variable for the result of a cell that is not waited for
	noStream  bool
	group     string // "type", "engine" or "order"
	progress  float64
	signal    string
	local     bool
	verbose   bool
	grace     float64
	noMerge   bool
	init      bool
	cluster   string
	remaining []string
}

// interruptNothing is the --signal-on-interrupt of a cell that an interrupt leaves alone.
const interruptNothing = "0"

// parse reads flags; those that come later count.
func (f *pxFlags) parse(args []string) error {
	set := flag.NewFlagSet("", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	text := func(to *string, value string, names ...string) {
		*to = value
		for _, name := range names {
			set.StringVar(to, name, value, "")
		}
	}
	yes := func(to *bool, value bool, names ...string) {
		for _, name := range names {
			set.BoolFunc(name, "", func(given string) error {
				on, err := strconv.ParseBool(given)
				*to = on == value
				return err
			})
		}
	}
	text(&f.targets, "all", "targets", "t")
	text(&f.output, "", "out", "o")
	text(&f.group, "", "group-outputs")
	text(&f.signal, "SIGINT", "signal-on-interrupt", "s")
	text(&f.cluster, "", "cluster")
	yes(&f.noblock, true, "noblock", "a")
	yes(&f.noblock, false, "block", "b")
	yes(&f.noStream, true, "no-stream")
	yes(&f.noStream, false, "stream")
	yes(&f.local, true, "local")
	yes(&f.verbose, true, "verbose")
	yes(&f.noMerge, true, "no-merge")
	yes(&f.init, true, "init")
	for name, group := range map[string]string{"e": "engine", "r": "order"} {
		set.BoolFunc(name, "", func(string) error { f.group = group; return nil })
	}
	set.Float64Var(&f.progress, "progress-after", launch.DefaultProgress.Seconds(), "")
	set.Float64Var(&f.grace, "grace", launch.DefaultGrace.Seconds(), "")
	if err := set.Parse(args); err != nil {
		return flagTrouble(set, err)
	}
	f.remaining = set.Args()
	return f.check()
}

var (
	flagUnknown = regexp.MustCompile(`^flag provided but not defined: -+(.*)$`)
	flagBare    = regexp.MustCompile(`^flag needs an argument: -(.*)$`)
	flagInvalid = regexp.MustCompile(`^invalid (?:boolean )?value (".*") for (?:flag )?-([^:]*): `)
)

// flagTrouble words what package flag says of flags as they are typed.
func flagTrouble(set *flag.FlagSet, err error) error {
	text := err.Error()
	if m := flagUnknown.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("there is no flag %s; the flags are %s", dashed(m[1]), flagNames(set))
	}
	if m := flagBare.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("%s wants %s behind it", dashed(m[1]), flagValue(set.Lookup(m[1])))
	}
	if m := flagInvalid.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("%s wants %s, not %s", dashed(m[2]), flagValue(set.Lookup(m[2])), m[1])
	}
	return fmt.Errorf("%s; the flags are %s", text, flagNames(set))
}

// flagValue says what stands behind a flag.
func flagValue(f *flag.Flag) string {
	getter, ok := f.Value.(flag.Getter)
	if !ok {
		return "true, false or nothing"
	}
	switch getter.Get().(type) {
	case int:
		return "a whole number"
	case float64:
		return "a number"
	case time.Duration:
		return "a time such as 30m"
	case bool:
		return "true, false or nothing"
	}
	return "a value"
}

// dashed is a flag as it is typed.
func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// flagNames lists the flags of a set as they are typed.
func flagNames(set *flag.FlagSet) string {
	var names []string
	set.VisitAll(func(g *flag.Flag) {
		names = append(names, dashed(g.Name))
	})
	return strings.Join(names, " ")
}

// check looks at what the flags say.
func (f *pxFlags) check() error {
	switch {
	case !slices.Contains([]string{"", "type", "engine", "order"}, f.group):
		return fmt.Errorf("--group-outputs is type, engine or order, not %q", f.group)
	case !slices.Contains([]string{"SIGINT", "SIGKILL", interruptNothing}, f.signal):
		return fmt.Errorf("--signal-on-interrupt is SIGINT, SIGKILL or 0, not %q", f.signal)
	case f.output != "" && !f.noblock:
		return fmt.Errorf("-o %s names the result of a cell that is not waited for: add --noblock", f.output)
	case f.output != "" && !token.IsIdentifier(f.output):
		return fmt.Errorf("-o wants the name of a variable, not %q", f.output)
	case f.grace < 0:
		return fmt.Errorf("--grace %v: no time is that short", f.grace)
	}
	return nil
}

// grace and progress as launch has them, for which 0 is the default.
func (f *pxFlags) graceTime() time.Duration {
	return max(time.Duration(f.grace*float64(time.Second)), time.Millisecond)
}

func (f *pxFlags) progressTime() time.Duration {
	if f.progress < 0 {
		return -1
	}
	return max(time.Duration(f.progress*float64(time.Second)), time.Millisecond)
}

// pxFlagsOf reads the flags of a magic behind those that %pxconfig has set.
func (k *Kernel) pxFlagsOf(args []string) (*pxFlags, *msg.Failed) {
	k.clusters.mu.Lock()
	defaults := k.clusters.defaults
	k.clusters.mu.Unlock()
	f := &pxFlags{}
	if err := f.parse(slices.Concat(defaults, args)); err != nil {
		return nil, magicFailure("%v", err)
	}
	return f, nil
}

// targetSet gives the ranks that targets names, of a cluster of n: a list of ranks, of spans a-b with
// both ends and of slices a:b:step as Python has them.
func targetSet(targets string, n int) (launch.Set, error) {
	text := strings.Trim(strings.TrimSpace(targets), "[]")
	if text == "all" {
		return launch.All(n), nil
	}
	var ranks []int
	for _, item := range strings.Split(text, ",") {
		some, err := targetItem(strings.TrimSpace(item), n)
		if err != nil {
			return nil, fmt.Errorf("--targets %s: %w; the ranks are 0 to %d, as 0, 2-5, 0:4, [0,3] or all", targets, err, n-1)
		}
		ranks = append(ranks, some...)
	}
	if len(ranks) == 0 {
		return nil, fmt.Errorf("--targets %s names no rank of 0 to %d", targets, n-1)
	}
	return launch.Ranks(ranks...), nil
}

func targetItem(item string, n int) ([]int, error) {
	if parts := strings.Split(item, ":"); len(parts) > 1 {
		return targetSlice(parts, n)
	}
	first, last, isSpan := strings.Cut(item, "-")
	if first == "" { // -1 is the last
		first, isSpan = item, false
	}
	from, err := targetRank(first, n)
	if err != nil {
		return nil, err
	}
	to := from
	if isSpan {
		if to, err = targetRank(last, n); err != nil {
			return nil, err
		}
	}
	var ranks []int
	for r := from; r <= to; r++ {
		ranks = append(ranks, r)
	}
	return ranks, nil
}

// targetRank reads one rank; negative ones count from the end.
func targetRank(text string, n int) (int, error) {
	r, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return 0, fmt.Errorf("%q is no rank", text)
	}
	if r < 0 {
		r += n
	}
	if r < 0 || r >= n {
		return 0, fmt.Errorf("there is no rank %s", text)
	}
	return r, nil
}

// targetSlice reads a:b:step. As in Python ends that lie outside are cut.
func targetSlice(parts []string, n int) ([]int, error) {
	if len(parts) > 3 {
		return nil, fmt.Errorf("%q has too many colons", strings.Join(parts, ":"))
	}
	at := []int{0, n, 1}
	for i, part := range parts {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		v, err := strconv.Atoi(part)
		if err != nil {
			return nil, fmt.Errorf("%q is no number", part)
		}
		if i < 2 && v < 0 {
			v += n
		}
		at[i] = v
	}
	if at[2] < 1 {
		return nil, fmt.Errorf("the step of %q is less than 1", strings.Join(parts, ":"))
	}
	var ranks []int
	for r := max(at[0], 0); r < min(at[1], n); r += at[2] {
		ranks = append(ranks, r)
	}
	return ranks, nil
}
