package display

import (
	"encoding/json"
	"fmt"
	"image"
	"math"
	"reflect"
	"strings"
	"testing"
)

type page struct{}

func (page) HTML() string   { return "<b>page</b>" }
func (page) Latex() string  { return "$p$" }
func (page) String() string { return "a page" }

type bundled struct{ page }

func (bundled) MimeBundle() map[string]any {
	return map[string]any{TextMarkdown: "*b*", AppJSON: map[string]int{"n": 1}}
}

type faulty struct{}

func (faulty) HTML() string     { panic("no page") }
func (faulty) Markdown() string { return "*kept*" }
func (faulty) JSON() any        { return math.NaN() }

type faultyBundle struct{}

func (faultyBundle) MimeBundle() map[string]any { panic("no bundle") }
func (faultyBundle) SVG() string                { return "<svg/>" }

type numberText struct{}

func (numberText) MimeBundle() map[string]any { return map[string]any{TextPlain: 3} }
func (numberText) String() string             { return "three" }

func TestRender(t *testing.T) {
	for _, test := range []struct {
		name string
		v    any
		want map[string]any
	}{
		{"nil", nil, map[string]any{TextPlain: "<nil>"}},
		{"number", 1 + 1, map[string]any{TextPlain: "2"}},
		{"slice", []float64{1, 2.5}, map[string]any{TextPlain: "[1 2.5]"}},
		{"error", fmt.Errorf("broken"), map[string]any{TextPlain: "broken"}},
		{"methods", page{}, map[string]any{TextHTML: "<b>page</b>", TextLatex: "$p$", TextPlain: "a page"}},
		{"bundle wins over methods", bundled{}, map[string]any{TextMarkdown: "*b*",
			AppJSON: json.RawMessage(`{"n":1}`), TextPlain: "a page"}},
		{"a panic costs its form", faulty{}, map[string]any{TextMarkdown: "*kept*", TextPlain: "{}"}},
		{"a panicking bundle leaves the methods", faultyBundle{}, map[string]any{ImageSVG: "<svg/>", TextPlain: "{}"}},
		{"text that is none", numberText{}, map[string]any{TextPlain: "three"}},
		{"HTML", HTML("<i>x</i>"), map[string]any{TextHTML: "<i>x</i>", TextPlain: "<i>x</i>"}},
		{"Markdown", Markdown("*x*"), map[string]any{TextMarkdown: "*x*", TextPlain: "*x*"}},
		{"Latex", Latex("$x$"), map[string]any{TextLatex: "$x$", TextPlain: "$x$"}},
		{"SVG", SVG("<svg/>"), map[string]any{ImageSVG: "<svg/>", TextPlain: "SVG picture of 6 bytes"}},
		{"JSON", JSON([]int{1, 2}), map[string]any{AppJSON: json.RawMessage(`[1,2]`), TextPlain: "[\n  1,\n  2\n]"}},
		{"JSON of NaN", JSON(math.NaN()), map[string]any{
			TextPlain: "display: no JSON of float64: json: unsupported value: NaN"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Render(test.v).Data; !reflect.DeepEqual(got, test.want) {
				t.Errorf("Render(%T)\n got %q\nwant %q", test.v, got, test.want)
			}
		})
	}
}

// TestTrouble tells of forms that could not be made.
func TestTrouble(t *testing.T) {
	for _, test := range []struct {
		v    any
		want string
	}{
		{page{}, "[]"},
		{faulty{}, "[display: application/json of float64: json: unsupported value: NaN display: panic in method HTML: no page]"},
		{faultyBundle{}, "[display: panic in method MimeBundle: no bundle]"},
		{Bundle{Data: map[string]any{AppJSON: math.NaN()}}, "[display: application/json of float64: json: unsupported value: NaN]"},
	} {
		if got := fmt.Sprint(Render(test.v).Trouble); got != test.want {
			t.Errorf("%T: got %s, want %s", test.v, got, test.want)
		}
	}
}

func TestRenderPictures(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 3, 2))
	b := Render(img)
	pixels, _ := b.Data[ImagePNG].([]byte)
	if want := "image of 3 x 2 pixels (*image.Gray)"; b.Data[TextPlain] != want {
		t.Errorf("got %q, want %q", b.Data[TextPlain], want)
	}
	if got := Render(PNG(pixels)).Data[TextPlain]; got != "PNG picture of 3 x 2 pixels" {
		t.Errorf("PNG of the encoded image says %q", got)
	}
	if got := Render(JPEG("none")).Data[TextPlain]; got != "JPEG picture that cannot be decoded: image: unknown format" {
		t.Errorf("JPEG of garbage says %q", got)
	}
}

func TestRenderViewers(t *testing.T) {
	shared := map[string]any{TextHTML: "<p>seen</p>"}
	panics := func(any) (Bundle, bool) { panic("viewer") }
	ignores := func(any) (Bundle, bool) { return Bundle{}, false }
	sees := func(v any) (Bundle, bool) { return Bundle{Data: shared}, v == 7 }
	got := Render(7, panics, ignores, sees).Data
	if got[TextHTML] != "<p>seen</p>" || got[TextPlain] != "7" {
		t.Errorf("viewer's bundle: got %q", got)
	}
	if len(shared) != 1 {
		t.Errorf("Render changed the viewer's own map: %q", shared)
	}
	if got := Render(8, sees).Data; got[TextHTML] != nil || got[TextPlain] != "8" {
		t.Errorf("value of no viewer: got %q", got)
	}
}

func TestBundleTravels(t *testing.T) {
	raw, err := Render(PNG("ab")).MarshalData()
	if err != nil || !strings.Contains(string(raw), `"image/png":"YWI="`) {
		t.Errorf("got %s, %v: binary forms travel as base64", raw, err)
	}
	if raw, err := (Bundle{}).MarshalMetadata(); string(raw) != "{}" || err != nil {
		t.Errorf("no metadata: got %s, %v, want {}", raw, err)
	}
}

func TestVisible(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"", ""},
		{"wavelength [Å] ²", "wavelength [Å] ²"},
		{"日本 😀", "日本 😀"},
		{"a\nb\tc\r", `a\nb\tc\r`},
		{"\x1b[31mred", `\x1b[31mred`},
		{"evil\u202egpj", `evil\u202egpj`},
		{"zero\u200bwidth\ufeff", `zero\u200bwidth\ufeff`},
		{"\u2028line", `\u2028line`},
		{"bad\xff\xfe", `bad\xff\xfe`},
		{"real \ufffd", "real \ufffd"},
		{"tag\U000e0041", `tag\U000e0041`},
	} {
		if got := Visible(test.in); got != test.want {
			t.Errorf("Visible(%q) = %q, want %q", test.in, got, test.want)
		}
	}
	if got := VisibleLines("a\n\tb\x00"); got != "a\n\tb\\x00" {
		t.Errorf("VisibleLines keeps breaks and tabs only: got %q", got)
	}
}

func TestShort(t *testing.T) {
	for _, test := range []struct {
		in   string
		max  int
		want string
	}{
		{"short", 5, "short"},
		{"shorter", 5, "shor…"},
		{"日本日本日本", 3, "日本…"},
		{strings.Repeat("x", 1<<20), 3, "xx…"},
		{strings.Repeat("\xff", 1<<20), 3, `\x…`},
	} {
		if got := Short(test.in, test.max); got != test.want {
			t.Errorf("Short(%.20q, %d) = %q, want %q", test.in, test.max, got, test.want)
		}
	}
}

func ExampleShow() {
	Show(Markdown("**3** fibers"), []int{1, 2})
	// Output:
	// **3** fibers
	// [1 2]
}
