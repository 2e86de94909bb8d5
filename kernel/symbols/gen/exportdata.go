package main

import (
	"bytes"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/gcexportdata"
	"golang.org/x/tools/go/packages"
)

// exportData gives the package as go/types reads it. An empty FileSet keeps positions out: they
// would name files of the machine that generated the data.
func exportData(p *types.Package) ([]byte, error) {
	var buf bytes.Buffer
	err := gcexportdata.Write(&buf, token.NewFileSet(), p)
	return buf.Bytes(), err
}

// documentation gives the text of each exported name, "" standing for the package itself; methods
// and fields are "Type.Name".
func documentation(p *packages.Package) (map[string]string, error) {
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	d, err := doc.NewFromFiles(fset, files, p.PkgPath)
	if err != nil {
		return nil, err
	}
	docs := docs{}
	docs.add("", d.Doc)
	docs.values(d.Consts)
	docs.values(d.Vars)
	docs.funcs("", d.Funcs)
	for _, t := range d.Types {
		docs.add(t.Name, t.Doc)
		docs.values(t.Consts)
		docs.values(t.Vars)
		docs.funcs("", t.Funcs)
		docs.funcs(t.Name+".", t.Methods)
		docs.fields(t)
	}
	return docs, nil
}

// docs maps a name to its documentation.
type docs map[string]string

// longest bounds one entry: a tooltip is no manual.
const longest = 2000

func (d docs) add(name, text string) {
	if len(text) > longest {
		cut := longest
		for text[cut]&0xC0 == 0x80 { // never inside a rune
			cut--
		}
		text = text[:cut] + "..."
	}
	if text != "" {
		d[name] = text
	}
}

func (d docs) values(values []*doc.Value) {
	for _, v := range values {
		for _, spec := range v.Decl.Specs {
			s, ok := spec.(*ast.ValueSpec)
			if !ok {
				continue
			}
			text := s.Doc.Text() + s.Comment.Text()
			if text == "" {
				text = v.Doc
			}
			for _, n := range s.Names {
				d.add(n.Name, text)
			}
		}
	}
}

func (d docs) funcs(prefix string, funcs []*doc.Func) {
	for _, f := range funcs {
		d.add(prefix+f.Name, f.Doc)
	}
}

// fields adds the fields of a struct and the methods of an interface.
func (d docs) fields(t *doc.Type) {
	for _, spec := range t.Decl.Specs {
		s, ok := spec.(*ast.TypeSpec)
		if !ok || s.Name.Name != t.Name {
			continue
		}
		var list *ast.FieldList
		switch typ := s.Type.(type) {
		case *ast.StructType:
			list = typ.Fields
		case *ast.InterfaceType:
			list = typ.Methods
		default:
			continue
		}
		for _, f := range list.List {
			for _, n := range f.Names {
				d.add(t.Name+"."+n.Name, f.Doc.Text()+f.Comment.Text())
			}
		}
	}
}
