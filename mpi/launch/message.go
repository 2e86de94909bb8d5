package launch

import (
	"encoding/binary"
	"iter"
	"time"
)

// The first byte of a frame says what it is.
const (
	// Down the tree.
	msgRun       = 'R' // an order to run a program
	msgInterrupt = 'I' // the number of the run
	msgAsk       = 'Q' // where are you? with a number
	msgRenew     = 'N' // with a number
	msgStop      = 'S'
	// Up the tree.
	msgJoin   = 'J' // the first: who is this
	msgGroups = 'G' // a number, then groups
	msgTaken  = 'T' // to a kernel: who took its cluster
	// Both ways.
	msgBeat   = 'B' // there is nothing to say, and I live
	msgAttach = 'K' // the first of a kernel
)

// numbered is a message that holds one number.
func numbered(kind byte, n uint64) []byte {
	return binary.AppendUvarint([]byte{kind}, n)
}

// order is a program on its way down.
type order struct {
	run     uint64 // numbers runs of the cluster; Program.ID is the kernel's
	id      int64
	targets Set
	apart   bool
	payload []byte
}

func (o *order) encode() []byte {
	b := make([]byte, 0, len(o.payload)+64)
	b = binary.AppendUvarint(append(b, msgRun), o.run)
	b = binary.AppendUvarint(b, uint64(o.id))
	b = appendSet(b, o.targets)
	return append(append(b, bit(o.apart)), o.payload...)
}

func decodeOrder(p []byte) (*order, error) {
	r := reader{b: p[1:]}
	o := &order{run: r.uint(), id: int64(r.uint()), targets: r.set(), apart: r.byte() != 0}
	o.payload = r.b
	return o, r.err
}

// decodeNumber reads a numbered message.
func decodeNumber(p []byte) (uint64, error) {
	r := reader{b: p[1:]}
	n := r.uint()
	return n, r.err
}

// join is what a rank or leader says first to whom it has dialed.
type join struct {
	rank, size int  // of who speaks
	leader     bool // that of a node, with its ranks behind it
	last       uint64
	running    bool  // the run numbered last has not ended
	id         int64 // its Program.ID
	targets    Set   // and its targets
}

func (j *join) encode() []byte {
	b := binary.AppendUvarint([]byte{msgJoin}, uint64(j.rank))
	b = binary.AppendUvarint(b, uint64(j.size))
	b = append(b, bit(j.leader))
	b = binary.AppendUvarint(b, j.last)
	b = append(b, bit(j.running))
	b = binary.AppendUvarint(b, uint64(j.id))
	return appendSet(b, j.targets)
}

func decodeJoin(p []byte) (*join, error) {
	if len(p) == 0 || p[0] != msgJoin {
		return nil, errMalformed
	}
	r := reader{b: p[1:]}
	j := &join{rank: int(r.uint()), size: int(r.uint()), leader: r.byte() != 0,
		last: r.uint(), running: r.byte() != 0, id: int64(r.uint()), targets: r.set()}
	return j, r.err
}

// attach is what a kernel says first to the root: which kernel it is and what it has seen.
type attach struct {
	epoch uint64 // of connection.json
	seen  uint64 // the number of the last groups that it has
}

func (a *attach) encode() []byte {
	return binary.AppendUvarint(numbered(msgAttach, a.epoch), a.seen)
}

func decodeAttach(p []byte) (*attach, error) {
	if len(p) == 0 || p[0] != msgAttach {
		return nil, errMalformed
	}
	r := reader{b: p[1:]}
	a := &attach{epoch: r.uint(), seen: r.uint()}
	return a, r.err
}

// The kinds of groups beside those of events.
const (
	kindEnded   Kind = iota + 64 // a run ended well
	kindWhere                    // the answer to an ask: place
	kindRenewed                  // a renewal is done; the payload is why it failed, or ""
	kindJoined                   // ranks are there: node
	kindWarning                  // what a check found: text
	kindCores                    // where a rank may run: text; for its leader alone
)

// group is an event of all the ranks that had the same.
type group struct {
	kind    Kind
	run     uint64 // or the number of the ask or renewal
	merge   bool
	ranks   Set
	payload []byte
}

// isText reports whether payloads of the kind are text, to be merged line by line.
func (k Kind) isText() bool { return k == Stdout || k == Stderr }

// ends reports whether the kind is the last of a rank and run.
func (k Kind) ends() bool { return k == kindEnded || k == Failed || k == Died }

const (
	flagMerge byte = 1 << iota
	flagSameRanks
	flagSameRun
)

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// batchBytes is about how much of payloads goes into one frame.
const batchBytes = 4 << 20

// batches cuts groups into parts that fit into frames.
func batches(groups []group) iter.Seq[[]group] {
	return func(yield func([]group) bool) {
		for len(groups) > 0 {
			n, size := 0, 0
			for n < len(groups) && (n == 0 || size+len(groups[n].payload) <= batchBytes) {
				size += len(groups[n].payload)
				n++
			}
			if !yield(groups[:n]) {
				return
			}
			groups = groups[n:]
		}
	}
}

// sendGroups sends groups up the tree. When that fails, who receives from the link learns it too.
func (l *link) sendGroups(groups []group) {
	for batch := range batches(groups) {
		if l.send(encodeGroups(0, batch)) != nil {
			return
		}
	}
}

// encodeGroups writes groups behind their number; of what equals the group before it writes nothing.
func encodeGroups(number uint64, groups []group) []byte {
	size := 16
	for i := range groups {
		size += len(groups[i].payload) + 16
	}
	b := binary.AppendUvarint(append(make([]byte, 0, size), msgGroups), number)
	var last group
	for i := range groups {
		g := &groups[i]
		f := bit(g.merge) * flagMerge
		sameRun, sameRanks := g.run == last.run, equalSets(g.ranks, last.ranks)
		f |= bit(sameRun)*flagSameRun | bit(sameRanks)*flagSameRanks
		b = append(b, byte(g.kind), f)
		if !sameRun {
			b = binary.AppendUvarint(b, g.run)
		}
		if !sameRanks {
			b = appendSet(b, g.ranks)
		}
		b = appendBytes(b, g.payload)
		last = *g
	}
	return b
}

func decodeGroups(p []byte) (number uint64, groups []group, err error) {
	r := reader{b: p[1:]}
	number = r.uint()
	var last group
	for len(r.b) > 0 {
		g := group{kind: Kind(r.byte())}
		f := r.byte()
		g.merge, g.run, g.ranks = f&flagMerge != 0, last.run, last.ranks
		if f&flagSameRun == 0 {
			g.run = r.uint()
		}
		if f&flagSameRanks == 0 {
			g.ranks = r.set()
		}
		g.payload = r.bytes()
		groups = append(groups, g)
		last = g
	}
	return number, groups, r.err
}

func equalSets(a, b Set) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// answer is what a rank says of where it is, in a form in which equal places are equal bytes: waiting
// is told in whole seconds.
func (w Where) answer(now time.Time) []byte {
	b := []byte{bit(w.Waits) | bit(w.All)<<1}
	seconds := uint64(0)
	if w.Waits && now.After(w.Since) {
		seconds = uint64(now.Sub(w.Since) / time.Second)
	}
	return append(binary.AppendUvarint(b, seconds), w.Text...)
}

func decodePlace(g group) (Place, error) {
	r := reader{b: g.payload}
	flags := r.byte()
	p := Place{Ranks: g.ranks, Waits: flags&1 != 0, All: flags&2 != 0, For: time.Duration(r.uint()) * time.Second}
	p.Text = string(r.b)
	return p, r.err
}
