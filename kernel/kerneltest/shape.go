package kerneltest

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
)

// shape says what in a JSON value is not as it should be; nil is nothing.
type shape func(value any) error

// fields maps the names of an object's fields to their shapes. A "?" behind a name lets the field be
// absent; fields that are not named are not allowed.
type fields map[string]shape

func (f fields) check(content map[string]any) error {
	for name := range content {
		if f[name] == nil && f[name+"?"] == nil {
			return fmt.Errorf("field %q does not belong here", name)
		}
	}
	for name, is := range f {
		name, optional := strings.CutSuffix(name, "?")
		v, there := content[name]
		switch {
		case !there && optional:
		case !there:
			return fmt.Errorf("field %q is missing", name)
		default:
			if err := is(v); err != nil {
				return fmt.Errorf("field %q %w", name, err)
			}
		}
	}
	return nil
}

// shape lets fields be the value of a field.
func (f fields) shape() shape {
	return func(v any) error {
		o, ok := v.(map[string]any)
		if !ok {
			return wants(v, "an object")
		}
		return f.check(o)
	}
}

func wants(v any, what string) error { return fmt.Errorf("is %v, want %s", v, what) }

// typed is the shape of the values of a Go type that fit.
func typed[T any](what string, fits func(T) bool) shape {
	return func(v any) error {
		if t, ok := v.(T); !ok || !fits(t) {
			return wants(v, what)
		}
		return nil
	}
}

var (
	mimeType      = regexp.MustCompile(`^[\w.+-]+/[\w.+-]+$`)
	versionNumber = regexp.MustCompile(`^\d+\.\d+$`)
)

var (
	text    = typed("a string", func(string) bool { return true })
	flag    = typed("true or false", func(bool) bool { return true })
	integer = typed("an integer", func(n float64) bool { return n == math.Trunc(n) })
	count   = typed("a count", func(n float64) bool { return n == math.Trunc(n) && n >= 0 })
	level   = typed("0 or 1", func(n float64) bool { return n == 0 || n == 1 })
	mime    = typed("a MIME type", mimeType.MatchString)
	version = typed("a version", versionNumber.MatchString)
	object  = typed("an object", func(map[string]any) bool { return true })
	bundle  = typed("a MIME bundle", func(b map[string]any) bool {
		for name := range b {
			if !mimeType.MatchString(name) {
				return false
			}
		}
		return true
	})
)

func null(v any) error {
	if v != nil {
		return wants(v, "null")
	}
	return nil
}

// one is one of some texts.
func one(texts ...string) shape {
	return typed("one of "+strings.Join(texts, ", "), func(s string) bool { return slices.Contains(texts, s) })
}

// either is what one of the shapes is for; the error is that of the last.
func either(shapes ...shape) shape {
	return func(v any) (err error) {
		for _, is := range shapes {
			if err = is(v); err == nil {
				return nil
			}
		}
		return err
	}
}

// list is an array of any length.
func list(each shape) shape {
	return func(v any) error {
		a, ok := v.([]any)
		if !ok {
			return wants(v, "a list")
		}
		for i, e := range a {
			if err := each(e); err != nil {
				return fmt.Errorf("item %d %w", i, err)
			}
		}
		return nil
	}
}

// tuple is an array of these.
func tuple(shapes ...shape) shape {
	return func(v any) error {
		a, ok := v.([]any)
		if !ok || len(a) != len(shapes) {
			return wants(v, fmt.Sprintf("a list of %d", len(shapes)))
		}
		for i, is := range shapes {
			if err := is(a[i]); err != nil {
				return fmt.Errorf("item %d %w", i, err)
			}
		}
		return nil
	}
}

// values is an object with any names.
func values(each shape) shape {
	return func(v any) error {
		o, ok := v.(map[string]any)
		if !ok {
			return wants(v, "an object")
		}
		for name, e := range o {
			if err := each(e); err != nil {
				return fmt.Errorf("%q %w", name, err)
			}
		}
		return nil
	}
}
