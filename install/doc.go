// Package install puts gofive where Jupyter finds it and says what a machine still lacks.
//
// There are only a few things here: Kernelspec writes the folder by which Jupyter knows a kernel,
// Run is the command line of it, Doctor looks at everything gofive needs and says how to mend what
// is wrong, and FindPython is the one place that chooses among several Pythons. The scripts in
// make do the same for a machine that has nothing but Go, git and make.
//
//	dir, err := install.Kernelspec(install.Options{Prefix: "/opt/gofive"})
package install
