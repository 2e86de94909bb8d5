package table

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"gofive/display"
)

var update = flag.Bool("update", false, "write the golden files in testdata")

// computed is a Source whose cells are computed; it remembers what was read.
type computed struct {
	rows int
	head []Column
	cell func(i, j int) any
	read *[]string
	fail int // reading this row fails; -1 for none
}

func (c computed) Size() (rows, cols int) { return c.rows, len(c.head) }
func (c computed) Column(j int) Column    { return c.head[j] }

func (c computed) Read(rows, cols Span) ([][]any, error) {
	if c.read != nil {
		*c.read = append(*c.read, fmt.Sprint(rows, cols))
	}
	if rows.From <= c.fail && c.fail < rows.To {
		return nil, errors.New("filter 32020 is missing")
	}
	var out [][]any
	for i := rows.From; i < rows.To; i++ {
		var row []any
		for j := cols.From; j < cols.To; j++ {
			row = append(row, c.cell(i, j))
		}
		out = append(out, row)
	}
	return out, nil
}

func columns(names ...string) []Column {
	var head []Column
	for i := 0; i < len(names); i += 2 {
		head = append(head, Column{Name: names[i], Type: names[i+1]})
	}
	return head
}

// spectrum looks like a coadd.
func spectrum(rows int) computed {
	head := columns("WAVE", "float32", "FLUX", "float32", "IVAR", "float32", "AND_MASK", "int32", "NAME", "string")
	return computed{rows: rows, head: head, fail: -1, cell: func(i, j int) any {
		switch j {
		case 0:
			return float32(3566.97 * math.Pow(10, float64(i)*1e-4))
		case 1:
			if i == 2 {
				return float32(math.NaN())
			}
			return float32(12.5 * math.Sin(float64(i)))
		case 2:
			return float32(i%3) / 7
		case 3:
			return int32(1) << (i % 24)
		}
		return "[O III] λ" + fmt.Sprint(i)
	}}
}

func wide() computed {
	var head []Column
	for j := range 300 {
		head = append(head, Column{Name: fmt.Sprint("c", j), Type: "int64"})
	}
	return computed{rows: 1000, head: head, fail: -1, cell: func(i, j int) any { return int64(i * j) }}
}

const evil = "<img src=x onerror=alert(1)></script>\u202e\x1b[31m\n\"'&"

// measured is a Source with units, fill values and histograms.
type measured struct{ computed }

func (m measured) Sample(cols Span) ([][]float64, string) {
	numbers := make([][]float64, cols.Len())
	for j := range numbers {
		for i := range m.rows {
			switch x := m.cell(i, cols.From+j).(type) {
			case float64:
				numbers[j] = append(numbers[j], x)
			}
		}
	}
	return numbers, fmt.Sprintf("all %d rows", m.rows)
}

// weather has a night without a measurement and a value that makes no sense.
func weather() measured {
	head := []Column{{"T", "float64", "K"}, {"wind", "float64", "m/s"}, {"sky", "enum int8", ""}, {"flat", "float64", ""}, {"levels.low", "int16", "hPa"}}
	return measured{computed{rows: 200, head: head, fail: -1, cell: func(i, j int) any {
		switch {
		case j == 0 && i == 1:
			return Fill{9.96921e36}
		case j == 4 && i > 197:
			return Fill{int16(-9999)}
		case j == 1 && i == 3:
			return math.Inf(1)
		case j == 1 && i > 150 && i < 160:
			return math.NaN()
		case j == 0:
			return 273 + 20*math.Sin(float64(i)/60)
		case j == 1:
			return float64(i*i) / 1000
		case j == 2:
			return []string{"CLEAR", "CLOUDS"}[i%2]
		case j == 3:
			return 1.0
		}
		return int16(i)
	}}}
}

// labelled is a Source whose rows have names, hostile ones.
type labelled struct{ computed }

func (labelled) RowLabel(i int) string { return evil }

func hostile() labelled {
	head := []Column{{evil, evil, evil}, {evil, "string", ""}}
	return labelled{computed{rows: 2, head: head, fail: -1, cell: func(i, j int) any {
		if i == j {
			return Fill{evil}
		}
		return evil
	}}}
}

func TestGoldens(t *testing.T) {
	failing := spectrum(4623)
	failing.fail = 4622
	for name, test := range map[string]struct {
		source Source
		o      Options
	}{
		"spectrum": {spectrum(4623), Options{Caption: "/3655/55240/30/coadd"}},
		"short":    {spectrum(3), Options{}},
		"weather":  {weather(), Options{}},
		"empty":    {spectrum(0), Options{}},
		"wide":     {wide(), Options{}},
		"hostile":  {hostile(), Options{Caption: "</table>\u202e"}},
		"failing":  {failing, Options{}},
		"vector":   {Grid(cube{1000}), Options{}},
		"matrix":   {Grid(cube{3, 4}), Options{}},
		"cube":     {Grid(cube{5, 64, 64}), Options{Columns: 8}},
		"scalar":   {Grid(cube{}), Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			table := New(test.source, test.o)
			golden(t, name+".txt", table.Text())
			golden(t, name+".html", table.HTML())
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test ./display/table -update writes it anew)\n got:\n%s\nwant:\n%s", path, got, want)
	}
}

func TestReadsOnlyWhatIsShown(t *testing.T) {
	for _, test := range []struct {
		name   string
		source computed
		want   []string
	}{
		{"few rows", spectrum(20), []string{"{0 20} {0 5}"}},
		{"many rows", spectrum(2_000_000), []string{"{0 5} {0 5}", "{1999995 2000000} {0 5}"}},
		{"many columns", wide(), []string{"{0 5} {0 10}", "{995 1000} {0 10}", "{0 5} {290 300}", "{995 1000} {290 300}"}},
		{"no rows", spectrum(0), nil},
	} {
		var read []string
		test.source.read = &read
		New(test.source, Options{})
		if !reflect.DeepEqual(read, test.want) {
			t.Errorf("%s: read %q, want %q", test.name, read, test.want)
		}
	}
}

// cube is an array of its own flat indices.
type cube []int

func (c cube) Shape() []int { return c }
func (c cube) Type() string { return "int64" }

func (c cube) Block(start, count []int) ([]any, error) {
	cells := []any{int64(0)}
	for k := range c {
		var next []any
		for _, base := range cells {
			for i := range count[k] {
				next = append(next, base.(int64)*int64(c[k])+int64(start[k]+i))
			}
		}
		cells = next
	}
	return cells, nil
}

func TestFormat(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, test := range []struct {
		name  string
		in    []any
		want  string
		right bool
	}{
		{"float64", []any{1.0, 2.5, -3.25}, "1.00 2.50 -3.25", true},
		{"whole floats", []any{1.0, 200.0}, "1.0 200.0", true},
		{"six digits", []any{3566.9697265625, 1.0 / 3}, "3566.97 0.33", true},
		{"below one", []any{0.0512345678}, "0.0512346", true},
		{"float32 is not widened", []any{float32(0.1), float32(0.2)}, "0.1 0.2", true},
		{"NaN and infinity", []any{nan, inf, 1.5}, "NaN +Inf 1.5", true},
		{"only NaN", []any{nan}, "NaN", true},
		{"large", []any{1.5e9, -2.0, 0.0}, "1.5e+09 -2 0", true},
		{"all magnitudes", []any{4998.83123, 2.37752123e-4, 4.608e18, nan}, "4998.83 0.000237752 4.608e+18 NaN", true},
		{"all large", []any{1.5e9, -2e8, 0.0}, "1.5e+09 -2.0e+08 0", true},
		{"small", []any{1.25e-17, 3e-18}, "1.25e-17 3.00e-18", true},
		{"tiny beside large", []any{1234.5, 1e-9, 0.0}, "1234.50 1.0e-09 0.00", true},
		{"integers", []any{int8(-1), int8(100)}, "-1 100", true},
		{"unsigned", []any{uint64(math.MaxUint64)}, "18446744073709551615", true},
		{"bools", []any{true, false}, "true false", false},
		{"strings", []any{"a\tb", strings.Repeat("x", 50)}, `a\tb ` + strings.Repeat("x", 39) + "…", false},
		{"bytes", []any{[]byte{1, 255}}, "01ff", false},
		{"lists", []any{[]float32{1, 0.1, 3}, []int{1, 2, 3, 4, 5, 6, 7, 8}}, "[1 0.1 3] [1 2 3 4 … 8]", false},
		{"struct", []any{struct {
			R float64
			N string
		}{1, "x"}}, `{R: 1, N: "x"}`, false},
		{"time", []any{time.Unix(0, 0).UTC()}, "1970-01-01T00:00:00Z", false},
		{"complex", []any{complex(1, -2)}, "(1-2i)", true},
		{"nothing", []any{nil}, "-", false},
		{"no rows", nil, "", false},
	} {
		texts, right := format(test.in, 40)
		if got := strings.Join(texts, " "); got != test.want || right != test.right {
			t.Errorf("%s: got %q right %v, want %q right %v", test.name, got, right, test.want, test.right)
		}
	}
}

func TestBars(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, test := range []struct {
		name string
		in   []float64
		want string
	}{
		{"even", []float64{0, 1, 2, 3, 4, 5, 6, 7}, "▇▇▇▇▇▇▇▇"},
		{"quarters", []float64{0, 1, 2, 2, 3, 3, 3, 7, 7, 7, 7, nan, inf, -inf}, "▂▂▃▅▁▁▁▇"},
		{"one of many", append(make([]float64, 1000), 1), "▇▁▁▁▁▁▁▂"},
		{"the largest there are", []float64{-math.MaxFloat64, 0, math.MaxFloat64}, "▇▁▁▁▇▁▁▇"},
		{"the smallest", []float64{0, 5e-324}, ""},
		{"one value", []float64{3, 3, 3}, ""},
		{"only NaN", []float64{nan, nan}, ""},
		{"nothing", nil, ""},
	} {
		if got := bars(test.in); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestHostileCellsStayText(t *testing.T) {
	table := New(hostile(), Options{Caption: "</table><script>\u202e"})
	root, err := html.Parse(strings.NewReader(table.HTML()))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && (n.Data == "img" || n.Data == "script") {
			t.Errorf("element <%s> came out of a cell", n.Data)
		}
		if n.Type == html.TextNode && display.Visible(n.Data) != n.Data {
			t.Errorf("text %q acts", n.Data)
		}
	}
	if text := table.Text(); strings.ContainsAny(text, "\x1b\u202e") {
		t.Errorf("text holds control characters: %q", text)
	}
}

func TestTextFitsItsWidth(t *testing.T) {
	for _, width := range []int{40, 80, 120} {
		for _, source := range []Source{spectrum(100), wide()} {
			text := New(source, Options{Width: width}).Text()
			for line := range strings.Lines(text) {
				if strings.Contains(line, "not shown") {
					continue // the summary wraps where it must
				}
				if n := len([]rune(line)) - 1; n > width {
					t.Errorf("width %d: a line has %d characters: %s", width, n, line)
				}
			}
		}
	}
}
