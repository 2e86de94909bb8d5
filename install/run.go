package install

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Run is `gofive install`: it parses args, which do not hold the command's name, writes the
// kernelspec and the notebook extension and tells stdout where they went. Usage goes to stderr.
// Asking for help with -h is no error.
func Run(args []string, stdout, stderr io.Writer) error {
	o, err := parse("install", args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	dir, err := Kernelspec(o)
	if err != nil {
		return err
	}
	if err := Extension(o); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "kernel %q (%s) is in %s\n", Name, DisplayName, dir)
	if data := filepath.Dir(filepath.Dir(dir)); !slices.Contains(dataDirs(), data) {
		fmt.Fprintf(stdout, "Jupyter does not look there by itself: export JUPYTER_PATH=%s\n", shellWord(data))
	}
	if config, err := o.configDir(); err == nil && !slices.Contains(configDirs(), config) {
		fmt.Fprintf(stdout, "and for the panel in Notebook 6: export JUPYTER_CONFIG_PATH=%s\n", shellWord(config))
	}
	return nil
}

// RunRemove is `gofive uninstall`: it removes what `gofive install` with the same args wrote and
// tells stdout each thing that went.
func RunRemove(args []string, stdout, stderr io.Writer) error {
	o, err := parse("uninstall", args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	removed, err := Remove(o)
	for _, path := range removed {
		fmt.Fprintln(stdout, "removed", path)
	}
	if err == nil && len(removed) == 0 {
		fmt.Fprintln(stdout, "there was nothing to remove")
	}
	return err
}

// parse reads the flags of command, install or uninstall.
func parse(command string, args []string, stderr io.Writer) (Options, error) {
	flags := flag.NewFlagSet("gofive "+command, flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintf(stderr, "usage: gofive %s [--user | --prefix P | --sys-prefix]\n", command)
		flags.PrintDefaults()
	}
	flags.Bool("user", false, "for this account only (the default)")
	prefix := flags.String("prefix", "", "below `P`/share/jupyter")
	sys := flags.Bool("sys-prefix", false, "into the active conda environment or venv")
	if err := flags.Parse(args); err != nil {
		return Options{}, err
	}
	if flags.NArg() > 0 {
		return Options{}, &Error{Op: "parse", Name: flags.Arg(0), Err: errors.New("unexpected argument"), Try: "see gofive " + command + " -h"}
	}
	var given []string
	flags.Visit(func(f *flag.Flag) { given = append(given, f.Name) })
	if len(given) > 1 {
		return Options{}, &Error{Op: "choose a place", Err: errors.New("--user, --prefix and --sys-prefix exclude one another"), Try: "give one of them"}
	}
	if *prefix == "" && slices.Contains(given, "prefix") {
		return Options{}, &Error{Op: "choose a place", Err: errors.New("--prefix is empty"), Try: "name a folder"}
	}
	return Options{Prefix: *prefix, SysPrefix: *sys}, nil
}

// shellWord quotes s for a shell when it must be.
func shellWord(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return strings.ContainsRune(" \t\n\"'\\$`&|;<>()*?[]#~", r) }) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// home is the home folder, "" when there is none.
func home() string {
	h, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return h
}
