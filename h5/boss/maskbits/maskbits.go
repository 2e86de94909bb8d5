// Package maskbits names the bits of SDSS's masks, for those who show them and those who compute with
// spectra: SPPIXMASK and ZWARNING.
package maskbits

import (
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// Names are the names of bits by their numbers; "" for those without one.
type Names []string

// Pixel are the bits of AND_MASK, OR_MASK and MASK, SPPIXMASK: those of whole fibers, then of single pixels.
var Pixel = Names{0: "NOPLUG", 1: "BADTRACE", 2: "BADFLAT", 3: "BADARC", 4: "MANYBADCOLUMNS", 5: "MANYREJECTED",
	6: "LARGESHIFT", 7: "BADSKYFIBER", 8: "NEARWHOPPER", 9: "WHOPPER", 10: "SMEARIMAGE", 11: "SMEARHIGHSN", 12: "SMEARMEDSN",
	16: "NEARBADPIXEL", 17: "LOWFLAT", 18: "FULLREJECT", 19: "PARTIALREJECT", 20: "SCATTEREDLIGHT", 21: "CROSSTALK", 22: "NOSKY",
	23: "BRIGHTSKY", 24: "NODATA", 25: "COMBINEREJ", 26: "BADFLUXFACTOR", 27: "BADSKYCHI", 28: "REDMONSTER"}

// Redshift are the bits of ZWARNING.
var Redshift = Names{"SKY", "LITTLE_COVERAGE", "SMALL_DELTA_CHI2", "NEGATIVE_MODEL", "MANY_OUTLIERS", "Z_FITLIMIT",
	"NEGATIVE_EMISSION", "UNPLUGGED", "BAD_TARGET", "NODATA"}

// Of gives the names of the bits that are set in n, joined by |; 0 where none is.
func (names Names) Of(n int64) string {
	if n == 0 {
		return "0"
	}
	rest := uint64(n)
	if n < 0 && n >= math.MinInt32 { // an int32 whose last bit is set
		rest = uint64(uint32(n))
	}
	var set []string
	for ; rest != 0; rest &= rest - 1 {
		bit := bits.TrailingZeros64(rest)
		if bit < len(names) && names[bit] != "" {
			set = append(set, names[bit])
		} else {
			set = append(set, "bit "+strconv.Itoa(bit))
		}
	}
	return strings.Join(set, "|")
}
