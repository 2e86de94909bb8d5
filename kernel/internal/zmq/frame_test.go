package zmq

import (
	"bytes"
	"io"
	"slices"
	"testing"
)

func TestFrames(t *testing.T) {
	for _, frames := range [][][]byte{
		{{}},
		{[]byte("a")},
		{{}, {}, {}},
		{bytes.Repeat([]byte("x"), 255), bytes.Repeat([]byte("y"), 256)},
		{bytes.Repeat([]byte("z"), growStep+1), []byte("end")},
		{bytes.Repeat([]byte("z"), 3*growStep)},
	} {
		in := newReader(bytes.NewReader(encode(frames)), 1<<20)
		got, command, err := in.next()
		if err != nil || command || !slices.EqualFunc(got, frames, bytes.Equal) {
			t.Errorf("%d frames came back as %d, command %v, error %v", len(frames), len(got), command, err)
		}
		if _, _, err := in.next(); err != io.EOF {
			t.Errorf("after the last message: %v, want EOF", err)
		}
	}
}

func TestLimits(t *testing.T) {
	for _, test := range []struct {
		name   string
		frames [][]byte
		fits   bool
	}{
		{"one frame", [][]byte{make([]byte, 1000)}, true},
		{"one frame too long", [][]byte{make([]byte, 1001)}, false},
		{"together", [][]byte{make([]byte, 600), make([]byte, 400)}, true},
		{"together too long", [][]byte{make([]byte, 600), make([]byte, 401)}, false},
	} {
		_, _, err := newReader(bytes.NewReader(encode(test.frames)), 1000).next()
		if (err == nil) != test.fits {
			t.Errorf("%s: error %v", test.name, err)
		}
	}
}

// FuzzReader feeds the reader what nobody has checked: it must end, and what it gives must be what
// would be read again.
func FuzzReader(f *testing.F) {
	f.Add(encode([][]byte{[]byte("a"), {}, bytes.Repeat([]byte("b"), 300)}))
	f.Add(encodeCommand("PING", []byte{0, 1, 'x'}))
	f.Add([]byte("\x02\x00\x04\x00\x00\x00\x00\x00\x00xyz"))
	f.Add([]byte("\x01\x00\x01\x00\x04\x05\x04PING"))
	f.Fuzz(func(t *testing.T, data []byte) {
		in := newReader(bytes.NewReader(data), 1<<16)
		for {
			frames, command, err := in.next()
			if err != nil {
				return
			}
			if command {
				splitCommand(frames[0])
				continue
			}
			again, _, err := newReader(bytes.NewReader(encode(frames)), 1<<16).next()
			if err != nil || !slices.EqualFunc(again, frames, bytes.Equal) {
				t.Fatalf("%q is written and read as %q, error %v", frames, again, err)
			}
		}
	})
}

// FuzzShake feeds the handshake.
func FuzzShake(f *testing.F) {
	f.Add(hello("DEALER"))
	f.Add(hello("ROUTER"))
	f.Fuzz(func(t *testing.T, data []byte) {
		identity, err := shake(newReader(bytes.NewReader(data), small), "ROUTER")
		if err != nil && identity != "" {
			t.Fatalf("identity %q beside error %v", identity, err)
		}
	})
}
