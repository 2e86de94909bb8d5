package launch

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestMain lets the test executable be the rank that it tests.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "rank" {
		if err := beRank(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if len(os.Args) > 1 && os.Args[1] == "shard" {
		if err := beShard(os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	flag.Parse()
	if os.Getenv("GOFIVE_TEST_KERNEL") != "" {
		os.Exit(m.Run())
	}
	root, err := os.MkdirTemp("", "launch-")
	if err != nil {
		panic(err)
	}
	os.Setenv(EnvClusters, root)
	code := m.Run()
	os.RemoveAll(root)
	os.Exit(code)
}

// beRank is a rank of the local launcher. GOFIVE_TEST_NODES spreads the ranks over that many nodes, which
// makes a tree of them.
func beRank() error {
	rank, _ := strconv.Atoi(os.Getenv(EnvLocalRank))
	size, _ := strconv.Atoi(os.Getenv(EnvLocalSize))
	nodes, _ := strconv.Atoi(os.Getenv("GOFIVE_TEST_NODES"))
	self := Self{Rank: rank, Size: size, LocalRank: rank, LocalSize: size, Host: "n0", PID: os.Getpid(), Build: os.Getenv("GOFIVE_TEST_BUILD")}
	if rank == 1 {
		self.Build += os.Getenv("GOFIVE_TEST_ODD")
	}
	if os.Getenv("GOFIVE_TEST_ALONE") != "" {
		self.Rank, self.Size, self.LocalRank, self.LocalSize = 0, 1, 0, 1
	}
	var exchange Exchange
	if nodes > 1 {
		each := (size + nodes - 1) / nodes
		self.Host, self.LocalRank = fmt.Sprint("n", rank/each), rank%each
		self.LocalSize = min(each, size-rank/each*each)
		exchange = func(blob []byte) ([][]byte, error) { return fileExchange(os.Getenv(EnvLocalDir), rank, size, blob) }
	}
	return Serve(context.Background(), os.Args[3], self, exchange, newScripted(self))
}

// fileExchange is an allgather through files.
func fileExchange(dir string, rank, size int, blob []byte) ([][]byte, error) {
	name := func(r int) string { return fmt.Sprintf("%s/blob-%d", dir, r) }
	if err := os.WriteFile(name(rank)+".new", blob, 0o600); err != nil {
		return nil, err
	}
	if err := os.Rename(name(rank)+".new", name(rank)); err != nil {
		return nil, err
	}
	blobs := make([][]byte, size)
	for r := range blobs {
		for end := time.Now().Add(20 * time.Second); ; time.Sleep(2 * time.Millisecond) {
			b, err := os.ReadFile(name(r))
			if err == nil {
				blobs[r] = b
				break
			}
			if time.Now().After(end) {
				return nil, err
			}
		}
	}
	return blobs, nil
}

// scripted is a Runner whose programs are lines of text, each "WHO VERB REST" with WHO a rank, "all",
// or "-N" for all but N:
//
//	all print TEXT     a line on stdout, %r is the rank
//	all write TEXT     the same without the end of the line
//	all later N TEXT   prints N lines of text 50 ms later, from a goroutine
//	all note TEXT      an event of kind Other
//	all sleep 20ms
//	all until FILE     waits until there is such a file
//	all barrier        waits in MPI until it is interrupted
//	all loop           computes until it is interrupted
//	all deaf 300ms     sleeps and cannot be interrupted
//	all fail TEXT
//	all die            kills its own process
//	all much N         about N bytes of text
//	all picture N      an event of N bytes
//	all set TEXT, all get    keep and print a variable
type scripted struct {
	self Self

	mu       sync.Mutex
	where    Where
	id       int64
	broken   chan struct{}
	renewals int
	value    string
}

func newScripted(self Self) *scripted { return &scripted{self: self} }

func (s *scripted) Run(id int64, program []byte, emit func(Event)) []byte {
	s.mu.Lock()
	s.id, s.broken = id, make(chan struct{})
	broken := s.broken
	s.mu.Unlock()
	defer s.at(Where{})
	for n, line := range strings.Split(strings.TrimSpace(string(program)), "\n") {
		who, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		verb, arg, _ := strings.Cut(rest, " ")
		if !s.meant(who) {
			continue
		}
		s.at(Where{Text: fmt.Sprint("line ", n+1)})
		if failure := s.do(verb, strings.ReplaceAll(arg, "%r", strconv.Itoa(s.self.Rank)), n+1, emit, broken); failure != "" {
			return []byte(failure)
		}
	}
	return nil
}

func (s *scripted) meant(who string) bool {
	not := strings.HasPrefix(who, "-")
	n, err := strconv.Atoi(strings.TrimPrefix(who, "-"))
	return err != nil || (n == s.self.Rank) != not
}

func (s *scripted) do(verb, arg string, line int, emit func(Event), broken chan struct{}) (failure string) {
	text := func(kind Kind, t string) { emit(Event{Kind: kind, Payload: []byte(t), Merge: true}) }
	switch verb {
	case "print":
		text(Stdout, arg+"\n")
	case "write":
		text(Stdout, arg)
	case "complain":
		text(Stderr, arg+"\n")
	case "later":
		n, line, _ := strings.Cut(arg, " ")
		times, _ := strconv.Atoi(n)
		time.AfterFunc(50*time.Millisecond, func() { text(Stdout, strings.Repeat(line+"\n", times)) })
	case "note":
		text(Other, arg)
	case "much":
		n, _ := strconv.Atoi(arg)
		text(Stdout, strings.Repeat(fmt.Sprintf("%d%s\n", s.self.Rank, strings.Repeat("x", 62)), n/64))
	case "picture":
		n, _ := strconv.Atoi(arg)
		emit(Event{Kind: Display, Payload: make([]byte, n)})
	case "set":
		s.value = arg
	case "get":
		text(Stdout, fmt.Sprintf("%s %d\n", s.value, s.renewals))
	case "sleep", "deaf":
		d, _ := time.ParseDuration(arg)
		if verb == "deaf" {
			s.at(Where{Text: "H5Dwrite, line 1"})
			broken = nil
		}
		select {
		case <-time.After(d):
		case <-broken:
			return "interrupted"
		}
	case "until":
		for {
			if _, err := os.Stat(arg); err == nil {
				return ""
			}
			select {
			case <-time.After(5 * time.Millisecond):
			case <-broken:
				return "interrupted"
			}
		}
	case "barrier", "loop":
		if verb == "barrier" {
			s.at(Where{Text: fmt.Sprintf("MPI_Barrier, line %d", line), Waits: true, Since: time.Now()})
		}
		<-broken
		return "interrupted"
	case "fail":
		return arg
	case "die":
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
	return ""
}

func (s *scripted) Interrupt(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.id != id {
		return
	}
	select {
	case <-s.broken:
	default:
		close(s.broken)
	}
}

func (s *scripted) Where() Where {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.where
}

func (s *scripted) at(w Where) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.where = w
}

func (s *scripted) Renew() error {
	s.renewals++
	return nil
}

// startLocal starts n ranks, over the given number of pretended nodes, and stops them when the test ends.
func startLocal(t testing.TB, n, nodes int, change ...func(*Config)) *Cluster {
	t.Helper()
	c, err := tryLocal(t, n, nodes, change...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Stop(context.Background()) })
	return c
}

func tryLocal(t testing.TB, n, nodes int, change ...func(*Config)) (*Cluster, error) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOFIVE_TEST_NODES", strconv.Itoa(nodes))
	config := Config{Ranks: n, Launcher: Local, Engine: self}
	for _, f := range change {
		f(&config)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return Start(ctx, config)
}

// transcript collects outputs as lines "[0-3] out hello".
type transcript struct {
	mu    sync.Mutex
	lines []string
	times []time.Time
}

var kindNames = map[Kind]string{Stdout: "out", Stderr: "err", Other: "other", Failed: "failed", Died: "died", State: "state", Note: "note"}

func (tr *transcript) show(o Output) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	for _, line := range strings.SplitAfter(string(o.Payload), "\n") {
		if line != "" || len(o.Payload) == 0 {
			tr.lines = append(tr.lines, fmt.Sprintf("%v %s %s", o.Ranks, kindNames[o.Kind], strings.TrimSuffix(line, "\n")))
			tr.times = append(tr.times, time.Now())
		}
	}
}

func (tr *transcript) String() string {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	return strings.Join(tr.lines, "\n")
}

// find waits for a line that holds the text and gives when it came.
func (tr *transcript) find(t testing.TB, text string) time.Time {
	t.Helper()
	return tr.match(t, regexp.QuoteMeta(text))
}

// match is find for a regular expression.
func (tr *transcript) match(t testing.TB, text string) time.Time {
	t.Helper()
	pattern := regexp.MustCompile(text)
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		tr.mu.Lock()
		for i, line := range tr.lines {
			if pattern.MatchString(line) {
				defer tr.mu.Unlock()
				return tr.times[i]
			}
		}
		tr.mu.Unlock()
	}
	t.Fatalf("no line with %q in:\n%s", text, tr)
	return time.Time{}
}

// findAll waits until n ranks, together or apart, have shown a line that ends like this.
func (tr *transcript) findAll(t testing.TB, n int, ending string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		tr.mu.Lock()
		var ranks Set
		for _, line := range tr.lines {
			if set, found := strings.CutSuffix(line, "] "+ending); found {
				ranks = ranks.Union(coreSet(set[1:]))
			}
		}
		tr.mu.Unlock()
		if ranks.Len() == n {
			return
		}
	}
	t.Fatalf("not all of %d ranks have %q in:\n%s", n, ending, tr)
}

// must runs a program that is to be carried out.
func must(t testing.TB, c *Cluster, p Program, show func(Output)) *Outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	o, err := c.Run(ctx, p, show)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// gate gives a file for programs to wait for, and a function that makes it.
func gate(t testing.TB) (file string, open func()) {
	file = filepath.Join(t.TempDir(), "open")
	return file, func() {
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func script(id int64, text string) Program {
	return Program{ID: id, Payload: []byte(text), ProgressAfter: -1}
}
