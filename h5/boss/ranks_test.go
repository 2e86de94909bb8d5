package boss

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// team is ranks that are goroutines.
type team struct {
	mu    sync.Mutex
	all   *sync.Cond
	come  int
	round int
	in    []any
	out   []any
}

func newTeam(n int) *team {
	m := &team{in: make([]any, n)}
	m.all = sync.NewCond(&m.mu)
	return m
}

// exchange gives each what all brought.
func (m *team) exchange(rank int, v any) []any {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.in[rank] = v
	if m.come++; m.come == len(m.in) {
		m.come, m.out = 0, slices.Clone(m.in)
		m.round++
		m.all.Broadcast()
		return m.out
	}
	for round := m.round; round == m.round; {
		m.all.Wait()
	}
	return m.out
}

// member is one rank of a team.
type member struct {
	rank int
	team *team
}

func (m member) Rank() int { return m.rank }
func (m member) Size() int { return len(m.team.in) }

func (m member) Allgather(in, out any) error {
	for _, v := range m.team.exchange(m.rank, *in.(*string)) {
		*out.(*[]string) = append(*out.(*[]string), v.(string))
	}
	return nil
}

func (m member) Bcast(v any, root int) error {
	if of := m.team.exchange(m.rank, *v.(*Result))[root]; m.rank != root {
		*v.(*Result) = of.(Result)
	}
	return nil
}

// onRanks has n ranks make a call, and gives what each got.
func onRanks(n int, call func(rank int, o Options) (*Result, error)) ([]*Result, []error) {
	m, results, errs := newTeam(n), make([]*Result, n), make([]error, n)
	var all sync.WaitGroup
	for rank := range n {
		all.Go(func() { results[rank], errs[rank] = call(rank, Options{Ranks: member{rank, m}}) })
	}
	all.Wait()
	return results, errs
}

// sameFiles compares what two files hold, spectra, header cards and catalogs.
func sameFiles(t *testing.T, got, want string) {
	t.Helper()
	a, b := contents(t, got), contents(t, want)
	if len(a) != len(b) {
		t.Errorf("%s holds %d things, want %d", got, len(a), len(b))
	}
	for name, sum := range b {
		if a[name] != sum {
			t.Errorf("%s: %s differs", got, name)
		}
	}
}

func contents(t *testing.T, path string) map[string]checksum {
	t.Helper()
	s, err := openSource(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ids, err := s.fibers()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]checksum{}
	for _, id := range ids {
		d, err := readFiber(s, id)
		if err != nil {
			t.Fatal(err)
		}
		out[id.String()] = d.sum(false)
	}
	for _, n := range nightsOf(ids) {
		for _, name := range []string{"plugmap", "zbest", "zline", "photo/match", "photo/matchpos", "photo/matchflux"} {
			if r, err := s.nightCatalog(n, name); err == nil && r != nil {
				out[n.String()+"/"+name] = r.sum()
			}
		}
	}
	return out
}

// Ranks write what one process writes, however many there are.
func TestRanks(t *testing.T) {
	ctx, dir := context.Background(), survey(t)
	plates, stacked := filepath.Join(dir, "plates.h5"), filepath.Join(dir, "stacked.h5")
	r, err := Convert(ctx, []string{filepath.Join(dir, "spectra")}, plates, Options{})
	fine(t, r, err)
	r, err = Convert(ctx, []string{plates}, stacked, Options{Layout: V2})
	fine(t, r, err)
	subset := filepath.Join(dir, "subset.h5")
	chosen := fine(t, must(Subset(ctx, []string{plates}, "Z > 0", subset, Options{})), nil)
	calls := map[string]struct {
		call func(out string, o Options) (*Result, error)
		want string
		as   *Result
	}{
		"convert": {func(out string, o Options) (*Result, error) {
			return Convert(ctx, []string{filepath.Join(dir, "spectra")}, out, o)
		}, plates, nil},
		"stack": {func(out string, o Options) (*Result, error) {
			o.Layout = V2
			return Convert(ctx, []string{plates}, out, o)
		}, stacked, nil},
		"subset": {func(out string, o Options) (*Result, error) { return Subset(ctx, []string{plates}, "Z > 0", out, o) }, subset, chosen},
	}
	for name, tt := range calls {
		for _, n := range []int{1, 2, 3, 12} {
			out := filepath.Join(t.TempDir(), "out.h5")
			results, errs := onRanks(n, func(_ int, o Options) (*Result, error) { return tt.call(out, o) })
			for rank, r := range results {
				fine(t, r, errs[rank])
				if tt.as != nil && (r.Fibers != tt.as.Fibers || r.Nights != tt.as.Nights) {
					t.Errorf("%s on %d ranks: rank %d got %v, want %v", name, n, rank, r, tt.as)
				}
			}
			sameFiles(t, out, tt.want)
			if left, _ := filepath.Glob(filepath.Join(filepath.Dir(out), "*")); len(left) != 1 {
				t.Errorf("%s on %d ranks: %q are left", name, n, left)
			}
		}
	}
}

func must(r *Result, err error) *Result {
	if err != nil {
		panic(err)
	}
	return r
}

// A rank that fails, or does something else, is named on the others; then the work goes on where it was.
func TestRanksThatFail(t *testing.T) {
	dir, out := survey(t), filepath.Join(t.TempDir(), "out.h5")
	sources := []string{filepath.Join(dir, "spectra")}
	_, errs := onRanks(3, func(rank int, o Options) (*Result, error) {
		ctx, cancel := context.WithCancel(context.Background())
		if rank == 1 {
			cancel()
		}
		defer cancel()
		return Convert(ctx, sources, out, o)
	})
	for rank, err := range errs {
		if rank == 1 && !errors.Is(err, context.Canceled) || rank != 1 && (err == nil || !strings.Contains(err.Error(), "rank 1: ")) {
			t.Errorf("rank %d: %v", rank, err)
		}
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("there is an output without the part of rank 1")
	}
	_, errs = onRanks(3, func(rank int, o Options) (*Result, error) {
		if rank == 2 {
			o.Gzip = 1
		}
		return Convert(context.Background(), sources, out, o)
	})
	for rank, err := range errs {
		if err == nil || !strings.Contains(err.Error(), "rank 2 does something else than rank 0") {
			t.Errorf("rank %d: %v", rank, err)
		}
	}
	results, errs := onRanks(3, func(_ int, o Options) (*Result, error) { return Convert(context.Background(), sources, out, o) })
	for rank, r := range results {
		if fine(t, r, errs[rank]); r.Fibers != 10 || r.Resumed == 0 {
			t.Errorf("rank %d: %v", rank, r)
		}
	}
}
