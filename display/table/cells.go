package table

import (
	"math"
	"reflect"
	"strconv"
	"strings"

	"gofive/display"
)

// format gives the texts of the shown cells of one column, none longer than most characters, and
// whether they are numbers, which stand to the right. Floating-point numbers share a form, so that their points stand below one another.
func format(cells []any, most int) (texts []string, right bool) {
	texts = make([]string, len(cells))
	right = len(cells) > 0
	floats := make([]number, 0, len(cells))
	for i, c := range cells {
		if c == (missing{}) {
			texts[i] = "?"
			continue
		}
		if _, ok := c.(Fill); ok {
			texts[i] = fillText
			continue
		}
		if s, ok := c.(string); ok { // which may be long: no more of it is looked at than is shown
			texts[i], right = display.Short(s, most), false
			continue
		}
		r := reflect.ValueOf(c)
		switch r.Kind() {
		case reflect.Float32:
			floats = append(floats, number{r.Float(), 32, &texts[i]})
		case reflect.Float64:
			floats = append(floats, number{r.Float(), 64, &texts[i]})
		default:
			texts[i] = display.Short(display.Value(c), most)
			right = right && numeric(r.Kind())
		}
	}
	writeFloats(floats)
	return texts, right
}

func numeric(k reflect.Kind) bool {
	return k >= reflect.Int && k <= reflect.Uintptr || k == reflect.Complex64 || k == reflect.Complex128
}

// number is a floating-point cell: its value, the bits it came in and where its text goes.
type number struct {
	v    float64
	bits int
	text *string
}

const (
	digits   = 6   // significant digits of the largest number of a column
	tooLarge = 1e7 // columns that reach this, or stay below tooSmall, are written with exponents
	tooSmall = 1e-3
)

// writeFloats writes numbers in a form common to all, or, where it would suit only some, each in its own.
func writeFloats(floats []number) {
	largest, plain := 0.0, false // some would be well read without exponents
	for _, n := range floats {
		if size := math.Abs(n.v); isFinite(n.v) {
			largest = max(largest, size)
			plain = plain || size >= tooSmall && size < tooLarge
		}
	}
	if largest >= tooLarge && plain {
		for _, n := range floats {
			*n.text = strconv.FormatFloat(n.v, 'g', digits, n.bits)
		}
		return
	}
	form := byte('f')
	decimals := digits - 1
	if largest >= tooLarge || largest > 0 && largest < tooSmall {
		form = 'e'
	} else if largest > 0 {
		decimals = max(2, digits-1-int(math.Floor(math.Log10(largest))))
	}
	needed := 1
	for _, n := range floats {
		needed = max(needed, min(decimals, decimalsOf(n, form)))
	}
	for _, n := range floats {
		*n.text = n.write(form, needed)
	}
}

// decimalsOf is how many decimals the shortest exact text of n has.
func decimalsOf(n number, form byte) int {
	s := strconv.FormatFloat(n.v, form, -1, n.bits)
	if e := strings.IndexByte(s, 'e'); e >= 0 {
		s = s[:e]
	}
	if point := strings.IndexByte(s, '.'); point >= 0 {
		return len(s) - point - 1
	}
	return 0
}

// write gives the text; a number so small beside its column that only zeros would be seen gets an
// exponent.
func (n number) write(form byte, decimals int) string {
	if n.v == 0 && form == 'e' {
		return "0"
	}
	if form == 'f' && n.v != 0 && math.Abs(n.v) < 0.5*math.Pow10(-decimals) {
		return strconv.FormatFloat(n.v, 'e', 1, n.bits)
	}
	return strconv.FormatFloat(n.v, form, decimals, n.bits)
}
