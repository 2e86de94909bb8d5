package mpi

import (
	"fmt"

	"gofive/mpi/internal/abi"
)

// Cart is a Comm whose ranks form a grid: the last coordinate runs fastest, as in MPI.
type Cart struct {
	*Comm
	dims    []int
	periods []bool
}

// Dims cuts n ranks into a grid of so many dimensions that are as even as can be, the greatest first. Those of
// no ranks are 0, which Cart does not take.
func Dims(n, dimensions int) []int {
	dims := make([]int, max(dimensions, 0))
	if n < 1 {
		return dims
	}
	for i := range dims {
		left := dimensions - i
		dims[i] = n
		for d := 1; d <= n; d++ {
			if n%d == 0 && power(d, left) >= n {
				dims[i] = d
				break
			}
		}
		n /= dims[i]
	}
	return dims
}

func power(x, n int) int {
	p := 1
	for range n {
		p *= x
	}
	return p
}

// Cart makes a grid of the first ranks of c; the others get nil. A dimension with a period is a ring; nil
// periods are none, others one for each dimension. It is collective.
func (c *Comm) Cart(dims []int, periods []bool) (*Cart, error) {
	if err := c.ready(abi.CommSplit); err != nil {
		return nil, err
	}
	n, err := c.gridSize(dims, periods)
	if err != nil {
		return nil, c.refuse(abi.CommSplit, err)
	}
	color := 0
	if c.rank >= n {
		color = Undefined
	}
	comm, err := c.Split(color, c.rank)
	if err != nil || comm == nil {
		return nil, err
	}
	comm.name = fmt.Sprintf("grid %v of %s", dims, c.name)
	g := &Cart{Comm: comm, dims: append([]int(nil), dims...), periods: make([]bool, len(dims))}
	copy(g.periods, periods)
	return g, nil
}

// gridSize is the number of ranks of a grid.
func (c *Comm) gridSize(dims []int, periods []bool) (int, error) {
	if periods != nil && len(periods) != len(dims) {
		return 0, newError(abi.CommSplit, ErrValue, "%d periods for %d dimensions: give one for each, or nil", len(periods), len(dims))
	}
	n := 1
	for _, d := range dims {
		if d < 1 {
			return 0, newError(abi.CommSplit, ErrValue, "a grid of %v has a length of %d: lengths are 1 or more", dims, d)
		}
		if n *= d; n > c.size {
			return 0, newError(abi.CommSplit, ErrValue, "a grid of %v needs more ranks than %s has: %d", dims, c.name, c.size)
		}
	}
	return n, nil
}

// Dims are the lengths of the grid.
func (g *Cart) Dims() []int { return append([]int(nil), g.dims...) }

// Coords are the coordinates of a rank.
func (g *Cart) Coords(rank int) []int {
	at := make([]int, len(g.dims))
	for i := len(g.dims) - 1; i >= 0; i-- {
		at[i] = rank % g.dims[i]
		rank /= g.dims[i]
	}
	return at
}

// RankAt is the rank at coordinates, ProcNull for none: outside of a dimension without period.
func (g *Cart) RankAt(coords ...int) int {
	rank := 0
	for i, d := range g.dims {
		x := coords[i]
		if g.periods[i] {
			x = ((x % d) + d) % d
		}
		if x < 0 || x >= d {
			return ProcNull
		}
		rank = rank*d + x
	}
	return rank
}

// Shift gives the ranks to receive from and to send to in a shift along a dimension, for Sendrecv.
func (g *Cart) Shift(dimension, by int) (source, dest int) {
	here := g.Coords(g.Rank())
	at := func(by int) int {
		to := append([]int(nil), here...)
		to[dimension] += by
		return g.RankAt(to...)
	}
	return at(-by), at(by)
}

// Sub cuts the grid into grids of the dimensions that are kept, such as its rows. It is collective.
func (g *Cart) Sub(keep ...bool) (*Cart, error) {
	if len(keep) != len(g.dims) {
		return nil, newError(abi.CommSplit, ErrValue, "%d answers for %d dimensions", len(keep), len(g.dims))
	}
	sub := &Cart{}
	color, key := 0, 0
	for i, x := range g.Coords(g.Rank()) {
		if keep[i] {
			key = key*g.dims[i] + x
			sub.dims = append(sub.dims, g.dims[i])
			sub.periods = append(sub.periods, g.periods[i])
		} else {
			color = color*g.dims[i] + x
		}
	}
	comm, err := g.Split(color, key)
	if err != nil {
		return nil, err
	}
	sub.Comm = comm
	return sub, nil
}
