package interp

import (
	"encoding"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log"
	"reflect"
)

// mapTypes tells yaegi which compiled functions look for methods in what they get as any: a value
// of a cell's type that has such methods is then passed as the wrapper of the interface. What lies
// deeper in the value is not seen.
func mapTypes(show, display reflect.Value) map[reflect.Value][]reflect.Type {
	iface := func(p any) reflect.Type { return reflect.TypeOf(p).Elem() }
	printed := []reflect.Type{iface((*fmt.Formatter)(nil)), iface((*fmt.Stringer)(nil))}
	types := map[reflect.Value][]reflect.Type{
		reflect.ValueOf(json.Marshal):   {iface((*json.Marshaler)(nil)), iface((*encoding.TextMarshaler)(nil))},
		reflect.ValueOf(json.Unmarshal): {iface((*json.Unmarshaler)(nil)), iface((*encoding.TextUnmarshaler)(nil))},
		reflect.ValueOf(xml.Marshal):    {iface((*xml.Marshaler)(nil)), iface((*encoding.TextMarshaler)(nil))},
		reflect.ValueOf(xml.Unmarshal):  {iface((*xml.Unmarshaler)(nil)), iface((*encoding.TextUnmarshaler)(nil))},
		show:                            printed,
		display:                         printed,
	}
	for _, f := range []any{
		fmt.Errorf, fmt.Fprint, fmt.Fprintf, fmt.Fprintln, fmt.Print, fmt.Printf, fmt.Println,
		fmt.Sprint, fmt.Sprintf, fmt.Sprintln, fmt.Append, fmt.Appendf, fmt.Appendln,
		log.Print, log.Printf, log.Println, log.Panic, log.Panicf, log.Panicln,
	} {
		types[reflect.ValueOf(f)] = printed
	}
	for _, f := range []any{fmt.Scan, fmt.Scanf, fmt.Scanln, fmt.Sscan, fmt.Sscanf, fmt.Sscanln} {
		types[reflect.ValueOf(f)] = []reflect.Type{iface((*fmt.Scanner)(nil))}
	}
	return types
}
