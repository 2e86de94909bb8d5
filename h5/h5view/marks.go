package h5view

import (
	"strings"

	"gofive/h5"
)

// maxMark is how many elements an attribute may have to be looked at for what it says of its object.
const maxMark = 4096

// mark gives the attribute called name when it is small enough to be looked at, else nil.
func mark(list h5.Attributes, name string) *h5.Attribute {
	a, ok := list.Get(name)
	if !ok || a.Err() != nil || a.Shape() == nil || a.Shape().Len() > maxMark || typeSize(a.Datatype()) > 64<<10 {
		return nil
	}
	return a
}

// markText gives the text of an attribute of one string, "" for others.
func markText(list h5.Attributes, name string) string {
	if texts := markTexts(list, name); len(texts) == 1 {
		return texts[0]
	}
	return ""
}

// markTexts gives the texts of an attribute of one or more strings.
func markTexts(list h5.Attributes, name string) []string {
	a := mark(list, name)
	if a == nil || a.Datatype() == nil || a.Datatype().Kind() != h5.TypeString {
		return nil
	}
	array, err := a.Array()
	if err != nil {
		return nil
	}
	texts, err := array.Strings()
	if err != nil {
		return nil
	}
	for i := range texts {
		texts[i] = strings.TrimRight(texts[i], "\x00 ")
	}
	return texts
}

// markNumber gives the number of an attribute of one element.
func markNumber(list h5.Attributes, name string) (float64, bool) {
	x := markNumbers(list, name)
	if len(x) != 1 {
		return 0, false
	}
	return x[0], true
}

// markNumbers gives the numbers of an attribute, nil when it has none.
func markNumbers(list h5.Attributes, name string) []float64 {
	a := mark(list, name)
	if a == nil {
		return nil
	}
	array, err := a.Array()
	if err != nil {
		return nil
	}
	x, err := array.Float64s()
	if err != nil {
		return nil
	}
	return x
}
