package h5mpi

import (
	"errors"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"gofive/h5"
	"gofive/mpi"
)

// ranks are those that have one file open.
type ranks struct {
	from *mpi.Comm // what the program gave
	comm *mpi.Comm // a copy for the file
	name string
}

// renew makes the copy.
func (r *ranks) renew() error {
	comm, err := r.from.Dup()
	if err != nil {
		return explained(err)
	}
	comm.SetName(r.name)
	r.comm = comm
	return nil
}

// explained makes an error of package mpi one of h5.
func explained(err error) error {
	kind, hint := h5.ErrRanks, ""
	switch {
	case errors.Is(err, mpi.ErrInterrupted):
		kind, hint = h5.ErrInterrupted, "nothing was done to the file"
	case errors.Is(err, mpi.ErrRetired):
		hint = "the file can be read and written by each rank for itself, but no longer together: open it again"
	}
	return &h5.Error{Kind: kind, Reason: err.Error(), Hint: hint}
}

// Handle is the MPI_Comm of C, 0 without MPI.
func (r *ranks) Handle() uintptr {
	if !mpi.HasMPI() {
		return 0
	}
	return r.comm.Handle()
}

// Place is this rank's number in the communicator, and the number of its ranks.
func (r *ranks) Place() (rank, size int) { return r.comm.Rank(), r.comm.Size() }

// Enter notes that the HDF5 library is at work, where no interrupt frees it.
func (r *ranks) Enter(what string) (done func()) { return mpi.Begin("HDF5: " + what) }

// Leave gives the copy back.
func (r *ranks) Leave() {
	_ = r.comm.Free() // what fails here is of no consequence: the file is closed
}

// Agree compares what all ranks are about to do, in one reduction of four numbers.
func (r *ranks) Agree(c h5.Call) (most int, err error) {
	mine, all := numbers(c), make([]int64, 4)
	err = r.comm.Allreduce(mine, all, mpi.Max)
	if errors.Is(err, mpi.ErrRetired) { // by an interrupt of all ranks, which therefore all come here
		if err := r.renew(); err != nil {
			return 0, err
		}
		err = r.comm.Allreduce(mine, all, mpi.Max)
	}
	switch {
	case err != nil:
		return 0, explained(err)
	case all[0] == ^all[1] && all[2] == 0:
		return int(all[3]), nil
	}
	return 0, r.compare(c)
}

// numbers are such that the greatest of all ranks tell whether the calls are the same: the least of a number
// is the complement of its complement's greatest.
func numbers(c h5.Call) []int64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\n%s", c.What, c.Args)
	sum, failed := int64(h.Sum64()), int64(0)
	if c.Failed != nil {
		failed = 1
	}
	return []int64{sum, ^sum, failed, int64(c.Weight)}
}

// said is a Call as the ranks tell it each other.
type said struct{ What, Args, Failed string }

// compare finds out who differs.
func (r *ranks) compare(c h5.Call) error {
	mine := said{What: c.What, Args: c.Args}
	if c.Failed != nil {
		mine.Failed = c.Failed.Error()
	}
	var all []said
	if err := r.comm.Allgather(&mine, &all); err != nil {
		return explained(err)
	}
	if c.Failed != nil {
		return c.Failed
	}
	return differences(all)
}

// differences says who does what.
func differences(all []said) error {
	const hint = "all ranks make the same calls in the same order; nothing was done"
	if text := grouped(all, func(s said) string { return s.What }, " at "); text != "" {
		return &h5.Error{Kind: h5.ErrRanks, Reason: "not all ranks make this call: " + text, Hint: hint}
	}
	for rank, s := range all {
		if s.Failed != "" {
			return &h5.Error{Kind: h5.ErrRanks, Reason: fmt.Sprintf("rank %d cannot: %s", rank, s.Failed), Hint: "nothing was done"}
		}
	}
	text := grouped(all, func(s said) string { return s.Args }, " with ")
	return &h5.Error{Kind: h5.ErrRanks, Reason: "not all ranks have the same arguments: " + text, Hint: hint}
}

// grouped says which ranks have which text, "" when all have the same.
func grouped(all []said, of func(said) string, verb string) string {
	var texts []string
	by := map[string][]int{}
	for rank, s := range all {
		if by[of(s)] == nil {
			texts = append(texts, of(s))
		}
		by[of(s)] = append(by[of(s)], rank)
	}
	if len(texts) < 2 {
		return ""
	}
	for i, text := range texts {
		texts[i] = ranksText(by[text]) + verb + shortened(text)
	}
	return strings.Join(texts, "; ")
}

// shortened is for arguments that go on for long.
func shortened(text string) string {
	const most = 120
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + " ..."
	}
	return text
}

// ranksText writes rising ranks as "rank 2" or "ranks 0-1,3".
func ranksText(ranks []int) string {
	var runs []string
	for rest := ranks; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n] == rest[0]+n {
			n++
		}
		run := strconv.Itoa(rest[0])
		if n > 1 {
			run += "-" + strconv.Itoa(rest[n-1])
		}
		runs, rest = append(runs, run), rest[n:]
	}
	if len(ranks) == 1 {
		return "rank " + runs[0]
	}
	return "ranks " + strings.Join(runs, ",")
}
