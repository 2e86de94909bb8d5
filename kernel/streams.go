package kernel

import (
	"time"
	"unicode/utf8"

	"gofive/kernel/msg"
)

const (
	streamEvery = 20 * time.Millisecond // between messages of text
	streamFull  = 64 << 10              // bytes that do not wait for that
	streamMost  = 1 << 20               // bytes of one message
	// streamTurns is how many changes between stdout and stderr keep their order in one message
	// interval. A program that changes more often gets the texts sorted, instead of a message for
	// each line: servers drop what exceeds 1,000 messages a second.
	streamTurns = 16
)

// streams joins the text of cells to few messages: the first leaves at once, the next 20 ms later
// or when 64 KiB have come, and all before anything else is published. It belongs to the
// publisher's goroutine.
type streams struct {
	send  func(it item)
	parts []*streamPart     // waiting, in order
	bytes int               // in parts
	sent  time.Time         // when text was last sent
	split map[string][]byte // key of a stream -> the beginning of a rune that was cut
}

// streamPart is text of one stream of one cell.
type streamPart struct {
	key string
	it  item
}

// key names a stream of a cell.
func (it item) key() string { return it.parent.ID + "\x00" + it.name }

// add takes the next thing to publish.
func (s *streams) add(it item) {
	if it.kind != streamType {
		s.flush()
		if it.last {
			s.end(it.parent)
		}
		s.send(it)
		return
	}
	s.append(it)
	if s.bytes >= streamFull || time.Since(s.sent) >= streamEvery {
		s.flush()
	}
}

// append puts text behind what waits, in the part of the same stream if that is the last one or
// there are many.
func (s *streams) append(it item) {
	key := it.key()
	s.bytes += len(it.text)
	if rest := s.split[key]; rest != nil {
		it.text = append(rest, it.text...)
		delete(s.split, key)
	}
	for i := len(s.parts) - 1; i >= 0; i-- {
		if p := s.parts[i]; p.key == key {
			p.it.text = append(p.it.text, it.text...)
			return
		}
		if len(s.parts) < streamTurns {
			break
		}
	}
	s.parts = append(s.parts, &streamPart{key, it})
}

// due tells how long the waiting text may still wait, 0 when there is none.
func (s *streams) due() time.Duration {
	if len(s.parts) == 0 {
		return 0
	}
	return max(streamEvery-time.Since(s.sent), time.Microsecond)
}

// flush sends what waits, except the beginning of a rune whose rest has not come.
func (s *streams) flush() {
	for _, p := range s.parts {
		whole := len(p.it.text) - cutRune(p.it.text)
		if whole < len(p.it.text) {
			if s.split == nil {
				s.split = make(map[string][]byte)
			}
			s.split[p.key] = append([]byte(nil), p.it.text[whole:]...)
		}
		s.sendText(p.it, p.it.text[:whole])
	}
	s.parts, s.bytes = nil, 0
}

// sendText sends text in messages of streamMost bytes, cut between runes.
func (s *streams) sendText(it item, text []byte) {
	for len(text) > 0 {
		n := min(len(text), streamMost)
		if n < len(text) {
			n -= cutRune(text[:n])
		}
		it.content = msg.Stream(it.name, text[:n])
		s.send(it)
		s.sent = time.Now()
		text = text[n:]
	}
}

// end sends the beginnings of runes that a cell left unfinished: nothing of it comes after its
// idle. JSON turns them into U+FFFD.
func (s *streams) end(parent msg.Header) {
	for _, name := range []string{"stdout", "stderr"} {
		it := item{parent: parent, kind: streamType, name: name}
		if rest := s.split[it.key()]; rest != nil {
			delete(s.split, it.key())
			s.sendText(it, rest)
		}
	}
}

// cutRune gives the length of the unfinished rune at the end of text, 0 when there is none.
func cutRune(text []byte) int {
	for n := 1; n <= min(utf8.UTFMax-1, len(text)); n++ {
		if tail := text[len(text)-n:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}
