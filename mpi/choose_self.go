//go:build !mpi

package mpi

import "gofive/mpi/internal/abi"

// built is one rank.
func built() abi.Library { return newSelf() }

func version() string { return "" }
