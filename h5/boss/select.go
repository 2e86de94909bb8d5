package boss

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gofive/h5"
)

// selection says which fibers are wanted: a list of them, or an expression over the catalogs.
type selection struct {
	text       string
	list       map[FiberID]bool // nil for an expression
	order      []FiberID        // of the list
	expression string           // "" with no list means all
	problems   []Problem        // of the list: lines that say nothing
}

// parseSelection reads what -q is given: the path of a list, or an expression.
func parseSelection(query string) (*selection, error) {
	query = strings.TrimSpace(query)
	s := &selection{text: query}
	if query == "" {
		return s, nil
	}
	stat, err := os.Stat(query)
	switch {
	case err == nil && stat.IsDir():
		return nil, fail("read query", query, errors.New("this is a folder; give a list of fibers or an expression"))
	case err == nil:
		return s, s.readList(query)
	case looksLikePath(query):
		return nil, fail("read query", query, err)
	}
	s.expression = query
	return s, nil
}

func looksLikePath(query string) bool {
	return !strings.ContainsAny(query, "=<>&|!'\"") && (strings.ContainsAny(query, "/") || filepath.Ext(query) != "" && !strings.Contains(query, " "))
}

// readList reads plates, nights and fibers: the survey's pmf files with single blanks, and lists with commas, tabs or
// many blanks. A first line of names says the order of the columns.
func (s *selection) readList(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return fail("read query", path, err)
	}
	s.list = map[FiberID]bool{}
	order := [3]int{0, 1, 2}
	header := true
	for i, line := range strings.Split(string(text), "\n") {
		fields := strings.FieldsFunc(strings.TrimPrefix(line, "\ufeff"), func(r rune) bool { return strings.ContainsRune(" \t,;\r\"", r) })
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		if header {
			header = false
			if named, ok := columnOrder(fields); ok {
				order = named
				continue
			}
		}
		id, err := idOf(fields, order)
		switch {
		case err != nil:
			s.problems = append(s.problems, Problem{File: path, What: fmt.Sprintf("line %d: %v", i+1, err)})
		case s.list[id]:
			s.problems = append(s.problems, Problem{Fiber: id, File: path, Kept: true, What: fmt.Sprintf("line %d: it is there already", i+1)})
		default:
			s.list[id] = true
			s.order = append(s.order, id)
		}
	}
	if len(s.order) == 0 {
		return fail("read query", path, errors.New("it names no fiber; want a line \"plates mjds fibers\" and such numbers below it"))
	}
	return nil
}

// columnOrder tells which of the columns are plate, night and fiber.
func columnOrder(names []string) (order [3]int, ok bool) {
	for what, starts := range []string{"plate", "mjd", "fiber"} {
		order[what] = slices.IndexFunc(names, func(name string) bool { return strings.HasPrefix(strings.ToLower(name), starts) })
		if order[what] < 0 {
			return order, false
		}
	}
	return order, true
}

func idOf(fields []string, order [3]int) (FiberID, error) {
	var n [3]int
	for what, at := range order {
		if at >= len(fields) {
			return FiberID{}, fmt.Errorf("%q: want a plate, a night and a fiber", strings.Join(fields, " "))
		}
		v, err := strconv.Atoi(fields[at])
		if err != nil || v < 0 {
			return FiberID{}, fmt.Errorf("%q is no number of a plate, night or fiber", fields[at])
		}
		n[what] = v
	}
	return FiberID{n[0], n[1], n[2]}, nil
}

// selected finds the fibers that files hold and a query wants.
func selected(op string, sources []string, query string) (*work, error) {
	w := &work{op: op}
	s, err := parseSelection(query)
	if err != nil {
		return nil, err
	}
	files, err := inputs(sources)
	if err != nil {
		return nil, err
	}
	w.choose(files, s)
	return w, nil
}

// choose adds the fibers that a selection wants, and lists those of a list that nothing holds.
func (w *work) choose(files []string, s *selection) {
	w.result.Problems = append(w.result.Problems, s.problems...)
	for _, file := range files {
		if !isIndex(file) {
			w.chooseFrom(file, s)
			continue
		}
		found, rest, err := s.inIndex(file)
		if err != nil {
			w.result.problem(FiberID{}, file, false, err)
		}
		w.picks = append(w.picks, found...)
		for _, file := range rest {
			w.chooseFrom(file, s)
		}
	}
	w.listMissing(s)
}

func (w *work) chooseFrom(file string, s *selection) {
	ids, err := s.in(file)
	if err != nil {
		w.result.problem(FiberID{}, file, false, err)
	}
	for _, id := range ids {
		w.add(id, file)
	}
}

func (w *work) listMissing(s *selection) {
	found := map[FiberID]bool{}
	for _, p := range w.picks {
		found[p.id] = true
	}
	for _, id := range s.order {
		if !found[id] {
			w.result.problem(id, "", false, errors.New("no input has it"))
		}
	}
}

// in gives the fibers of a file that are wanted.
func (s *selection) in(file string) ([]FiberID, error) {
	if s.expression == "" {
		ids, err := heldBy(file)
		return slices.DeleteFunc(ids, func(id FiberID) bool { return s.list != nil && !s.list[id] }), err
	}
	f, err := openSource(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	ids, err := f.fibers()
	if err != nil {
		return nil, err
	}
	there := map[FiberID]bool{}
	for _, id := range ids {
		there[id] = true
	}
	var out []FiberID
	for _, n := range nightsOf(ids) {
		found, err := s.inNight(f, n)
		if err != nil {
			return nil, err
		}
		out = append(out, slices.DeleteFunc(found, func(id FiberID) bool { return !there[id] })...)
	}
	return out, nil
}

// inNight evaluates the expression over the catalogs of a night.
func (s *selection) inNight(f source, n night) ([]FiberID, error) {
	t, err := fiberTable(f, n, namesIn(s.expression))
	if err != nil {
		return nil, err
	}
	ids, err := evaluate(t, s.expression)
	if errors.Is(err, h5.ErrNotFound) {
		// An error that is to name what there is needs to know all of it.
		if t, failed := fiberTable(f, n, allColumns(f, n)); failed == nil {
			_, err = evaluate(t, s.expression)
		}
	}
	return ids, err
}

// allColumns are those of all catalogs of a night.
func allColumns(f source, n night) (names []string) {
	have, _ := f.catalogs(n) // there is an error to tell already
	for _, catalog := range have {
		if r, err := f.nightCatalog(n, catalog); err == nil {
			for _, c := range r.columns {
				names = append(names, c.name)
			}
		}
	}
	return names
}

// evaluate gives the fibers of a table for which an expression is true.
func evaluate(t *h5.Table, expression string) ([]FiberID, error) {
	hits, err := t.Query(expression)
	if err != nil {
		return nil, err
	}
	return idsOf(rowsOf(hits)), nil
}

// idsOf reads the columns PLATE, MJD and FIBERID.
func idsOf(r *rows) []FiberID {
	plate, mjd, fiber := r.ints("PLATE"), r.ints("MJD"), r.ints("FIBERID")
	out := make([]FiberID, min(len(plate), len(mjd), len(fiber)))
	for i := range out {
		out[i] = FiberID{plate[i], mjd[i], fiber[i]}
	}
	return out
}

var (
	texts = regexp.MustCompile(`'[^']*'|"[^"]*"`)
	words = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*`)
)

// namesIn are the words of an expression that may be columns.
func namesIn(expression string) []string {
	return words.FindAllString(texts.ReplaceAllString(expression, " "), -1)
}

// fiberTable is a row a fiber of a night, with its plate, night and number and those columns among names that the catalogs
// have; zbest goes before others.
func fiberTable(f source, n night, names []string) (*h5.Table, error) {
	have, err := f.catalogs(n)
	if err != nil {
		return nil, err
	}
	tables := []string{"zbest", "plugmap"}
	for _, name := range have {
		if strings.HasPrefix(name, "photo/") {
			tables = append(tables, name)
		}
	}
	out := (*rows)(nil)
	for _, name := range tables {
		if !slices.Contains(have, name) || out != nil && addsNothing(f, n, name, out, names) {
			continue
		}
		r, err := f.nightCatalog(n, name)
		if err != nil {
			return nil, err
		}
		if out == nil {
			out = &rows{n: r.n}
			out.columns = append(out.columns, *r.column("FIBERID"))
			out = out.of(n)
		}
		if err := out.addFrom(r, names); err != nil {
			return nil, err
		}
	}
	if out == nil {
		return nil, fmt.Errorf("%v has neither zbest nor plugmap to look into", n)
	}
	return out.table()
}

// columned is a source that knows the columns of a catalog without reading it.
type columned interface{ columns(night, string) []string }

// addsNothing reports whether a catalog is known to have none of the columns that are still wanted.
func addsNothing(f source, n night, name string, have *rows, names []string) bool {
	c, ok := f.(columned)
	return ok && !slices.ContainsFunc(c.columns(n, name), func(column string) bool {
		return have.column(column) == nil && slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, column) })
	})
}

// addFrom adds columns of a table whose rows are found by fiber.
func (r *rows) addFrom(o *rows, names []string) error {
	var wanted []string
	for _, name := range names {
		if o.column(name) != nil && r.column(name) == nil {
			wanted = append(wanted, name)
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	at := map[int]int{}
	for i, fiber := range o.ints("FIBERID") {
		at[fiber] = i
	}
	places := make([]int, r.n)
	for i, fiber := range r.ints("FIBERID") {
		place, there := at[fiber]
		if !there {
			return nil // tables of unlike fibers are not put side by side
		}
		places[i] = place
	}
	side, err := o.take(places)
	if err != nil {
		return err
	}
	for _, name := range wanted {
		if r.column(name) == nil {
			r.columns = append(r.columns, *side.column(name))
		}
	}
	return nil
}

// Subset writes the fibers that a query asks for into a file of HDF5, with their catalogs and header cards. The query is the path
// of a list, with the columns plates, mjds and fibers, or an expression over the catalogs, such as
//
//	CLASS == 'QSO' && Z > 2
//
// Sources are those of Convert, and what Index wrote. Fibers that no source has are problems of the result.
func Subset(ctx context.Context, sources []string, query, out string, o Options) (*Result, error) {
	w, err := selected("subset", sources, query)
	if err = o.agree("subset", err); err != nil {
		return nil, err
	}
	w.out, w.opts, w.result.Did = out, o, "copied"
	return w.runAs(ctx)
}

// runAs runs the work in the layout of its inputs, unless another is asked for.
func (w *work) runAs(ctx context.Context) (*Result, error) {
	if w.opts.Layout == AsInput && len(w.picks) > 0 {
		w.opts.Layout = chosenLayout(w.picks[0].files)
	}
	return w.run(ctx)
}
