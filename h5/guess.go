package h5

import "slices"

// A guessed chunk has at most mostGuessed bytes, of which HDF5's own cache of 1 MB holds two. One that
// can grow has leastGuessed or more: thousands of tiny chunks take longer to find than to read.
const (
	mostGuessed  = 512 << 10
	leastGuessed = 64 << 10
)

// guessChunks halves the longest axis until a chunk is small enough, and then lets the first axis that
// grows without end be longer when it is very small. An axis without length yet is taken as 1024.
func guessChunks(s, most Shape, size int) Shape {
	out := slices.Clone(s)
	for i, n := range out {
		if n == 0 {
			out[i] = 1024
		}
	}
	for {
		n, ok := out.bytes(size)
		longest := slices.Index(out, slices.Max(out))
		if ok && n <= mostGuessed || out[longest] == 1 {
			break
		}
		out[longest] = (out[longest] + 1) / 2
	}
	endless := slices.Index(most, Unlimited)
	for endless >= 0 && out.Len()*size < leastGuessed {
		out[endless] *= 2
	}
	for i, n := range most {
		if n != Unlimited && n > 0 {
			out[i] = min(out[i], n)
		}
	}
	return out
}
