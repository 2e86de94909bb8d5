package tree

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"gofive/display"
)

var update = flag.Bool("update", false, "write the golden files in testdata")

// fake is a Node in memory.
type fake struct {
	label Label
	kids  []Node
	attrs []Attr
	err   error
}

func (f fake) Label() Label {
	l := f.label
	l.Children = max(l.Children, len(f.kids))
	l.Attrs = max(l.Attrs, len(f.attrs))
	return l
}

func (f fake) Children(offset, limit int) ([]Node, error) {
	return f.kids[offset:min(len(f.kids), offset+limit)], f.err
}

func (f fake) Attrs(limit int) ([]Attr, error) {
	return f.attrs[:min(limit, len(f.attrs))], nil
}

func leaf(name, detail string, attrs ...Attr) Node {
	return fake{label: Label{Name: name, Detail: detail}, attrs: attrs}
}

func sized(n Node, bytes int64, atLeast bool) fake {
	f := n.(fake)
	f.label.Size, f.label.AtLeast = bytes, atLeast
	return f
}

func group(name string, kids ...Node) fake {
	return fake{label: Label{Name: name, Group: true}, kids: kids}
}

// many is a group that makes its children when asked and counts how many it made.
type many struct {
	name string
	n    int
	made *int
}

func (m many) Label() Label { return Label{Name: m.name, Group: true, Children: m.n} }

func (m many) Children(offset, limit int) ([]Node, error) {
	var kids []Node
	for i := offset; i < min(m.n, offset+limit); i++ {
		*m.made++
		kids = append(kids, leaf(fmt.Sprintf("d%05d", i), "float64 (3)"))
	}
	return kids, nil
}

func cards(n int) []Attr {
	var attrs []Attr
	for i := range n {
		attrs = append(attrs, Attr{fmt.Sprintf("CARD%d", i), "int64", fmt.Sprint(i * i)})
	}
	return attrs
}

// sample has one of everything.
func sample() Node {
	broken := sized(group("broken"), 90_000, true)
	broken.label.Children = 3
	broken.err = errors.New("h5: list group: bad object header")
	root := group("run.h5",
		group("entry",
			sized(leaf("energy", "float64 (1,000)", Attr{"units", "string", "eV"}), 8000, false),
			leaf("a rather long name of a dataset, longer than others", "int32 (2, 3)"),
			sized(fake{label: Label{Name: "coadd", Role: "signal", Detail: "compound of 8 (4,623)", Note: "gzip 4, chunks of 100"}, attrs: cards(30)}, 148_000, false),
			group("empty")),
		broken,
		fake{label: Label{Name: "calibration", Link: "other.h5:/cal", Problem: "file not found"}},
		leaf("temperature", "float32 ()", Attr{"units", "string", "K"}, Attr{"scale", "float64", "0.5"}))
	root.attrs = []Attr{{"title", "string", "a run with a title too long for the first line of the tree"}, {"version", "int64", "3"}}
	root.label.Note, root.label.Size = "2.1 MB", 400_000
	return root
}

// hostile has markup, direction marks and control characters in everything.
func hostile() Node {
	const evil = "<img src=x onerror=alert(1)></script>\u202e\x1b[31m\n\"'&"
	n := fake{label: Label{Name: evil, Detail: evil, Note: evil, Link: "javascript:alert(1)" + evil, Problem: evil},
		attrs: append(cards(6), Attr{evil, evil, evil})}
	short := fake{label: Label{Name: "s"}, attrs: []Attr{{"<b>", "", "\u202e</b>"}}}
	return group(evil, n, short)
}

func TestGoldens(t *testing.T) {
	var made int
	for name, root := range map[string]Node{
		"sample":  sample(),
		"hostile": hostile(),
		"many":    group("many.h5", many{"detectors", 5000, &made}, leaf("last", "int8 ()")),
	} {
		tree := New(root, Options{})
		golden(t, name+".txt", tree.Text())
		golden(t, name+"80.txt", New(root, Options{Width: 80}).Text())
		golden(t, name+".html", tree.HTML())
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test ./display/tree -update writes it anew)\n got:\n%s\nwant:\n%s", path, got, want)
	}
}

func TestHostileNamesStayText(t *testing.T) {
	tree := New(hostile(), Options{})
	root, err := html.Parse(strings.NewReader(tree.HTML()))
	if err != nil {
		t.Fatal(err)
	}
	ours := map[string]bool{"html": true, "head": true, "body": true, "div": true, "style": true, "details": true,
		"summary": true, "ul": true, "li": true, "b": true, "code": true, "small": true, "mark": true,
		"em": true, "meter": true, "table": true, "tbody": true, "tr": true, "th": true, "td": true}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && !ours[n.Data] {
			t.Errorf("element <%s> came out of a name", n.Data)
		}
		for _, a := range n.Attr {
			if a.Key != "class" && a.Key != "open" && a.Key != "scope" && a.Key != "value" {
				t.Errorf("attribute %s=%q came out of a name", a.Key, a.Val)
			}
		}
		if n.Type == html.TextNode && display.Visible(n.Data) != n.Data {
			t.Errorf("text %q acts", n.Data)
		}
	}
	if text := tree.Text(); strings.ContainsAny(text, "\x1b\u202e") {
		t.Errorf("text holds control characters: %q", text)
	}
}

func TestBounds(t *testing.T) {
	var made int
	root := many{"big.h5", 100_000, &made}
	text := New(root, Options{}).Text()
	if made != 50 {
		t.Errorf("%d children were made to show 50", made)
	}
	if want := "└── … 99,950 more\n"; !strings.HasSuffix(text, want) {
		t.Errorf("got end %q, want %q", text[len(text)-60:], want)
	}

	made = 0
	var groups []Node
	for i := range 40 {
		groups = append(groups, many{fmt.Sprint("g", i), 1000, &made})
	}
	text = New(group("wide.h5", groups...), Options{}).Text()
	if lines, want := strings.Count(text, "d0"), 500-41; lines != want || made != want {
		t.Errorf("%d leaves shown, %d made, want %d: 500 nodes in all", lines, made, want)
	}
	if want := "└── … 1,000 more\n"; !strings.HasSuffix(text, want) {
		t.Errorf("the last group should say what it left out, got %q", text[len(text)-60:])
	}
}

// Each gives the children one by one.
func (f fake) Each(each func(Node) error) error {
	for _, n := range f.kids {
		if err := each(n); err != nil {
			return err
		}
	}
	return f.err
}

// Each makes the children one by one.
func (m many) Each(each func(Node) error) error {
	for i := range m.n {
		*m.made++
		if err := each(leaf(fmt.Sprintf("d%05d", i), "float64 (3)")); err != nil {
			return err
		}
	}
	return nil
}

// TestPrint prints trees to their ends.
func TestPrint(t *testing.T) {
	var b strings.Builder
	if err := Print(&b, sample(), Options{Width: 80}); err != nil {
		t.Fatal(err)
	}
	golden(t, "print.txt", b.String())
	var made int
	b.Reset()
	if err := Print(&b, many{"big.h5", 1000, &made}, Options{}); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "├── d0"); n != 999 || !strings.HasSuffix(b.String(), "└── d00999  float64 (3)\n") {
		t.Errorf("%d lines begin with ├──, want 999 and the last with └──:\n%s", n, b.String()[:200])
	}
}

// full is a Writer with room for a few bytes.
type full struct{ left int }

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errors.New("no room")
	}
	return len(p), nil
}

func TestPrintStopsWhenItCannotWrite(t *testing.T) {
	var made int
	err := Print(&full{1000}, many{"big.h5", 100_000, &made}, Options{})
	if err == nil || made > 2*pageSize+1 {
		t.Errorf("got %v after %d children, want an error after a page", err, made)
	}
}

// TestWidth has no line longer than a terminal is wide, whatever stands in it.
func TestWidth(t *testing.T) {
	long := strings.Repeat("long 漢字 ", 40)
	deep := leaf(long, long, Attr{"units", "", "K"})
	for range 8 {
		deep = group("group", deep, fake{label: Label{Name: "x", Role: "role", Detail: long, Note: long, Problem: long}})
	}
	for _, n := range []Node{deep, sample(), hostile()} {
		for line := range strings.Lines(New(n, Options{Width: 80}).Text()) {
			if w := columns(strings.TrimSuffix(line, "\n")); w > 80 {
				t.Errorf("%d columns: %s", w, line)
			}
		}
	}
}

func TestColourIsOnlyColour(t *testing.T) {
	plain := New(sample(), Options{Width: 80}).Text()
	coloured := New(sample(), Options{Width: 80, Color: true}).Text()
	if !strings.Contains(coloured, "\x1b[31m") {
		t.Error("a problem is not red")
	}
	without := regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(coloured, "")
	if trim(without) != trim(plain) {
		t.Errorf("without its colours it is\n%s\nwant\n%s", without, plain)
	}
}

// trim removes blanks before ends of lines.
func trim(s string) string { return regexp.MustCompile(" +\n").ReplaceAllString(s, "\n") }

// secret keeps one of its three children to itself.
type secret struct{ fake }

func (s secret) Children(offset, limit int) ([]Node, error) { return s.kids[:2], nil }
func (s secret) Hidden() (int, string)                      { return 1, "1 internal: <x>" }

func TestHidden(t *testing.T) {
	tree := New(secret{group("root", leaf("a", ""), leaf("b", ""), leaf("<x>", ""))}, Options{})
	if got, want := tree.Text(), "root/\n├── a\n├── b\n└── … 1 internal: <x>\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if page := tree.HTML(); !strings.Contains(page, "… 1 internal: &lt;x&gt;") {
		t.Errorf("the page does not say what is left out: %s", page)
	}
}

// loop is a group that contains itself, as a hard link can make it.
type loop struct{}

func (loop) Label() Label                      { return Label{Name: "again", Group: true, Children: 1} }
func (loop) Children(int, int) ([]Node, error) { return []Node{loop{}}, nil }

func TestCycleEnds(t *testing.T) {
	text := New(loop{}, Options{Depth: 3}).Text()
	want := "again/\n└── again/\n    └── again/\n        └── again/\n            └── … 1 more\n"
	if text != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
}

func TestFirstSight(t *testing.T) {
	var few, lots []Node
	for i := range 100 {
		lots = append(lots, leaf(fmt.Sprint(i), ""))
	}
	few = lots[:3]
	page := New(group("x.h5", group("few", few...), group("lots", lots...)), Options{Group: 100}).HTML()
	if n := strings.Count(page, "<details open>"); n != 2 {
		t.Errorf("%d groups open, want the root and the group of 3, not the one of 100", n)
	}
}
