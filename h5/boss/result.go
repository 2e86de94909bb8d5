package boss

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gofive/display"
	"gofive/h5"
)

// Result says what a command did. A cell that ends with it shows it.
type Result struct {
	Did      string // such as "converted"; "" when there was nothing to do, and Out is as it was
	Out      string // what was written
	Fibers   int    // that are in it
	Nights   int    // plates and nights
	Equal    int    // fibers that several files hold alike, of which one was taken
	Resumed  int    // fibers that an earlier run had done
	Bytes    int64  // of Out
	Took     time.Duration
	Problems []Problem
	Notes    []string // what was passed over, and need not be there
}

// Problem is something of which not all could be done. The rest was.
type Problem struct {
	Fiber FiberID // zero when it is not about one
	File  string
	// Kept says that the fiber is in the output all the same.
	Kept bool
	What string
}

// String gives a problem in a line.
func (p Problem) String() string {
	var where []string
	if fiber := p.fiber(); fiber != "" {
		where = append(where, fiber)
	}
	if p.File != "" && !strings.Contains(p.What, p.File) {
		where = append(where, p.File)
	}
	return strings.Join(append(where, p.What), ": ")
}

// Lost counts the fibers that are not in the output and should be.
func (r *Result) Lost() (n int) {
	for _, p := range r.Problems {
		if !p.Kept {
			n++
		}
	}
	return n
}

// maxLines is how many problems text shows; Table has all.
const maxLines = 20

// String says what was done, and lists problems.
func (r *Result) String() string { return r.summary() + problemLines(r.Problems) + noteLines(r.Notes) }

func noteLines(notes []string) string {
	var b strings.Builder
	for i, note := range notes {
		if i == maxLines {
			fmt.Fprintf(&b, "\n  ... and %s more", display.Count(len(notes)-maxLines))
			break
		}
		b.WriteString("\n  " + display.Visible(note))
	}
	return b.String()
}

// problemLines gives the first problems, a line each.
func problemLines(all []Problem) string {
	var b strings.Builder
	for i, p := range all {
		if i == maxLines {
			fmt.Fprintf(&b, "\n  ... and %s more", display.Count(len(all)-maxLines))
			break
		}
		b.WriteString("\n  " + display.Visible(p.String()))
	}
	return b.String()
}

// HTML shows the result in a notebook, with its problems as a table.
func (r *Result) HTML() string {
	var m display.Markup
	m.Element("p", r.summary())
	r.problemTable(&m)
	for _, note := range r.Notes[:min(len(r.Notes), maxLines)] {
		m.Element("p", note)
	}
	return m.String()
}

func (r *Result) problemTable(m *display.Markup) {
	if len(r.Problems) == 0 {
		return
	}
	m.Open("table").Open("tr")
	for _, head := range []string{"fiber", "file", "in the output", "problem"} {
		m.Element("th", head)
	}
	m.Close()
	for _, p := range r.Problems[:min(len(r.Problems), maxLines)] {
		m.Open("tr").Element("td", p.fiber()).Element("td", p.File).Element("td", map[bool]string{true: "yes", false: "no"}[p.Kept]).Element("td", p.What).Close()
	}
	m.Close()
	if more := len(r.Problems) - maxLines; more > 0 {
		m.Element("p", fmt.Sprintf("and %s more; Table() has all", display.Count(more)))
	}
}

// fiber names what the problem is about.
func (p Problem) fiber() string {
	if p.Fiber == (FiberID{}) {
		return ""
	}
	if p.Fiber.Fiber == 0 {
		return p.Fiber.night().String()
	}
	return p.Fiber.String()
}

func (r *Result) summary() string {
	text := fmt.Sprintf("%s %s of %s to %s (%s) in %.1f s", r.Did, count(r.Fibers, "fiber"), count(r.Nights, "night"),
		r.Out, display.Size(r.Bytes), r.Took.Seconds())
	if r.Did == "" {
		text = fmt.Sprintf("nothing to do: %s keeps its %s of %s (%s)", r.Out, count(r.Fibers, "fiber"), count(r.Nights, "night"), display.Size(r.Bytes))
	}
	if r.Resumed > 0 {
		text += fmt.Sprintf("; %s were there from an earlier run", count(r.Resumed, "fiber"))
	}
	if r.Equal > 0 {
		text += fmt.Sprintf("; %s stood in several files, alike", count(r.Equal, "fiber"))
	}
	if n := len(r.Problems); n > 0 {
		text += fmt.Sprintf("; %s:", count(n, "problem"))
	}
	return text
}

func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return display.Count(n) + " " + noun
}

// Table gives the problems as a table with the columns PLATE MJD FIBERID FILE KEPT PROBLEM.
func (r *Result) Table() (*h5.Table, error) {
	n := len(r.Problems)
	plate, mjd, fiber := make([]int, n), make([]int, n), make([]int, n)
	file, kept, what := make([]string, n), make([]bool, n), make([]string, n)
	for i, p := range r.Problems {
		plate[i], mjd[i], fiber[i] = p.Fiber.Plate, p.Fiber.MJD, p.Fiber.Fiber
		file[i], kept[i], what[i] = p.File, p.Kept, p.What
	}
	return h5.NewTable("PLATE", plate, "MJD", mjd, "FIBERID", fiber, "FILE", file, "KEPT", kept, "PROBLEM", what)
}

// note adds notes that are not there yet.
func (r *Result) note(notes ...string) {
	for _, note := range notes {
		if !slices.Contains(r.Notes, note) {
			r.Notes = append(r.Notes, note)
		}
	}
}

// problem adds a fault; one that was interrupted is none.
func (r *Result) problem(id FiberID, file string, kept bool, err error) {
	r.Problems = append(r.Problems, Problem{id, file, kept, strings.TrimPrefix(err.Error(), "boss: ")})
}
