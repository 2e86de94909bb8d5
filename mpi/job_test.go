package mpi

import (
	"os"
	"testing"
	"time"

	"gofive/mpi/internal/abi"
)

// stuck is a library whose Finalize never comes back.
type stuck struct{ abi.Library }

func (stuck) Finalize() error { select {} }

func TestLeaveStuckLibrary(t *testing.T) {
	if os.Getenv(rankEnv) != "" {
		t.Skip("this is a rank, and is to leave its job later")
	}
	fine(t, "Barrier", Barrier())
	lib, patience := here.lib, lettingGo
	here.lib, lettingGo = stuck{lib}, 10*time.Millisecond
	defer func() {
		here.lib, lettingGo = lib, patience
		here.state.Store(running)
	}()
	fails(t, "Leave", Leave(), ErrStuck, "has not ended MPI in 10ms")
	fine(t, "Leave again", Leave())
}
