package fits

import "fmt"

// maxRead bounds what one call reads: more is asked for in parts.
const maxRead = 16 << 30

// TypeName is the Go type of an image's elements, such as "float32"; "" for a table.
func (h *HDU) TypeName() string {
	if h.Kind != Image {
		return ""
	}
	s, _ := h.pixelScaling()
	return s.typeName(h.pixel)
}

func (h *HDU) pixelScaling() (scaling, error) {
	return newScaling(h.Header, h.pixel, "BSCALE", "BZERO", "BLANK")
}

// Len is the number of elements of an image.
func (h *HDU) Len() int {
	if h.Kind != Image || len(h.shape) == 0 {
		return 0
	}
	n := 1
	for _, a := range h.shape {
		n *= a
	}
	return n
}

// Read gives count elements of an image from the first on, in the order of the file (the last axis of
// Shape varies fastest), as a slice of the type that TypeName says. Elements that BLANK marks are NaN where
// numbers are scaled.
func (h *HDU) Read(first, count int) (any, error) {
	op := "read image"
	if err := h.want(Image, op); err != nil {
		return nil, err
	}
	if first < 0 || count < 0 || first > h.Len()-count {
		return nil, atHDU(h, op, fault(ErrRange, "elements %d to %d of %d", first, first+count, h.Len()))
	}
	s, err := h.pixelScaling()
	if err != nil {
		return nil, atHDU(h, op, err)
	}
	b, err := h.bytes(int64(first)*int64(h.pixel.size), int64(count)*int64(h.pixel.size))
	if err != nil {
		return nil, atHDU(h, op, err)
	}
	return s.values(h.pixel, b, count), nil
}

// Values gives all elements of an image; see Read.
func (h *HDU) Values() (any, error) { return h.Read(0, h.Len()) }

// Float64s gives all elements of an image as float64.
func (h *HDU) Float64s() ([]float64, error) {
	v, err := h.Values()
	if err != nil {
		return nil, err
	}
	out, ok := asFloat64s(v)
	if !ok {
		return nil, atHDU(h, "read image", fault(ErrType, "%T are no numbers", v))
	}
	return out, nil
}

// want fails for an HDU of another kind, and for one that is damaged beyond reading.
func (h *HDU) want(k Kind, op string) error {
	if h.Kind == k {
		return nil
	}
	if h.Err != nil {
		return h.Err
	}
	return atHDU(h, op, fault(ErrType, "it is no %v but %s", k, article(h.Kind.String())))
}

func article(noun string) string {
	if noun == Image.String() || noun == Unknown.String() {
		return "an " + noun
	}
	return "a " + noun
}

// bytes reads n bytes of the data.
func (h *HDU) bytes(at, n int64) ([]byte, error) {
	if at < 0 || n < 0 || at > h.length-n {
		return nil, fault(ErrDamaged, "bytes %d to %d of the %d of its data are meant", at, at+n, h.length)
	}
	if n > maxRead {
		e := fault(ErrTooLarge, "%d bytes at once", n)
		e.Hint = fmt.Sprintf("read it in parts of less than %d GB", maxRead>>30)
		return nil, e
	}
	if h.data+at+n > h.file.size { // before memory is taken for what is not there
		return nil, fault(ErrTruncated, "its data should end at byte %d, the file ends at %d", h.data+at+n, h.file.size)
	}
	b := make([]byte, n)
	return b, h.file.read(b, h.data+at)
}
