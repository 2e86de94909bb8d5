package display

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// recorded is a Sink that keeps the text of what it is shown.
type recorded struct{ texts []string }

func (r *recorded) Display(v any, _ string) { r.Update(v, "") }
func (r *recorded) Update(v any, _ string) {
	r.texts = append(r.texts, Render(v).Data[TextPlain].(string))
}

func TestProgress(t *testing.T) {
	for _, test := range []struct {
		name  string
		total int
		label string
		use   func(p *ProgressBar)
		want  []string
	}{
		{"all", 3, "load", func(p *ProgressBar) {
			for range 3 {
				time.Sleep(time.Second)
				p.Add(1)
			}
			time.Sleep(time.Second)
			p.Done()
		}, []string{
			"load   0% |                    | 0 of 3",
			"load  33% |██████▋             | 1 of 3, 1.0/s, 2.0 s left",
			"load  66% |█████████████▎      | 2 of 3, 1.0/s, 1.0 s left",
			"load 100% |████████████████████| 3 of 3, 1.0/s",
			"load 100% |████████████████████| 3 of 3 in 4.0 s, 1.3 s each",
		}},
		{"faster than it is shown", 900, "", func(p *ProgressBar) {
			for range 900 {
				time.Sleep(300 * time.Microsecond)
				p.Add(1)
			}
			p.Done()
		}, []string{
			"  0% |                    | 0 of 900",
			" 37% |███████▍            | 333 of 900, 3,330/s, 0.2 s left",
			" 74% |██████████████▊     | 666 of 900, 3,330/s, 0.1 s left",
			"100% |████████████████████| 900 of 900 in 0.3 s, 3,333/s",
		}},
		{"left early, and told so once", 10, "", func(p *ProgressBar) {
			p.Add(2)
			time.Sleep(time.Hour)
			p.Done()
			p.Add(1)
			p.Done()
		}, []string{
			"  0% |                    | 0 of 10",
			" 20% |████                | 2 of 10, 20.0/s, 0.4 s left",
			" 20% |████                | 2 of 10, stopped after 1:00 h, 30:00 min each",
		}},
		{"of unknown length", 0, "a\nb", func(p *ProgressBar) {
			time.Sleep(90 * time.Second)
			p.Add(4)
			p.Refresh()
			p.Refresh()
		}, []string{`a\nb 0`, `a\nb 4, 22 s each`}},
		{"more than expected", 2, "", func(p *ProgressBar) {
			time.Sleep(time.Second)
			p.Add(5)
			p.Done()
		}, []string{
			"  0% |                    | 0 of 2",
			"100% |████████████████████| 5 of 2 in 1.0 s, 5.0/s",
		}},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &recorded{}
			test.use(ProgressIn(s, test.total, test.label))
			synctest.Wait()
			if got := strings.Join(s.texts, "\n"); got != strings.Join(test.want, "\n") {
				t.Errorf("%s: got\n%s\nwant\n%s", test.name, got, strings.Join(test.want, "\n"))
			}
		})
	}
}

// TestProgressHTML says in words what the element shows, for front ends that drop it.
func TestProgressHTML(t *testing.T) {
	got := Render(progress{label: "<b>", count: 1, total: 4, took: time.Second}).Data[TextHTML]
	want := `<div>&lt;b&gt; <progress value="1" max="4">25%</progress> 1 of 4, 1.0/s, 3.0 s left</div>`
	if got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// TestProgressOfPrograms writes one line over the other.
func TestProgressOfPrograms(t *testing.T) {
	var b strings.Builder
	p := ProgressIn(oneLine{&b}, 1, "")
	p.Done()
	if got := fmt.Sprintf("%q", b.String()); !strings.HasPrefix(got, `"\r  0% |`) || !strings.Contains(got, `0 of 1\x1b[K\r  0%`) || !strings.HasSuffix(got, `\x1b[K\n"`) {
		t.Errorf("got %s", got)
	}
}

func TestHandle(t *testing.T) {
	s := &recorded{}
	h := ShowIn(s, 1, Markdown("*a*"))
	h.Update(2, HTML("<b>"))
	if got := fmt.Sprint(s.texts); got != "[1 *a* 2 <b>]" {
		t.Errorf("got %s", got)
	}
	defer func() {
		if p := fmt.Sprint(recover()); !strings.Contains(p, "update with 1 values where 2 are shown") {
			t.Errorf("got %s", p)
		}
	}()
	h.Update(3)
}
