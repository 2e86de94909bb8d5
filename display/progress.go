package display

import (
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

// progressEvery is how often a bar is shown anew at most.
const progressEvery = 100 * time.Millisecond

// ProgressBar shows how far something is: one display, brought up to date ten times a second at most.
// Its methods may be called from several goroutines.
type ProgressBar struct {
	sink Sink
	id   string

	mu    sync.Mutex
	at    progress
	begun time.Time
	shown time.Time
	due   *time.Timer // shows what was added since; nil when nothing was
}

// Progress shows a bar for n steps, of which Add tells; n is 0 when nobody knows how many there will be. A
// compiled program shows it on standard error.
//
//	p := display.Progress(len(files), "convert")
//	defer p.Done()
//	for _, f := range files {
//		convert(f)
//		p.Add(1)
//	}
func Progress(n int, label string) *ProgressBar { return ProgressIn(oneLine{os.Stderr}, n, label) }

// ProgressIn is Progress for a Sink.
func ProgressIn(s Sink, n int, label string) *ProgressBar {
	now := time.Now()
	p := &ProgressBar{sink: s, id: rand.Text(), at: progress{label: label, total: max(n, 0)}, begun: now, shown: now}
	s.Display(p.at, p.id)
	return p
}

// Add tells that n more steps are done.
func (p *ProgressBar) Add(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.at.done {
		return
	}
	p.at.count += n
	if p.due == nil {
		p.due = time.AfterFunc(progressEvery-time.Since(p.shown), p.Refresh)
	}
}

// Refresh shows at once what has been added.
func (p *ProgressBar) Refresh() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.due != nil {
		p.show()
	}
}

// Done ends the bar, which stays on the page as it is; when steps are missing it says that they are. Later
// calls do nothing.
func (p *ProgressBar) Done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.at.done {
		p.at.done = true
		p.show()
	}
}

// show brings the display up to date; p.mu is held, so that an older state never follows a newer one.
func (p *ProgressBar) show() {
	if p.due != nil {
		p.due.Stop()
		p.due = nil
	}
	p.shown = time.Now()
	p.at.took = p.shown.Sub(p.begun)
	p.sink.Update(p.at, p.id)
}

// MimeBundle gives the bar as it is now.
func (p *ProgressBar) MimeBundle() map[string]any {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.at
	if !now.done {
		now.took = time.Since(p.begun)
	}
	return now.MimeBundle()
}

// progress is the state of a bar.
type progress struct {
	label        string
	count, total int
	took         time.Duration
	done         bool
}

// MimeBundle gives the bar in text, and as an element that HTML has for it; what it says in words stands
// where a front end drops that.
func (p progress) MimeBundle() map[string]any {
	var m Markup
	m.Open("div").Text(p.label + " ")
	if p.total > 0 {
		m.Element("progress", p.percent(), Attr("value", fmt.Sprint(min(p.count, p.total))), Attr("max", fmt.Sprint(p.total)))
	}
	m.Text(" " + p.words()).Close()
	return map[string]any{TextPlain: p.text(), TextHTML: m.String()}
}

// text gives the bar as a line of text.
func (p progress) text() string {
	line := ""
	if p.label != "" {
		line = Visible(p.label) + " "
	}
	if p.total > 0 {
		line += fmt.Sprintf("%4s %s ", p.percent(), p.blocks())
	}
	return line + p.words()
}

func (p progress) percent() string { return fmt.Sprintf("%d%%", int(100*p.part())) }

// part is how much is done, 1 for all.
func (p progress) part() float64 { return min(1, max(0, float64(p.count)/float64(p.total))) }

// blocks draws the bar with characters, eighths of one being the smallest step.
func (p progress) blocks() string {
	const width = 20
	eighths := int(p.part() * width * 8)
	bar := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		bar += string([]rune(" ▏▎▍▌▋▊▉")[rest])
	}
	return "|" + bar + strings.Repeat(" ", width-(eighths+7)/8) + "|"
}

// words gives the numbers: how many, how fast, how long still.
func (p progress) words() string {
	parts := []string{Count(p.count)}
	if p.total > 0 {
		parts[0] += " of " + Count(p.total)
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
		return Count(int(perSecond)) + "/s"
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
	fmt.Fprintf(l.w, "\r%s\x1b[K", Render(v).Data[TextPlain])
	if p, ok := v.(progress); ok && p.done {
		fmt.Fprintln(l.w)
	}
}

func (l oneLine) Update(v any, id string) { l.Display(v, id) }
