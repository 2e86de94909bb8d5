package h5_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"gofive/h5"
)

// A dataset that grows, in compressed chunks, with a label and a scale on its first axis.
func ExampleDatasetCreate() {
	dir, err := os.MkdirTemp("", "h5-example-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	f, err := h5.Create(filepath.Join(dir, "run.h5"))
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	flux, err := f.CreateDataset("flux", h5.Float32, h5.Shape{0, 3}, h5.DatasetCreate{
		MaxShape: h5.Shape{h5.Unlimited, 3}, Shuffle: true, Gzip: 4, Fletcher32: true, Fill: -1})
	if err != nil {
		log.Fatal(err)
	}
	flux.Append([][]float32{{1, 2, 3}, {4, 5, 6}})
	flux.Append([]float32{7, 8, 9}) // one row
	fmt.Println(flux)
	if err := f.Set("t", []float64{0, 0.5, 1}); err != nil {
		log.Fatal(err)
	}
	t, _ := f.Dataset("t")
	flux.Dim(0).SetLabel("time")
	flux.Dim(0).Attach(t)
	fmt.Println(flux.Dim(0))
	_, err = f.CreateDataset("cube", h5.Float32, h5.Shape{64, 64}, h5.DatasetCreate{Chunks: h5.Shape{64, 65}})
	fmt.Println(err.(*h5.Error).Reason)
	// Output:
	// dataset /flux  (3, 3)  float32  chunks (8192, 3)  shuffle  gzip(4)  fletcher32
	// time: /t
	// chunks (64, 65) are longer than axis 1, which never gets longer than 64
}
