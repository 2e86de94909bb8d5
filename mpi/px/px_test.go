package px

import (
	"math/big"
	"reflect"
	"strings"
	"testing"
	"time"

	"gofive/kernel/value"
)

func TestTravels(t *testing.T) {
	for _, tt := range []struct {
		value any
		fails string
	}{
		{time.Time{}, ""},
		{map[string]time.Time{}, ""},
		{*big.NewInt(3), ""},
		{value.Box{}, "a type that a cell declares"},
		{[]value.Box{}, "a type that a cell declares"},
		{make(chan int), "chan int cannot travel"},
	} {
		err := travels(reflect.TypeOf(tt.value))
		if (err == nil) != (tt.fails == "") || err != nil && !strings.Contains(err.Error(), tt.fails) {
			t.Errorf("%T: got %v, want %q", tt.value, err, tt.fails)
		}
	}
	if _, err := bytesOf(reflect.ValueOf(*big.NewInt(3))); err != nil {
		t.Error(err)
	}
}

// TestPanicNamesInput: what panics is reported with its input before it goes on.
func TestPanicNamesInput(t *testing.T) {
	var told result
	defer func() {
		if v := recover(); v != "three!" || told.Failed != 12 || told.Error != "panic: three!" {
			t.Errorf("got %v and %+v", v, told)
		}
	}()
	third := func(x int) int {
		if x == 3 {
			panic("three!")
		}
		return x
	}
	apply(reflect.ValueOf(third), reflect.ValueOf([]int{1, 2, 3}), task{First: 10, N: 3}, func(r result) { told = r })
}
