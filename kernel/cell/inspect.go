package cell

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// Inspection describes what is at a cursor.
type Inspection struct {
	Head   string // the declaration, as Go
	Doc    string // its documentation
	From   string // "from In[3]", or the package
	Source string // of what a cell declared, when it was asked for
	Value  string // of a variable, when the engine has told it
	// Ask lets the engine be asked for Value; nil for what is no variable.
	Ask *Question
}

// Text is the description as plain text.
func (i Inspection) Text() string {
	var b strings.Builder
	b.WriteString(i.Head + "\n")
	for _, part := range []string{i.Value, i.Doc, i.From, i.Source} {
		if part = strings.TrimSpace(part); part != "" {
			b.WriteString("\n" + part + "\n")
		}
	}
	return b.String()
}

// Markdown is the description with the Go in it marked as such.
func (i Inspection) Markdown() string {
	var b strings.Builder
	code := func(text string) { fmt.Fprintf(&b, "```go\n%s\n```\n", text) }
	code(i.Head)
	if i.Value != "" {
		fmt.Fprintf(&b, "\n```\n%s\n```\n", i.Value)
	}
	if doc := strings.TrimSpace(i.Doc); doc != "" {
		fmt.Fprintf(&b, "\n%s\n", doc)
	}
	if i.From != "" {
		fmt.Fprintf(&b, "\n*%s*\n", i.From)
	}
	if i.Source != "" {
		b.WriteString("\n")
		code(i.Source)
	}
	return b.String()
}

// Inspect describes the name at, or just before, the byte offset cursor of code; where there is none,
// the function in whose brackets the cursor is, with its current argument marked. Detail 1 adds the
// source of what a cell declared. It reports false when nothing is known.
func (s *Session) Inspect(code string, cursor, detail int) (Inspection, bool) {
	cursor = min(max(cursor, 0), len(code))
	s.mu.Lock()
	defer s.mu.Unlock()
	if inText(code, cursor) {
		return Inspection{}, false
	}
	start, end := word(code, cursor)
	if _, inString := stringAt(code, cursor); !inString && start < end && !isDigit(code[start]) {
		if i, ok := s.inspectWord(code, start, end, detail); ok {
			return i, true
		}
	}
	for _, text := range variants(code[:cursor], "", code[cursor:]) {
		if i, ok := s.probe(text).describeCall(cursor, detail); ok {
			return i, true
		}
	}
	return Inspection{}, false
}

// inspectWord describes the name between two offsets.
func (s *Session) inspectWord(code string, start, end, detail int) (Inspection, bool) {
	for _, text := range variants(code[:start], code[start:end], code[end:]) {
		c := s.probe(text)
		if path := c.pathTo(c.startsAt(start)); len(path) > 0 {
			if i, ok := c.describeName(path[len(path)-1].(*ast.Ident), detail); ok {
				return i, true
			}
		}
	}
	help, ok := goWords[code[start:end]]
	return help.inspection(), ok
}

// describeName describes an identifier; those of the language itself it does not know.
func (c *check) describeName(id *ast.Ident, detail int) (Inspection, bool) {
	obj := c.info.Uses[id]
	if obj == nil {
		obj = c.info.Defs[id]
	}
	if obj == nil || obj.Pkg() == nil {
		return Inspection{}, false
	}
	return c.describe(id, obj, detail), true
}

// describeCall describes the function in whose brackets an offset is, with the argument there marked.
func (c *check) describeCall(offset, detail int) (Inspection, bool) {
	call := c.callAround(offset)
	if call == nil {
		return Inspection{}, false
	}
	id := calledName(call.Fun)
	if id == nil {
		return Inspection{}, false
	}
	if help, isWord := goWords[id.Name]; isWord && c.info.Uses[id] != nil && c.info.Uses[id].Pkg() == nil {
		return help.inspection(), true
	}
	i, ok := c.describeName(id, detail)
	if sig, isFunc := c.info.Types[call.Fun].Type.(*types.Signature); ok && isFunc {
		i.Head = c.markArgument(i.Head, id.Name, sig, c.argumentAt(call, offset))
	}
	return i, ok
}

// callAround gives the innermost call in whose brackets an offset is.
func (c *check) callAround(offset int) *ast.CallExpr {
	var call *ast.CallExpr
	c.pathTo(func(n ast.Node) bool {
		x, ok := n.(*ast.CallExpr)
		if ok && !oursCall(x) && c.offset(x.Lparen) < offset && (!x.Rparen.IsValid() || offset <= c.offset(x.Rparen)) {
			call = x // the innermost is met last
		}
		return false
	})
	return call
}

// argumentAt counts the arguments of a call that end, with their comma, before an offset.
func (c *check) argumentAt(call *ast.CallExpr, offset int) int {
	n := 0
	for _, a := range call.Args {
		if end := c.offset(a.End()); end < offset && strings.Contains(c.code[end:offset], ",") {
			n++
		}
	}
	return n
}

// calledName gives the name of a called function, nil for one that has none.
func calledName(fun ast.Expr) *ast.Ident {
	switch f := ast.Unparen(fun).(type) {
	case *ast.Ident:
		return f
	case *ast.SelectorExpr:
		return f.Sel
	case *ast.IndexExpr:
		return calledName(f.X)
	case *ast.IndexListExpr:
		return calledName(f.X)
	}
	return nil
}

// oursCall reports whether a call is one that the check has put there.
func oursCall(call *ast.CallExpr) bool {
	id, ok := call.Fun.(*ast.Ident)
	return ok && ours(id)
}

// offset gives the byte offset in the code of a position.
func (c *check) offset(pos token.Pos) int {
	p := c.fset.Position(pos)
	at := 0
	for line := 1; line < p.Line; line++ {
		at += strings.IndexByte(c.code[at:], '\n') + 1
	}
	return min(max(at+p.Column-1, 0), len(c.code)) // a call that is not closed ends nowhere
}

// markArgument puts a line of carets below the parameter that an argument is for.
func (c *check) markArgument(head, name string, sig *types.Signature, arg int) string {
	n := sig.Params().Len()
	if n == 0 || arg >= n && !sig.Variadic() {
		return head
	}
	at := strings.Index(head, name) + len(name)
	for i := 0; i <= min(arg, n-1); i++ {
		p := sig.Params().At(i)
		text := c.plain(types.TypeString(p.Type(), byName))
		if sig.Variadic() && i == n-1 {
			text = "..." + strings.TrimPrefix(text, "[]")
		}
		if p.Name() != "" {
			text = p.Name() + " " + text
		}
		found := strings.Index(head[at:], text)
		if found < 0 {
			return head
		}
		if at += found; i == min(arg, n-1) {
			return head + "\n" + strings.Repeat(" ", at) + strings.Repeat("^", len(text))
		}
		at += len(text)
	}
	return head
}

// describe words an object.
func (c *check) describe(id *ast.Ident, obj types.Object, detail int) Inspection {
	i := Inspection{Head: c.head(id, obj)}
	i.Doc, i.From = c.document(id, obj)
	if p, ok := obj.(*types.PkgName); ok && detail > 0 {
		i.Source = contents(p.Imported())
	}
	_, isFunc := obj.Type().Underlying().(*types.Signature)
	if v := c.notebookVar(id); v != "" && !isFunc {
		i.Ask = &Question{Kind: AskValue, Var: v}
	}
	if u, e := c.declaredBy(obj); detail > 0 && u != nil {
		i.Source = u.text
		if e != nil && e.unit == u {
			i.Source = e.text()
		}
	}
	return i
}

// text gives what declares an entity, the methods of a type behind it.
func (e *entity) text() string {
	var texts []string
	for _, u := range e.pieces() {
		texts = append(texts, u.text)
	}
	return strings.Join(texts, "\n\n")
}

// promotedFrom gives the type that declares a method, when nobody outside its package can name that,
// and the type of the operand that has the method by it. Both are "" for others.
func (c *check) promotedFrom(id *ast.Ident, f *types.Func) (hidden, shown string) {
	if f.Signature().Recv() == nil {
		return "", ""
	}
	recv, operand := f.Signature().Recv().Type(), c.operand(id)
	if operand == nil || ast.IsExported(ownerName(recv)) {
		return "", ""
	}
	return types.TypeString(recv, byName), types.TypeString(operand, byName)
}

// operand gives the type of what a method or field is selected from, nil when id is none.
func (c *check) operand(id *ast.Ident) types.Type {
	for sel, s := range c.info.Selections {
		if sel.Sel == id {
			return s.Recv()
		}
	}
	return nil
}

// contents lists what a package exports, a line each.
func contents(p *types.Package) string {
	var lines []string
	for _, name := range p.Scope().Names() {
		if obj := p.Scope().Lookup(name); obj.Exported() {
			lines = append(lines, types.ObjectString(obj, types.RelativeTo(p)))
		}
	}
	return strings.Join(lines, "\n")
}

// head gives the declaration of an object as Go.
func (c *check) head(id *ast.Ident, obj types.Object) string {
	text := types.ObjectString(obj, byName)
	switch obj := obj.(type) {
	case *types.Const:
		return c.plain(text) + valueText(obj.Val())
	case *types.TypeName:
		return c.plain(typeHead(obj))
	case *types.Func:
		if hidden, shown := c.promotedFrom(id, obj); hidden != "" {
			text = strings.Replace(text, hidden, shown, 1)
		}
	case *types.PkgName:
		return "package " + obj.Imported().Name() + ` // import "` + obj.Imported().Path() + `"`
	}
	return c.plain(text)
}

// valueText gives " = " and the value of a constant.
func valueText(v constant.Value) string {
	switch v.Kind() {
	case constant.Unknown:
		return ""
	case constant.Float:
		f, _ := constant.Float64Val(v)
		return " = " + strconv.FormatFloat(f, 'g', -1, 64)
	}
	return " = " + v.ExactString()
}

// mostMethods is how many methods of a type are listed.
const mostMethods = 40

// typeHead gives the declaration of a type with a line for each field and method that a cell may use.
func typeHead(t *types.TypeName) string {
	name := types.TypeString(t.Type(), byName)
	if t.IsAlias() {
		return types.ObjectString(t, byName)
	}
	lines := []string{"type " + name + " " + types.TypeString(t.Type().Underlying(), byName)}
	switch u := t.Type().Underlying().(type) {
	case *types.Struct:
		lines = append([]string{"type " + name + " struct {"}, fieldLines(u)...)
	case *types.Interface:
		lines = append([]string{"type " + name + " interface {"}, elementLines(u)...)
	}
	methods := methodLines(t)
	more := len(methods) - mostMethods
	lines = append(lines, methods[:min(len(methods), mostMethods)]...)
	if more > 0 {
		lines = append(lines, fmt.Sprintf("// and %d more methods", more))
	}
	return strings.Join(lines, "\n")
}

// fieldLines gives the body of a struct type.
func fieldLines(s *types.Struct) []string {
	var lines []string
	hidden := false
	for f := range s.Fields() {
		text := types.TypeString(f.Type(), byName)
		switch {
		case !usable(f):
			hidden = true
		case f.Embedded():
			lines = append(lines, "\t"+text)
		default:
			lines = append(lines, "\t"+f.Name()+" "+text)
		}
	}
	if hidden {
		lines = append(lines, "\t// and fields that are not exported")
	}
	return append(lines, "}")
}

// elementLines gives the body of an interface type.
func elementLines(t *types.Interface) []string {
	var lines []string
	for e := range t.EmbeddedTypes() {
		lines = append(lines, "\t"+types.TypeString(e, byName))
	}
	for m := range t.ExplicitMethods() {
		lines = append(lines, "\t"+m.Name()+signatureText(m))
	}
	return append(lines, "}")
}

// methodLines gives the methods of a type, one a line, those that it has from embedded fields too;
// those of an interface stand in its body.
func methodLines(t *types.TypeName) []string {
	if types.IsInterface(t.Type()) {
		return nil
	}
	var lines []string
	for m := range types.NewMethodSet(types.NewPointer(t.Type())).Methods() {
		f, ok := m.Obj().(*types.Func)
		if !ok || !usable(f) {
			continue
		}
		recv := types.TypeString(t.Type(), byName)
		if _, pointer := f.Signature().Recv().Type().(*types.Pointer); pointer {
			recv = "*" + recv
		}
		lines = append(lines, "func ("+recv+")."+f.Name()+signatureText(f))
	}
	return lines
}

// signatureText gives parameters and results.
func signatureText(f *types.Func) string {
	var b bytes.Buffer
	types.WriteSignature(&b, f.Signature(), byName)
	return b.String()
}

// document gives the documentation of an object and where it comes from.
func (c *check) document(id *ast.Ident, obj types.Object) (text, from string) {
	if p, ok := obj.(*types.PkgName); ok {
		return c.session.lib.Doc(p.Imported().Path(), ""), ""
	}
	if path := obj.Pkg().Path(); path != "main" {
		return c.session.lib.Doc(path, c.docName(id, obj)), "package " + path
	}
	if u, e := c.declaredBy(obj); u != nil {
		if e == nil {
			return u.comment, ""
		}
		return u.comment, "from " + u.cell
	} else if e != nil {
		return "", "from " + e.cell
	}
	return "", ""
}

// declaredBy gives the text that declares a top-level name or a method, with the entity when that is
// one of the session and not of the code itself.
func (c *check) declaredBy(obj types.Object) (*unit, *entity) {
	if f, ok := obj.(*types.Func); ok && f.Signature().Recv() != nil {
		base := ownerName(f.Signature().Recv().Type())
		for _, u := range c.units {
			if receiver(u.firstDecl()) == base && u.methodName() == f.Name() && c.owner[u] == nil {
				return u, nil
			}
		}
		e := c.session.names[base]
		if e == nil || e.obj == nil || e.obj != namedObject(f.Signature().Recv().Type()) {
			return nil, nil
		}
		for _, m := range e.methods {
			if m.methodName() == f.Name() {
				return m, e
			}
		}
		return nil, e
	}
	if obj.Parent() == c.pkg.Scope() && c.decls[obj.Name()] != nil {
		return c.decls[obj.Name()], nil
	}
	e := c.session.names[obj.Name()]
	if e == nil || e.obj != obj {
		return nil, nil
	}
	return e.unit, e
}

// docName gives the name under which documentation is filed: methods and fields stand behind the
// type that declares them.
func (c *check) docName(id *ast.Ident, obj types.Object) string {
	if f, ok := obj.(*types.Func); ok && f.Signature().Recv() != nil {
		owner := ownerName(f.Signature().Recv().Type())
		if operand := c.operand(id); operand != nil && !ast.IsExported(owner) {
			owner = ownerName(operand)
		}
		return owner + "." + obj.Name()
	}
	if v, ok := obj.(*types.Var); ok && v.IsField() {
		return fieldOwner(obj.Pkg(), v) + "." + obj.Name()
	}
	return obj.Name()
}

// fieldOwner gives the name of the type of a package that declares a field.
func fieldOwner(p *types.Package, field *types.Var) string {
	for _, name := range p.Scope().Names() {
		t, ok := p.Scope().Lookup(name).(*types.TypeName)
		if !ok {
			continue
		}
		if s, ok := t.Type().Underlying().(*types.Struct); ok {
			for f := range s.Fields() {
				if f == field {
					return name
				}
			}
		}
	}
	return ""
}

// ownerName gives the name of a type, or of what it points to.
func ownerName(t types.Type) string {
	if obj := namedObject(t); obj != nil {
		return obj.Name()
	}
	return ""
}

// namedObject gives what declares a type, or what it points to; nil for a type without a name.
func namedObject(t types.Type) types.Object {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := t.(*types.Named); ok {
		return n.Obj()
	}
	return nil
}
