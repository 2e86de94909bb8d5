package interp

// growStack gives the calling goroutine the stack that yaegi needs to read a cell. It would come to that
// size in five steps, each of which copies the frames that are there: a quarter of the time of a small cell.
//
//go:noinline
func growStack() byte {
	var frame [20 << 10]byte
	return frame[len(last(&frame))-1]
}

//go:noinline
func last(frame *[20 << 10]byte) []byte { return frame[:] }
