package h5view

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"gofive/display"
	"gofive/display/table"
	"gofive/display/tree"
	"gofive/h5"
	"gofive/plots"
)

// exhibit is what is shown of one object: its tree and then views of it, as text and as a page.
type exhibit struct {
	text     strings.Builder
	page     display.Markup
	replaced bool // a view stands for the values, which are not shown as they are stored
}

func newExhibit(t *tree.Tree) *exhibit {
	x := &exhibit{}
	x.text.WriteString(t.Text())
	t.Write(&x.page)
	return x
}

// replacePage puts another tree into the page than into the text.
func (x *exhibit) replacePage(t *tree.Tree) {
	x.page = display.Markup{}
	t.Write(&x.page)
}

func (x *exhibit) bundle() display.Bundle { return bundle(x.text.String(), x.page.String()) }

// conventions adds what the conventions of the file show of o. What is not as they ask is said.
func (x *exhibit) conventions(o h5.Object, all []found) {
	for _, c := range all {
		s, ok := c.convention.(shower)
		if !ok {
			continue
		}
		if err := s.show(o, x); err != nil {
			x.note(fmt.Sprintf("it looks like %s, but %s", c.note, problem(err)))
		}
	}
}

// caption says what the next view shows.
func (x *exhibit) caption(s string) {
	if s == "" {
		return
	}
	x.text.WriteString("\n" + display.Visible(s) + "\n")
	x.page.Open("p").Element("b", s).Close()
}

// note adds a sentence.
func (x *exhibit) note(s string) {
	s = display.Short(s, 400)
	x.text.WriteString("(" + s + ")\n")
	x.page.Open("p").Element("small", s).Close()
}

// problem says what cannot be shown.
func (x *exhibit) problem(err error) {
	text := display.Visible(problem(err))
	x.page.Open("p").Element("mark", text).Close()
	x.text.WriteString("! " + text + "\n")
}

// table adds rows and columns.
func (x *exhibit) table(caption string, s table.Source) {
	x.caption(caption)
	t := table.New(s, table.Options{})
	t.Write(&x.page)
	x.text.WriteString(t.Text())
}

// lines adds a text, cut where it is long.
func (x *exhibit) lines(caption, s string) {
	x.caption(caption)
	left := ""
	if len(s) > maxWords {
		left = fmt.Sprintf("\n… %s bytes more", display.Count(len(s)-maxWords))
		s = s[:maxWords]
	}
	s = display.VisibleLines(s) + left
	x.page.Open("pre").Lines(s).Close()
	x.text.WriteString(s + "\n")
}

// The size of pictures within a page, in its pixels.
const (
	pictureWidth  = 680
	pictureHeight = 320
)

// figure adds a picture, and as text what it shows. One that cannot be drawn is not an error: its
// values may all be missing.
func (x *exhibit) figure(caption string, f *plots.Figure) {
	x.caption(caption)
	png, err := f.Size(pictureWidth, pictureHeight).PNG()
	if err != nil {
		x.note("no picture: " + err.Error())
		return
	}
	words := f.String()
	x.page.Open("p").Open("img", display.Attr("src", "data:image/png;base64,"+base64.StdEncoding.EncodeToString(png)),
		display.Attr("alt", words), display.Attr("width", strconv.Itoa(pictureWidth))).Close()
	x.text.WriteString(words + "\n")
}
