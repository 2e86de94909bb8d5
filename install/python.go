package install

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// systemPython is the distribution's, whatever stands before it in PATH.
const systemPython = "/usr/bin/python3"

// FindPython returns the first Python that can import all the modules: GOFIVE_PYTHON alone when it
// is set, else python3 of PATH, then the system's. The one in PATH may be of pyenv or conda and
// know nothing of what the distribution has installed, so it counts only when it can import.
func FindPython(ctx context.Context, modules ...string) (string, error) {
	var looked []string
	for _, python := range pythons() {
		args := append([]string{"-c", "import importlib, sys; [importlib.import_module(m) for m in sys.argv[1:]]"}, modules...)
		if err := exec.CommandContext(ctx, python, args...).Run(); err == nil {
			return python, nil
		}
		looked = append(looked, python)
	}
	if len(looked) == 0 {
		return "", errors.New("there is no python3")
	}
	return "", errors.New("no Python imports " + strings.Join(modules, ", ") + " (tried " + strings.Join(looked, ", ") + ")")
}

func pythons() []string {
	if python := os.Getenv("GOFIVE_PYTHON"); python != "" {
		return []string{python}
	}
	var found []string
	if python, err := exec.LookPath("python3"); err == nil {
		found = append(found, python)
	}
	if runnable(systemPython) == nil && !slices.Contains(found, systemPython) {
		found = append(found, systemPython)
	}
	return found
}
