package h5

import (
	"slices"
	"strconv"
	"strings"
)

// nearest gives up to three of names that somebody who wrote name may have meant, best first.
func nearest(name string, names []string) []string {
	type candidate struct {
		name string
		cost int
	}
	var found []candidate
	lower := strings.ToLower(name)
	for _, n := range names {
		if cost := editDistance(lower, strings.ToLower(n)); cost <= max(1, len(name)/3) || near(lower, strings.ToLower(n)) {
			found = append(found, candidate{n, cost})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return a.cost - b.cost })
	out := make([]string, 0, 3)
	for _, c := range found[:min(3, len(found))] {
		out = append(out, c.name)
	}
	return out
}

// near reports whether one of two names begins or ends with the other.
func near(a, b string) bool {
	if len(a) < 2 || len(b) < 2 {
		return false
	}
	return strings.HasPrefix(a, b) || strings.HasPrefix(b, a) || strings.HasSuffix(a, b) || strings.HasSuffix(b, a)
}

// editDistance counts the letters to insert, delete or replace to make b of a.
func editDistance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			cost := diagonal
			if x[i] != y[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)]
}

// suggest makes a hint of what is there: the nearest names, or some of all.
func suggest(name string, names []string) string {
	if near := nearest(name, names); len(near) > 0 {
		return "did you mean " + quoted(near, " or ") + "?"
	}
	if len(names) == 0 {
		return ""
	}
	return "there is " + someOf(names)
}

// someOf quotes the first names and says how many more there are.
func someOf(names []string) string {
	const most = 8
	if len(names) <= most {
		return quoted(names, ", ")
	}
	return quoted(names[:most], ", ") + " and " + strconv.Itoa(len(names)-most) + " more"
}

func quoted(names []string, between string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = strconv.Quote(n)
	}
	return strings.Join(out, between)
}
