// Package px moves values between a notebook and the ranks of its cluster, and shares work out to them:
//
//	px.Push("table", rows)                  // to every rank, as its variable table
//	px.Scatter("x", xs)                     // a part to every rank
//	all := px.Gather[float64]("y")          // the parts of all ranks, in their order
//	one := px.Pull[float64](0, "total")     // the variable of one rank
//	fits := px.Map[Fit]("fit", inputs)      // fit(input) on whatever rank is free
//
// Values travel from this process to rank 0 by one connection, which lives as long as the transfer and
// does not pass through the kernel, and from there by MPI. Slices of numbers travel as they lie in memory,
// other values by encoding/gob; what neither can carry, such as open files, is refused before anything is sent.
//
// Functions whose names begin with Rank are what the programs of ranks call; the others are for cells.
package px
