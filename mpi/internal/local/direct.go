package local

// direct is the link to a rank of the same process, or to itself.
type direct struct {
	from int
	to   *node
}

func (d *direct) put(h *header, body []byte) {
	_ = d.to.handle(d.from, h, func(dst []byte) error { // which fails only when reading does
		copy(dst, body)
		body = body[len(dst):]
		return nil
	})
}

func (d *direct) stream(*header, []byte, func()) {} // nobody wants it: pull always works

func (d *direct) pull(h *header, dst []byte) bool {
	copy(dst, h.memory)
	return true
}

func (d *direct) close() {}
