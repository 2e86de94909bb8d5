package boss

// Query finds fibers of a file by an expression over its catalog zbest, such as "CLASS == 'QSO' && Z > 2";
// see h5.Table.Query for what it may say. An empty one finds all. No spectrum is read.
func Query(path, expression string) (*Set, error) {
	s, err := openSource(path)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	t, err := s.catalog("zbest")
	if err != nil {
		return nil, err
	}
	if expression != "" {
		if t, err = t.Query(expression); err != nil {
			return nil, fail("query", path, err)
		}
	}
	ids, err := fibersOf(t)
	if err != nil {
		return nil, fail("query", path, err)
	}
	out := &Set{table: t}
	for _, id := range ids {
		out.fibers = append(out.fibers, located{id, path})
	}
	return out, nil
}
