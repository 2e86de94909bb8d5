package h5

import (
	"fmt"
	"sync"
	"testing"
)

// TestManyGoroutines reads, lists, writes and fails from many goroutines at once: errors must stay
// with their callers.
func TestManyGoroutines(t *testing.T) {
	f := scratch(t)
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			for j := range 40 {
				if err := useAll(f, i, j); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wait.Wait()
}

func useAll(f *File, i, j int) error {
	name := fmt.Sprintf("g%d/x%d", i, j)
	if err := f.Set(name, []float64{float64(i), float64(j)}); err != nil {
		return err
	}
	d, err := f.Dataset(name)
	if err != nil {
		return err
	}
	if err := d.SetAttr("name", name); err != nil {
		return err
	}
	x, err := Read[int](d)
	if err != nil || x[0] != i || x[1] != j {
		return fmt.Errorf("%s: read %v %v", name, x, err)
	}
	if s, err := AttrAs[string](d, "name"); err != nil || s != name {
		return fmt.Errorf("%s: attribute %q %v", name, s, err)
	}
	missing := fmt.Sprintf("nothing%d", i)
	if _, err := f.Get(missing); err == nil || err.(*Error).Name != missing {
		return fmt.Errorf("%s: %v", missing, err)
	}
	g, err := f.Group(fmt.Sprintf("g%d", i))
	if err != nil {
		return err
	}
	if l, err := g.List(ListOptions{Attributes: true}); err != nil || l.Total != j+1 {
		return fmt.Errorf("%s: %v %v", g.Path(), l, err)
	}
	return nil
}
