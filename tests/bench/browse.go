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
	browseSlice   = 100_000
)

// browse asks of the file, which is made when it is missing, what a page asks that looks at a long line, zooms into
// it and expands a large group. It prints milliseconds from request to answer, as JSON for browse.py.
func browse(path string, n int) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := makeBrowsed(path); err != nil {
			return err
		}
	}
	p := newPage()
	found := map[string]float64{}
	p.early = func(took time.Duration) {
		if found["early"] == 0 {
			found["early"] = ms(took)
		}
	}
	file := "path:" + path
	found["first"] = ms(p.ask(draw(file, 0, browsePoints)))
	found["again"] = ms(p.ask(draw(file, 0, browsePoints)))
	found["zoom"], found["worst"] = p.zooms(file, n)
	found["slice"] = ms(median(timed(n, func() time.Duration {
		at := rand.IntN(browsePoints - browseSlice)
		return p.ask(map[string]any{"op": "slice", "file": file, "path": "/x", "sel": fmt.Sprintf("%d:%d", at, at+browseSlice)})
	})))
	list := func(from, limit int) time.Duration {
		return p.ask(map[string]any{"op": "list", "file": file, "path": "/many", "offset": from, "limit": limit})
	}
	found["page"] = ms(median(timed(n, func() time.Duration { return list(0, 200) })))
	found["members"] = ms(median(timed(max(1, n/10), func() (all time.Duration) {
		for from := 0; from < browseMembers; from += browsePage {
			all += list(from, browsePage)
		}
		return all
	})))
	p.ask(map[string]any{"op": "close", "file": file})
	if err := p.written(path, n, found); err != nil {
		return err
	}
	if p.failed != nil {
		return p.failed
	}
	return json.NewEncoder(os.Stdout).Encode(found)
}

// written zooms into the line while the file is open for writing, after each write of a few points.
func (p *page) written(path string, n int, found map[string]float64) error {
	f, err := h5.OpenFile(path, "r+")
	if err != nil {
		return err
	}
	defer f.Close()
	d, err := f.Dataset("x")
	if err != nil {
		return err
	}
	p.ask(draw("path:"+path, 0, browsePoints))
	zooms := timed(n, func() time.Duration {
		at := rand.IntN(browsePoints - 10)
		if err := d.Write(float32(0), h5.Range(at, at+10)); err != nil {
			p.failed = err
		}
		return p.ask(draw("path:"+path, at/2, browsePoints-(browsePoints-at)/2))
	})
	found["written"] = ms(median(zooms))
	return nil
}

// zooms gives the milliseconds of a zoom, and those that 95 of 100 stay below.
func (p *page) zooms(file string, n int) (usual, worst float64) {
	took := timed(n, func() time.Duration {
		width := 1000 + rand.IntN(browsePoints-1000)>>rand.IntN(16)
		at := rand.IntN(browsePoints - width)
		return p.ask(draw(file, at, at+width))
	})
	slices.Sort(took)
	return ms(median(took)), ms(took[len(took)*95/100])
}

// draw asks for part of the line.
func draw(file string, from, to int) map[string]any {
	return map[string]any{"op": "decimate", "file": file, "path": "/x", "width": 1000, "sel": fmt.Sprintf("%d:%d", from, to)}
}

func timed(n int, work func() time.Duration) []time.Duration {
	out := make([]time.Duration, n)
	for i := range out {
		out[i] = work()
	}
	return out
}

// page is a page that asks one thing after the other.
type page struct {
	browser  *h5browse.Browser
	answered chan json.RawMessage
	asked    int64
	failed   error
	begun    time.Time
	early    func(took time.Duration) // hears of what is drawn before the end
}

func newPage() *page {
	p := &page{answered: make(chan json.RawMessage, 1)}
	p.browser = h5browse.New(h5browse.Options{
		Send: func(_ string, _ int64, last bool, data json.RawMessage, buffers [][]byte) {
			switch {
			case last:
				p.answered <- data
			case buffers != nil:
				p.early(time.Since(p.begun))
			}
		},
		Close: func(string) {},
	})
	p.browser.Open("page", json.RawMessage(`{"v":1}`), false)
	return p
}

// ask asks, and gives the time until the answer.
func (p *page) ask(fields map[string]any) time.Duration {
	p.asked++
	fields["v"], fields["id"] = 1, p.asked
	raw, err := json.Marshal(fields)
	if err != nil {
		p.failed = err
		return 0
	}
	p.begun = time.Now()
	p.browser.Request("page", p.asked, raw)
	data := <-p.answered
	took := time.Since(p.begun)
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
