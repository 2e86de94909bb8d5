package tests

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestSetupGoModules runs the set-up with a go command whose first downloads fail: it tries again, but for
// what will not be otherwise later.
func TestSetupGoModules(t *testing.T) {
	const network, tampered = "dial tcp: connection reset", "verifying module: checksum mismatch"
	for _, test := range []struct {
		name, words         string
		failures, downloads int
		fails               bool
		says                string
	}{
		{"at once", network, 0, 1, false, ""},
		{"the third time", network, 2, 3, false, "trying again in 10 s"},
		{"never", network, 9, 5, true, network},
		{"other files than go.sum says", tampered, 9, 1, true, tampered},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			fake(t, dir, "sleep", ":")
			fake(t, dir, "go", `case "$1 $2" in
'mod download')
	echo x >>"$FAKE/downloads"
	[ $(wc -l <"$FAKE/downloads") -le $FAILURES ] || exit 0
	echo "$WORDS" >&2
	exit 1 ;;
'list -deps') exit 1 ;;
esac
PATH=${PATH#*:} exec go "$@"`)
			env := append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "GOFIVE_NO_INSTALL=1",
				"FAKE="+dir, "FAILURES="+strconv.Itoa(test.failures), "WORDS="+test.words)
			stdout, stderr, err := command(t, repoRoot(t), env, "install/make/setup.sh", "build")
			if said := stdout + stderr; (err != nil) != test.fails || !strings.Contains(said, test.says) || test.says == "" && said != "" {
				t.Errorf("%v:\n%s", err, said)
			}
			downloads, _ := os.ReadFile(filepath.Join(dir, "downloads"))
			if n := strings.Count(string(downloads), "x"); n != test.downloads {
				t.Errorf("%d downloads, want %d", n, test.downloads)
			}
		})
	}
}

// fake writes a program of the shell.
func fake(t *testing.T, dir, name, script string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
}
