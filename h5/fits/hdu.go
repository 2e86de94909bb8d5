package fits

import (
	"cmp"
	"fmt"
	"math"
	"strings"
	"sync"
)

// Kind is what an HDU holds.
type Kind uint8

// The kinds.
const (
	Unknown Kind = iota // an extension of another kind, or a damaged one
	Image               // an array, which may have no elements
	Table               // rows and columns, in binary
)

// String gives the kind in words.
func (k Kind) String() string { return [...]string{"unknown", "image", "table"}[k] }

// HDU is a part of a file: a header, and an image or a table.
type HDU struct {
	Index  int
	Kind   Kind
	Header Header
	Err    error // what is wrong with it, nil for most; the other HDUs are not concerned

	file     *File
	label    string // "HDU 1 COADD"
	data     int64  // where its data begin
	length   int64  // of the data, without padding
	end      int64  // where the next HDU begins
	trailing bool   // it is no HDU, but what some programs leave at the end of a file

	shape   []int  // of an image, the first axis varying slowest
	pixel   number // of an image
	rows    int    // of a table
	stride  int    // bytes of a row
	heap    int64  // where in the data the arrays of variable length begin
	columns func() ([]*Column, error)
}

// readHDU reads a header and works out where the data are.
func (f *File) readHDU(at int64) *HDU {
	h := &HDU{Index: len(f.hdus), file: f, end: f.size}
	var err error
	h.Header, h.data, err = readHeader(f.from, at, f.size)
	h.label = strings.TrimSpace(fmt.Sprintf("HDU %d %s", h.Index, h.Name()))
	if h.Index > 0 && !f.begins(at, "XTENSION") {
		h.Header, h.trailing = nil, f.begins(at, "\x00") || f.begins(at, " ")
		err = fault(ErrDamaged, "%d bytes that are no HDU", f.size-at)
	}
	if err == nil {
		err = h.layOut()
	}
	if err != nil {
		h.Err = atHDU(h, "open", err)
	}
	h.columns = sync.OnceValues(h.readColumns)
	return h
}

// begins reports whether there is that text at a place in the file.
func (f *File) begins(at int64, text string) bool {
	b := make([]byte, len(text))
	n, _ := f.from.ReadAt(b, at)
	return string(b[:n]) == text
}

func atHDU(h *HDU, op string, err error) error { return at(op, h.file.path, h.label, err) }

// layOut works out the size of the data (section 4.4.1). Every number in a header may be a lie: nothing
// is allocated here, and what does not fit the file is an error.
func (h *HDU) layOut() error {
	bits, err := h.Header.Int("BITPIX")
	if err != nil {
		return err
	}
	pixel, ok := pixels[bits]
	if !ok {
		return fault(ErrDamaged, "BITPIX is %d", bits)
	}
	axes, err := h.axes()
	if err != nil {
		return err
	}
	params, groups := 0, 1
	if h.Index > 0 || h.Header.Value("GROUPS") == true {
		if params, groups, err = h.counts(); err != nil {
			return err
		}
	}
	n, ok := product(axes)
	if !ok || params > math.MaxInt32*1024 || groups != 1 && h.Header.Value("GROUPS") != true {
		return fault(ErrDamaged, "axes of %v, PCOUNT %d and GCOUNT %d make no size", axes, params, groups)
	}
	h.length = (int64(n) + int64(params)) * int64(pixel.size) * int64(groups)
	h.end = h.data + (h.length+blockSize-1)/blockSize*blockSize
	if h.length < 0 || h.data+h.length > h.file.size {
		h.end = h.file.size
		err = fault(ErrTruncated, "it says that it has %d bytes of data, and the file ends after %d", h.length, max(h.file.size-h.data, 0))
	}
	return cmp.Or(h.describe(axes, pixel), err)
}

// describe says what the data are.
func (h *HDU) describe(axes []int, pixel number) error {
	kind := strings.TrimSpace(h.Header.Text("XTENSION"))
	switch {
	case h.Index == 0 && h.Header.Value("GROUPS") == true:
		return fault(ErrUnsupported, "random groups are not read")
	case h.Index == 0 || kind == "IMAGE" || kind == "IUEIMAGE":
		h.Kind, h.pixel = Image, pixel
		for i := len(axes) - 1; i >= 0; i-- { // NAXIS1 varies fastest
			h.shape = append(h.shape, axes[i])
		}
		return nil
	case kind == "BINTABLE" || kind == "A3DTABLE":
		if len(axes) != 2 || pixel.size != 1 {
			return fault(ErrDamaged, "a table with BITPIX %v and %d axes", h.Header.Value("BITPIX"), len(axes))
		}
		if axes[0] == 0 && axes[1] > 0 {
			return fault(ErrDamaged, "a table of %d rows without a byte", axes[1])
		}
		h.Kind, h.stride, h.rows = Table, axes[0], axes[1]
		h.heap = int64(axes[0]) * int64(axes[1])
		if gap, err := h.Header.Int("THEAP"); err == nil && int64(gap) >= h.heap {
			h.heap = int64(gap)
		}
		return nil
	}
	return fault(ErrUnsupported, "extensions of kind %q are not read", kind)
}

// axes gives NAXIS1, NAXIS2 ...
func (h *HDU) axes() ([]int, error) {
	n, err := h.Header.Int("NAXIS")
	if err != nil {
		return nil, err
	}
	if n < 0 || n > 999 {
		return nil, fault(ErrDamaged, "NAXIS is %d", n)
	}
	axes := make([]int, n)
	for i := range axes {
		key := fmt.Sprintf("NAXIS%d", i+1)
		if axes[i], err = h.Header.Int(key); err != nil {
			return nil, err
		}
		if axes[i] < 0 {
			return nil, fault(ErrDamaged, "%s is %d", key, axes[i])
		}
	}
	return axes, nil
}

// counts gives PCOUNT and GCOUNT, which early files leave out.
func (h *HDU) counts() (params, groups int, err error) {
	params, groups = 0, 1
	if _, ok := h.Header.Get("PCOUNT"); ok {
		if params, err = h.Header.Int("PCOUNT"); err != nil {
			return
		}
	}
	if _, ok := h.Header.Get("GCOUNT"); ok {
		if groups, err = h.Header.Int("GCOUNT"); err != nil {
			return
		}
	}
	if params < 0 || groups < 0 {
		err = fault(ErrDamaged, "PCOUNT is %d and GCOUNT %d", params, groups)
	}
	return
}

// product multiplies axes; none have no elements. It fails where a file of 2^60 bytes would not do.
func product(axes []int) (int, bool) {
	if len(axes) == 0 {
		return 0, true
	}
	n := 1
	for _, a := range axes {
		if a != 0 && n > (1<<56)/a {
			return 0, false
		}
		n *= a
	}
	return n, true
}

// Name is the HDU's EXTNAME, "" when it has none.
func (h *HDU) Name() string { return strings.TrimSpace(h.Header.Text("EXTNAME")) }

// Shape is that of an image, the axis that varies slowest first, as numpy and HDF5 have it: NAXIS2,
// NAXIS1. It is empty for a table, and for an image without data.
func (h *HDU) Shape() []int { return h.shape }

// Rows is the number of rows of a table.
func (h *HDU) Rows() int { return h.rows }

// Bytes is how many bytes the data take in the file.
func (h *HDU) Bytes() int64 { return h.length }

// String says in a line what the HDU is.
func (h *HDU) String() string {
	var what string
	switch {
	case h.Kind == Image && len(h.shape) == 0:
		what = "no data"
	case h.Kind == Image:
		what = fmt.Sprintf("image %v %s", h.shape, h.TypeName())
	case h.Kind == Table:
		columns, _ := h.Columns()
		what = fmt.Sprintf("table of %d rows and %d columns", h.rows, len(columns))
	}
	text := strings.TrimSpace(fmt.Sprintf("%s: %s, %d cards", h.label, what, len(h.Header)))
	if h.Err != nil {
		text += " (" + h.Err.Error() + ")"
	}
	return text
}
