package h5_test

import (
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"gofive/h5"
)

// sampleFile writes the small file that the examples read.
func sampleFile() (path string, remove func()) {
	dir, err := os.MkdirTemp("", "h5-example-")
	if err != nil {
		log.Fatal(err)
	}
	path = filepath.Join(dir, "sample.h5")
	f, err := h5.Create(path)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	rows := []struct {
		WAVE float64
		FLUX float32
	}{{3600, 1.5}, {3601, 2.5}, {3602, 2}, {3603, 1}}
	if err := f.Set("3655/55240/30/coadd", rows); err != nil {
		log.Fatal(err)
	}
	d, err := f.Dataset("3655/55240/30/coadd")
	if err != nil {
		log.Fatal(err)
	}
	if err := d.SetAttr("BUNIT", "1e-17 erg/cm^2/s/Ang"); err != nil {
		log.Fatal(err)
	}
	return path, func() { os.RemoveAll(dir) }
}

func Example() {
	path, remove := sampleFile()
	defer remove()

	f, err := h5.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	coadd, err := f.Dataset("3655/55240/30/coadd")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(coadd)
	flux, _ := coadd.Field("FLUX", "::2")
	fmt.Println(flux)
	rows, _ := coadd.Slice("1:3")
	fmt.Println(rows)
	attrs, _ := coadd.Attrs()
	fmt.Println(attrs)
	// Output:
	// dataset /3655/55240/30/coadd  (4)  {WAVE float64, FLUX float32}
	// float32 (2) [1.5 2]
	//    WAVE  FLUX
	// 0  3601   2.5
	// 1  3602     2
	// (2 rows, 2 columns)
	// BUNIT = "1e-17 erg/cm^2/s/Ang"
}

func ExampleRead() {
	path, remove := sampleFile()
	defer remove()
	f, err := h5.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	d, err := f.Dataset("3655/55240/30/coadd")
	if err != nil {
		log.Fatal(err)
	}

	type Row struct {
		Flux float64
		W    float64 `h5:"WAVE"`
	}
	rows, err := h5.Read[Row](d, h5.Range(-2, 4))
	fmt.Println(rows, err)
	// Output: [{2 3602} {1 3603}] <nil>
}

func ExampleFile_Get() {
	path, remove := sampleFile()
	defer remove()
	f, err := h5.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()

	_, err = f.Get("3655/55241/30")
	var e *h5.Error
	fmt.Println(errors.Is(err, h5.ErrNotFound), errors.As(err, &e))
	fmt.Println(e.Reason)
	fmt.Println(e.Hint)
	// Output:
	// true true
	// there is no "55241" in /3655
	// did you mean "55240"? /3655 holds "55240"
}

func ExampleFile_CreateDataset() {
	path, remove := sampleFile()
	defer remove()
	f, err := h5.OpenFile(path, "r+")
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()

	d, err := f.CreateDataset("run1/image", h5.Float32, h5.Shape{100, 100},
		h5.DatasetCreate{Chunks: h5.Shape{10, 100}, MaxShape: h5.Shape{h5.Unlimited, 100}, Gzip: 4, Shuffle: true})
	if err != nil {
		log.Fatal(err)
	}
	if err := d.Write([]float64{1, 2, 3}, "5, :3"); err != nil {
		log.Fatal(err)
	}
	part, _ := d.Slice("4:6, :4")
	fmt.Println(part)
	info, _ := d.Info()
	fmt.Println(info.Kind, info.Layout, info.Filters)
	// Output:
	// float32 (2, 4) [[0 0 0 0] [1 2 3 0]]
	// dataset chunked [shuffle gzip(4)]
}

func ExampleGroup_Walk() {
	path, remove := sampleFile()
	defer remove()
	f, err := h5.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()

	err = f.Walk(func(e h5.Entry) error {
		fmt.Println(e)
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// /3655  group
	// /3655/55240  group
	// /3655/55240/30  group
	// /3655/55240/30/coadd  dataset  (4)  {WAVE float64, FLUX float32}
}
