package mpi

import (
	"errors"
	"fmt"
	"unsafe"

	"gofive/mpi/internal/abi"
)

// header is what the ranks tell each other before a collective call, so that one which does something
// else is named and nobody waits for it. A value of up to 16 bytes is in it, and then it was all.
type header struct {
	Func  abi.Func
	Op    opCode
	Kind  abi.Kind
	Form  form
	Per   uint32
	Root  int64
	Count int64
	Small [smallMax]byte
}

const (
	smallMax = 16
	noRoot   = -1
)

// headerOf describes a call on m.
func headerOf(f abi.Func, m memory, root int) header {
	h := header{Func: f, Kind: m.kind, Form: m.form, Per: uint32(m.per), Root: int64(root), Count: int64(m.n)}
	if m.small() {
		copy(h.Small[:], m.bytes())
	}
	return h
}

// small says whether m travels in its header.
func (m memory) small() bool { return m.form == single && m.size() <= smallMax }

// Whether counts must be equal.
type counts bool

const (
	sameCount counts = true
	anyCount  counts = false
)

// agree gives the headers of all ranks. On all ranks it fails when they are not of one call, or when one of
// them refuses its call.
func (c *Comm) agree(h header, same counts) ([]header, error) { return c.compare(h, same, "") }

// refuse is agree of a rank that cannot make its call, such as a root whose value cannot be sent: all ranks
// fail and say why, where the others would wait for it. A rank that is alone gets why itself.
func (c *Comm) refuse(f abi.Func, why error) error {
	if err := c.ready(f); err != nil {
		return err
	}
	if c.size == 1 {
		return why // there is nobody else to tell
	}
	text := why.Error()
	if e := (*Error)(nil); errors.As(why, &e) && e.Err != nil {
		text = e.Err.Error()
	}
	_, err := c.compare(header{Func: f, Form: refused, Root: noRoot, Count: int64(len(text))}, anyCount, text)
	return err
}

// compare is agree, or refuse with a reason.
func (c *Comm) compare(h header, same counts, why string) ([]header, error) {
	if h.Func >= abi.CommDup || h.Func == abi.Barrier {
		h.Root = noRoot
	}
	if err := c.ready(h.Func); err != nil {
		return nil, err
	}
	all := make([]header, c.size)
	call := abi.Call{Func: abi.Allgather, Send: raw(&h, 1), Recv: raw(&all[0], 1)}
	if _, err := c.run(call, show{f: h.Func, peer: h.shownPeer(), tag: noTag}); err != nil {
		return nil, err
	}
	for _, other := range all {
		if !h.fits(other, same) || h.Form == refused {
			return nil, c.disagreement(h.Func, all, same, why)
		}
	}
	return all, nil
}

// disagreement is the error of all ranks when their headers are not of one call that all of them can make.
func (c *Comm) disagreement(f abi.Func, all []header, same counts, why string) error {
	for _, h := range all {
		if h.Form == refused {
			return c.refusal(f, all, why)
		}
	}
	return mismatch(f, all, same)
}

// refusal tells all ranks why some refuse: "rank 2 cannot call Bcast: a chan int cannot be sent".
func (c *Comm) refusal(f abi.Func, all []header, why string) error {
	kind, total := ErrValue, 0
	parts := make([]header, len(all)) // as long as the reasons
	for i, h := range all {
		if h.Func != f {
			kind = ErrMismatch
		}
		if h.Form == refused {
			parts[i].Count = h.Count
			total += int(h.Count)
		}
	}
	mine, _ := slice([]byte(why), abi.Uint8, false)
	reasons := make([]byte, total)
	to, _ := slice(reasons, abi.Uint8, false)
	if err := c.gatherParts(f, mine, to, parts, noRoot); err != nil {
		return err
	}
	ranks := map[string][]int{}
	var texts []string
	for i, h := range all {
		if h.Form != refused {
			continue
		}
		text := " cannot call " + opName(h.Func) + ": " + string(reasons[:h.Count])
		reasons = reasons[h.Count:]
		if ranks[text] == nil {
			texts = append(texts, text)
		}
		ranks[text] = append(ranks[text], i)
	}
	for i, text := range texts {
		texts[i] = ranksText(ranks[text]) + text
	}
	return newError(f, kind, "%s", joinTexts(texts))
}

// raw is n things as bytes.
func raw[T any](p *T, n int) abi.Buffer {
	return abi.Buffer{Ptr: unsafe.Pointer(p), Count: n * int(unsafe.Sizeof(*p)), Kind: abi.Byte}
}

func (h header) shownPeer() int {
	if h.Root >= 0 {
		return int(h.Root)
	}
	return abi.NoPeer
}

func (h header) fits(o header, same counts) bool {
	return h.Func == o.Func && h.Op == o.Op && h.Kind == o.Kind && h.Form == o.Form && h.Per == o.Per && h.Root == o.Root &&
		(same == anyCount || h.Count == o.Count)
}

func (h header) text() string {
	s := opName(h.Func)
	switch {
	case h.Func == abi.WinFence || h.Func == abi.WinFree:
		s += fmt.Sprintf(" of window %d", h.Count)
	case h.Func < abi.CommDup && h.Func != abi.Barrier || h.Func == abi.WinAllocate:
		s += " of " + memory{element: element{h.Kind, int(h.Per)}, form: h.Form, n: int(h.Count)}.shape()
	}
	if h.Op != noOp {
		s += " with " + h.Op.String()
	}
	if h.Root >= 0 {
		s += fmt.Sprintf(", root %d", h.Root)
	}
	return s
}

// mismatch says who does what: "ranks 0-1,3 call Allreduce of 4 float64 with Sum; rank 2 calls Barrier".
func mismatch(f abi.Func, all []header, same counts) error {
	var texts []string
	named := make([]bool, len(all))
	for i, h := range all {
		var ranks []int
		for k := i; k < len(all); k++ {
			if !named[k] && h.fits(all[k], same) {
				named[k] = true
				ranks = append(ranks, k)
			}
		}
		if len(ranks) > 0 {
			verb := " call "
			if len(ranks) == 1 {
				verb = " calls "
			}
			texts = append(texts, ranksText(ranks)+verb+h.text())
		}
	}
	return newError(f, ErrMismatch, "%w: %s", ErrMismatch, joinTexts(texts))
}
