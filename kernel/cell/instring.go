package cell

import (
	"go/ast"
	"go/constant"
	"go/scanner"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
)

// stringLit is a string literal around the cursor.
type stringLit struct {
	start, end int // offsets of the literal
	closed     bool
	raw        bool
}

// stringAt gives the string literal that an offset is in.
func stringAt(code string, at int) (stringLit, bool) {
	file := token.NewFileSet().AddFile("", -1, len(code))
	var s scanner.Scanner
	s.Init(file, []byte(code), func(token.Position, string) {}, 0)
	for {
		pos, tok, lit := s.Scan()
		start := file.Offset(pos)
		if tok == token.EOF || start >= at {
			return stringLit{}, false
		}
		if tok != token.STRING {
			continue
		}
		l := stringLit{start: start, end: start + len(lit), raw: lit[0] == '`'}
		l.closed = len(lit) > 1 && lit[len(lit)-1] == lit[0]
		if at < l.end || at == l.end && !l.closed {
			return l, true
		}
	}
}

// typed gives what stands in the literal between its quote and the cursor.
func (l stringLit) typed(code string, cursor int) string {
	text := code[l.start+1 : cursor]
	if l.raw {
		return text
	}
	if plain, err := strconv.Unquote(`"` + text + `"`); err == nil {
		return plain
	}
	return text
}

// completeString completes import paths, paths of files, and names in an open file.
func (s *Session) completeString(code string, cursor int, lit stringLit) Completion {
	typed := lit.typed(code, cursor)
	if importing(code[:lit.start]) {
		end := cursor
		if lit.closed {
			end = lit.end - 1
		}
		return Completion{Matches: s.importPaths(typed), Start: lit.start + 1, End: end}
	}
	done := Completion{Start: max(lit.start+1, strings.LastIndexByte(code[:cursor], '/')+1), End: cursor}
	if lit.closed {
		if i := strings.IndexByte(code[cursor:lit.end-1], '/'); i >= 0 {
			done.End = cursor + i
		} else {
			done.End = lit.end - 1
		}
	}
	after := code[lit.end:]
	for _, text := range variants(code[:lit.start], strconv.Quote(cursorName), after) {
		c := s.probe(text)
		if done.Ask = c.question(c.pathTo(isCursorString)); done.Ask != nil {
			break
		}
	}
	if done.Ask == nil && looksLikePath(typed) {
		done.Ask = &Question{Kind: AskFiles}
	}
	if done.Ask != nil {
		done.Ask.Text, done.Ask.Raw = typed, lit.raw
	}
	return done
}

// importing reports whether a string behind the text would be an import path.
func importing(before string) bool {
	list := lexemes(before)
	for i := len(list) - 1; i >= 0; i-- {
		switch list[i].tok {
		case token.IMPORT:
			return true
		case token.EOF, token.LPAREN, token.STRING, token.SEMICOLON, token.IDENT, token.PERIOD:
		default:
			return false
		}
	}
	return false
}

// importPaths gives the packages whose path, or a later part of it, begins with what was typed.
func (s *Session) importPaths(typed string) []Match {
	var list []Match
	for _, p := range s.lib.Packages {
		if strings.HasPrefix(p.Path, typed) || strings.Contains(p.Path, "/"+typed) {
			list = append(list, Match{Text: p.Path, Type: "package", Signature: "package " + p.Name})
		}
	}
	slices.SortFunc(list, func(a, b Match) int { return strings.Compare(a.Text, b.Text) })
	return list
}

// looksLikePath reports whether a string names a file wherever it stands.
func looksLikePath(text string) bool {
	for _, prefix := range []string{"./", "../", "/", "~/"} {
		if strings.HasPrefix(text, prefix) {
			return true
		}
	}
	return false
}

// isCursorString finds the placeholder for a string with the cursor in it.
func isCursorString(n ast.Node) bool {
	lit, ok := n.(*ast.BasicLit)
	return ok && lit.Value == strconv.Quote(cursorName)
}

// question gives what is to be asked about a string at the end of a path through the tree: names in
// what a method of package h5 is called on, or files, where a parameter of a function is a path. It
// is nil when the string is neither.
func (c *check) question(path []ast.Node) *Question {
	if len(path) < 2 {
		return nil
	}
	lit := path[len(path)-1].(*ast.BasicLit)
	call, ok := path[len(path)-2].(*ast.CallExpr)
	if !ok {
		return nil
	}
	if sel, ok := call.Fun.(*ast.SelectorExpr); ok && c.inFile(sel) {
		if q := c.receiver(sel.X); q != nil {
			q.Kind, q.Method = AskNames, sel.Sel.Name
			return q
		}
		return nil
	}
	p := c.parameter(call, slices.Index(call.Args, ast.Expr(lit)))
	switch {
	case p == nil:
	case isPath(p):
		return &Question{Kind: AskFiles}
	case p.Name() == "name" && p.Pkg().Path() == h5Path: // h5.ReadAttr(object, "name", &v)
		if q := c.receiver(call.Args[0]); q != nil {
			q.Kind, q.Method = AskNames, "Attr"
			return q
		}
	}
	return nil
}

// h5Path is the import path of the package whose objects hold others by name.
const h5Path = "gofive/h5"

// inFile reports whether a method is one of package h5.
func (c *check) inFile(sel *ast.SelectorExpr) bool {
	f, ok := c.info.Uses[sel.Sel].(*types.Func)
	return ok && f.Signature().Recv() != nil && f.Pkg() != nil && f.Pkg().Path() == h5Path
}

// receiver says how an expression is reached from a variable of the notebook: the variable itself, or
// calls on it that have one string each. It is nil for other expressions.
func (c *check) receiver(x ast.Expr) *Question {
	switch x := x.(type) {
	case *ast.ParenExpr:
		return c.receiver(x.X)
	case *ast.Ident:
		if v := c.notebookVar(x); v != "" {
			return &Question{Var: v}
		}
	case *ast.CallExpr:
		if id, ok := x.Fun.(*ast.Ident); ok && slices.Contains(takeHelpers, id.Name) && len(x.Args) == 1 {
			return c.receiver(x.Args[0])
		}
		sel, ok := x.Fun.(*ast.SelectorExpr)
		if !ok || len(x.Args) != 1 || !c.inFile(sel) {
			return nil
		}
		arg := c.info.Types[x.Args[0]].Value
		q := c.receiver(sel.X)
		if q == nil || arg == nil || arg.Kind() != constant.String {
			return nil
		}
		q.Calls = append(q.Calls, Call{sel.Sel.Name, constant.StringVal(arg)})
		return q
	}
	return nil
}

// notebookVar gives the lowered name of the variable that an identifier at the top level means in the
// notebook as it is, "" when there is none. A cell that is run again declares it anew: what it was is
// still what is there.
func (c *check) notebookVar(id *ast.Ident) string {
	obj := c.info.Uses[id]
	if obj == nil {
		obj = c.info.Defs[id]
	}
	if obj == nil || obj.Parent() != c.pkg.Scope() && c.known[obj] == nil {
		return ""
	}
	e := c.session.names[plain(id.Name)]
	if e == nil || !e.isVar() {
		return ""
	}
	return e.version
}

// parameter gives the parameter that an argument is for.
func (c *check) parameter(call *ast.CallExpr, arg int) *types.Var {
	sig, ok := c.info.Types[call.Fun].Type.(*types.Signature)
	if !ok || arg < 0 || sig.Params().Len() == 0 {
		return nil
	}
	if n := sig.Params().Len(); arg >= n {
		if !sig.Variadic() {
			return nil
		}
		arg = n - 1
	}
	return sig.Params().At(arg)
}

// pathNames are names of parameters that are paths of files, whatever the function.
var pathNames = []string{"path", "file", "filename", "filenames", "fname", "dir", "directory", "folder", "root", "oldpath", "newpath", "oldname", "newname"}

// pathPackages are packages in which a parameter called name is a path too.
var pathPackages = []string{"os", "io/ioutil", "archive/zip", "plugin"}

// isPath reports whether a parameter is the path of a file.
func isPath(p *types.Var) bool {
	t := p.Type()
	if s, ok := t.(*types.Slice); ok {
		t = s.Elem()
	}
	if b, ok := t.Underlying().(*types.Basic); !ok || b.Info()&types.IsString == 0 {
		return false
	}
	name := strings.ToLower(p.Name())
	return slices.Contains(pathNames, name) || name == "name" && p.Pkg() != nil && slices.Contains(pathPackages, p.Pkg().Path())
}
