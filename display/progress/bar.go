// Package progress shows how far a loop or a long work is: a bar with how many, how fast and how long still,
// on one line that is brought up to date, from two seconds on. What is over sooner shows nothing.
//
// There are only a few names here. Over, Each, Map and Seq go through a loop as range does; New makes a Bar for
// whatever is no loop.
//
//	for i := range progress.Over(1_000_000) {
//		simulate(i)
//	}
//	for _, f := range progress.Each(files, "convert") {
//		convert(f)
//	}
package progress

import (
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"gofive/display"
)

const (
	after = 2 * time.Second        // what is over sooner shows no bar
	every = 100 * time.Millisecond // how often a bar is shown anew at most
)

// Bar shows how far something is: one display, brought up to date ten times a second at most. Its methods
// may be called from several goroutines.
type Bar struct {
	sink  display.Sink
	id    string
	begun time.Time

	mu      sync.Mutex
	at      state
	visible bool // it is on the page
	shown   time.Time
	due     *time.Timer // shows what was added since; nil when nothing was
}

// New makes a bar for n steps, of which Add tells; n is 0 when nobody knows how many there will be. In a cell
// it shows in the notebook; a compiled program shows it on standard error.
//
//	p := progress.New(len(files), "convert")
//	defer p.Done()
//	for _, f := range files {
//		convert(f)
//		p.Add(1)
//	}
func New(n int, label string) *Bar { return In(oneLine{os.Stderr}, n, label, time.Now()) }

// In is New for a Sink, of something that began a while ago.
func In(s display.Sink, n int, label string, begun time.Time) *Bar {
	p := &Bar{sink: s, id: rand.Text(), at: state{label: label, total: max(n, 0)}, begun: begun}
	p.mu.Lock() // the timer may be due at once
	defer p.mu.Unlock()
	p.due = time.AfterFunc(after-time.Since(begun), p.Refresh)
	return p
}

// Add tells that n more steps are done.
func (p *Bar) Add(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.at.done {
		return
	}
	p.at.count += n
	if p.due == nil {
		p.due = time.AfterFunc(every-time.Since(p.shown), p.Refresh)
	}
}

// Refresh shows at once what has been added, when it is time that a bar shows at all.
func (p *Bar) Refresh() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.due != nil && time.Since(p.begun) >= after {
		p.show()
	}
}

// Done ends the bar, which stays on the page as it is; when steps are missing it says that they are. Later
// calls do nothing.
func (p *Bar) Done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.at.done {
		return
	}
	p.at.done = true
	if p.visible || time.Since(p.begun) >= after { // the timer may be late
		p.show()
	} else {
		p.due.Stop()
	}
}

// show brings the display up to date; p.mu is held, so that an older state never follows a newer one.
func (p *Bar) show() {
	if p.due != nil {
		p.due.Stop()
		p.due = nil
	}
	p.shown = time.Now()
	p.at.took = p.shown.Sub(p.begun)
	if p.visible {
		p.sink.Update(p.at, p.id)
		return
	}
	p.visible = true
	p.sink.Display(p.at, p.id)
}

// MimeBundle gives the bar as it is now.
func (p *Bar) MimeBundle() map[string]any {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.at
	if !now.done {
		now.took = time.Since(p.begun)
	}
	return now.MimeBundle()
}

// state is how far a bar is.
type state struct {
	label        string
	count, total int
	took         time.Duration
	done         bool
}

// MimeBundle gives the bar in text, and as an element that HTML has for it; what it says in words stands
// where a front end drops that.
func (p state) MimeBundle() map[string]any {
	var m display.Markup
	m.Open("div").Text(p.label + " ")
	if p.total > 0 {
		m.Element("progress", p.percent(), display.Attr("value", fmt.Sprint(min(p.count, p.total))), display.Attr("max", fmt.Sprint(p.total)))
	}
	m.Text(" " + p.words()).Close()
	return map[string]any{display.TextPlain: p.text(), display.TextHTML: m.String()}
}

// text gives the bar as a line of text.
func (p state) text() string {
	line := ""
	if p.label != "" {
		line = display.Visible(p.label) + " "
	}
	if p.total > 0 {
		line += fmt.Sprintf("%4s %s ", p.percent(), p.blocks())
	}
	return line + p.words()
}

func (p state) percent() string { return fmt.Sprintf("%d%%", int(100*p.part())) }

// part is how much is done, 1 for all.
func (p state) part() float64 { return min(1, max(0, float64(p.count)/float64(p.total))) }

// blocks draws the bar with characters, eighths of one being the smallest step.
func (p state) blocks() string {
	const width = 20
	eighths := int(p.part() * width * 8)
	bar := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		bar += string([]rune(" ▏▎▍▌▋▊▉")[rest])
	}
	return "|" + bar + strings.Repeat(" ", width-(eighths+7)/8) + "|"
}

// words gives the numbers: how many, how fast, how long still.
func (p state) words() string {
	parts := []string{display.Count(p.count)}
	if p.total > 0 {
		parts[0] += " of " + display.Count(p.total)
	}
	switch {
	case p.done && p.count < p.total:
		parts = append(parts, "stopped after "+span(p.took))
	case p.done:
		parts[0] += " in " + span(p.took)
	}
	if p.count > 0 && p.took > 0 {
		parts = append(parts, pace(float64(p.count)/p.took.Seconds()))
		if left := p.total - p.count; left > 0 && !p.done {
			parts = append(parts, span(time.Duration(float64(p.took)/float64(p.count)*float64(left)))+" left")
		}
	}
	return strings.Join(parts, ", ")
}

// pace writes how many there are a second, or how long one takes.
func pace(perSecond float64) string {
	switch {
	case perSecond >= 100:
		return display.Count(int(perSecond)) + "/s"
	case perSecond >= 1:
		return fmt.Sprintf("%.1f/s", perSecond)
	}
	return span(time.Duration(float64(time.Second)/perSecond)) + " each"
}

// span writes a duration as people read it.
func span(d time.Duration) string {
	switch s := int(d.Seconds()); {
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case s < 60:
		return fmt.Sprintf("%d s", s)
	case s < 3600:
		return fmt.Sprintf("%d:%02d min", s/60, s%60)
	default:
		return fmt.Sprintf("%d:%02d h", s/3600, s/60%60)
	}
}

// oneLine is a Sink that writes each text over the one before, as terminals allow.
type oneLine struct{ w io.Writer }

func (l oneLine) Display(v any, _ string) {
	fmt.Fprintf(l.w, "\r%s\x1b[K", display.Render(v).Data[display.TextPlain])
	if p, ok := v.(state); ok && p.done {
		fmt.Fprintln(l.w)
	}
}

func (l oneLine) Update(v any, id string) { l.Display(v, id) }
