package magic

import "fmt"

// Say prints text; an error it panics with, so that the cell ends.
func Say(text string, err error) {
	if err != nil {
		panic(err)
	}
	fmt.Println(text)
}

// Must panics with the error of a command, so that the cell ends.
func Must(_ int, err error) {
	if err != nil {
		panic(err)
	}
}
