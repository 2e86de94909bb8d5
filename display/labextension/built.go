package labextension

import (
	"embed"
	"io/fs"
)

//go:embed built
var built embed.FS

// Lab holds what belongs into share/jupyter/labextensions/gofive.
func Lab() fs.FS { return below("built/lab") }

// Notebook holds what belongs into share/jupyter/nbextensions/gofive.
func Notebook() fs.FS { return below("built/notebook") }

func below(dir string) fs.FS {
	files, err := fs.Sub(built, dir)
	if err != nil {
		panic(err) // the names above are right
	}
	return files
}
