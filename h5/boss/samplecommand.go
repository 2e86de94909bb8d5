package boss

import (
	"errors"
	"flag"
	"fmt"
	"io"
)

// sampleUsage is what gofive sample says of itself.
const sampleUsage = `gofive sample makes spectra like those of the BOSS survey, the same for the same options.

  gofive sample boss FILE.h5        a plate in H5Boss's layout v1
  gofive sample boss --fits DIR     spec-*.fits in DIR/spectra, and spPlate, spZbest, spZline, photo* and the
                                    frames of single exposures in DIR/plates

  --seed N        of all random numbers; 1
  --plates N      with --fits; 1
  --fibers N      the first N of each plate, at most 1000; else six chosen ones
  --exposures N   single exposures: of the first fiber in FILE.h5 (2), of each with --fits (none)
`

// SampleMain is gofive sample. Help goes to w.
func SampleMain(w io.Writer, args []string) error {
	var o SampleFITSOptions
	var dir string
	var fibers int
	flags := flag.NewFlagSet("gofive sample", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&dir, "fits", "", "")
	flags.Uint64Var(&o.Seed, "seed", 0, "")
	flags.IntVar(&o.Plates, "plates", 0, "")
	flags.IntVar(&fibers, "fibers", 0, "")
	flags.IntVar(&o.Exposures, "exposures", 0, "")
	var rest []string
	for len(args) > 0 {
		err := flags.Parse(args)
		if errors.Is(err, flag.ErrHelp) {
			_, err := io.WriteString(w, sampleUsage)
			return err
		}
		if err != nil {
			return fmt.Errorf("sample: %w; gofive sample -h shows how", err)
		}
		if args = flags.Args(); len(args) > 0 {
			rest, args = append(rest, args[0]), args[1:]
		}
	}
	if fibers < 0 || fibers > 1000 {
		return fmt.Errorf("sample: %d fibers: a plate has 1 to 1000", fibers)
	}
	for fiber := range fibers {
		o.Fibers = append(o.Fibers, fiber+1)
	}
	switch {
	case len(rest) == 0 || rest[0] != "boss" || dir == "" && len(rest) != 2 || dir != "" && len(rest) != 1:
		return errors.New("sample: want a kind, boss, and a file or --fits DIR; gofive sample -h shows how")
	case dir != "":
		return SampleFITS(dir, o)
	case o.Plates > 1:
		return errors.New("sample: a file has one plate; many are made with --fits DIR")
	}
	return Sample(rest[1], SampleOptions{Seed: o.Seed, Fibers: o.Fibers, Exposures: o.Exposures})
}
