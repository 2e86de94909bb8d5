package interp

import (
	"reflect"

	"gofive/kernel/value"
)

// thrown is a panic that another has followed, in a function that it had deferred.
type thrown struct {
	value     any
	recovered bool // and so perhaps panicked with again
}

// follows notes panics before those that the one going on has followed; the first comes first.
func (ts *traces) follows(before []thrown) {
	t := ts.current()
	if t == nil {
		t = ts.begin(0)
	}
	t.before = append(before, t.before...)
}

// text words a panic that nobody has recovered, and those before it, as Go does: a value that was
// panicked with again is told once.
func (t *trace) text(v any) string {
	all := append(t.before[:len(t.before):len(t.before)], thrown{value: plainPanic(v)})
	text := ""
	for i, p := range all {
		if i > 0 && same(all[i-1].value, p.value) {
			continue
		}
		if i > 0 {
			text += "\n\tpanic: "
		}
		text += value.PanicText(p.value)
		switch again := i+1 < len(all) && same(p.value, all[i+1].value); {
		case p.recovered && again:
			text += " [recovered, repanicked]"
		case p.recovered:
			text += " [recovered]"
		}
	}
	return text
}

// same reports whether two panics are of one value.
func same(a, b any) bool {
	return reflect.TypeOf(a) == reflect.TypeOf(b) && reflect.ValueOf(a).Comparable() && a == b
}
