package exports

import (
	"go/types"
	"testing"
)

// Every package must load, whatever was loaded before it, and types met through two packages must
// be one type.
func TestEveryPackageLoads(t *testing.T) {
	lib := Library()
	for _, p := range lib.Packages {
		pkg, err := lib.Import(p.Path)
		if err != nil {
			t.Errorf("%s: %v", p.Path, err)
		} else if pkg.Name() != p.Name || !pkg.Complete() {
			t.Errorf("%s: name %s, want %s, complete %v", p.Path, pkg.Name(), p.Name, pkg.Complete())
		}
	}
	bufio, _ := lib.Import("bufio")
	io, _ := lib.Import("io")
	reader := io.Scope().Lookup("Reader").Type()
	param := bufio.Scope().Lookup("NewReader").(*types.Func).Signature().Params().At(0).Type()
	if !types.Identical(reader, param) {
		t.Errorf("bufio.NewReader takes %v, which is not io.Reader", param)
	}
}

func TestImportOfUnknownPackage(t *testing.T) {
	if _, err := Library().Import("example.com/none"); err == nil {
		t.Error("no error for a package that is not there")
	}
}

func TestDoc(t *testing.T) {
	lib := Library()
	for _, name := range []string{"", "Println", "Stringer", "State.Write"} {
		if lib.Doc("fmt", name) == "" {
			t.Errorf("fmt %q has no documentation", name)
		}
	}
	if got := lib.Doc("fmt", "NoSuchName"); got != "" {
		t.Errorf("NoSuchName: %q", got)
	}
}
