package tests

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	jupyter "gofive/kernel"
	"gofive/kernel/kerneltest"
	"gofive/kernel/msg"
)

// chaosTime is how long the short run takes; GOFIVE_CHAOS=10m is the long one.
const chaosTime = 8 * time.Second

// TestChaos has clients that stay, and sees that each of their cells gets its reply, its idle and nothing
// that is another's, in order, while engines are killed, cells interrupted, and other clients come, send
// what they like and die in the middle of a message.
func TestChaos(t *testing.T) {
	length := chaosTime
	if text := os.Getenv("GOFIVE_CHAOS"); text != "" {
		var err error
		if length, err = time.ParseDuration(text); err != nil {
			t.Fatalf("GOFIVE_CHAOS: %v", err)
		}
	}
	s := serve(t)
	first := s.dial()
	defer first.Close()
	over := time.Now().Add(length)
	var all sync.WaitGroup
	var stayers []*stayer
	for i := range 4 {
		x := newStayer(t, s, fmt.Sprintf("stayer%d", i))
		stayers = append(stayers, x)
		all.Go(func() { x.run(over) })
	}
	var kills, interrupts, doomed atomic.Int64
	all.Go(func() { often(over, 1200, func() { kills.Add(killEngines(t, s)) }) })
	all.Go(func() { often(over, 700, func() { stayers[0].interrupt(); interrupts.Add(1) }) })
	for range 2 {
		all.Go(func() { often(over, 60, func() { doomedClient(s); doomed.Add(1) }) })
	}
	all.Wait()
	ended := map[string]int{}
	var slowest time.Duration
	for _, x := range stayers {
		slowest = max(slowest, x.slowest)
		for how, n := range x.ended {
			ended[how] += n
		}
	}
	t.Logf("%v: cells %v, slowest %v; %d engines killed, %d interrupts, %d clients died; kernel %+v",
		length, ended, slowest.Round(time.Millisecond), kills.Load(), interrupts.Load(), doomed.Load(), usageOf(t, s.pid))
	if ended["ok"] == 0 || ended["engine"] == 0 {
		t.Errorf("cells ended %v: want some well and some with their engine", ended)
	}
}

// often does something again and again, after pauses of up to most milliseconds.
func often(over time.Time, most int, do func()) {
	for time.Now().Before(over) {
		time.Sleep(time.Duration(rand.IntN(most)) * time.Millisecond)
		do()
	}
}

// killEngines ends the kernel's engines as crashes and administrators do.
func killEngines(t *testing.T, s *served) (n int64) {
	signals := []syscall.Signal{syscall.SIGKILL, syscall.SIGSEGV, syscall.SIGABRT, syscall.SIGTERM}
	for _, pid := range enginesOf(t, s.pid) {
		if syscall.Kill(pid, signals[rand.IntN(len(signals))]) == nil {
			n++
		}
	}
	return n
}

// doomedClient connects and dies: in its handshake, inside a frame, or with cells on their way whose
// output nobody reads.
func doomedClient(s *served) {
	conn, err := net.Dial("tcp", net.JoinHostPort(s.conn.IP, fmt.Sprint(s.conn.ShellPort)))
	if err != nil {
		return
	}
	defer conn.Close()
	hello := string(kerneltest.Greeting("DEALER", fmt.Sprint("doomed", rand.IntN(3))))
	if rand.IntN(4) == 0 {
		hello = hello[:rand.IntN(len(hello))]
	}
	conn.Write([]byte(hello))
	codec, err := msg.NewCodec(s.conn.SignatureScheme, []byte(s.conn.Key))
	if err != nil {
		return
	}
	for range rand.IntN(3) {
		var wire []byte
		frames := codec.Encode(&msg.Message{
			Header:  msg.Header{ID: fmt.Sprint(rand.Uint64()), Session: "doomed", Username: "d", Type: "execute_request", Version: msg.Version, Date: msg.Timestamp(time.Now())},
			Content: msg.MustMarshal(kerneltest.Code(`fmt.Println("doomed")`)),
		})
		for i, f := range frames {
			more := byte(1)
			if i == len(frames)-1 {
				more = 0
			}
			if len(f) > 255 {
				return // none is so long
			}
			wire = append(append(wire, more, byte(len(f))), f...)
		}
		conn.Write(wire[:len(wire)-rand.IntN(2)*rand.IntN(len(wire))])
	}
}

// stayer is a client that stays and notes all that comes for it.
type stayer struct {
	t       *testing.T
	link    kerneltest.Link
	codec   *msg.Codec
	session string
	ready   chan struct{} // closed when it is subscribed

	mu      sync.Mutex
	sent    int
	open    []*chaosCell   // in the order of their requests
	ended   map[string]int // how cells ended
	slowest time.Duration
}

// chaosCell is a cell that has been sent.
type chaosCell struct {
	id, code, want string
	began          time.Time
	types          []string // published, status messages by their state
	got            string   // text and bundles
	reply          string   // "ok", "aborted" or the name of the error
	why            string   // what the error says
	done           chan struct{}
}

func newStayer(t *testing.T, s *served, session string) *stayer {
	t.Helper()
	codec, err := msg.NewCodec(s.conn.SignatureScheme, []byte(s.conn.Key))
	if err != nil {
		t.Fatal(err)
	}
	x := &stayer{t: t, link: s.dial(), codec: codec, session: session, ready: make(chan struct{}), ended: map[string]int{}}
	t.Cleanup(x.link.Close)
	go x.receive(jupyter.Shell, x.shell)
	go x.receive(jupyter.IOPub, x.iopub)
	<-x.ready
	return x
}

// receive hands on what answers this client.
func (x *stayer) receive(ch jupyter.Channel, take func(*msg.Message)) {
	for {
		frames, err := x.link.Receive(ch)
		if err != nil {
			return
		}
		m, err := x.codec.Decode(frames)
		if err == nil {
			err = kerneltest.Check(ch, m)
		}
		if err != nil {
			x.t.Errorf("%s: on %s: %v", x.session, ch, err)
			continue
		}
		if m.Header.Type == "iopub_welcome" {
			close(x.ready)
		}
		if strings.HasPrefix(m.Parent.ID, x.session+"-") {
			x.mu.Lock()
			take(m)
			x.mu.Unlock()
		}
	}
}

// run sends cells, a few at a time, and waits for them.
func (x *stayer) run(over time.Time) {
	for time.Now().Before(over) {
		var sent []*chaosCell
		for range 1 + rand.IntN(3) {
			sent = append(sent, x.send())
		}
		for _, c := range sent {
			select {
			case <-c.done:
			case <-time.After(time.Minute):
				x.mu.Lock()
				x.t.Errorf("%s: not over after a minute: %s\nreply %q, published %v", c.id, c.code, c.reply, c.types)
				x.mu.Unlock()
				return
			}
		}
	}
}

// chaosCells are cells, and what they show; TOKEN is another text each time.
var chaosCells = []struct{ code, want string }{
	{`for i := 0; i < 4; i++ { fmt.Println("TOKEN", i) }`, "TOKEN 0\nTOKEN 1\nTOKEN 2\nTOKEN 3\n"},
	{`"TOKEN"`, "TOKEN"},
	{`display.Show(display.Markdown("TOKEN"))`, "TOKEN"},
	{`time.Sleep(30*time.Millisecond); fmt.Print("TOKEN")`, "TOKEN"},
	{`v := "TOKEN"; fmt.Print(v)`, "TOKEN"},
	{`panic("TOKEN")`, ""},
	{`TOKEN`, ""},
}

func (x *stayer) send() *chaosCell {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.sent++
	c := &chaosCell{id: fmt.Sprintf("%s-%d", x.session, x.sent), began: time.Now(), done: make(chan struct{})}
	cell := chaosCells[rand.IntN(len(chaosCells))]
	token := fmt.Sprintf("%s_%d", x.session, x.sent)
	c.code, c.want = strings.ReplaceAll(cell.code, "TOKEN", token), strings.ReplaceAll(cell.want, "TOKEN", token)
	x.open = append(x.open, c)
	request := kerneltest.Code(c.code)
	request.StopOnError = rand.IntN(4) == 0 // else most cells of all clients would be aborted
	x.request(jupyter.Shell, c.id, "execute_request", request)
	return c
}

func (x *stayer) interrupt() {
	x.request(jupyter.Control, fmt.Sprint("interrupt", rand.Uint64()), "interrupt_request", struct{}{})
}

func (x *stayer) request(ch jupyter.Channel, id, kind string, content any) {
	h := msg.Header{ID: id, Session: x.session, Username: "tester", Type: kind, Version: msg.Version, Date: msg.Timestamp(time.Now())}
	if err := x.link.Send(ch, x.codec.Encode(&msg.Message{Header: h, Content: msg.MustMarshal(content)})); err != nil {
		x.t.Errorf("%s: send: %v", x.session, err)
	}
}

// find gives the open cell that m is for.
func (x *stayer) find(m *msg.Message) *chaosCell {
	for _, c := range x.open {
		if c.id == m.Parent.ID {
			return c
		}
	}
	return nil
}

// shell takes a reply. Replies come in the order of the requests.
func (x *stayer) shell(m *msg.Message) {
	c := x.find(m)
	if c == nil || c.reply != "" {
		x.t.Errorf("%s: a reply to %s, which has had one", x.session, m.Parent.ID)
		return
	}
	for _, earlier := range x.open {
		if earlier == c {
			break
		}
		if earlier.reply == "" {
			x.t.Errorf("%s is answered before %s", c.id, earlier.id)
		}
	}
	content := kerneltest.Content(m)
	if c.reply = fmt.Sprint(content["status"]); c.reply == "error" {
		c.reply, c.why = fmt.Sprint(content["ename"]), fmt.Sprint(content["evalue"])
	}
	x.finish(c)
}

// iopub takes what is published for a cell of ours.
func (x *stayer) iopub(m *msg.Message) {
	c := x.find(m)
	if c == nil || c.over() {
		if text := string(m.Content); !strings.Contains(text, "gofive: the engine") { // which says later that it is gone
			x.t.Errorf("%s: after the idle of %s: %s %s", x.session, m.Parent.ID, m.Header.Type, text)
		}
		return
	}
	kind := m.Header.Type
	if state := kerneltest.State(m); state != "" {
		kind = state
	}
	if kind != msg.Busy || len(c.types) == 0 { // busy is said again when somebody else's request is over
		c.types = append(c.types, kind)
	}
	c.got += shown(m)
	x.finish(c)
}

// shown is the text that a message shows.
func shown(m *msg.Message) string {
	var content struct {
		Name, Text string
		Data       map[string]any
	}
	json.Unmarshal(m.Content, &content) // Check has read it
	switch {
	case content.Name == "stdout":
		return content.Text
	case content.Data["text/markdown"] != nil:
		return fmt.Sprint(content.Data["text/markdown"])
	case content.Data != nil:
		return fmt.Sprint(content.Data["text/plain"])
	}
	return ""
}

// over reports whether the idle of c has come.
func (c *chaosCell) over() bool {
	return len(c.types) > 0 && c.types[len(c.types)-1] == msg.Idle
}

// finish looks at a cell that has both reply and idle.
func (x *stayer) finish(c *chaosCell) {
	if c.reply == "" || !c.over() {
		return
	}
	x.ended[c.reply]++
	x.slowest = max(x.slowest, time.Since(c.began))
	if why := c.wrong(); why != "" {
		x.t.Errorf("%s: %s\n%s\nreply %s, published %v, shown %q", c.id, why, c.code, c.reply+" "+c.why, c.types, c.got)
	}
	for i := range x.open {
		if x.open[i] == c {
			x.open = append(x.open[:i:i], x.open[i+1:]...)
			break
		}
	}
	close(c.done)
}

// wrong says what is not as it should be of a cell that is over.
func (c *chaosCell) wrong() string {
	published := strings.Join(c.types, " ")
	fails := c.want == ""
	switch c.reply {
	case "aborted":
		if published != "busy idle" {
			return "an aborted cell published more"
		}
		return ""
	case "ok":
		if c.got != c.want || fails {
			return fmt.Sprintf("it should show %q", c.want)
		}
	case "engine", "interrupted":
		if !strings.HasPrefix(c.want, c.got) {
			return "it shows what is not its own"
		}
	default:
		if !fails {
			return "it should not fail"
		}
	}
	if !strings.HasPrefix(published, "busy execute_input") || (c.reply == "ok") == strings.Contains(published, "error") {
		return "out of order"
	}
	return ""
}
