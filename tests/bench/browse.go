package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"
	"time"

	"gofive/h5"
	"gofive/h5/h5browse"
)

// The file that pages look into: a line of very many points, and a group of very many members.
const (
	browsePoints  = 100_000_000
	browseMembers = 10_000
	browsePage    = 1000
)

// browse asks of the file, which is made when it is missing, what a page asks that zooms into a long line and
// expands a large group. It prints milliseconds from request to answer.
func browse(path string, n int) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := makeBrowsed(path); err != nil {
			return err
		}
	}
	p := newPage()
	first := p.ask(map[string]any{"op": "decimate", "path": "/x", "width": 1000}, path)
	var zooms []time.Duration
	for range n {
		width := 1000 + rand.IntN(browsePoints-1000)>>rand.IntN(16)
		at := rand.IntN(browsePoints - width)
		zooms = append(zooms, p.ask(map[string]any{"op": "decimate", "path": "/x", "width": 1000, "sel": fmt.Sprintf("%d:%d", at, at+width)}, path))
	}
	var expands []time.Duration
	for range max(1, n/10) {
		var all time.Duration
		for from := 0; from < browseMembers; from += browsePage {
			all += p.ask(map[string]any{"op": "list", "path": "/many", "offset": from, "limit": browsePage}, path)
		}
		expands = append(expands, all)
	}
	slices.Sort(zooms)
	fmt.Printf("%d points: first drawing %.0f ms, then a zoom %.1f ms, 95 of 100 below %.1f ms, the slowest of %d %.1f ms\n",
		browsePoints, ms(first), ms(median(zooms)), ms(zooms[len(zooms)*95/100]), n, ms(zooms[len(zooms)-1]))
	fmt.Printf("%d members in pages of %d: %.0f ms\n", browseMembers, browsePage, ms(median(expands)))
	return p.failed
}

// page is a page that asks one thing after the other.
type page struct {
	browser  *h5browse.Browser
	answered chan json.RawMessage
	asked    int64
	failed   error
}

func newPage() *page {
	p := &page{answered: make(chan json.RawMessage, 1)}
	p.browser = h5browse.New(h5browse.Options{
		Send: func(_ string, _ int64, last bool, data json.RawMessage, _ [][]byte) {
			if last {
				p.answered <- data
			}
		},
		Close: func(string) {},
	})
	p.browser.Open("page", json.RawMessage(`{"v":1}`), false)
	return p
}

// ask asks, and gives the time until the answer.
func (p *page) ask(fields map[string]any, path string) time.Duration {
	p.asked++
	fields["v"], fields["id"], fields["file"] = 1, p.asked, "path:"+path
	raw, err := json.Marshal(fields)
	if err != nil {
		p.failed = err
		return 0
	}
	begun := time.Now()
	p.browser.Request("page", p.asked, raw)
	data := <-p.answered
	took := time.Since(begun)
	var answer struct {
		OK    bool
		Error json.RawMessage
	}
	if err := json.Unmarshal(data, &answer); err != nil || !answer.OK {
		p.failed = fmt.Errorf("%s: %s", raw, answer.Error)
	}
	return took
}

// makeBrowsed makes the file: a random walk, shuffled and compressed in chunks of a megabyte.
func makeBrowsed(path string) error {
	f, err := h5.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	d, err := f.CreateDataset("x", h5.Float32, h5.Shape{browsePoints}, h5.DatasetCreate{Chunks: h5.Shape{1 << 18}, Shuffle: true, Gzip: 1})
	if err != nil {
		return err
	}
	walk, at := make([]float32, 1<<20), 0.0
	for from := 0; from < browsePoints; from += len(walk) {
		for i := range walk {
			at += rand.NormFloat64()
			walk[i] = float32(at)
		}
		n := min(len(walk), browsePoints-from)
		if err := d.Write(walk[:n], h5.Range(from, from+n)); err != nil {
			return err
		}
	}
	for i := range browseMembers {
		if err := f.Set(fmt.Sprintf("many/d%d", i), i); err != nil {
			return err
		}
	}
	return nil
}
