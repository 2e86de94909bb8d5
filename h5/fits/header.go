package fits

import (
	"fmt"
	"io"
	"strings"
)

const (
	blockSize = 2880
	cardSize  = 80
	// maxHeader bounds what a file without an END makes us read: real headers have a few hundred cards.
	maxHeader = 16 << 20
)

// Header is the cards of an HDU, in their order, without END and blank cards at the end.
type Header []Card

// Get gives the first card of a key, in any case.
func (h Header) Get(key string) (Card, bool) {
	for _, c := range h {
		if strings.EqualFold(c.Key, key) {
			return c, true
		}
	}
	return Card{}, false
}

// Value gives the value of a key, nil when there is none.
func (h Header) Value(key string) any {
	c, _ := h.Get(key)
	return c.Value
}

// Text gives the value of a key as text; "" when there is none.
func (h Header) Text(key string) string {
	switch v := h.Value(key).(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		return Card{Value: v}.valueText()
	}
}

// Int gives the whole number of a key.
func (h Header) Int(key string) (int, error) {
	c, ok := h.Get(key)
	if !ok {
		return 0, fault(ErrNotFound, "the header has no %s", key)
	}
	switch v := c.Value.(type) {
	case int64:
		return int(v), nil
	case float64:
		if v == float64(int(v)) {
			return int(v), nil
		}
	}
	return 0, fault(ErrType, "%s is %s and no whole number", key, c.valueText())
}

// Float64 gives the number of a key.
func (h Header) Float64(key string) (float64, error) {
	c, ok := h.Get(key)
	if !ok {
		return 0, fault(ErrNotFound, "the header has no %s", key)
	}
	r, ok := exact(c.Value)
	if !ok {
		return 0, fault(ErrType, "%s is %s and no number", key, c.valueText())
	}
	f, _ := r.Float64()
	return f, nil
}

// String gives a card a line.
func (h Header) String() string {
	var b strings.Builder
	for _, c := range h {
		b.WriteString(c.String() + "\n")
	}
	return b.String()
}

// readHeader reads cards from at on, up to the block that holds END, and gives where that ends.
func readHeader(r io.ReaderAt, at, size int64) (Header, int64, error) {
	var h Header
	block := make([]byte, blockSize)
	for from := at; ; from += blockSize {
		if from-at >= maxHeader {
			return h, from, fault(ErrDamaged, "no END within %d cards", maxHeader/cardSize)
		}
		if from+blockSize > size {
			return h, size, fault(ErrTruncated, "the file ends within a header")
		}
		if _, err := r.ReadAt(block, from); err != nil && err != io.EOF {
			return h, from, err
		}
		for i := 0; i < blockSize; i += cardSize {
			line := string(block[i : i+cardSize])
			if strings.TrimRight(line, " ") == "END" {
				return h.trimmed(), from + blockSize, nil
			}
			if bad := strings.IndexFunc(line, func(c rune) bool { return c < ' ' || c > '~' }); bad >= 0 {
				if len(h) == 0 || !strings.HasPrefix(line, "COMMENT") && !strings.HasPrefix(line, "HISTORY") {
					return h, from, fault(ErrDamaged, "card %d holds %s", len(h)+1, fmt.Sprintf("%q", line[bad]))
				}
			}
			h = h.with(parseCard(line))
		}
	}
}

// with adds a card; one that continues a text is joined to it (section 4.2.1.2).
func (h Header) with(c Card) Header {
	if c.Key != "CONTINUE" || len(h) == 0 {
		return append(h, c)
	}
	last := &h[len(h)-1]
	text, ok := last.Value.(string)
	more, isText := c.Value.(string)
	if !ok || !isText || !strings.HasSuffix(text, "&") {
		return append(h, Card{Key: c.Key, Comment: strings.TrimSpace(c.valueText() + " " + c.Comment)})
	}
	last.Value = strings.TrimSuffix(text, "&") + more
	last.Comment = strings.TrimSpace(last.Comment + " " + c.Comment)
	return h
}

// trimmed drops blank cards at the end.
func (h Header) trimmed() Header {
	for len(h) > 0 && h[len(h)-1] == (Card{}) {
		h = h[:len(h)-1]
	}
	return h
}
