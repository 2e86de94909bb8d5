// Package segment is memory that processes of one computer share without a file that could be left behind. There
// is one type here: a Segment is memory of this process, made by New, or of another one, which Open finds by its
// Address.
//
// Where the system has no such memory, New gives memory of the process's own and Open finds nothing.
package segment

import (
	"crypto/rand"
	"sync/atomic"
	"unsafe"
)

// Segment is memory with a few words before it for those who share it.
type Segment struct {
	mem []byte // the head, then the memory
	fd  int    // by which others find it, -1 for none
}

// The head of a segment: its token, and the words, each in a cache line of its own.
const (
	headSize  = 4096
	tokenSize = 16
	wordSpace = 128
	words     = headSize/wordSpace - 1
)

// Address is where a segment of another process is found. It is memory without pointers, to be sent as it is.
type Address struct {
	PID, FD int64
	Size    int64 // bytes, without the head
	Token   [tokenSize]byte
}

// New makes a segment of so many bytes, all zero.
func New(size int) (*Segment, error) {
	s, err := create(headSize + size)
	if err != nil {
		return nil, err
	}
	_, _ = rand.Read(s.mem[:tokenSize]) // never fails
	return s, nil
}

// Bytes is the memory. After Release it is none.
func (s *Segment) Bytes() []byte {
	if s.mem == nil {
		return nil
	}
	return s.mem[headSize:]
}

// Word is one of the words before the memory, 0 at first.
func (s *Segment) Word(i int) *atomic.Uint32 {
	return (*atomic.Uint32)(unsafe.Pointer(&s.mem[wordSpace*(1+i%words)]))
}

// token is what the head of a segment begins with.
func (s *Segment) token() [tokenSize]byte { return [tokenSize]byte(s.mem) }
