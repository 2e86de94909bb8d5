package h5view

import (
	"math"
	"math/bits"
	"path"
	"slices"
	"strconv"
	"strings"

	"gofive/h5"
)

// pixelBits are the bits of SDSS's masks of pixels, SPPIXMASK: those of whole fibers, then of single
// pixels.
var pixelBits = []string{0: "NOPLUG", 1: "BADTRACE", 2: "BADFLAT", 3: "BADARC", 4: "MANYBADCOLUMNS", 5: "MANYREJECTED",
	6: "LARGESHIFT", 7: "BADSKYFIBER", 8: "NEARWHOPPER", 9: "WHOPPER", 10: "SMEARIMAGE", 11: "SMEARHIGHSN", 12: "SMEARMEDSN",
	16: "NEARBADPIXEL", 17: "LOWFLAT", 18: "FULLREJECT", 19: "PARTIALREJECT", 20: "SCATTEREDLIGHT", 21: "CROSSTALK", 22: "NOSKY",
	23: "BRIGHTSKY", 24: "NODATA", 25: "COMBINEREJ", 26: "BADFLUXFACTOR", 27: "BADSKYCHI", 28: "REDMONSTER"}

// redshiftBits are the bits of SDSS's ZWARNING.
var redshiftBits = []string{"SKY", "LITTLE_COVERAGE", "SMALL_DELTA_CHI2", "NEGATIVE_MODEL", "MANY_OUTLIERS", "Z_FITLIMIT",
	"NEGATIVE_EMISSION", "UNPLUGGED", "BAD_TARGET", "NODATA"}

// bitsOf finds the names of a column's bits; nil when they are not known. MASK is a name that others use
// too: only beside IVAR it is that of a spectrum.
func bitsOf(name string, columns []string) func(n int64) string {
	switch {
	case name == "AND_MASK" || name == "OR_MASK" || name == "MASK" && slices.Contains(columns, "IVAR"):
		return bitNames(pixelBits)
	case name == "ZWARNING":
		return bitNames(redshiftBits)
	}
	return nil
}

// bitsOfDataset is bitsOf for the arrays of which a stacked file of spectra has one a column.
func bitsOfDataset(p string) func(n int64) string {
	arm := path.Base(path.Dir(p))
	switch name := path.Base(p); {
	case name == "and_mask" || name == "or_mask" || name == "mask" && (arm == "b" || arm == "r"):
		return bitNames(pixelBits)
	}
	return nil
}

// bitNames gives the names of the bits that are set, 0 where none is.
func bitNames(names []string) func(n int64) string {
	return func(n int64) string {
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
}

// flags makes names of what the attributes flag_values, flag_masks and flag_meanings of netCDF's CF
// conventions say of a dataset; nil when they say nothing.
func flags(attrs h5.Attributes) func(n int64) string {
	names := strings.Fields(text(attrs, "flag_meanings"))
	codes, masks := whole(attrs, "flag_values"), whole(attrs, "flag_masks")
	switch {
	case len(names) == 0 || len(codes) != len(names) && len(masks) != len(names):
		return nil
	case len(masks) != len(names):
		masks = slices.Repeat([]int64{-1}, len(names))
	case len(codes) != len(names):
		codes = masks
	}
	return func(n int64) string {
		var set []string
		for i, name := range names {
			if n&masks[i] == codes[i] {
				set = append(set, name)
			}
		}
		if len(set) == 0 {
			return strconv.FormatInt(n, 10)
		}
		return strings.Join(set, "|")
	}
}

// whole gives the integers of an attribute.
func whole(attrs h5.Attributes, name string) []int64 {
	a, ok := attrs.Get(name)
	if !ok {
		return nil
	}
	array, err := a.Array()
	if err != nil {
		return nil
	}
	x, err := array.Int64s()
	if err != nil {
		return nil
	}
	return x
}
