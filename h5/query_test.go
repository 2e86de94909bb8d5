package h5

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
)

func ExampleTable_Query() {
	t, _ := NewTable("CLASS", []string{"STAR", "QSO", "QSO"}, "Z", []float32{0, 2.5, 1.5})
	far, _ := t.Query("CLASS == 'QSO' && Z > 2")
	fmt.Println(far)
	// Output:
	//    CLASS    Z
	// 0    QSO  2.5
	// (1 rows, 2 columns)
}

// catalog has a row for each thing that a query can ask for.
func catalog(t *testing.T) *Table {
	t.Helper()
	type position struct{ RA, Dec float64 }
	pos := newArrayOf(t, []position{{10, 1}, {20, 2}, {30, 3}, {40, 4}})
	tab, err := stars(t).Slice(":4")
	must(t, err)
	for name, v := range map[string]any{"POS": pos, "MASK": []int32{0, 1 << 23, 1<<23 | 4, 4}, "two words": []int{1, 2, 3, 4}, "id": []uint64{1, 1 << 63, 3, 4},
		"kind": &Array{typ: Enum(map[string]int{"A": 0, "B": 1}), shape: Shape{4}, data: []int32{0, 1, 0, 1}}} {
		tab, err = tab.With(name, v)
		must(t, err)
	}
	return tab
}

func TestQuery(t *testing.T) {
	tab := catalog(t)
	for _, c := range []struct{ query, want string }{ // NAME of e d c b, PLATE of 3 1 2 1, FLUX of 1.5 NaN 0.5 2.5
		{"PLATE == 1", "[d b]"},
		{"PLATE = 1 and FLUX > 2", "[b]"},
		{"PLATE != 1", "[e c]"},
		{"PLATE <> 1 || NAME == 'b'", "[e c b]"},
		{"1 < PLATE <= 3", "[e c]"},
		{"3 > PLATE", "[d c b]"},
		{"FLUX > 0 or isnan(FLUX)", "[e d c b]"},
		{"not FLUX > 0", "[d]"},
		{"!(FLUX > 0) && !FLAG", "[d]"},
		{"FLAG", "[e c]"},
		{"FLAG == true", "[e c]"},
		{"NAME in ('e', \"c\", 'nobody')", "[e c]"},
		{"PLATE not in [1, -2]", "[e c]"},
		{"PLATE in 2", "[c]"},
		{"MASK & 0x800000 != 0", "[d c]"},
		{"MASK & 4 == 0 && MASK | 1 > 1", "[d]"},
		{"(PLATE > 1) & (FLUX < 1)", "[c]"},
		{"(PLATE > 2) | (NAME < 'c')", "[e b]"},
		{"-FLUX * 2 + 1 < -1.5", "[e b]"},
		{"FLUX / PLATE >= 0.5", "[e b]"},
		{"sqrt(abs(-PLATE)) < 1.2", "[d b]"},
		{"10 - PLATE > 8", "[d b]"},
		{"BANDS[1] > 2 and BANDS[-1] < 8", "[d c]"},
		{"POS.RA > 15 && POS.Dec < 4", "[d c]"},
		{"`two words` == 3", "[c]"},
		{"kind == 'B'", "[d b]"},
		{"'A' != kind", "[d b]"},
		{"kind in ('A')", "[e c]"},
		{"id > 9223372036854775807", "[d]"},
		{"PLATE == 012", "[]"},
		{"true", "[e d c b]"},
	} {
		got, err := tab.Query(c.query)
		if err != nil {
			t.Errorf("%s: %v", c.query, err)
			continue
		}
		if names := column(t, got, nil, "NAME"); fmt.Sprint(names) != c.want {
			t.Errorf("%s: got %v, want %s", c.query, names, c.want)
		}
	}
	sum, err := tab.Eval("PLATE * 2 + 0.5")
	must(t, err)
	same(t, sum, "float64 (4) [6.5 2.5 4.5 2.5]")
}

func TestQueryMistakes(t *testing.T) {
	tab := catalog(t)
	for _, c := range []struct {
		query string
		kind  error
		want  string
	}{
		{"", ErrRange, "at the end, character 1: a value is missing"},
		{"PLATE ==", ErrRange, "at the end, character 9: a value is missing"},
		{"PLATE = = 1", ErrRange, `at "=", character 9: a value should stand here`},
		{"PLATE 1", ErrRange, `at "1", character 7: an operator is missing before it`},
		{"(PLATE > 1", ErrRange, `a ")" is missing`},
		{"PLATE > 1)", ErrRange, "an operator is missing"},
		{"NAME == 'b", ErrRange, "the quotes are not closed"},
		{"ä # 1", ErrRange, `at "#", character 3: no word begins so`},
		{"PLATE > 1x", ErrRange, "this is no number"},
		{"()", ErrRange, "nothing in the brackets"},
		{"(1, 2)", ErrRange, "a list stands by itself"},
		{strings.Repeat("(", 1000) + "1" + strings.Repeat(")", 1000), ErrRange, "nests too deep"},
		{strings.Repeat("!", 100000), ErrRange, "nests too deep"},
		{"PLAT == 1", ErrNotFound, `did you mean "PLATE"`},
		{"POS.Ra == 1", ErrNotFound, `did you mean "RA"`},
		{"sin(PLATE) > 0", ErrNotFound, "there are abs, exp, isnan, log, log10, sqrt"},
		{"abs(PLATE, 1) > 0", ErrRange, "it takes one"},
		{"PLATE", ErrType, `"PLATE" is int32 and not true or false`},
		{"!PLATE", ErrType, "int32"},
		{"NAME > 1", ErrType, "string"},
		{"PLATE > 'a'", ErrType, "string"},
		{"PLATE > 1 & FLUX < 1", ErrType, "& and | bind tighter than comparisons"},
		{"PLATE in (FLUX, 1)", ErrRange, "a list holds numbers and texts only"},
		{"BANDS[2] > 1", ErrRange, "2 is outside axis 1"},
		{"BANDS['a'] > 1", ErrRange, "a place is no whole number"},
		{"BANDS > 1", ErrType, "the mask is bool of shape (4, 2)"},
	} {
		_, err := tab.Query(c.query)
		check(t, err, c.kind, c.want)
	}
}

// TestQueryAsPandas gives random queries to pandas too.
func TestQueryAsPandas(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	path := filepath.Join(t.TempDir(), "x.h5")
	f, err := Create(path)
	must(t, err)
	tab := randomTable(t, r, 300)
	rows := make([]int, 300)
	for i := range rows {
		rows[i] = i
	}
	tab, err = tab.With("row", rows)
	must(t, err)
	must(t, f.Set("t", tab))
	var queries []string
	for i := range 200 {
		q := randomQuery(r, 3)
		got, err := tab.Query(q)
		if err != nil {
			t.Fatalf("%s: %v", q, err)
		}
		queries = append(queries, q)
		must(t, f.Set(fmt.Sprintf("rows/%d", i), column(t, got, nil, "row")))
	}
	must(t, f.Set("queries", queries))
	must(t, f.Close())
	same(t, pandas(t, framesForPandas+`
t = frame("t")
for i, q in enumerate(f["queries"].asstr()):
    want = t.query(q, engine="python")["row"].tolist(); got = f["rows"][str(i)][()].tolist()
    if got != want: print(q, len(got), len(want))
print("compared")`, path), "compared")
}

// randomQuery is an expression that means the same to pandas.
func randomQuery(r *rand.Rand, depth int) string {
	if depth > 0 && r.IntN(3) > 0 {
		a, b := randomQuery(r, depth-1), randomQuery(r, depth-1)
		return []string{a + " and " + b, a + " or " + b, "not (" + a + ")", "(" + a + ") & (" + b + ")", "(" + a + " or " + b + ")"}[r.IntN(5)]
	}
	name := []string{"key", "wide", "fraction", "i8", "u16", "i32"}[r.IntN(6)]
	n := []string{"0", "3", "-5", "0.25", "1e3"}[r.IntN(5)]
	compare := []string{"<", "<=", ">", ">=", "==", "!="}[r.IntN(6)]
	return []string{name + " " + compare + " " + n, n + " " + compare + " " + name, name + " in (1, 2, 3)", "text " + compare + " 'ä'", "truth",
		name + " * 2 - 1 " + compare + " fraction", "-7 < " + name + " < 1e4", name + " not in [0, 0.5]"}[r.IntN(8)]
}

// FuzzQuery looks for expressions that end in a panic.
func FuzzQuery(f *testing.F) {
	for _, q := range []string{"CLASS == 'QSO' && Z > 2", "PLATE not in (1, -2) or isnan(FLUX)", "-x[1] & 0x7f != 1e-3", "`a b` = true", "((1))", "POS.RA < 1 < 2"} {
		f.Add(q)
	}
	tab, err := NewTable("PLATE", []int32{3, 1}, "FLUX", []float64{1.5, 2}, "NAME", []string{"e", "d"}, "x", [][]float32{{1, 2}, {3, 4}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, q string) {
		if got, err := tab.Query(q); err == nil && got.NumRows() > tab.NumRows() {
			t.Errorf("%q: %d rows of %d", q, got.NumRows(), tab.NumRows())
		}
	})
}
