package kernel

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"gofive/kernel/cell"
)

// ExportNotebook gives the code cells of a notebook file, from the first to the last, as one Go program
// that prints what they show. Front is a front end in which nothing is declared. Lines that are magics
// are left out.
func ExportNotebook(front FrontEnd, file io.Reader) (string, error) {
	cells, err := readNotebook(file)
	if err != nil {
		return "", err
	}
	var names []string
	for i, c := range cells {
		name := fmt.Sprintf("In[%d]", i+1)
		lines, code := cutMagics(c.code)
		for _, l := range lines {
			if strings.HasPrefix(l.word, "%%") && l.word != nativeCell.String() {
				return "", fmt.Errorf("code cell %d is %s, which a program has nothing for", i+1, l.word)
			}
		}
		if _, err := front.CheckAs(cell.Usual, name, code); err != nil {
			return "", fmt.Errorf("code cell %d does not compile:\n%w", i+1, err)
		}
		names = append(names, name)
	}
	return front.Export(names)
}

// mayFail is the tag of cells that are meant to show an error, as Jupyter's own tools know it.
const mayFail = "raises-exception"

// notebookCell is a code cell of a notebook file.
type notebookCell struct {
	code string
	tags []string
}

// readNotebook gives the code cells of a notebook file that are not empty.
func readNotebook(file io.Reader) ([]notebookCell, error) {
	var notebook struct {
		Format int `json:"nbformat"`
		Cells  []struct {
			Type   string `json:"cell_type"`
			Source lines  `json:"source"`
			Meta   struct {
				Tags []string `json:"tags"`
			} `json:"metadata"`
		} `json:"cells"`
	}
	if err := json.NewDecoder(file).Decode(&notebook); err != nil {
		return nil, fmt.Errorf("this is no notebook: %w", err)
	}
	if notebook.Format < 4 {
		return nil, fmt.Errorf("notebook format %d: only 4 and later can be read; Jupyter converts older ones when it saves them", notebook.Format)
	}
	var cells []notebookCell
	for _, c := range notebook.Cells {
		if code := string(c.Source); c.Type == "code" && strings.TrimSpace(code) != "" {
			cells = append(cells, notebookCell{code, c.Meta.Tags})
		}
	}
	return cells, nil
}

// lines is text that a notebook file holds as a string or as a list of lines.
type lines string

func (l *lines) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		*l = lines(text)
		return nil
	}
	var list []string
	if err := json.Unmarshal(data, &list); err != nil {
		return err
	}
	*l = lines(strings.Join(list, ""))
	return nil
}
