package value

import (
	"fmt"
	htmltemplate "html/template"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"text/template"
	"text/template/parse"
)

// A template finds fields and methods by reflection, which sees none in a Box. So before it runs, what
// it selects in its text becomes calls of a function that looks into Boxes: {{.Item.Price 3}} is
// {{field . "Item.Price" 3}} then.

// fieldFunc is the name of that function.
const fieldFunc = "gofiveField"

// prepared are the trees that have been rewritten.
var prepared sync.Map // *parse.Tree -> true

// Execute runs a template of text/template or html/template with data that may hold Boxes; name
// chooses an associated one, "" the template itself.
func (ts *Types) Execute(tmpl any, w io.Writer, name string, data any) error {
	lookup := func(recv any, path string, args ...any) (any, error) { return ts.selected(recv, path, args) }
	data = ts.opened(data)
	switch t := tmpl.(type) {
	case *template.Template:
		t.Funcs(template.FuncMap{fieldFunc: lookup})
		prepare(t.Tree)
		for _, each := range t.Templates() {
			prepare(each.Tree)
		}
	case *htmltemplate.Template:
		t.Funcs(htmltemplate.FuncMap{fieldFunc: lookup})
		prepare(t.Tree)
		for _, each := range t.Templates() {
			prepare(each.Tree)
		}
	}
	t := tmpl.(executor) // the check has seen one of the two
	if name != "" {
		return asWritten(t.ExecuteTemplate(w, name, data))
	}
	return asWritten(t.Execute(w, data))
}

// rewritten is what stands in an error for what the template selects.
var rewritten = regexp.MustCompile(`error calling ` + fieldFunc + `: |` + fieldFunc + ` (\$\w*|\(.*\)|)\.? ?"([^"]*)"`)

// templateError is an error of a template that speaks of the text as it was written.
type templateError struct {
	text string
	err  error
}

func (e templateError) Error() string { return e.text }

func (e templateError) Unwrap() error { return e.err }

// asWritten gives an error of a template that was rewritten.
func asWritten(err error) error {
	e, ok := err.(template.ExecError)
	if !ok {
		return err
	}
	text := rewritten.ReplaceAllStringFunc(e.Err.Error(), func(s string) string {
		m := rewritten.FindStringSubmatch(s)
		if m[2] == "" {
			return ""
		}
		return m[1] + "." + m[2]
	})
	return template.ExecError{Name: e.Name, Err: templateError{text, e.Err}}
}

// executor is what templates of both packages are.
type executor interface {
	Execute(w io.Writer, data any) error
	ExecuteTemplate(w io.Writer, name string, data any) error
}

// prepare rewrites a tree, once.
func prepare(t *parse.Tree) {
	if t == nil || t.Root == nil {
		return
	}
	if _, done := prepared.LoadOrStore(t, true); !done {
		(&selectors{t}).list(t.Root)
	}
}

// selectors rewrites what a template selects.
type selectors struct{ tree *parse.Tree }

func (s *selectors) list(l *parse.ListNode) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			s.pipe(n.Pipe)
		case *parse.IfNode:
			s.branch(&n.BranchNode)
		case *parse.RangeNode:
			s.branch(&n.BranchNode)
		case *parse.WithNode:
			s.branch(&n.BranchNode)
		case *parse.TemplateNode:
			s.pipe(n.Pipe)
		}
	}
}

func (s *selectors) branch(n *parse.BranchNode) {
	s.pipe(n.Pipe)
	s.list(n.List)
	s.list(n.ElseList)
}

func (s *selectors) pipe(p *parse.PipeNode) {
	if p == nil {
		return
	}
	for _, c := range p.Cmds {
		for i, arg := range c.Args {
			if i > 0 {
				c.Args[i] = s.operand(arg)
			} else if inner, ok := arg.(*parse.PipeNode); ok {
				s.pipe(inner)
			}
		}
		if recv, path := s.selection(c.Args[0]); path != "" {
			c.Args = append(s.call(recv, path), c.Args[1:]...)
		}
	}
}

// operand gives an argument with what it selects as a pipeline in parentheses.
func (s *selectors) operand(n parse.Node) parse.Node {
	if inner, ok := n.(*parse.PipeNode); ok {
		s.pipe(inner)
		return n
	}
	recv, path := s.selection(n)
	if path == "" {
		return n
	}
	return &parse.PipeNode{NodeType: parse.NodePipe, Pos: n.Position(), Cmds: []*parse.CommandNode{
		{NodeType: parse.NodeCommand, Pos: n.Position(), Args: s.call(recv, path)},
	}}
}

// selection takes a node that selects apart; path is "" for others.
func (s *selectors) selection(n parse.Node) (recv parse.Node, path string) {
	switch n := n.(type) {
	case *parse.FieldNode:
		return &parse.DotNode{NodeType: parse.NodeDot, Pos: n.Pos}, strings.Join(n.Ident, ".")
	case *parse.VariableNode:
		if len(n.Ident) > 1 {
			v := *n
			v.Ident = n.Ident[:1]
			return &v, strings.Join(n.Ident[1:], ".")
		}
	case *parse.ChainNode:
		return s.operand(n.Node), strings.Join(n.Field, ".")
	}
	return nil, ""
}

func (s *selectors) call(recv parse.Node, path string) []parse.Node {
	f := parse.NewIdentifier(fieldFunc).SetTree(s.tree).SetPos(recv.Position())
	return []parse.Node{f, recv, &parse.StringNode{NodeType: parse.NodeString, Pos: recv.Position(), Quoted: fmt.Sprintf("%q", path), Text: path}}
}

// selected follows a path of fields and methods; args go to the last.
func (ts *Types) selected(recv any, path string, args []any) (any, error) {
	names := strings.Split(path, ".")
	for i, name := range names {
		var with []any
		if i == len(names)-1 {
			with = args
		}
		next, err := ts.member(recv, name, with)
		if err != nil {
			return nil, err
		}
		recv = ts.opened(next)
	}
	return recv, nil
}

// member gives one field, element of a map, or result of a method.
func (ts *Types) member(recv any, name string, args []any) (any, error) {
	if recv == nil {
		return nil, fmt.Errorf("nil data; no entry for key %q", name)
	}
	b, isBox := recv.(boxed)
	v := reflect.ValueOf(recv)
	if isBox {
		if fn, ok := b.unbox().typ.bind(name, b.unbox().val); ok && exported(name) {
			return called(fn, name, args)
		}
		return b.unbox().field(name)
	}
	if m := v.MethodByName(name); m.IsValid() {
		return called(m, name, args)
	}
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Struct:
		if f := v.FieldByName(name); f.IsValid() && f.CanInterface() {
			return f.Interface(), nil
		}
	case reflect.Map:
		if v.Type().Key().Kind() == reflect.String {
			e := v.MapIndex(reflect.ValueOf(name).Convert(v.Type().Key()))
			if !e.IsValid() {
				return reflect.Zero(v.Type().Elem()).Interface(), nil
			}
			return e.Interface(), nil
		}
	}
	return nil, fmt.Errorf("can't evaluate field %s in type %s", name, ts.TypeName(recv))
}

// called calls a method of a template, which has one result, or two of which the second is an error.
func called(fn reflect.Value, name string, args []any) (any, error) {
	t := fn.Type()
	if len(args) != t.NumIn() && !t.IsVariadic() {
		return nil, fmt.Errorf("wrong number of args for %s: want %d got %d", name, t.NumIn(), len(args))
	}
	in := make([]reflect.Value, len(args))
	for i, a := range args {
		want := t.In(min(i, t.NumIn()-1))
		if t.IsVariadic() && i >= t.NumIn()-1 {
			want = want.Elem()
		}
		in[i] = valueFor(a, want)
		if !in[i].Type().AssignableTo(want) {
			if !in[i].CanConvert(want) {
				return nil, fmt.Errorf("wrong type for value; expected %s; got %s", want, in[i].Type())
			}
			in[i] = in[i].Convert(want)
		}
	}
	out := fn.Call(in)
	if len(out) == 2 {
		if err, _ := out[1].Interface().(error); err != nil {
			return nil, fmt.Errorf("error calling %s: %w", name, err)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("a method of a template must have a result")
	}
	return out[0].Interface(), nil
}

// field gives an exported field, or entry of a map, by name, also a promoted field.
func (b Box) field(name string) (any, error) {
	v, t := reflect.ValueOf(b.val), b.typ
	for t != nil && v.Kind() == reflect.Pointer && !v.IsNil() {
		v, t = v.Elem(), t.elem
	}
	if t != nil {
		switch v.Kind() {
		case reflect.Struct:
			if f, ft, ok := promoted(t, v, name); ok {
				return inInterface(ft, f), nil
			}
			if slices.ContainsFunc(t.fields, func(f Field) bool { return f.Name == name }) {
				return nil, fmt.Errorf("%s is an unexported field of struct type %s", name, b.typ.Name)
			}
		case reflect.Map:
			if v.Type().Key().Kind() == reflect.String {
				if e := v.MapIndex(reflect.ValueOf(name)); e.IsValid() {
					return inInterface(t.elem, e), nil
				}
				return nil, nil
			}
		}
	}
	return nil, fmt.Errorf("can't evaluate field %s in type %s", name, b.typ.Name)
}

// promoted finds a field, in the struct itself first.
func promoted(t *Type, v reflect.Value, name string) (reflect.Value, *Type, bool) {
	for i, f := range t.fields {
		if f.Name == name && f.Exported {
			return v.Field(i), f.Type, true
		}
	}
	for i, f := range t.fields {
		if !f.Embedded || f.Type == nil {
			continue
		}
		ev, et := v.Field(i), f.Type
		if ev.Kind() == reflect.Pointer && !ev.IsNil() && et.elem != nil {
			ev, et = ev.Elem(), et.elem
		}
		if ev.Kind() == reflect.Struct {
			if f, ft, ok := promoted(et, ev, name); ok {
				return f, ft, true
			}
		}
	}
	return reflect.Value{}, nil, false
}

// inInterface boxes a value that needs it.
func inInterface(t *Type, v reflect.Value) any {
	if t == nil || v.Kind() == reflect.Interface {
		return v.Interface()
	}
	return t.box(v.Interface())
}

// opened gives a value as templates work on it: lists and maps of any for those of cells, basic
// values without a String method as they are; structs and what prints itself stay in their Box.
func (ts *Types) opened(v any) any {
	b, ok := ts.Open(v)
	if !ok {
		return v
	}
	t, rv := b.typ, reflect.ValueOf(b.val)
	if !rv.IsValid() || rv.Kind() == reflect.Pointer && rv.IsNil() {
		return nil
	}
	switch rv.Kind() {
	case reflect.Slice, reflect.Array:
		list := make([]any, rv.Len())
		for i := range list {
			list[i] = ts.opened(inInterface(t.elem, rv.Index(i)))
		}
		return list
	case reflect.Map:
		m := reflect.MakeMap(reflect.MapOf(rv.Type().Key(), reflect.TypeFor[any]()))
		for it := rv.MapRange(); it.Next(); {
			m.SetMapIndex(it.Key(), reflect.ValueOf(&[]any{ts.opened(inInterface(t.elem, it.Value()))}[0]).Elem())
		}
		return m.Interface()
	case reflect.Struct, reflect.Pointer, reflect.Func, reflect.Chan:
		return v
	}
	if b.has("String", "func() string") || b.has("Error", "func() string") || b.has("Format", "func(fmt.State, int32)") {
		return v
	}
	return b.val
}
