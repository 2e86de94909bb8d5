package libhdf5

// #include "shim.h"
import "C"

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"sync"
)

// Property is one setting of a property list: the name of the library's function without "H5Pset_",
// or of a property that is registered under that name, and its values, each an int, a float64 or a
// string without NUL.
type Property struct {
	Name   string
	Values []any
}

// Set makes a Property.
func Set(name string, values ...any) Property { return Property{name, values} }

// setters are the settings that have a function of their own, with the kinds of their values: i for
// whole numbers, f for any, s for texts; a + repeats the one before it any number of times, or never.
var setters = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for i := C.int(0); ; i++ {
		var kinds *C.char
		name := C.gf_property_name(i, &kinds)
		if name == nil {
			return out
		}
		out[C.GoString(name)] = C.GoString(kinds)
	}
})

// PropertyNames are the settings that have a function of their own.
func PropertyNames() []string {
	var out []string
	for name := range setters() {
		out = append(out, name)
	}
	return out
}

// mostValues is what the C side has room for.
const mostValues = 2 + 2*(1+5*32)

// Check says what is wrong with the values. A name that no setter has may still be a registered one,
// which takes one whole number.
func (p Property) Check() error {
	kinds, ok := setters()[p.Name]
	switch {
	case p.Name == "" || strings.ContainsRune(p.Name, 0):
		return fmt.Errorf("%q is no name of a property", p.Name)
	case !ok && len(p.Values) != 1:
		return fmt.Errorf("there is no property %q", p.Name)
	case !ok:
		kinds = "i"
	}
	want, more := strings.CutSuffix(kinds, "+")
	n := len(p.Values)
	if n < len(want) && !(more && n == len(want)-1) || n > len(want) && !more || n > mostValues {
		return fmt.Errorf("%s takes %s, not %d values", p.Name, describeKinds(want, more), n)
	}
	for i, v := range p.Values {
		if kind := want[min(i, len(want)-1)]; !fits(v, kind) {
			return fmt.Errorf("%s takes %s; value %d is %v of type %T", p.Name, describeKinds(want, more), i+1, v, v)
		}
	}
	return nil
}

func fits(v any, kind byte) bool {
	switch v := v.(type) {
	case int:
		return kind != 's'
	case float64:
		return kind == 'f'
	case string:
		return kind == 's' && !strings.ContainsRune(v, 0)
	}
	return false
}

func describeKinds(kinds string, more bool) string {
	if kinds == "" {
		return "no values"
	}
	words := map[rune]string{'i': "int", 'f': "float64", 's': "string"}
	var out []string
	for _, k := range kinds {
		out = append(out, words[k])
	}
	text := "(" + strings.Join(out, ", ")
	if more {
		text += ", ..."
	}
	return text + ")"
}

// encodeProperties writes settings as the C side reads them; see property.c.
func encodeProperties(list []Property) []byte {
	var b []byte
	for _, p := range list {
		kinds := setters()[p.Name]
		b = append(append(b, p.Name...), 0)
		b = binary.NativeEndian.AppendUint64(b, uint64(len(p.Values)))
		for i, v := range p.Values {
			switch v := v.(type) {
			case int:
				if i < len(kinds) && kinds[i] == 'f' {
					b = binary.NativeEndian.AppendUint64(append(b, 'f'), math.Float64bits(float64(v)))
					continue
				}
				b = binary.NativeEndian.AppendUint64(append(b, 'i'), uint64(v))
			case float64:
				b = binary.NativeEndian.AppendUint64(append(b, 'f'), math.Float64bits(v))
			case string:
				b = append(append(append(b, 's'), v...), 0)
			}
		}
	}
	return b
}
