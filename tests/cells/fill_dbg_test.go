package cells

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestFill(t *testing.T) {
	b, _ := os.ReadFile(os.Getenv("F"))
	for _, c := range strings.Split("\n"+string(b), "\n=== ")[1:] {
		name, body, _ := strings.Cut(c, "\n")
		name = strings.TrimSpace(name)
		body = strings.TrimRight(body, "\n")
		nb, _ := NewNotebook()
		var out []string
		for _, src := range strings.Split(body, "\n---\n") {
			cell := NewCell(src)
			before := strings.Split(src, "\n")
			if want := cell.Marks["=>"]; len(want) == 1 && strings.HasSuffix(want[0], "?") {
				r := nb.Run(cell)
				if r.Failure != "" {
					fmt.Printf("%s: FAIL %s\n", name, r.Failure)
					r.Result = "FAILED"
				}
				typ := "multi"
				if !strings.HasPrefix(want[0], "multi") {
					typ = ""
					nb2, _ := NewNotebook()
					for _, o := range out {
						nb2.Run(NewCell(o))
					}
					lines := strings.Split(cell.Code, "\n")
					for i := len(lines) - 1; i >= 0; i-- {
						if strings.TrimSpace(lines[i]) != "" {
							lines[i] = "fmt.Printf(\"@%T@\", " + lines[i] + ")"
							break
						}
					}
					r2 := nb2.Run(Cell{Code: strings.Join(lines, "\n")})
					if p := strings.Split(r2.Out, "@"); len(p) >= 3 {
						typ = p[len(p)-2]
					}
					if typ == "" || strings.Contains(typ, " ") {
						fmt.Printf("%s: TYPE? %q %s\n", name, typ, r2.Failure)
					}
				}
				for i, l := range before {
					if strings.Contains(l, "// => ") && strings.HasSuffix(l, "?") {
						before[i] = l[:strings.Index(l, "// => ")] + "// => " + typ + " " + r.Result
					}
				}
			} else {
				r := nb.Run(cell)
				if err := cell.Judge(r); err != nil {
					fmt.Printf("%s: JUDGE %v\n", name, err)
				}
			}
			out = append(out, strings.Join(before, "\n"))
		}
		os.WriteFile(os.Getenv("OUT")+"/"+name+".cells", []byte(strings.Join(out, "\n---\n")+"\n"), 0644)
	}
}
