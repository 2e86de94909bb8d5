package display

import (
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"
)

// What a page shows of a value that has no form but its text. A cell whose value is a day of
// samples would otherwise send it all to the browser, and save it in the notebook.
const (
	maxText  = 64 << 10 // bytes
	maxList  = 1000     // elements of a slice or array
	endsList = 100      // of a longer one, at either end
	maxMap   = 1000     // entries of a map
	headMap  = 200      // of a larger one
)

// printAll says how to see what is left out.
const printAll = "fmt.Println prints all of it"

// underlying is a value of a type that the interpreter made.
type underlying interface {
	// Plain gives the value without the type, and whether it prints the same.
	Plain() (any, bool)
}

// text gives what fmt.Println prints of v, of a large value only parts and how large it is. Nothing
// is formatted that is not shown.
func text(v any) string {
	if u, ok := v.(underlying); ok {
		if plain, same := u.Plain(); same {
			v = plain
		}
	}
	r := reflect.ValueOf(v)
	if !r.IsValid() || speaks(r) {
		return short(fmt.Sprint(v))
	}
	if r.Kind() == reflect.String {
		return short(r.String())
	}
	if r.Kind() == reflect.Pointer && !r.IsNil() && composite(r.Elem().Kind()) {
		return excerpt("&", r.Elem(), v)
	}
	return excerpt("", r, v)
}

// excerpt is text of v, which is prefix and then r.
func excerpt(prefix string, r reflect.Value, v any) string {
	if weigh(r, maxText) >= 0 {
		return short(fmt.Sprint(v))
	}
	var p printer
	p.write(prefix)
	p.print(r)
	if s := p.b.String(); len(s) <= maxText {
		return s
	}
	size := ""
	switch r.Kind() {
	case reflect.Slice, reflect.Array, reflect.Map:
		size = " of " + Count(r.Len()) + " elements"
	}
	return cut(p.b.String()) + fmt.Sprintf(" ...\n(the first %s bytes of a %T%s; %s)", Count(maxText), v, size, printAll)
}

// short gives s, of a long one the beginning and how long it is.
func short(s string) string {
	if len(s) <= maxText {
		return s
	}
	return cut(s) + fmt.Sprintf(" ...\n(the first %s of %s bytes; %s)", Count(maxText), Count(len(s)), printAll)
}

// cut gives the first maxText bytes of s without a part of a rune at their end.
func cut(s string) string {
	end := maxText
	for end > maxText-utf8.UTFMax && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}

// weigh subtracts from room about what fmt would write of v, and gives a negative number when that
// is too much or when v holds a list or map of which only parts are shown. It stops at that point,
// and so comes to an end in a value that contains itself.
func weigh(v reflect.Value, room int) int {
	if speaks(v) {
		return room - 1
	}
	switch v.Kind() {
	case reflect.String:
		return room - 1 - v.Len()
	case reflect.Interface:
		return weigh(v.Elem(), room-1)
	case reflect.Slice, reflect.Array:
		if v.Len() > maxList {
			return -1
		}
		for i := 0; i < v.Len() && room >= 0; i++ {
			room = weigh(v.Index(i), room)
		}
	case reflect.Map:
		if v.Len() > maxMap {
			return -1
		}
		for entries := v.MapRange(); room >= 0 && entries.Next(); {
			room = weigh(entries.Value(), weigh(entries.Key(), room))
		}
	case reflect.Struct:
		for i := 0; i < v.NumField() && room >= 0; i++ {
			room = weigh(v.Field(i), room)
		}
	}
	return room - 1
}

// printer writes values as fmt does, leaves out the middle of long lists and stops when it has
// written more than maxText.
type printer struct{ b strings.Builder }

// full reports whether there is more than a page shows.
func (p *printer) full() bool { return p.b.Len() > maxText }

// write writes s, of a long one a little more than is shown.
func (p *printer) write(s string) {
	room := max(0, maxText+utf8.UTFMax-p.b.Len())
	p.b.WriteString(s[:min(len(s), room)])
}

// print writes v as fmt writes what is inside another value.
func (p *printer) print(v reflect.Value) {
	switch {
	case p.full():
	case v.IsValid() && speaks(v):
		p.write(fmt.Sprint(v))
	case v.Kind() == reflect.String:
		p.write(v.String())
	case v.Kind() == reflect.Interface:
		p.print(v.Elem())
	case v.Kind() == reflect.Slice, v.Kind() == reflect.Array:
		p.list(v)
	case v.Kind() == reflect.Map:
		p.entries(v)
	case v.Kind() == reflect.Struct:
		p.fields(v)
	case v.Kind() == reflect.Pointer && !v.IsNil():
		p.write(fmt.Sprintf("%#x", v.Pointer())) // fmt follows only the outermost pointer
	case !v.IsValid():
		p.write("<nil>")
	default:
		p.write(fmt.Sprint(v))
	}
}

// list writes a slice or array.
func (p *printer) list(v reflect.Value) {
	n := v.Len()
	p.write("[")
	for i := 0; i < n && !p.full(); i++ {
		if i > 0 {
			p.write(" ")
		}
		if n > maxList && i == endsList {
			p.write("... ")
			i = n - endsList
		}
		p.print(v.Index(i))
	}
	p.write("]")
	if n > maxList {
		p.write(" (" + Count(n) + " elements)")
	}
}

// fields writes a struct.
func (p *printer) fields(v reflect.Value) {
	p.write("{")
	for i := 0; i < v.NumField() && !p.full(); i++ {
		if i > 0 {
			p.write(" ")
		}
		p.print(v.Field(i))
	}
	p.write("}")
}

// entries writes a map, its keys in order.
func (p *printer) entries(v reflect.Value) {
	n := v.Len()
	most := n
	if n > maxMap {
		most = headMap
	}
	p.write("map[")
	for i, e := range firstEntries(v, most) {
		if p.full() {
			return
		}
		if i > 0 {
			p.write(" ")
		}
		p.print(e.key)
		p.write(":")
		p.print(e.value)
	}
	if most < n {
		p.write(fmt.Sprintf(" ...] (the first %s of %s entries)", Count(most), Count(n)))
		return
	}
	p.write("]")
}

var (
	formatterType = reflect.TypeFor[fmt.Formatter]()
	errorType     = reflect.TypeFor[error]()
	stringerType  = reflect.TypeFor[fmt.Stringer]()
)

// speaks reports whether v has a method by which fmt writes it.
func speaks(v reflect.Value) bool {
	if !v.IsValid() || v.Kind() == reflect.Interface || !v.CanInterface() {
		return false
	}
	t := v.Type()
	if t.NumMethod() == 0 {
		return false
	}
	return t.Implements(formatterType) || t.Implements(errorType) || t.Implements(stringerType)
}

// composite reports whether fmt follows a pointer to a value of kind k.
func composite(k reflect.Kind) bool {
	return k == reflect.Array || k == reflect.Slice || k == reflect.Struct || k == reflect.Map
}
