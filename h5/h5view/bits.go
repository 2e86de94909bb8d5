package h5view

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"gofive/h5"
	"gofive/h5/boss/maskbits"
)

// bitsOf finds the names of a column's bits; nil when they are not known. MASK is a name that others use
// too: only beside IVAR it is that of a spectrum.
func bitsOf(name string, columns []string) func(n int64) string {
	switch {
	case name == "AND_MASK" || name == "OR_MASK" || name == "MASK" && slices.Contains(columns, "IVAR"):
		return maskbits.Pixel.Of
	case name == "ZWARNING":
		return maskbits.Redshift.Of
	}
	return nil
}

// bitsOfDataset is bitsOf for the arrays of which a stacked file of spectra has one a column.
func bitsOfDataset(p string) func(n int64) string {
	arm := path.Base(path.Dir(p))
	switch name := path.Base(p); {
	case name == "and_mask" || name == "or_mask" || name == "mask" && (arm == "b" || arm == "r"):
		return maskbits.Pixel.Of
	}
	return nil
}

// flags makes names of what the attributes flag_values, flag_masks and flag_meanings of netCDF's CF
// conventions say of a dataset; nil when they say nothing.
func flags(attrs h5.Attributes) func(n int64) string {
	names := strings.Fields(markText(attrs, "flag_meanings"))
	codes, masks := markInts(attrs, "flag_values"), markInts(attrs, "flag_masks")
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
