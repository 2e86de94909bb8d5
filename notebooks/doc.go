// Package notebooks holds what users open: lessons that begin with quickstart.ipynb. Every notebook
// here is committed without outputs and executed by the tests.
//
// execute.py runs one through the real Jupyter client, for make demo and for the tests alike.
package notebooks
