package local

import (
	"encoding/binary"

	"gofive/mpi/internal/abi"
)

// kind says what a header is about.
type kind uint8

const (
	eager  kind = iota // a message, with its data
	ready              // a message whose data wait at the sender
	taken              // the data of send were received, or are of no more use
	wanted             // the receiver cannot take the data of send: they are to be sent to recv
	data               // a part of them
	bye                // the sender leaves; what comes behind is no loss
	abort              // the sender ends the job, with code tag
)

// header is what goes before data from one rank to another.
type header struct {
	kind   kind
	sync   bool     // of eager: say taken
	fn     abi.Func // the call that a message is part of
	source int32    // the sender's rank in the communicator
	tag    int32
	ctx    uint64 // of the communicator
	size   int    // bytes of the message; in data those that follow
	send   uint64 // the sender's request
	recv   uint64 // the receiver's
	addr   uint64 // where the data of ready are in the sender's memory

	memory []byte // the same among goroutines
}

const headerSize = 3 + 2*4 + 5*8

func (h *header) append(b []byte) []byte {
	b = append(b, byte(h.kind), flag(h.sync), byte(h.fn))
	b = binary.LittleEndian.AppendUint32(b, uint32(h.source))
	b = binary.LittleEndian.AppendUint32(b, uint32(h.tag))
	for _, v := range [...]uint64{h.ctx, uint64(h.size), h.send, h.recv, h.addr} {
		b = binary.LittleEndian.AppendUint64(b, v)
	}
	return b
}

func readHeader(b []byte) (h header) {
	le := binary.LittleEndian
	h.kind, h.sync, h.fn = kind(b[0]), b[1] != 0, abi.Func(b[2])
	h.source, h.tag = int32(le.Uint32(b[3:])), int32(le.Uint32(b[7:]))
	h.ctx, h.size, h.send = le.Uint64(b[11:]), int(le.Uint64(b[19:])), le.Uint64(b[27:])
	h.recv, h.addr = le.Uint64(b[35:]), le.Uint64(b[43:])
	return h
}

func flag(b bool) byte {
	if b {
		return 1
	}
	return 0
}
