package main

import (
	"fmt"
	"os"
	"time"

	"gofive/h5"
)

// The works on HDF5 files, each from opening the file to closing it. hdf5.py sends this file to a
// kernel as a cell too, so that a cell does just the same; c/hdf5.c and hdf5.py do it in C and with
// h5py, under the same names.
var works = map[string]func(path string) error{
	"create":          func(path string) error { return create(path) },
	"create-latest":   func(path string) error { return create(path, h5.FileAccess{Libver: h5.Latest}) },
	"datasets":        func(path string) error { return datasets(path) },
	"datasets-latest": func(path string) error { return datasets(path, h5.FileAccess{Libver: h5.Latest}) },
	"list":            list,
	"names":           names,
	"kinds":           kinds,
	"attrs-write":     attrsWrite,
	"attrs-read":      attrsRead,
	"floats-new":      floatsNew,
	"floats-given":    floatsGiven,
	"floats-write":    func(path string) error { return floatsWrite(path, 50000000) },
	"gzip-read":       floatsNew,
	"gzip-write": func(path string) error {
		return floatsWrite(path, 12500000, h5.DatasetCreate{Chunks: h5.Shape{131072}, Shuffle: true, Gzip: 4})
	},
	"field":   field,
	"strided": strided,
	"fancy":   fancy,
	"small":   small,
}

// measure does a work n times and prints the seconds of each.
func measure(name, path string, n int) error {
	for range n {
		start := time.Now()
		if err := works[name](path); err != nil {
			return err
		}
		fmt.Printf("%.6f ", time.Since(start).Seconds())
	}
	return nil
}

// given is memory that stays: with it, only the transfer is measured. Works that need none are not to
// have it, since the collector would rest until as much again is used.
var given []float64

func give() {
	if len(given) > 0 {
		return
	}
	given = make([]float64, 50000000)
	for i := range given {
		given[i] = float64(i)
	}
}

func create(path string, opts ...h5.Option) error {
	for range 1000 {
		f, err := h5.Create(path, opts...)
		if err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return nil
}

func datasets(path string, opts ...h5.Option) error {
	f, err := h5.Create(path, opts...)
	if err != nil {
		return err
	}
	defer f.Close()
	values := make([]float64, 10)
	for i := range 1000 {
		if err := f.Set(fmt.Sprintf("dataset%04d", i), values); err != nil {
			return err
		}
	}
	return f.Close()
}

// opened runs work on the file at path.
func opened(path string, work func(*h5.File) error) error {
	f, err := h5.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return work(f)
}

func list(path string) error {
	return opened(path, func(f *h5.File) error {
		_, err := f.List(h5.ListOptions{Attributes: true})
		return err
	})
}

func names(path string) error {
	return opened(path, func(f *h5.File) error {
		g, err := f.Group("links")
		if err == nil {
			_, err = g.Keys()
		}
		return err
	})
}

func kinds(path string) error {
	return opened(path, func(f *h5.File) error {
		g, err := f.Group("links")
		if err == nil {
			_, err = g.Links()
		}
		return err
	})
}

func attrsWrite(path string) error {
	f, err := h5.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	for i := range 100 {
		g, err := f.CreateGroup(fmt.Sprintf("group%03d", i))
		if err != nil {
			return err
		}
		for j := range 100 {
			if err := g.SetAttr(fmt.Sprintf("attr%03d", j), 1.5); err != nil {
				return err
			}
		}
		g.Close()
	}
	return f.Close()
}

func attrsRead(path string) error { return opened(path, readAttrs) }

func readAttrs(f *h5.File) error {
	for i := range 100 {
		g, err := f.Group(fmt.Sprintf("group%03d", i))
		if err != nil {
			return err
		}
		for j := range 100 {
			a, err := g.Attr(fmt.Sprintf("attr%03d", j))
			if err != nil {
				return err
			}
			if v, err := a.Float64(); err != nil || v != 1.5 {
				return fmt.Errorf("%v is read as %v, %v", a, v, err)
			}
		}
		g.Close()
	}
	return nil
}

func floatsNew(path string) error {
	return withDataset(path, "x", func(d *h5.Dataset) error {
		_, err := h5.Read[float64](d)
		return err
	})
}

func floatsGiven(path string) error {
	give()
	return withDataset(path, "x", func(d *h5.Dataset) error {
		return d.ReadInto(&given)
	})
}

func floatsWrite(path string, n int, opts ...h5.Option) error {
	give()
	f, err := h5.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	d, err := f.CreateDataset("x", h5.Float64, h5.Shape{n}, opts...)
	if err != nil {
		return err
	}
	if err := d.Write(given[:n]); err != nil {
		return err
	}
	return f.Close()
}

func field(path string) error {
	return withDataset(path, "rows", func(d *h5.Dataset) error {
		_, err := d.Field("FLUX")
		return err
	})
}

func strided(path string) error {
	return withDataset(path, "x", func(d *h5.Dataset) error {
		_, err := h5.Read[float64](d, "::10")
		return err
	})
}

func fancy(path string) error {
	places := make([]int, 1000)
	for i := range places {
		places[i] = i*50000 + i*7919%50000
	}
	return withDataset(path, "x", func(d *h5.Dataset) error {
		_, err := h5.Read[float64](d, places)
		return err
	})
}

func small(path string) error {
	return withDataset(path, "x", func(d *h5.Dataset) error {
		part := make([]float64, 100)
		for i := range 10000 {
			lo := i * 4999
			if err := d.ReadInto(&part, h5.Range(lo, lo+100)); err != nil {
				return err
			}
		}
		return nil
	})
}

func withDataset(path, name string, do func(*h5.Dataset) error) error {
	return opened(path, func(f *h5.File) error {
		d, err := f.Dataset(name)
		if err != nil {
			return err
		}
		return do(d)
	})
}
