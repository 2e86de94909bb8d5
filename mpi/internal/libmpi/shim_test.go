//go:build mpi

package libmpi

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"gofive/mpi/internal/abi"
)

// TestCases compares the numbers of shim.c with the constants of package abi, by their names.
func TestCases(t *testing.T) {
	src, err := os.ReadFile("shim.c")
	if err != nil {
		t.Fatal(err)
	}
	calls := regexp.MustCompile(`case (\d+): err = (?:MPI_I|start_)(\w+)\(`).FindAllStringSubmatch(string(src), -1)
	if len(calls) != int(abi.ReduceScatter)+1 {
		t.Fatalf("got %d calls, want %d", len(calls), abi.ReduceScatter+1)
	}
	for i, m := range calls {
		if want := strings.ToLower(strings.TrimPrefix(abi.Func(i).String(), "MPI_")); m[2] != want {
			t.Errorf("case %s starts MPI_I%s, want %s", m[1], m[2], want)
		}
	}
}
