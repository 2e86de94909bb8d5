package h5

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// structField is a field of a Go struct that takes part in reading and writing compounds.
type structField struct {
	name  string // of the member
	index []int  // for reflect.Value.FieldByIndex
	typ   reflect.Type
	tag   fieldTag
}

// fieldTag is what `h5:"NAME,len=13,ascii"` says.
type fieldTag struct {
	name  string
	skip  bool
	len   int // of a fixed string, 0 for variable
	ascii bool
}

func parseTag(f reflect.StructField) (fieldTag, error) {
	text, ok := f.Tag.Lookup("h5")
	if !ok {
		return fieldTag{}, nil
	}
	parts := strings.Split(text, ",")
	t := fieldTag{name: parts[0], skip: text == "-"}
	for _, p := range parts[1:] {
		n, isLen := strings.CutPrefix(p, "len=")
		var err error
		switch {
		case isLen:
			t.len, err = strconv.Atoi(n)
		case p == "ascii":
			t.ascii = true
		default:
			err = strconv.ErrSyntax
		}
		if err != nil {
			return t, &Error{Kind: ErrType, Reason: fmt.Sprintf("field %s has the tag %q", f.Name, text),
				Hint: `a tag is h5:"NAME", h5:"NAME,len=13,ascii" or h5:"-"`}
		}
	}
	return t, nil
}

// hidden reports whether a field is a lower-case field of a struct that a cell declared: those arrive
// exported, as X and the name, in a type without a name.
func hidden(t reflect.Type, f reflect.StructField) bool {
	return t.Name() == "" && len(f.Name) > 1 && f.Name[0] == 'X' && f.Name[1] >= 'a' && f.Name[1] <= 'z'
}

// fieldName gives the name of a field as the cell wrote it. A type of a cell that is embedded arrives as
// a field with the name of the type's version, such as "Rowˑ4", which must not get into a file.
func fieldName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Name, "ˑ")
	return name
}

// structFields are the fields of a struct type that become members of a compound of their own.
func structFields(t reflect.Type) ([]structField, error) {
	var out []structField
	for i := range t.NumField() {
		f := t.Field(i)
		tag, err := parseTag(f)
		if err != nil {
			return nil, err
		}
		if !f.IsExported() || tag.skip || tag.name == "" && hidden(t, f) {
			continue
		}
		sf := structField{name: fieldName(f), index: []int{i}, typ: f.Type, tag: tag}
		if tag.name != "" {
			sf.name = tag.name
		}
		out = append(out, sf)
	}
	return out, nil
}

// matchFields finds for each member of a compound the field of a struct type: by tag, by name, by
// name in any case. A field that is a struct and fits no member lends its own fields. Members without
// a field have an empty index.
func matchFields(t reflect.Type, members []string) ([]structField, error) {
	out := make([]structField, len(members))
	fields, err := candidates(t, members, nil)
	if err != nil {
		return nil, err
	}
	for i, m := range members {
		var fits []structField
		for _, how := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
			for _, f := range fields {
				if how(f.name, m) && !(f.tag.name != "" && f.name != m) {
					fits = append(fits, f)
				}
			}
			if len(fits) > 0 {
				break
			}
		}
		if len(fits) > 1 {
			return nil, &Error{Kind: ErrType, Reason: fmt.Sprintf("two fields of the struct fit member %q", m),
				Hint: fmt.Sprintf("mark one with the tag `h5:%q`", m)}
		}
		if len(fits) == 1 {
			out[i] = fits[0]
		}
	}
	return out, nil
}

func candidates(t reflect.Type, members []string, at []int) ([]structField, error) {
	var out []structField
	for i := range t.NumField() {
		f := t.Field(i)
		tag, err := parseTag(f)
		if err != nil {
			return nil, err
		}
		if !f.IsExported() || tag.skip {
			continue
		}
		name := fieldName(f)
		if tag.name != "" {
			name = tag.name
		}
		index := append(append([]int{}, at...), i)
		known := hasFold(members, name)
		if f.Type.Kind() == reflect.Struct && !known && !isLeaf(f.Type) {
			inner, err := candidates(f.Type, members, index)
			if err != nil {
				return nil, err
			}
			out = append(out, inner...)
			continue
		}
		if hidden(t, f) && tag.name == "" && !hasExact(members, name) {
			continue
		}
		out = append(out, structField{name: name, index: index, typ: f.Type, tag: tag})
	}
	return out, nil
}

func hasFold(names []string, name string) bool {
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}

func hasExact(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}
