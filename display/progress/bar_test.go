package progress

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gofive/display"
)

// recorded is a Sink that keeps the text of what it is shown.
type recorded struct{ texts []string }

func (r *recorded) Display(v any, _ string) { r.texts = append(r.texts, "new "+text(v)) }
func (r *recorded) Update(v any, _ string)  { r.texts = append(r.texts, text(v)) }

func text(v any) string { return display.Render(v).Data[display.TextPlain].(string) }

func TestBar(t *testing.T) {
	for _, test := range []struct {
		name  string
		total int
		label string
		ago   time.Duration
		use   func(p *Bar)
		want  []string
	}{
		{"over before it shows", 3, "", 0, func(p *Bar) {
			time.Sleep(time.Second)
			p.Add(3)
			p.Refresh()
			p.Done()
			time.Sleep(time.Hour)
		}, nil},
		{"all", 4, "load", 0, func(p *Bar) {
			for range 4 {
				time.Sleep(900 * time.Millisecond)
				p.Add(1)
			}
			time.Sleep(400 * time.Millisecond)
			p.Done()
		}, []string{
			"new load  50% |██████████          | 2 of 4, 1.0/s, 2.0 s left",
			"load  75% |███████████████     | 3 of 4, 1.1/s, 0.9 s left",
			"load 100% |████████████████████| 4 of 4, 1.1/s",
			"load 100% |████████████████████| 4 of 4 in 4.0 s, 1.0/s",
		}},
		{"begun a while ago", 1000, "", 4 * time.Second, func(p *Bar) {
			p.Add(400)
			time.Sleep(time.Second)
			p.Done()
		}, []string{
			"new  40% |████████            | 400 of 1,000, 100/s, 6.0 s left",
			" 40% |████████            | 400 of 1,000, stopped after 5.0 s, 80.0/s",
		}},
		{"faster than it is shown", 7200, "", 0, func(p *Bar) {
			for range 7200 {
				time.Sleep(301 * time.Microsecond) // never at the moment when the bar is shown
				p.Add(1)
			}
			p.Done()
		}, []string{
			"new  92% |██████████████████▍ | 6,644 of 7,200, 3,322/s, 0.2 s left",
			" 96% |███████████████████▍| 6,976 of 7,200, 3,321/s, 0.1 s left",
			"100% |████████████████████| 7,200 of 7,200 in 2.2 s, 3,322/s",
		}},
		{"left early, and told so once", 10, "", 0, func(p *Bar) {
			p.Add(2)
			time.Sleep(time.Hour)
			p.Done()
			p.Add(1)
			p.Done()
		}, []string{
			"new  20% |████                | 2 of 10, 1.0/s, 8.0 s left",
			" 20% |████                | 2 of 10, stopped after 1:00 h, 30:00 min each",
		}},
		{"of unknown length", 0, "a\nb", 0, func(p *Bar) {
			time.Sleep(90 * time.Second)
			p.Add(4)
			p.Refresh()
			p.Refresh()
			p.Done()
		}, []string{`new a\nb 0`, `a\nb 4, 22 s each`, `a\nb 4 in 1:30 min, 22 s each`}},
		{"more than expected", 2, "", 0, func(p *Bar) {
			time.Sleep(5 * time.Second)
			p.Add(5)
			p.Done()
		}, []string{
			"new   0% |                    | 0 of 2",
			"100% |████████████████████| 5 of 2 in 5.0 s, 1.0/s",
		}},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &recorded{}
			test.use(In(s, test.total, test.label, time.Now().Add(-test.ago)))
			synctest.Wait()
			if got := strings.Join(s.texts, "\n"); got != strings.Join(test.want, "\n") {
				t.Errorf("%s: got\n%s\nwant\n%s", test.name, got, strings.Join(test.want, "\n"))
			}
		})
	}
}

// TestHTML says in words what the element shows, for front ends that drop it.
func TestHTML(t *testing.T) {
	got := display.Render(state{label: "<b>", count: 1, total: 4, took: time.Second}).Data[display.TextHTML]
	want := `<div>&lt;b&gt; <progress value="1" max="4">25%</progress> 1 of 4, 1.0/s, 3.0 s left</div>`
	if got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// TestPrograms writes one line over the other.
func TestPrograms(t *testing.T) {
	var b strings.Builder
	p := In(oneLine{&b}, 1, "", time.Now().Add(-time.Minute))
	p.Add(0)
	p.Refresh()
	p.Done()
	if got := fmt.Sprintf("%q", b.String()); !strings.HasPrefix(got, `"\r  0% |`) || !strings.Contains(got, `0 of 1\x1b[K\r  0%`) || !strings.HasSuffix(got, `\x1b[K\n"`) {
		t.Errorf("got %s", got)
	}
}

// TestLoops goes through every kind of loop, and leaves one.
func TestLoops(t *testing.T) {
	got := ""
	for i := range Over(uint8(3)) {
		got += fmt.Sprint(i)
	}
	for i, s := range Each([]string{"a", "b"}) {
		got += fmt.Sprint(i, s)
	}
	for k, v := range Map(map[string]int{"k": 7}, "with", "label") {
		got += fmt.Sprint(k, v)
	}
	for f := range Seq(func(yield func(float64) bool) { _ = yield(0.5) && yield(1.5) }, 0) {
		got += fmt.Sprint(f)
		break
	}
	if want := "0120a1bk70.5"; strings.ReplaceAll(got, " ", "") != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
