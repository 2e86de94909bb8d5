// Package magic is what lines of a cell that begin with % become in Go: %timeit is a loop over Loops,
// %%time a deferred call of Time. Compiled programs may call it as well, as those do that %save writes.
package magic
