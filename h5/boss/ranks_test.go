package boss

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"gofive/h5"
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

// Ranks change a file as one process does, and leave it as it was when they cannot.
func TestRanksEdit(t *testing.T) {
	ctx, dir := context.Background(), survey(t)
	all, some := filepath.Join(dir, "all.h5"), filepath.Join(dir, "some.h5")
	fine(t, must(Convert(ctx, []string{filepath.Join(dir, "spectra")}, all, Options{})), nil)
	fine(t, must(Subset(ctx, []string{all}, "FIBERID & 1 != 0", some, Options{})), nil)
	edits := map[string]func(base string, o Options) (*Result, error){
		"add": func(base string, o Options) (*Result, error) { return Add(ctx, base, []string{all}, "Z > 0", o) },
		"update": func(base string, o Options) (*Result, error) {
			return Update(ctx, base, []string{all}, "FIBERID > 2", o)
		},
		"remove": func(base string, o Options) (*Result, error) { return Remove(ctx, base, "FIBERID == 1", o) },
	}
	for name, edit := range edits {
		want := copied(t, some)
		serial := fine(t, must(edit(want, Options{})), nil)
		for _, n := range []int{2, 3, 12} {
			got := copied(t, some)
			results, errs := onRanks(n, func(_ int, o Options) (*Result, error) { return edit(got, o) })
			for rank, r := range results {
				if fine(t, r, errs[rank]); r.Fibers != serial.Fibers || r.Nights != serial.Nights {
					t.Errorf("%s on %d ranks: rank %d got %v, want %v", name, n, rank, r, serial)
				}
			}
			sameFiles(t, got, want)
		}
	}
	base := copied(t, some)
	before := contents(t, base)
	_, errs := onRanks(3, func(rank int, o Options) (*Result, error) {
		if rank == 1 {
			return Add(ctx, base, []string{filepath.Join(dir, "nowhere.h5")}, "", o)
		}
		return Add(ctx, base, []string{all}, "", o)
	})
	for rank, err := range errs {
		if err == nil || !strings.Contains(err.Error(), "nowhere.h5") || (rank != 1) != strings.HasPrefix(err.Error(), "rank 1: ") {
			t.Errorf("rank %d: %v", rank, err)
		}
	}
	if !maps.Equal(contents(t, base), before) {
		t.Error("the file was changed")
	}
}

// copied is a copy of a file in a folder of its own.
func copied(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "base.h5")
	if err := os.WriteFile(out, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return out
}

// Of what ranks say of a failure the first one prints each once.
func TestRanksTell(t *testing.T) {
	dir := survey(t)
	out := filepath.Join(dir, "out.h5")
	var said [3]bytes.Buffer
	_, errs := onRanks(3, func(rank int, o Options) (*Result, error) {
		return nil, Main(&said[rank], []string{"convert", filepath.Join(dir, "spectra"), "-o", out}, o)
	})
	if err := errors.Join(errs...); err != nil || !strings.Contains(said[0].String(), "converted 10 fibers") || said[1].Len()+said[2].Len() > 0 {
		t.Errorf("%v, and the ranks print %q, %q and %q", err, said[0].String(), said[1].String(), said[2].String())
	}
	_, errs = onRanks(3, func(rank int, o Options) (*Result, error) {
		args := []string{"convert", filepath.Join(dir, "spectra"), "-o", filepath.Join(dir, "new.h5")}
		if rank == 2 {
			args[1] = filepath.Join(dir, "nowhere")
		}
		return nil, Main(&said[rank], args, o)
	})
	if text := fmt.Sprint(errs[0]); strings.Count(text, "rank 2: ") != 1 || !strings.Contains(text, "nowhere") {
		t.Errorf("rank 0: %v", text)
	}
	if !errors.Is(errs[1], ErrTold) || !errors.Is(errs[2], ErrTold) {
		t.Errorf("the others: %v, %v", errs[1], errs[2])
	}
	_, errs = onRanks(2, func(rank int, o Options) (*Result, error) {
		return nil, Main(&said[rank], []string{"info", out}, o)
	})
	if errs[0] == nil || !strings.Contains(errs[0].Error(), "it is done by one process") {
		t.Errorf("info on two ranks: %v", errs[0])
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

// job is ranks that open files together, with MPI or without.
type job bool

func (j job) MPI() bool { return bool(j) }

func (job) Join(string) (h5.Ranks, error) { return nil, nil }

// TestTogether says what ranks write into one file together: not what only MPI can, and no thousands of compressed datasets.
func TestTogether(t *testing.T) {
	for _, tt := range []struct {
		ranks  int
		access h5.FileAccess
		layout Layout
		gzip   int
		want   bool
	}{
		{2, h5.FileAccess{Driver: h5.Parallel{Job: job(true)}}, V1, 0, true},
		{2, h5.FileAccess{Driver: h5.Parallel{Job: job(true)}}, V1, 1, false},
		{2, h5.FileAccess{Driver: h5.Parallel{Job: job(true)}}, V2, 0, true},
		{2, h5.FileAccess{Driver: h5.Parallel{Job: job(true)}}, V2, 1, true},
		{2, h5.FileAccess{Driver: h5.Parallel{Job: job(false)}}, V2, 0, true},
		{2, h5.FileAccess{Driver: h5.Parallel{Job: job(false)}}, V2, 1, false},
		{1, h5.FileAccess{Driver: h5.Parallel{Job: job(true)}}, V2, 0, false},
		{2, h5.FileAccess{}, V2, 0, false},
	} {
		w := &work{opts: Options{Ranks: member{0, newTeam(tt.ranks)}, Access: tt.access, Layout: tt.layout, Gzip: tt.gzip}}
		if got := w.together(); got != tt.want {
			t.Errorf("%d ranks, %v, layout %v, gzip %d: %v, want %v", tt.ranks, tt.access, tt.layout, tt.gzip, got, tt.want)
		}
	}
}

// TestTellAll packs what a rank found out of its part, and finds it on the others.
func TestTellAll(t *testing.T) {
	a, b := FiberID{1, 2, 3}, FiberID{1, 2, 4}
	want := &partDone{Equal: 1, Bytes: 5, Problems: []Problem{{a, "x", true, "it is odd"}}, Notes: []string{"n"}}
	want.Fibers = map[string]fiberSum{a.String(): {Sum: 1 << 31, OnDisk: true, From: "x.h5"}, b.String(): {Sum: 7}}
	want.Catalogs = map[string]map[string]checksum{"1/2": {"zbest": 9}}
	_, errs := onRanks(2, func(rank int, o Options) (*Result, error) {
		w := &work{picks: []pick{{id: a}, {id: b}, {id: FiberID{1, 2, 5}}, {id: FiberID{1, 2, 6}}}, opts: o}
		w.share()
		parts := []*partDone{nil, {sums: newSums()}}
		if rank == 0 {
			parts = []*partDone{want, nil}
		}
		err := w.exchange(parts)
		if err == nil && (!reflect.DeepEqual(parts[0], want) || len(parts[1].Fibers) != 0) {
			t.Errorf("rank %d: %+v, want %+v", rank, parts, want)
		}
		return nil, err
	})
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
}
