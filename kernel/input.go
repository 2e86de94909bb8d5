package kernel

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"gofive/kernel/engine"
	"gofive/kernel/msg"
)

// prompt is a question that a front end has not answered yet.
type prompt struct {
	request int64 // of the engine
	run     int64
	client  string // identity
	id      string // of the input_request
}

// prompts are those that wait.
type prompts struct {
	mu   sync.Mutex
	wait []prompt
}

func (p *prompts) add(q prompt) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wait = append(p.wait, q)
}

// take finds and removes the prompt that match is true for.
func (p *prompts) take(match func(prompt) bool) (prompt, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, q := range p.wait {
		if match(q) {
			p.wait = append(p.wait[:i], p.wait[i+1:]...)
			return q, true
		}
	}
	return prompt{}, false
}

// waits reports whether nobody has taken the prompt of an input_request.
func (p *prompts) waits(id string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.ContainsFunc(p.wait, func(q prompt) bool { return q.id == id })
}

// withdraw forgets the prompts of a run that has ended.
func (p *prompts) withdraw(run int64) {
	for {
		if _, ok := p.take(func(q prompt) bool { return q.run == run }); !ok {
			return
		}
	}
}

// ask sends the question of a cell to the client that runs it, and to no other. Where nobody can
// answer, the engine learns so at once.
func (k *Kernel) ask(r *run, ended bool, ev engine.Event) {
	if ended || !r.input {
		k.answerEngine(ev.Request, "", false)
		return
	}
	m := &msg.Message{
		Envelope: r.request.msg.Envelope,
		Header:   k.header("input_request"),
		Parent:   r.request.msg.Header,
		Content:  msg.MustMarshal(msg.InputRequest{Prompt: ev.Prompt, Password: ev.Password}),
	}
	client := string(r.request.msg.Envelope[0])
	k.prompts.add(prompt{ev.Request, r.id, client, m.Header.ID})
	go k.sendPrompt(ev.Request, m) // beside the handler of events
}

// A client's stdin socket may still shake hands when the cell that it sent on shell already asks.
const (
	stdinGrace = 2 * time.Second
	stdinRetry = 5 * time.Millisecond
)

// sendPrompt sends an input_request, waiting a moment for a client that is not there yet.
func (k *Kernel) sendPrompt(request int64, m *msg.Message) {
	frames := k.codec.Encode(m)
	for late := time.Now().Add(stdinGrace); k.prompts.waits(m.Header.ID); time.Sleep(stdinRetry) {
		err := k.channels.Send(Stdin, frames)
		if err == nil {
			return
		}
		if time.Now().After(late) {
			k.log.Log("input", err.Error())
			k.prompts.take(func(q prompt) bool { return q.id == m.Header.ID })
			k.answerEngine(request, "", false)
			return
		}
	}
}

// answerEngine answers beside the handler, which the engine may be waiting for.
func (k *Kernel) answerEngine(request int64, text string, ok bool) {
	go func() {
		<-k.engine.ready
		k.engine.made.Answer(request, text, ok)
	}()
}

// answerPrompt takes an input_reply to the prompt that it answers: the one it names as its parent,
// or else the first of the same client, because many clients name none.
func (k *Kernel) answerPrompt(r *request) {
	if r.msg.Header.Type != "input_reply" {
		k.log.Log("stdin", fmt.Sprintf("unexpected %s", quote(r.msg.Header.Type)))
		return
	}
	reply, err := msg.ParseInputReply(r.msg.Content)
	if err != nil {
		k.log.Log("stdin", "input_reply: "+err.Error())
		return
	}
	client, parent := string(r.msg.Envelope[0]), r.msg.Parent.ID
	q, ok := k.prompts.take(func(q prompt) bool {
		return parent == q.id || parent == "" && client == q.client
	})
	if !ok {
		k.log.Log("stdin", "input_reply that nobody waits for")
		return
	}
	k.answerEngine(q.request, reply.Value, true)
}
