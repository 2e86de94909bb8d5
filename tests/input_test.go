package tests

import (
	"fmt"
	"testing"
)

// TestInput types what cells ask for. A cell that asks more often than there are answers is
// interrupted at its next prompt; nil answers are a front end that takes no input.
func TestInput(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	for _, test := range []struct {
		code    string
		answers []string
		prompts string
		want    string // value, or kind of failure and what it says
	}{
		{`display.Input("name? ")`, []string{"Ada"}, "[[name?  false]]", "Ada"},
		{`secret := display.Password("word? "); len(secret)`, []string{"12345"}, "[[word?  true]]", "5"},
		{"var a, b int\nfmt.Scan(&a, &b)\na * b", []string{"6", "7"}, "[[ false] [ false]]", "42"},
		{"var word string; var n int\nfmt.Scanf(\"%s is %d\", &word, &n)\nword, n", []string{"it is 3"}, "[[ false]]", "it 3"},
		{"var line string\nfmt.Fscanln(os.Stdin, &line)\nline", []string{"x"}, "[[ false]]", "x"},
		{"in := bufio.NewScanner(os.Stdin)\nin.Scan()\none := in.Text()\nin.Scan()\none + in.Text()", []string{"a b", "c"}, "[[ false] [ false]]", "a bc"},
		{"line, _ := bufio.NewReader(os.Stdin).ReadString('\\n')\nline", []string{"x y"}, "[[ false]]", "x y\n"},
		{"text, _ := io.ReadAll(os.Stdin)\nstring(text)", []string{"x", "y", "\x04"}, "[[ false] [ false] [ false]]", "x\ny\n"},
		{`display.Input("more? ")`, []string{"\x04"}, "[[more?  false]]", "error: EOF"},
		{`display.Input("?")`, []string{}, "[[? false]]", "interrupted: the cell was interrupted; variables keep what they had"},
		{"var n int\nfmt.Scan(&n)", []string{}, "[[ false]]", "interrupted: the cell was interrupted; variables keep what they had"},
		{`display.Input("?")`, nil, "[]", "error: this front end takes no input while a cell runs"},
		{`display.Password("?")`, nil, "[]", "error: this front end takes no input while a cell runs"},
		{"var n int\nfmt.Scan(&n)", nil, "[]", "error: this front end takes no input while a cell runs"},
		{`display.Input("again? ")`, []string{"yes"}, "[[again?  false]]", "yes"},
	} {
		var o struct {
			outcome
			Prompts [][]any
		}
		k.ask(&o, map[string]any{"do": "ask", "code": test.code, "answers": test.answers, "timeout": 60})
		got := o.text()
		if o.Status != "ok" {
			got = o.Name + ": " + o.Value
		}
		if o.Failed != "" || got != test.want || fmt.Sprint(o.Prompts) != test.prompts {
			t.Errorf("%s\ngot %q after the prompts %v %s%s\nwant %q after %s", test.code, got, o.Prompts, o.Failed, o.Traceback, test.want, test.prompts)
		}
	}
}
