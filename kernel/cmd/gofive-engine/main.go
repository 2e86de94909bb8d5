// Command gofive-engine is the process that runs user code and links HDF5. The kernel starts it as
// "gofive-engine serve"; gofive hands it the commands that need HDF5.
package main

import (
	"fmt"
	"os"
)

// commands are what the executable can do, by the first argument.
var commands = map[string]func(args []string) error{
	"serve": serve,
}

func main() {
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "gofive-engine is started by gofive; run gofive help")
		os.Exit(2)
	}
	if err := commands[os.Args[1]](os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
