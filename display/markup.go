package display

import (
	"encoding/base64"
	"html"
	"strings"
)

// Markup builds HTML, and no package of gofive builds any otherwise. Text and attribute values are
// escaped and made Visible as they are written, because most of them come out of files that
// strangers made. Names of elements and attributes, and style sheets, are of a type that only
// constants of the calling source can have. The zero value is ready to use.
//
// The result keeps its meaning where a front end's sanitiser drops style, class and id: say with
// elements what matters.
type Markup struct {
	b    strings.Builder
	open []constant
}

// constant is a string that another package can only give as an untyped constant, so that nothing
// read from a file can become an element, an attribute name or a style sheet.
type constant string

// Attribute is one attribute of an element.
type Attribute struct {
	name  constant
	value string
}

// Attr gives the attribute name="value". Where a front end would follow the value, in href and src,
// only addresses that cannot run code are kept.
func Attr(name constant, value string) Attribute { return Attribute{name, value} }

// void are the elements of the HTML standard that have no end tag, of those that we use.
var void = map[constant]bool{"br": true, "img": true, "hr": true, "col": true}

// Open starts an element. Close ends it, unless it is one without an end, such as br.
func (m *Markup) Open(element constant, attributes ...Attribute) *Markup {
	m.b.WriteByte('<')
	m.b.WriteString(string(element))
	for _, a := range attributes {
		if !harmless(a) {
			continue
		}
		m.b.WriteByte(' ')
		m.b.WriteString(string(a.name))
		if a.value != "" {
			m.b.WriteString(`="` + html.EscapeString(Visible(a.value)) + `"`)
		}
	}
	m.b.WriteByte('>')
	if !void[element] {
		m.open = append(m.open, element)
	}
	return m
}

// Close ends the element opened last.
func (m *Markup) Close() *Markup {
	if len(m.open) == 0 {
		panic("display: Markup.Close without Open")
	}
	last := len(m.open) - 1
	m.b.WriteString("</" + string(m.open[last]) + ">")
	m.open = m.open[:last]
	return m
}

// Element writes a whole element that holds only text.
func (m *Markup) Element(element constant, text string, attributes ...Attribute) *Markup {
	return m.Open(element, attributes...).Text(text).Close()
}

// Text writes one line of text.
func (m *Markup) Text(s string) *Markup {
	m.b.WriteString(html.EscapeString(Visible(s)))
	return m
}

// Lines writes text whose line breaks count, as inside pre.
func (m *Markup) Lines(s string) *Markup {
	m.b.WriteString(html.EscapeString(VisibleLines(s)))
	return m
}

// Style writes a style sheet. It is decoration: untrusted notebooks and GitHub drop it.
func (m *Markup) Style(css constant) *Markup {
	m.b.WriteString("<style>" + string(css) + "</style>")
	return m
}

// PNG writes a picture that travels inside the page; alt says in words what it shows.
func (m *Markup) PNG(picture []byte, alt string) *Markup {
	return m.Open("img", Attr("src", pngPrefix+base64.StdEncoding.EncodeToString(picture)), Attr("alt", alt))
}

// Append writes what other holds, whose elements must all be closed.
func (m *Markup) Append(other *Markup) *Markup {
	m.b.WriteString(other.String())
	return m
}

// Len is the number of bytes written so far, for callers that must stay below a limit.
func (m *Markup) Len() int { return m.b.Len() }

// String gives the HTML. An element left open is a mistake in the calling code.
func (m *Markup) String() string {
	if len(m.open) > 0 {
		panic("display: Markup.String with <" + string(m.open[len(m.open)-1]) + "> open")
	}
	return m.b.String()
}

const pngPrefix = "data:image/png;base64,"

// harmless reports whether following the attribute's value cannot run code: links go to web pages,
// pictures are inside the page.
func harmless(a Attribute) bool {
	switch a.name {
	case "href":
		return strings.HasPrefix(a.value, "https://") || strings.HasPrefix(a.value, "http://")
	case "src":
		return strings.HasPrefix(a.value, pngPrefix)
	}
	return true
}
