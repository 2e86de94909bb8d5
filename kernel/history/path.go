package history

import (
	"os"
	"path/filepath"
)

// Path is where a user's history is: in Jupyter's data folder when that was chosen, else in the
// user's. It is "" for somebody without a home.
func Path() string {
	base := os.Getenv("JUPYTER_DATA_DIR")
	if base == "" {
		base = os.Getenv("XDG_DATA_HOME")
	}
	if base == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		base = filepath.Join(home, ".local", "share")
	}
	return filepath.Join(base, "gofive", "history.sqlite")
}
