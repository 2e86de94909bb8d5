package plots

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Save writes the figure to a file, as PNG, SVG or PDF by the ending of its name.
func (f *Figure) Save(path string) error {
	out, err := f.encode(path)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, out, 0o666); err != nil {
		return fmt.Errorf("plots: save: %w", err)
	}
	return nil
}

func (f *Figure) encode(path string) ([]byte, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".png":
		return f.PNG()
	case ".svg":
		text, err := f.SVG()
		return []byte(text), err
	case ".pdf":
		return f.PDF()
	}
	return nil, fmt.Errorf("plots: save %q: the name must end in .png, .svg or .pdf", path)
}
