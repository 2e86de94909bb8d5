package msg

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"sync"
	"unicode/utf8"
)

// What Decode says of frames that nobody with the key has sent, or not for the first time.
var (
	ErrNoDelimiter = errors.New("msg: no <IDS|MSG> delimiter")
	ErrTooShort    = errors.New("msg: too few frames")
	ErrSignature   = errors.New("msg: wrong signature")
	ErrReplay      = errors.New("msg: signature seen before")
)

// MaxDepth is how deep the JSON of a message may be nested.
const MaxDepth = 512

// replays is how many signatures a Codec remembers, so that none of them is accepted twice.
const replays = 1 << 16

var delimiter = []byte("<IDS|MSG>")

// schemes are the signature schemes of a connection file.
var schemes = map[string]func() hash.Hash{
	"hmac-sha256": sha256.New,
	"hmac-sha384": sha512.New384,
	"hmac-sha512": sha512.New,
}

// Codec signs and writes messages and reads and verifies them. Its methods may be called from
// several goroutines.
type Codec struct {
	hash func() hash.Hash
	key  []byte // empty: nothing is signed or verified
	seen signatures
}

// NewCodec returns a Codec for the signature scheme and the key of a connection file. An empty key
// means that messages are not signed; then the scheme may be empty too.
func NewCodec(scheme string, key []byte) (*Codec, error) {
	h, ok := schemes[scheme]
	if !ok && (scheme != "" || len(key) > 0) {
		return nil, fmt.Errorf("msg: unknown signature scheme %q: use hmac-sha256, hmac-sha384 or hmac-sha512", scheme)
	}
	return &Codec{hash: h, key: key}, nil
}

// Encode gives the frames of m. They share its memory.
func (c *Codec) Encode(m *Message) [][]byte {
	parts := [][]byte{m.Header.encode(), m.Parent.encode(), object(m.Metadata), object(m.Content)}
	frames := make([][]byte, 0, len(m.Envelope)+6+len(m.Buffers))
	frames = append(frames, m.Envelope...)
	frames = append(frames, delimiter, c.sign(parts))
	frames = append(frames, parts...)
	return append(frames, m.Buffers...)
}

// sign gives the signature of the four JSON parts in hexadecimal digits; buffers are not signed.
func (c *Codec) sign(parts [][]byte) []byte {
	if len(c.key) == 0 {
		return []byte{}
	}
	mac := hmac.New(c.hash, c.key)
	for _, p := range parts {
		mac.Write(p)
	}
	return hex.AppendEncode(nil, mac.Sum(nil))
}

// Decode verifies frames and reads them. With ErrNoDelimiter, ErrTooShort, ErrSignature and
// ErrReplay the sender is unknown; any other error is about a signed message that cannot be read.
func (c *Codec) Decode(frames [][]byte) (*Message, error) {
	i := 0
	for i < len(frames) && !bytes.Equal(frames[i], delimiter) {
		i++
	}
	if i == len(frames) {
		return nil, ErrNoDelimiter
	}
	rest := frames[i+1:]
	if len(rest) < 5 {
		return nil, ErrTooShort
	}
	signature, parts := rest[0], rest[1:5]
	if err := c.verify(signature, parts); err != nil {
		return nil, err
	}
	m, err := read(parts)
	if err != nil {
		return nil, err
	}
	m.Envelope, m.Buffers = frames[:i], rest[5:]
	return m, nil
}

// verify compares in constant time and refuses what it has seen before.
func (c *Codec) verify(signature []byte, parts [][]byte) error {
	if len(c.key) == 0 {
		return nil
	}
	if !hmac.Equal(signature, c.sign(parts)) {
		return ErrSignature
	}
	if !c.seen.add(string(signature)) {
		return ErrReplay
	}
	return nil
}

// read reads header, parent, metadata and content. Content may hold text that is not UTF-8: it is
// code that somebody typed, and the error belongs to the cell.
func read(parts [][]byte) (*Message, error) {
	for i, name := range []string{"header", "parent header", "metadata", "content"} {
		if err := checkObject(parts[i]); err != nil {
			return nil, fmt.Errorf("msg: %s: %w", name, err)
		}
		if i < 3 && !utf8.Valid(parts[i]) {
			return nil, fmt.Errorf("msg: %s: not UTF-8", name)
		}
	}
	h, err := parseHeader(parts[0])
	if err != nil {
		return nil, fmt.Errorf("msg: header: %w", err)
	}
	m := &Message{Header: h, Metadata: parts[2], Content: parts[3]}
	if parent, err := parseHeader(parts[1]); err == nil {
		m.Parent = parent
	}
	return m, nil
}

// checkObject says whether raw is one JSON object, nested MaxDepth deep at most.
func checkObject(raw []byte) error {
	if depth(raw) > MaxDepth {
		return fmt.Errorf("nested over %d deep", MaxDepth)
	}
	if !json.Valid(raw) {
		return errors.New("not JSON")
	}
	if trimmed := bytes.TrimLeft(raw, " \t\r\n"); trimmed[0] != '{' {
		return errors.New("not a JSON object")
	}
	return nil
}

// depth counts how deep brackets nest in raw, whether it is JSON or not.
func depth(raw []byte) int {
	deepest, now, inString := 0, 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			now++
			deepest = max(deepest, now)
		case c == '}' || c == ']':
			now--
		}
	}
	return deepest
}

// signatures remembers the last ones added.
type signatures struct {
	mu    sync.Mutex
	known map[string]struct{}
	ring  []string
	next  int
}

// add reports whether s is new, and remembers it in place of the oldest.
func (r *signatures) add(s string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.known[s]; ok {
		return false
	}
	if r.known == nil {
		r.known = make(map[string]struct{})
	}
	if len(r.ring) < replays {
		r.ring = append(r.ring, s)
	} else {
		delete(r.known, r.ring[r.next])
		r.ring[r.next] = s
		r.next = (r.next + 1) % replays
	}
	r.known[s] = struct{}{}
	return true
}
