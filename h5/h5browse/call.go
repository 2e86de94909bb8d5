package h5browse

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync"
	"time"

	"gofive/h5"
)

// call is a request at work.
type call struct {
	comm    *comm
	number  int64
	request *request
	ctx     context.Context
	cancel  context.CancelFunc

	mu       sync.Mutex
	answered bool
	last     time.Time // of the last part
	parts    int       // that were sent; of the mail
}

// answer is what comes of a call.
type answer struct {
	fields  map[string]any
	buffers []buffer
}

// buffer is binary data of an answer.
type buffer struct {
	Name  string `json:"name"`
	Dtype string `json:"dtype"`
	Shape []int  `json:"shape"`
	data  []byte
}

// op is something that a page can ask for.
type op struct {
	do   func(context.Context, *call) (answer, error)
	time time.Duration // that it may take
	free bool          // it needs no library, and takes no turn
	long bool          // it goes through all numbers of a selection, of which there may be any number
}

// long reports whether the work may take long.
func (l *call) long() bool { return ops[l.request.Op].long }

// run does the work and answers. A call that does not end in time is answered all the same, and keeps its place
// until it does.
func (l *call) run() {
	o := ops[l.request.Op]
	ctx, cancel := context.WithTimeout(l.ctx, o.time)
	defer cancel()
	late := context.AfterFunc(ctx, func() {
		time.AfterFunc(overdue, func() { l.answer(answer{}, ctx.Err()) })
	})
	a, err := l.guarded(ctx, o)
	late()
	l.answer(a, err)
}

// guarded does the work; a panic is a failure of this call.
func (l *call) guarded(ctx context.Context, o op) (a answer, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fail("internal", "%v", p)
		}
	}()
	if err := ctx.Err(); err != nil {
		return a, err
	}
	if !o.free && h5.Busy(busyAfter) {
		return a, l.comm.browser.libraryBusy()
	}
	if !o.free {
		l.comm.browser.working.Add(1)
		defer l.comm.browser.working.Add(-1)
	}
	return o.do(ctx, l)
}

// part tells something before the answer, unless the last was just before.
func (l *call) part(a answer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.answered || time.Since(l.last) < partsEvery {
		return
	}
	l.last = time.Now()
	l.tell(a, nil)
}

// hits tells what a search has found.
func (l *call) hits(found []hit, visited int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.answered {
		l.tell(answer{fields: map[string]any{"visited": visited}}, found)
	}
}

func (l *call) tell(a answer, hits []hit) {
	a.fields["id"], a.fields["v"] = l.request.ID, version
	l.comm.browser.mail.put(letter{comm: l.comm.id, key: "part of " + strconv.FormatInt(l.request.ID, 10), call: l, answer: a, hits: hits})
}

// answer answers, once.
func (l *call) answer(a answer, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.answered {
		return
	}
	l.answered = true
	if l.cancel != nil && (l.request.Op != "watch" || err != nil) {
		l.cancel()
		l.comm.forget(l)
	}
	raw, buffers, err := a.encode(l.request.ID, err)
	if err != nil {
		raw, buffers, _ = answer{}.encode(l.request.ID, err)
	}
	if l.comm.ctx.Err() != nil {
		raw, buffers = nil, nil // the page is gone; the number is given back all the same
	}
	l.comm.browser.mail.now(l.comm.id, l.number, true, raw, buffers)
}

// encode makes JSON and buffers of an answer.
func (a answer) encode(id int64, failed error) (raw json.RawMessage, buffers [][]byte, err error) {
	fields := a.fields
	if fields == nil {
		fields = map[string]any{}
	}
	fields["v"], fields["id"], fields["ok"] = version, id, failed == nil
	if failed != nil {
		fields = map[string]any{"v": version, "id": id, "ok": false, "error": failureOf(failed)}
	}
	if failed != nil {
		raw, err = json.Marshal(fields)
		return raw, nil, err
	}
	return answer{fields, a.buffers}.message()
}

// message makes JSON and buffers, or says why they are too much for a message.
func (a answer) message() (raw json.RawMessage, buffers [][]byte, err error) {
	size := 0
	for _, b := range a.buffers {
		buffers = append(buffers, b.data)
		size += len(b.data)
	}
	if len(a.buffers) > 0 {
		a.fields["buffers"] = a.buffers
	}
	raw, err = json.Marshal(a.fields)
	switch {
	case err != nil:
		return nil, nil, fail("internal", "%v", err)
	case len(raw) > mostJSON:
		return nil, nil, &failure{Kind: "too-large", Message: fmt.Sprintf("the answer has %d bytes of text, %d are the most", len(raw), mostJSON), Hint: "ask for less"}
	case size > mostBinary:
		return nil, nil, &failure{Kind: "too-large", Message: fmt.Sprintf("the answer has %d bytes, %d are the most", size, mostBinary), Hint: "ask for less"}
	}
	return raw, buffers, nil
}

// cutText keeps the first n bytes of a text.
func cutText(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xc0 == 0x80 {
		n--
	}
	return s[:n]
}

// untold is how long a call goes on before pages are told how far it is.
const untold = 300 * time.Millisecond

// started gives a test for whether the call has gone on for a while.
func (l *call) started() func() bool {
	begun := time.Now()
	return func() bool { return time.Since(begun) > untold }
}
