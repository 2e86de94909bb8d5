package boss

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
)

// usage is what gofive boss says of itself.
const usage = `gofive boss packs, looks up and cuts spectra of the BOSS survey.

  gofive boss convert SRC... -o OUT.h5      spec-*.fits, spPlate-*.fits with what lies beside them (spZbest, spZline,
                                            photo*, the frames of spPlancomb), folders of them, or HDF5 of one
                                            layout to the other
  gofive boss info FILE...                  plates, nights, fibers, catalogs, classes and redshifts
  gofive boss index DIR... -o INDEX.h5      which file has which fiber, and what the catalogs say of it
  gofive boss subset -q QUERY -o OUT.h5 FILE...
  gofive boss add BASE.h5 [-q QUERY] FILE...      what BASE lacks
  gofive boss update BASE.h5 -q QUERY FILE...     what BASE lacks comes, what QUERY does not want goes
  gofive boss remove BASE.h5 -q QUERY
  gofive boss export FILE... [-q QUERY] -o DIR    back to spec-*.fits, and photo*.fits of a plate

QUERY is the path of a list with the columns plates, mjds and fibers (a pmf file or CSV), or an expression over
the catalogs: "CLASS == 'QSO' && Z > 2". FILE is a file, a folder, a text with a path a line, or an index.

  --layout v1|v2    a group a fiber, or arrays of all fibers of a night
  --compress gzip   or gzip:LEVEL, 1 to 9; 4 unless it is given
  --overwrite       replace an output that exists, when the new one is complete

Started by mpirun or srun, as in mpirun -n 4 gofive boss subset ..., the ranks share the work of convert, subset,
add, update and remove.

What an interrupted command has done it keeps in OUT.part, and goes on with when it is given again. Faults of
single fibers are listed at the end; the exit status is 3 when fibers are missing because of them.
`

// ErrIncomplete is what Main ends with when fibers that were asked for are not in the output; they are listed.
var ErrIncomplete = errors.New("boss: not all fibers could be done")

// command is what flags and arguments say.
type command struct {
	query, out string
	opts       Options
	args       []string
}

// Main is gofive boss. It writes what was done to w. Of o, Ranks and Access count; the first rank writes.
func Main(w io.Writer, args []string, o Options) error {
	if o.Ranks == nil || o.Ranks.Size() == 1 {
		return run(w, args, o)
	}
	if o.Ranks.Rank() > 0 {
		w = io.Discard
	}
	return o.told(run(w, args, o))
}

// ErrTold is what Main ends with on ranks whose error the first rank has.
var ErrTold = errors.New("boss: the first rank says what failed")

// told gives the errors of all ranks to the first, each once.
func (o Options) told(err error) error {
	all, failed := o.errors(err)
	if failed != nil {
		return errors.Join(err, failed)
	}
	if o.Ranks.Rank() > 0 {
		if err != nil {
			err = errors.Join(ErrTold, err)
		}
		return err
	}
	for rank, text := range all {
		if said := fmt.Sprintf("rank %d: %s", rank, text); text != "" && text != all[0] && said != all[0] && !strings.HasPrefix(text, "rank ") {
			err = errors.Join(err, errors.New(said))
		}
	}
	return err
}

// run is Main on one rank, or on the only one.
func run(w io.Writer, args []string, o Options) error {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		_, err := io.WriteString(w, usage)
		return err
	}
	do, ok := map[string]func(context.Context, *command) (fmt.Stringer, error){
		"convert": runConvert, "info": runInfo, "index": runIndex, "subset": runSubset, "add": runAdd, "update": runUpdate,
		"remove": runRemove, "export": runExport,
	}[args[0]]
	if !ok {
		return fmt.Errorf("boss: there is no command %q; gofive boss help lists them", args[0])
	}
	c, err := parse(args[0], args[1:])
	if errors.Is(err, flag.ErrHelp) {
		_, err := io.WriteString(w, usage)
		return err
	}
	if err != nil {
		return err
	}
	if err := c.share(args[0], o); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	result, err := do(ctx, c)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, result)
	if r, ok := result.(*Result); ok && r.Lost() > 0 {
		return ErrIncomplete
	}
	return nil
}

// parse takes flags before, between and after arguments.
func parse(name string, args []string) (*command, error) {
	c := &command{}
	var layout, compress string
	flags := flag.NewFlagSet("gofive boss "+name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&c.query, "q", "", "")
	flags.StringVar(&c.out, "o", "", "")
	flags.StringVar(&layout, "layout", "", "")
	flags.StringVar(&compress, "compress", "", "")
	flags.BoolVar(&c.opts.Overwrite, "overwrite", false, "")
	for len(args) > 0 {
		if err := flags.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, fmt.Errorf("boss %s: %w; gofive boss help shows how", name, err)
		}
		if args = flags.Args(); len(args) > 0 {
			c.args, args = append(c.args, args[0]), args[1:]
		}
	}
	if len(c.args) == 0 {
		return nil, fmt.Errorf("boss %s: give at least one file; gofive boss help shows how", name)
	}
	if err := c.setLayout(layout); err != nil {
		return nil, err
	}
	return c, c.setCompression(compress)
}

// share has ranks do the work, where it can be shared.
func (c *command) share(name string, o Options) error {
	if o.Ranks == nil || o.Ranks.Size() == 1 {
		return nil
	}
	switch name {
	case "convert", "subset", "add", "update", "remove":
		c.opts.Ranks, c.opts.Access = o.Ranks, o.Access
		return nil
	}
	return fmt.Errorf("boss %s: it is done by one process: start it without mpirun or srun; ranks share convert, subset, add, update and remove", name)
}

func (c *command) setLayout(name string) error {
	switch name {
	case "":
	case "v1":
		c.opts.Layout = V1
	case "v2":
		c.opts.Layout = V2
	default:
		return fmt.Errorf("boss: layout %q: there are v1 and v2", name)
	}
	return nil
}

func (c *command) setCompression(how string) error {
	name, level, given := strings.Cut(how, ":")
	if how == "" {
		return nil
	}
	c.opts.Gzip = 4
	var err error
	if given {
		c.opts.Gzip, err = strconv.Atoi(level)
	}
	if name != "gzip" || err != nil || c.opts.Gzip < 1 || c.opts.Gzip > 9 {
		return fmt.Errorf("boss: compression %q: want gzip, or gzip:1 to gzip:9", how)
	}
	return nil
}

// needOut wants an output.
func (c *command) needOut(command string) error {
	if c.out == "" {
		return fmt.Errorf("boss %s: say with -o where to write", command)
	}
	return nil
}

func (c *command) needQuery(command string) error {
	if c.query == "" {
		return fmt.Errorf("boss %s: say with -q which fibers: a list or an expression", command)
	}
	return nil
}

func runConvert(ctx context.Context, c *command) (fmt.Stringer, error) {
	if err := c.needOut("convert"); err != nil {
		return nil, err
	}
	return shown(Convert(ctx, c.args, c.out, c.opts))
}

func runInfo(_ context.Context, c *command) (fmt.Stringer, error) {
	s, err := Info(c.args...)
	if err != nil {
		return nil, err
	}
	return s, nil
}

func runIndex(ctx context.Context, c *command) (fmt.Stringer, error) {
	if err := c.needOut("index"); err != nil {
		return nil, err
	}
	return shown(Index(ctx, c.args, c.out, c.opts))
}

func runSubset(ctx context.Context, c *command) (fmt.Stringer, error) {
	if err := errors.Join(c.needOut("subset"), c.needQuery("subset")); err != nil {
		return nil, err
	}
	return shown(Subset(ctx, c.args, c.query, c.out, c.opts))
}

func runAdd(ctx context.Context, c *command) (fmt.Stringer, error) {
	return shown(Add(ctx, c.args[0], c.args[1:], c.query, c.opts))
}

func runUpdate(ctx context.Context, c *command) (fmt.Stringer, error) {
	if err := c.needQuery("update"); err != nil {
		return nil, err
	}
	return shown(Update(ctx, c.args[0], c.args[1:], c.query, c.opts))
}

func runRemove(ctx context.Context, c *command) (fmt.Stringer, error) {
	if err := c.needQuery("remove"); err != nil {
		return nil, err
	}
	return shown(Remove(ctx, c.args[0], c.query, c.opts))
}

func runExport(ctx context.Context, c *command) (fmt.Stringer, error) {
	if err := c.needOut("export"); err != nil {
		return nil, err
	}
	return shown(Export(ctx, c.args, c.query, c.out, c.opts))
}

// shown keeps a nil result from looking like one.
func shown(r *Result, err error) (fmt.Stringer, error) {
	if err != nil {
		return nil, err
	}
	return r, nil
}
