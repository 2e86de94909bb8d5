package boss

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"

	"gofive/h5/internal/ondisk"
)

// fiberSum is the checksum of a fiber: of the bytes on disk when it was copied as it is, else of what they mean.
type fiberSum struct {
	Sum    checksum
	OnDisk bool
	// From is the file from which ranks copy the spectra into the output together; "" is the part.
	From string `json:",omitempty"`
}

// stored is a fiber as it lies in a file: its checksum, whether a pixel of its spectrum counts, and how large its spectra are.
type stored struct {
	sum   fiberSum
	good  bool
	bytes int64
	err   error // nothing is known; the library may know
}

// storedSums takes the checksums of groups, one after the other, past the library, and gives each to done. It ends when the context
// does.
func storedSums(ctx context.Context, path string, addresses []int64, done func(i int, r stored)) {
	f, err := ondisk.Open(path)
	if err == nil {
		defer f.Close()
	}
	for i, at := range addresses {
		r := stored{err: err}
		if err == nil {
			r = storedSum(f, at)
		}
		if ctx.Err() != nil {
			return
		}
		done(i, r)
	}
}

func storedSum(f *ondisk.File, at int64) (r stored) {
	seen := false
	sum, err := f.Sum(at, func(path string, t *ondisk.Type, elements []byte) {
		r.bytes += int64(len(elements))
		if path == "coadd" {
			seen = true
			r.good = r.good || hasPositive(t, "IVAR", elements)
		}
	})
	if err == nil && !seen {
		err = errors.New("it has no spectrum")
	}
	r.sum, r.err = fiberSum{Sum: checksum(sum), OnDisk: true}, err
	return r
}

// hasPositive reports whether a member of some element is above 0. What is no number of the survey's type may be.
func hasPositive(t *ondisk.Type, name string, elements []byte) bool {
	for _, m := range t.Members {
		if !strings.EqualFold(m.Name, name) || !m.Float32 {
			continue
		}
		for at := m.Offset; at+4 <= len(elements); at += t.Size {
			const sign, bits, infinite = 0x80, 0x7fffffff, 0x7f800000
			e := elements[at : at+4]
			if n := uint32(e[0]) | uint32(e[1])<<8 | uint32(e[2])<<16 | uint32(e[3])<<24; e[3]&sign == 0 && n&bits != 0 && n <= infinite {
				return true
			}
		}
		return false
	}
	return true
}

// ahead takes the checksums of fibers that are copied as they are, while the library copies those before them.
type ahead struct {
	found  map[int]chan stored // by fiber
	tables chan *tables        // of all fibers; nil when there is nothing to copy
}

// lookAhead starts with the fibers of a file that are to be copied as they are. It ends when the context does.
func (w *nightWriter) lookAhead(ctx context.Context, s source, file string, picks []pick) *ahead {
	a := &ahead{found: map[int]chan stored{}}
	in, ok := s.(*h5File)
	if !ok || w.work.opts.Gzip > 0 || w.work.opts.Layout != V1 {
		return a
	}
	var addresses []int64
	var results []chan stored
	fibers := map[int]bool{}
	for _, p := range picks {
		if p.files[0] == file {
			fibers[p.id.Fiber] = true
		}
		at, grouped := in.nights[w.night].groupAt(p.id.Fiber)
		if p.files[0] == file && len(p.files) == 1 && grouped {
			c := make(chan stored, 1)
			a.found[p.id.Fiber] = c
			addresses, results = append(addresses, at), append(results, c)
		}
	}
	if len(addresses) > 0 {
		a.tables = make(chan *tables, 1)
		go storedSums(ctx, in.file.Filename(), addresses, func(i int, r stored) { results[i] <- r })
		go func() { a.tables <- readTables(s, w.night, fibers) }()
	}
	return a
}

// tablesOf gives the rows that the catalogs have of fibers, read before when they are the ones that were expected.
func (a *ahead) tablesOf(s source, n night, fibers map[int]bool) *tables {
	if a.tables != nil {
		if t := <-a.tables; len(t.fibers) == len(fibers) {
			return t
		}
	}
	return readTables(s, n, fibers)
}

// tables are the catalogs of a night, with the rows of some fibers.
type tables struct {
	fibers map[int]bool
	names  []string
	rows   []*rows
	errs   []error // of each
	err    error   // there are no names
}

func readTables(s source, n night, fibers map[int]bool) *tables {
	t := &tables{fibers: fibers}
	t.names, t.err = s.catalogs(n)
	for _, name := range t.names {
		r, err := rowsOfFibers(s, n, name, fibers)
		t.rows, t.errs = append(t.rows, r), append(t.errs, err)
	}
	return t
}

// of waits for a fiber; without one it knows nothing.
func (a *ahead) of(ctx context.Context, fiber int) (stored, bool) {
	c := a.found[fiber]
	if c == nil {
		return stored{}, false
	}
	select {
	case r := <-c:
		return r, r.err == nil
	case <-ctx.Done():
		return stored{}, false
	}
}

// sumsOf takes the checksums of all fibers of a file that have groups, on all processors. Those that cannot be told are not
// among them.
func (s *h5File) sumsOf(ctx context.Context, ids []FiberID) map[FiberID]checksum {
	var addresses []int64
	var grouped []FiberID
	for _, id := range ids {
		if at, ok := s.nights[id.night()].groupAt(id.Fiber); ok {
			addresses, grouped = append(addresses, at), append(grouped, id)
		}
	}
	sums := map[FiberID]checksum{}
	var lock sync.Mutex
	var all sync.WaitGroup
	n := runtime.GOMAXPROCS(0)
	for k := range n {
		from, to := len(grouped)*k/n, len(grouped)*(k+1)/n
		all.Go(func() {
			storedSums(ctx, s.file.Filename(), addresses[from:to], func(i int, r stored) {
				if r.err == nil {
					lock.Lock()
					sums[grouped[from+i]] = r.sum.Sum
					lock.Unlock()
				}
			})
		})
	}
	all.Wait()
	return sums
}
