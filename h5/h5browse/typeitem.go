package h5browse

import (
	"cmp"
	"slices"
	"strconv"

	"gofive/h5"
)

// typeItem is a datatype, as pages are told.
type typeItem struct {
	Class    string       `json:"class"`
	Text     string       `json:"text"`
	Size     int          `json:"size"`
	Dtype    string       `json:"dtype,omitempty"` // of numpy, where slice gives buffers
	Order    string       `json:"order,omitempty"` // of the bytes in the file: < or >
	Members  []typeMember `json:"members,omitempty"`
	Base     *typeItem    `json:"base,omitempty"`
	Dims     []int        `json:"dims,omitempty"`
	Values   []typeValue  `json:"values,omitempty"`
	Tag      string       `json:"tag,omitempty"`
	Variable bool         `json:"variable,omitempty"`
	UTF8     bool         `json:"utf8,omitempty"`
}

type typeMember struct {
	Name string    `json:"name"`
	Type *typeItem `json:"type"`
}

type typeValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// How much of a type is told: hostile ones nest without end.
const (
	deepestType = 32
	mostTypes   = 1000
)

var classes = map[h5.TypeKind]string{
	h5.TypeInt: "int", h5.TypeFloat: "float", h5.TypeComplex: "complex", h5.TypeBool: "bool", h5.TypeString: "string", h5.TypeEnum: "enum",
	h5.TypeBitfield: "bitfield", h5.TypeOpaque: "opaque", h5.TypeTime: "time", h5.TypeReference: "reference", h5.TypeCompound: "compound",
	h5.TypeVlen: "vlen", h5.TypeArray: "array",
}

// newTypeItem describes a type, and counts it.
func newTypeItem(t *h5.Datatype, depth int, told *int) *typeItem {
	*told++
	item := &typeItem{Class: cmp.Or(classes[t.Kind()], "other"), Text: cutText(t.String(), mostText/4), Size: t.Size(), Dtype: dtypeOf(t)}
	switch t.Kind() {
	case h5.TypeInt, h5.TypeFloat, h5.TypeBitfield:
		item.Order = "<"
		if t.IsBigEndian() {
			item.Order = ">"
		}
	case h5.TypeString:
		item.Variable, item.UTF8 = t.IsVariable(), t.IsUTF8()
	case h5.TypeOpaque:
		item.Tag = cutText(t.Tag(), mostText/4)
	case h5.TypeEnum:
		item.Values = valuesOf(t)
	case h5.TypeArray:
		item.Dims = t.Dims()
	}
	if depth == deepestType || *told > mostTypes {
		return item
	}
	if e := t.Elem(); e != nil {
		item.Base = newTypeItem(e, depth+1, told)
	}
	if t.Kind() == h5.TypeCompound {
		for _, m := range t.Members() {
			if *told > mostTypes {
				break
			}
			item.Members = append(item.Members, typeMember{cutText(m.Name, mostText/4), newTypeItem(m.Type, depth+1, told)})
		}
	}
	return item
}

// valuesOf gives the names of an enum in the order of their numbers.
func valuesOf(t *h5.Datatype) (out []typeValue) {
	numbers := t.Values()
	for name := range numbers {
		out = append(out, typeValue{name, strconv.Itoa(numbers[name])})
	}
	slices.SortFunc(out, func(a, b typeValue) int {
		return cmp.Or(cmp.Compare(numbers[a.Name], numbers[b.Name]), cmp.Compare(a.Name, b.Name))
	})
	return out[:min(len(out), mostTypes)]
}
