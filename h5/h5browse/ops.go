package h5browse

import (
	"maps"
	"slices"
)

// ops are all that a page can ask for.
var ops map[string]op

func init() {
	ops = map[string]op{
		"open":     {do: openFile, time: quick},
		"close":    {do: closeFile, time: quick},
		"complete": {do: complete, time: quick},
		"list":     {do: list, time: quick},
		"stat":     {do: stat, time: quick},
		"attrs":    {do: attrs, time: quick},
		"slice":    {do: slice, time: slow},
		"decimate": {do: decimate, time: patient, long: true},
		"stats":    {do: stats, time: slow, long: true},
		"search":   {do: search, time: slow},
		"table":    {do: table, time: slow},
		"watch":    {do: watch, time: quick},
		"cancel":   {do: cancel, time: quick, free: true},
	}
}

// Ops names what a page can ask for.
func Ops() []string { return slices.Sorted(maps.Keys(ops)) }
