package launch

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// EnvClusters names the variable that says where clusters are described.
const EnvClusters = "GOFIVE_CLUSTERS"

// directory is the one that describes a cluster. All nodes have to see it.
type directory string

// connection is how the ranks find the kernel, and anybody the cluster. It is written when a kernel
// starts or takes a cluster, and may be out of date.
type connection struct {
	ID        string
	Launcher  Launcher
	Ranks     int
	Nodes     int
	Job       string
	Build     string
	Key       []byte
	Epoch     uint64   // counts the kernels that have had the cluster
	Addresses []string // of the kernel, "unix:/path" or "tcp:host:port"
	Kernel    string
	Started   time.Time
	Idle      time.Duration
	Beat      time.Duration
	Pace      time.Duration // a factor of how long output waits for equal output
	Launchers []pid         // processes of this computer to end with the cluster
	Folder    string        // of this computer, to remove then
	Config    Config
}

// pid is a process that can be told from a later one with its number.
type pid struct {
	Host  string
	PID   int
	Birth string // of the process, in clock ticks since the start of the computer
}

// report is what the root leader tells of the cluster for List.
type report struct {
	Root    pid
	At      time.Time
	Program int64     // 0 for none
	Kernel  bool      // one is connected
	Idle    time.Time // since when there is neither; zero: not
}

// clustersRoot gives the folder of all clusters.
func clustersRoot() (string, error) {
	if root := os.Getenv(EnvClusters); root != "" {
		return root, nil
	}
	if state := os.Getenv("XDG_STATE_HOME"); state != "" {
		return filepath.Join(state, "gofive", "clusters"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find a folder for clusters: %w; set %s", err, EnvClusters)
	}
	return filepath.Join(home, ".local", "state", "gofive", "clusters"), nil
}

// goodName is what clusters may be called: their names become those of folders and jobs.
var goodName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

// newDirectory makes the directory of a new cluster; name "" finds one.
func newDirectory(name string, config Config) (directory, error) {
	root, err := clustersRoot()
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(root, 0o700); err != nil {
		return "", err
	}
	if name != "" && !goodName.MatchString(name) {
		return "", fmt.Errorf("a cluster cannot be called %q: letters, digits, - and _ make a name", name)
	}
	for chosen := name; ; {
		if name == "" {
			chosen = fmt.Sprintf("%s-%d-%s", config.Launcher, config.Ranks, strings.ToLower(rand.Text()[:4]))
		}
		d := directory(filepath.Join(root, chosen))
		switch err := os.Mkdir(string(d), 0o700); {
		case err == nil:
			return d, nil
		case !errors.Is(err, os.ErrExist):
			return "", err
		case name != "":
			return "", fmt.Errorf("there is a cluster %s already", name)
		}
	}
}

// findDirectory gives the directory of a cluster that exists.
func findDirectory(id string) (directory, error) {
	root, err := clustersRoot()
	if err != nil {
		return "", err
	}
	d := directory(filepath.Join(root, id))
	if _, err := os.Stat(d.file("connection.json")); err != nil || !goodName.MatchString(id) {
		return "", fmt.Errorf("%w: %s", ErrUnknown, id)
	}
	return d, nil
}

func (d directory) file(name string) string { return filepath.Join(string(d), name) }

func (d directory) readConnection() (connection, error) {
	return readJSON[connection](d.file("connection.json"))
}

func (d directory) writeConnection(c connection) error {
	return writeJSON(d.file("connection.json"), c)
}

func (d directory) readLeader() (leaderInfo, error) {
	return readJSON[leaderInfo](d.file("leader.json"))
}
func (d directory) writeLeader(l leaderInfo) error { return writeJSON(d.file("leader.json"), l) }
func (d directory) readReport() (report, error)    { return readJSON[report](d.file("report.json")) }
func (d directory) writeReport(r report) error     { return writeJSON(d.file("report.json"), r) }
func (d directory) log() string                    { return d.file("launcher.log") }
func (d directory) overflow(id int64) string       { return d.file(fmt.Sprintf("program-%d.txt", id)) }

// LastWords is the file in the directory of a cluster for what a rank says when it crashes.
func LastWords(dir string, rank int) string {
	return directory(dir).file(fmt.Sprintf("crash.%d", rank))
}

// crashed is the first line that a rank has left there, "" for none.
func (d directory) crashed(rank int) string {
	text, _ := os.ReadFile(LastWords(string(d), rank)) // most ranks end without
	line, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	return line
}

func readJSON[T any](path string) (T, error) {
	var v T
	text, err := os.ReadFile(path)
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal(text, &v); err != nil {
		return v, fmt.Errorf("%s: %w", path, err)
	}
	return v, nil
}

// writeJSON replaces a file, which only its owner may read, in one step.
func writeJSON(path string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*") // 0600
	if err != nil {
		return err
	}
	_, err = f.Write(append(text, '\n'))
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
