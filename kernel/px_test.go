package kernel

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gofive/kernel/engine"
	"gofive/mpi/launch"
)

func TestTargets(t *testing.T) {
	tests := []struct{ targets, want, fails string }{
		{"all", "[0-7]", ""},
		{"0", "[0]", ""},
		{"-1", "[7]", ""},
		{"0:4", "[0-3]", ""},
		{"::2", "[0,2,4,6]", ""},
		{"-2:", "[6-7]", ""},
		{"6:99", "[6-7]", ""},
		{"0,2-5", "[0,2-5]", ""},
		{"[0,3]", "[0,3]", ""},
		{"[ 3 , 1 ]", "[1,3]", ""},
		{"8", "", "there is no rank 8; the ranks are 0 to 7"},
		{"0-9", "", "there is no rank 9"},
		{"x", "", `"x" is no rank`},
		{"4:2", "", "names no rank"},
		{"0:4:0", "", "less than 1"},
		{"", "", "is no rank"},
	}
	for _, tt := range tests {
		got, err := targetSet(tt.targets, 8)
		switch {
		case tt.fails != "":
			if err == nil || !strings.Contains(err.Error(), tt.fails) {
				t.Errorf("targets %q: got %v, want an error with %q", tt.targets, err, tt.fails)
			}
		case err != nil || got.String() != tt.want:
			t.Errorf("targets %q: got %v, %v, want %s", tt.targets, got, err, tt.want)
		}
	}
}

func TestPxFlags(t *testing.T) {
	f := &pxFlags{}
	if err := f.parse([]string{"--noblock", "-t", "0:4", "-o", "later", "-r", "--grace", "0.5", "--progress-after=-1", "rest"}); err != nil {
		t.Fatal(err)
	}
	if !f.noblock || f.targets != "0:4" || f.output != "later" || f.group != "order" || f.graceTime() != 500*time.Millisecond || f.progressTime() != -1 || f.remaining[0] != "rest" {
		t.Errorf("got %+v", f)
	}
	if err := f.parse([]string{"--noblock", "--block", "--no-stream", "--stream"}); err != nil || f.noblock || f.noStream {
		t.Errorf("the last flag does not count: %+v, %v", f, err)
	}
	for args, want := range map[string]string{
		"--nosuch":                 "there is no flag --nosuch; the flags are",
		"--targets":                "--targets wants a value behind it",
		"--grace soon":             `--grace wants a number, not "soon"`,
		"--noblock=perhaps":        `--noblock wants true, false or nothing, not "perhaps"`,
		"--group-outputs x":        "type, engine or order",
		"--signal-on-interrupt 99": "SIGINT, SIGKILL or 0",
		"-o x":                     "add --noblock",
		"--grace -1":               "no time is that short",
	} {
		if err := f.parse(strings.Fields(args)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", args, err, want)
		}
	}
}

func TestClusterStartFlags(t *testing.T) {
	list, err := words(`-n 8 --launcher mpiexec --time 01:30:00 --idle 10m --args "--mca btl self" --keep`)
	if err != nil {
		t.Fatal(err)
	}
	config, keep, err := ParseClusterStart(list)
	if err != nil || !keep || config.Ranks != 8 || config.Launcher != launch.Mpirun || config.Time != 90*time.Minute ||
		config.Idle != 10*time.Minute || strings.Join(config.Args, "|") != "--mca|btl|self" {
		t.Errorf("got %+v, %v, %v", config, keep, err)
	}
	for args, want := range map[string]string{
		"":                    "how many ranks? -n 4 starts four",
		"-n 0":                "how many ranks?",
		"-n 4 --launcher pbs": `not "pbs"`,
		"-n 4 --time soon":    "give it as 1h30m",
		"-n 4 five":           `what is "five"?`,
		"-n four":             `-n wants a whole number, not "four"`,
		"-n 4 --idle 5":       `--idle wants a time such as 30m, not "5"`,
		"-n":                  "-n wants a whole number behind it",
		"-n 4 --keep=x":       `--keep wants true, false or nothing, not "x"`,

		"-n 4 --launcher local --nodes 5":     "--nodes 5 is for Slurm",
		"-n 4 --launcher local --partition x": "--partition x is for Slurm",
	} {
		if _, _, err := ParseClusterStart(strings.Fields(args)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", args, err, want)
		}
	}
	if _, _, err := ParseClusterStart(strings.Fields("-n 4 --launcher local --nodes 1")); err != nil {
		t.Error(err)
	}
	if _, err := words(`--args "x`); err == nil {
		t.Error("a quote that is not closed is taken")
	}
}

func TestLabels(t *testing.T) {
	for text, want := range map[string]string{
		"a\n":     "[0-1] a\n",
		"a\nb":    "[0-1] a\n[0-1] b\n",
		"":        "",
		"\n":      "[0-1] \n",
		"é\nx\n ": "[0-1] é\n[0-1] x\n[0-1]  \n",
	} {
		if got := string(labelled(launch.All(2), []byte(text))); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestRankFailures(t *testing.T) {
	boom := (&engine.Failure{Name: "panic", Value: "index out of range", Traceback: []string{"panic: index out of range", "", "cell In[3], line 3", "    x[4]"}}).Encode()
	stopped := (&engine.Failure{Name: "interrupted", Value: "the cell was interrupted", Traceback: []string{"interrupted: the cell was interrupted"}}).Encode()
	r := &pxRun{}
	f := r.failure(nil, &launch.Outcome{
		Failures: []launch.Failure{{Ranks: launch.Ranks(0, 2, 3), Payload: stopped}, {Ranks: launch.Ranks(1), Payload: boom}},
		Dead:     launch.Ranks(4), NeedsRestart: true,
	}, nil)
	if f.Name != "panic" || f.Value != "[1] index out of range, line 3; [0,2-3] interrupted; [4] died" {
		t.Errorf("got %s: %s", f.Name, f.Value)
	}
	text := strings.Join(f.Traceback, "\n")
	if !strings.Contains(text, "[1] \x1b[31mpanic: index out of range") || !strings.Contains(text, "%cluster restart") {
		t.Errorf("got %s", text)
	}
	if r.failure(nil, &launch.Outcome{}, nil) != nil {
		t.Error("a good end is a failure")
	}
}

func TestOnlyText(t *testing.T) {
	if text, ok := onlyText([]byte(`{"text/plain":"42"}`)); !ok || text != "42" {
		t.Errorf("got %q, %v", text, ok)
	}
	if _, ok := onlyText([]byte(`{"text/plain":"42","text/html":"<b>42</b>"}`)); ok {
		t.Error("a bundle with HTML is only text")
	}
}

func TestTidy(t *testing.T) {
	one := func(rank int, text string) launch.Output {
		return launch.Output{Ranks: launch.Ranks(rank), Kind: launch.Stdout, Payload: []byte(text)}
	}
	var got []string
	for _, o := range tidy([]launch.Output{one(2, "a"), one(1, "b"), one(2, "c"), one(0, "a"), one(1, "a"), one(0, "c"), one(2, "b")}) {
		got = append(got, o.Ranks.String()+string(o.Payload))
	}
	if text := strings.Join(got, " "); text != "[0,2]a [1]b [0,2]c [1]a [2]b" && text != "[1]b [0-2]a [0,2]c [2]b" {
		t.Errorf("got %s", text)
	}
}

func TestBarOf(t *testing.T) {
	tests := []struct {
		text, line string
		last, ok   bool
	}{
		{"\r1 of 2\x1b[K", "1 of 2", false, true},
		{"\r1 of 3\x1b[K\r2 of 3\x1b[K", "2 of 3", false, true},
		{"\r1 of 2\x1b[K\r2 of 2\x1b[K\n", "2 of 2", true, true},
		{"warned\n", "", false, false},
		{"\rhalf\x1b[K\nwarned\n", "", false, false},
		{"", "", false, false},
	}
	for _, tt := range tests {
		if line, last, ok := barOf([]byte(tt.text)); line != tt.line || last != tt.last || ok != tt.ok {
			t.Errorf("%q: got %q, %v, %v, want %q, %v, %v", tt.text, line, last, ok, tt.line, tt.last, tt.ok)
		}
	}
}

// TestTellFailed has ranks that come to their call, or answer, late: they are told of in a second line.
func TestTellFailed(t *testing.T) {
	failed := launch.Output{Ranks: launch.Ranks(1), Payload: (&engine.Failure{Name: "panic", Value: "no more"}).Encode()}
	wait := launch.Place{Ranks: launch.Ranks(0, 2), Text: "MPI_Allreduce", Waits: true}
	late := launch.Place{Ranks: launch.Ranks(3), Text: "line 5"}
	silent := launch.Place{Ranks: launch.Ranks(3), Silent: true}
	there := launch.Place{Ranks: launch.Ranks(0, 2, 3), Text: "MPI_Allreduce", Waits: true}
	for name, c := range map[string]struct {
		first, then launch.Place
		after       time.Duration // the second
		want        string
	}{
		"at once":   {launch.Place{}, launch.Place{}, 0, "[1] no more; [0,2] wait in MPI_Allreduce\n"},
		"soon":      {late, there, 50 * time.Millisecond, "[1] no more; [0,2-3] wait in MPI_Allreduce\n"},
		"later":     {late, there, time.Second, "[1] no more; [0,2] wait in MPI_Allreduce; [3] run line 5\n[0,2-3] wait in MPI_Allreduce\n"},
		"answers":   {silent, there, time.Second, "[1] no more; [0,2] wait in MPI_Allreduce\n[0,2-3] wait in MPI_Allreduce\n"},
		"never":     {silent, silent, 0, "[1] no more; [0,2] wait in MPI_Allreduce\n"},
		"it ends":   {late, late, -time.Millisecond, ""},
		"meanwhile": {late, late, -time.Second, "[1] no more; [0,2] wait in MPI_Allreduce; [3] run line 5\n"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				r := &pxRun{out: &Output{}, done: make(chan struct{})}
				r.out.capture()
				r.where = func(context.Context) []launch.Place {
					switch {
					case c.after < 0 || time.Since(begun) < c.after:
						return []launch.Place{wait, c.first}
					case c.then.Ranks.Has(0):
						return []launch.Place{c.then}
					}
					return []launch.Place{wait, c.then}
				}
				if c.after < 0 {
					time.AfterFunc(-c.after, func() { r.end(nil, 0) })
				}
				r.tellFailed(failed)
				if text, _ := r.out.captured(); text != c.want {
					t.Errorf("told %q, want %q", text, c.want)
				}
			})
		})
	}
}
