package shell

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// before is the directory that Cd left last.
var before string

// Cd changes the working directory and gives the new one: "" and "~" are the user's own, "-" the one
// before.
func Cd(dir string) (string, error) {
	to, err := expandHome(dir)
	if dir == "-" {
		to = before
		if before == "" {
			err = fmt.Errorf("cd -: there is no directory before this one")
		}
	}
	if err != nil {
		return "", err
	}
	here, _ := os.Getwd() // of a directory that is gone nothing is known
	if err := os.Chdir(to); err != nil {
		return here, err
	}
	before = here
	return os.Getwd()
}

// expandHome gives the path that a shell would make of one that begins with ~.
func expandHome(path string) (string, error) {
	rest, ok := strings.CutPrefix(path, "~")
	if path != "" && (!ok || rest != "" && rest[0] != '/') {
		return path, nil
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, rest), err
}

// Env shows or sets variables of the environment: "" gives all of them, "NAME" the value of one, and
// "NAME=value" sets one, for this process and all that it will start.
func Env(what string) (string, error) {
	name, value, set := strings.Cut(what, "=")
	name = strings.TrimSpace(name)
	switch {
	case what == "":
		all := os.Environ()
		slices.Sort(all)
		return strings.Join(all, "\n"), nil
	case set:
		value = strings.TrimSpace(value)
		return name + "=" + value, os.Setenv(name, value)
	}
	value, ok := os.LookupEnv(name)
	if !ok {
		return "", fmt.Errorf("env: there is no variable %s; %%env %s=value sets it", name, name)
	}
	return value, nil
}

// WriteFile writes text into a file, or to its end.
func WriteFile(name, text string, toEnd bool) (string, error) {
	name, err := expandHome(name)
	if err != nil {
		return "", err
	}
	old, statErr := os.Stat(name)
	how, did := os.O_TRUNC, "written"
	switch {
	case toEnd:
		how, did = os.O_APPEND, "added"
	case statErr == nil && old.Size() > 0:
		did = "overwritten"
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|how, 0o666)
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(text)
	if closed := f.Close(); err == nil {
		err = closed
	}
	return fmt.Sprintf("%s: %d bytes %s", name, len(text), did), err
}
