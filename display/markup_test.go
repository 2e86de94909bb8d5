package display

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// hostile are names that strangers could give to things in a file.
var hostile = []string{
	`<img src=x onerror=alert(1)>`,
	`</script><script>alert(1)</script>`,
	`"><b onmouseover="alert(1)`,
	`' onclick='x`,
	`javascript:alert(1)`,
	`&lt;b&gt; &amp;`,
	"a\u202eb\x00c\nd",
	`</style><!-- ]]>`,
}

func TestMarkupEscapes(t *testing.T) {
	for _, name := range hostile {
		var m Markup
		m.Open("p", Attr("title", name), Attr("class", "x")).Text(name).Close()
		m.Open("pre").Lines(name).Close()
		root, err := html.Parse(strings.NewReader(m.String()))
		if err != nil {
			t.Fatal(err)
		}
		got := elements(root)
		if want := "html head body p pre"; got != want {
			t.Errorf("%q became elements %q, want %q", name, got, want)
		}
		p := find(root, "p")
		if len(p.Attr) != 2 || p.Attr[0].Val != Visible(name) || p.FirstChild.Data != Visible(name) {
			t.Errorf("%q reads back as %v %q", name, p.Attr, p.FirstChild.Data)
		}
	}
}

func TestMarkupAddresses(t *testing.T) {
	for _, test := range []struct{ element, address, want string }{
		{"a", "https://example.org/?a=1&b=2", `<a href="https://example.org/?a=1&amp;b=2"></a>`},
		{"a", "javascript:alert(1)", "<a></a>"},
		{"a", " JavaScript:alert(1)", "<a></a>"},
		{"a", "data:text/html,x", "<a></a>"},
		{"img", "https://example.org/tracker.png", "<img>"},
		{"img", "data:image/svg+xml,<svg onload=x>", "<img>"},
		{"img", "data:image/png;base64,AA==", `<img src="data:image/png;base64,AA==">`},
	} {
		var m Markup
		if test.element == "a" {
			m.Open("a", Attr("href", test.address)).Close()
		} else {
			m.Open("img", Attr("src", test.address))
		}
		if got := m.String(); got != test.want {
			t.Errorf("%s %s: got %s, want %s", test.element, test.address, got, test.want)
		}
	}
}

func TestMarkupBuilds(t *testing.T) {
	var inner, m Markup
	inner.Element("code", "a<b")
	m.Style(".x>b{color:red}").Open("p").Append(&inner).Open("br").PNG([]byte{0}, `"dot"`).Close()
	want := `<style>.x>b{color:red}</style><p><code>a&lt;b</code><br><img src="data:image/png;base64,AA==" alt="&#34;dot&#34;"></p>`
	if got := m.String(); got != want || m.Len() != len(want) {
		t.Errorf("got %d bytes %s\nwant %s", m.Len(), got, want)
	}
}

func TestMarkupMistakesPanic(t *testing.T) {
	for name, mistake := range map[string]func(){
		"close too often": func() { new(Markup).Close() },
		"left open":       func() { _ = new(Markup).Open("p").String() },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			mistake()
		}()
	}
}

// elements lists the elements below n in order of the text.
func elements(n *html.Node) string {
	var names []string
	for d := range n.Descendants() {
		if d.Type == html.ElementNode {
			names = append(names, d.Data)
		}
	}
	return strings.Join(names, " ")
}

func find(n *html.Node, element string) *html.Node {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == element {
			return d
		}
	}
	return nil
}
