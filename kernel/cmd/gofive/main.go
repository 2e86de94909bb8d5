// Command gofive is the kernel and everything that a person types: it is pure Go, so that it starts
// on a machine whose HDF5 or MPI is missing, and can say so. What needs HDF5 it hands to
// gofive-engine.
package main

import (
	"errors"
	"fmt"
	"os"
)

// version is what gofive calls itself; the build sets it.
var version = "0.1"

// command is what a first argument stands for.
type command struct {
	name, args, help string
	run              func(args []string) error
}

func commands() []command {
	return []command{
		{"kernel", "-f FILE", "serve the Jupyter connection that FILE describes (Jupyter starts this)", serve},
		{"install", "[--user|--prefix P|--sys-prefix]", "tell Jupyter about the kernel and its notebook extension", installKernel},
		{"uninstall", "[--user|--prefix P|--sys-prefix]", "take away what install wrote", uninstall},
		{"doctor", "", "say what is missing on this machine and how to mend it", doctor},
		{"cluster", "start -n N [flags]|list|stop ID", "the ranks that parallel cells run on", cluster},
		{"run", "[--mpi] NOTEBOOK|FILE", "run the cells of a notebook without Jupyter", runCells},
		{"export", "[-o main.go] NOTEBOOK", "turn a notebook into a Go program", export},
		{"ls", "[-r] [--json] FILE[:PATH]", "show what is in an HDF5 file", inEngine},
		{"boss", "COMMAND ...", "convert, index, cut and export spectra of the BOSS survey; gofive boss help", bossOnRanks},
		{"sample", "boss FILE", "write sample spectra in H5Boss's layout, or as FITS; gofive sample -h", inEngine},
		{"version", "", "print the version", printVersion},
		{"help", "", "print this", help},
	}
}

// unusable is the fault of what the command was given: the exit status is 2.
type unusable struct{ error }

func main() {
	name := "help"
	if len(os.Args) > 1 {
		name = os.Args[1]
	}
	if name == "-h" || name == "--help" {
		name = "help"
	}
	for _, c := range commands() {
		if c.name != name {
			continue
		}
		if err := c.run(os.Args[min(2, len(os.Args)):]); err != nil {
			fmt.Fprintln(os.Stderr, "gofive:", err)
			if errors.As(err, &unusable{}) {
				os.Exit(2)
			}
			os.Exit(1)
		}
		return
	}
	fmt.Fprintf(os.Stderr, "gofive: there is no command %q; gofive help lists them\n", name)
	os.Exit(2)
}

func help([]string) error {
	fmt.Println("gofive is a Jupyter kernel that runs Go, with HDF5 preloaded.")
	fmt.Println()
	for _, c := range commands() {
		fmt.Printf("  gofive %-42s %s\n", c.name+" "+c.args, c.help)
	}
	return nil
}

func printVersion([]string) error {
	fmt.Println("gofive", version)
	return nil
}
