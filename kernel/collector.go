package kernel

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

const (
	// memoryGoal is what the collector keeps the kernel's memory below as long as it can. A front end that
	// reads slowly leaves 40 MB on their way to it, which twice would be more than all else together.
	memoryGoal = 72 << 20
	// memorySpare is what it leaves for garbage at least: a session of very many cells needs more than the
	// goal, and a collector that tried to keep below it would do nothing else.
	memorySpare = 32 << 20
)

// keepSmall sets the goal of the collector after each of its rounds, by what is in use.
func keepSmall() {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	live := int64(sample[0].Value.Uint64())
	debug.SetMemoryLimit(max(memoryGoal, live+live/2+memorySpare))
	round := new(*byte) // nobody holds it, so the next round collects it
	runtime.AddCleanup(round, func(struct{}) { keepSmall() }, struct{}{})
}
