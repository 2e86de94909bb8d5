package display

import (
	"fmt"
	"strings"
	"testing"
)

// recorded is a Sink that keeps the text of what it is shown.
type recorded struct{ texts []string }

func (r *recorded) Display(v any, _ string) { r.Update(v, "") }
func (r *recorded) Update(v any, _ string) {
	r.texts = append(r.texts, Render(v).Data[TextPlain].(string))
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
