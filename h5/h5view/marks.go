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

// markArray gives the value of such an attribute, nil when it has none.
func markArray(list h5.Attributes, name string) *h5.Array {
	a := mark(list, name)
	if a == nil {
		return nil
	}
	array, err := a.Array()
	if err != nil {
		return nil
	}
	return array
}

// markText gives the text of the first of some attributes that is one string, "" when none is.
func markText(list h5.Attributes, names ...string) string {
	for _, name := range names {
		if texts := markTexts(list, name); len(texts) == 1 {
			return strings.TrimSpace(texts[0])
		}
	}
	return ""
}

// markTexts gives the texts of the first of some attributes that is one or more strings.
func markTexts(list h5.Attributes, names ...string) []string {
	for _, name := range names {
		array := markArray(list, name)
		if array == nil || array.Datatype().Kind() != h5.TypeString {
			continue
		}
		texts, err := array.Strings()
		if err != nil {
			continue
		}
		for i := range texts {
			texts[i] = strings.TrimRight(texts[i], "\x00 ")
		}
		return texts
	}
	return nil
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
	return marked(markArray(list, name), (*h5.Array).Float64s)
}

// markInts gives the whole numbers of an attribute, nil when it has none.
func markInts(list h5.Attributes, name string) []int64 {
	return marked(markArray(list, name), (*h5.Array).Int64s)
}

func marked[T any](a *h5.Array, as func(*h5.Array) ([]T, error)) []T {
	if a == nil {
		return nil
	}
	x, err := as(a)
	if err != nil {
		return nil
	}
	return x
}
