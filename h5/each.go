package h5

// Each describes the members of the group one after the other, as far as o asks, and calls f for each.
// Of a group of any size only the names are in memory at once. It ends with the first error of f, or
// without one when that is Stop. The library is free while f runs.
func (g *container) Each(o ListOptions, f func(e Entry) error) error {
	const op = "list"
	names, _, err := g.page(op, o)
	if err != nil {
		return err
	}
	stop := interrupted()
	page := make([]Entry, min(len(names), pageSize))
	for ; len(names) > 0; names = names[min(pageSize, len(names)):] {
		if stop() {
			return interruption(op, g.path, g.h.file.path)
		}
		n := min(pageSize, len(names))
		if err := g.describePage(op, names[:n], o.detail(), page[:n]); err != nil {
			return err
		}
		for _, e := range page[:n] {
			if err := f(e); err == Stop {
				return nil
			} else if err != nil {
				return err
			}
		}
	}
	return nil
}
