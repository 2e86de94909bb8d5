package launch

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestSetString(t *testing.T) {
	tests := []struct {
		set  Set
		want string
	}{
		{nil, "[]"},
		{All(8), "[0-7]"},
		{Ranks(3, 0, 2), "[0,2-3]"},
		{Ranks(5, 5), "[5]"},
	}
	for _, tt := range tests {
		if got := tt.set.String(); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}

// TestSetAlgebra compares with sets that are plain lists of truth values.
func TestSetAlgebra(t *testing.T) {
	const n = 24
	random := rand.New(rand.NewPCG(1, 2))
	make2 := func() (Set, [n]bool) {
		var ranks []int
		var plain [n]bool
		for r := range n {
			if random.IntN(3) > 0 {
				ranks, plain[r] = append(ranks, r), true
			}
		}
		return Ranks(ranks...), plain
	}
	for range 2000 {
		s, a := make2()
		u, b := make2()
		var union, minus, and []int
		for r := range n {
			if a[r] != s.Has(r) {
				t.Fatalf("%v.Has(%d) is %v", s, r, !a[r])
			}
			if a[r] || b[r] {
				union = append(union, r)
			}
			if a[r] && !b[r] {
				minus = append(minus, r)
			}
			if a[r] && b[r] {
				and = append(and, r)
			}
		}
		for _, tt := range []struct {
			name string
			got  Set
			want []int
		}{{"or", s.Union(u), union}, {"minus", s.Minus(u), minus}, {"and", s.And(u), and}} {
			if !equalSets(tt.got, Ranks(tt.want...)) || tt.got.Len() != len(tt.want) || !slices.Equal(slices.Collect(tt.got.Each()), tt.want) {
				t.Fatalf("%v %s %v is %v, want %v", s, tt.name, u, tt.got, tt.want)
			}
		}
		if s.Meets(u) != (len(and) > 0) {
			t.Fatalf("%v meets %v: %v", s, u, s.Meets(u))
		}
	}
}

// TestMergeKeepsOrder merges what ranks say in random pieces: each rank's own order must be kept, and
// nothing may be lost or doubled.
func TestMergeKeepsOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	const ranks = 5
	for range 3000 {
		var m merger
		said := [ranks]string{}
		for range random.IntN(40) {
			set := Ranks(random.IntN(ranks))
			if random.IntN(3) == 0 {
				set = set.Union(Ranks(random.IntN(ranks), random.IntN(ranks)))
			}
			text := string(rune('a' + random.IntN(4)))
			m.add(group{kind: Stdout, merge: random.IntN(8) > 0, ranks: set, payload: []byte(text)})
			for r := range set.Each() {
				said[r] += text
			}
		}
		heard := [ranks]string{}
		for _, g := range m.take() {
			for r := range g.ranks.Each() {
				heard[r] += string(g.payload)
			}
		}
		if heard != said {
			t.Fatalf("said %q, heard %q", said, heard)
		}
	}
}
