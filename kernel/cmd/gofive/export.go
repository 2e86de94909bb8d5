package main

import (
	"flag"
	"fmt"
	"os"

	"gofive/kernel"
	"gofive/kernel/cell"
	"gofive/kernel/cell/exports"
)

// export is gofive export: a notebook becomes a Go program.
func export(args []string) error {
	flags := flag.NewFlagSet("gofive export", flag.ExitOnError)
	out := flags.String("o", "", "the `file` to write; without it the program goes to standard output")
	flags.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: gofive export [-o main.go] notebook.ipynb")
		flags.PrintDefaults()
	}
	_ = flags.Parse(args) // exits by itself
	file := flags.Arg(0)
	_ = flags.Parse(flags.Args()[min(1, flags.NArg()):]) // -o may stand behind the notebook
	if file == "" || flags.NArg() > 0 {
		flags.Usage()
		return unusable{fmt.Errorf("export: want one notebook")}
	}
	f, err := os.Open(file)
	if err != nil {
		return unusable{err}
	}
	defer f.Close()
	text, err := kernel.ExportNotebook(cell.NewSession(exports.Library()), f)
	if err != nil {
		return fmt.Errorf("export %s: %w", file, err)
	}
	if *out == "" {
		_, err = os.Stdout.WriteString(text)
		return err
	}
	return os.WriteFile(*out, []byte(text), 0o644)
}
