package engine

import "time"

// ticks is how many parts a patience has.
const ticks = 20

// Within takes what comes in a time, ok being false when nothing does. It counts ticks of it: on a machine that is too
// busy to run this process nobody is late, and a ticker drops the ticks that nobody has taken.
func Within[T any](c <-chan T, patience time.Duration) (v T, ok bool) {
	tick := time.NewTicker(patience / ticks)
	defer tick.Stop()
	for range ticks {
		select {
		case v = <-c:
			return v, true
		case <-tick.C:
		}
	}
	select { // it may have come together with the last tick
	case v = <-c:
		return v, true
	default:
		return v, false
	}
}
