package mpi

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"gofive/mpi/internal/local"
)

// rankEnv is set in the processes that a test starts as ranks.
const rankEnv = "GOFIVE_MPI_TEST_RANK"

func TestMain(m *testing.M) {
	if os.Getenv(rankEnv) == "" {
		os.Exit(m.Run())
	}
	code := m.Run()
	if code != 0 {
		Abort(code) // other ranks may wait for this one
	}
	if err := Finalize(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// programs run on all ranks of a job, one after the other.
var programs = []struct {
	name string
	run  func(t *testing.T)
}{
	{"World", worldProgram},
	{"Host", hostProgram},
	{"Barrier", barrierProgram},
	{"Bcast", bcastProgram},
	{"Gather", gatherProgram},
	{"Scatter", scatterProgram},
	{"Alltoall", alltoallProgram},
	{"Reduce", reduceProgram},
	{"ReduceKinds", reduceKindsProgram},
	{"Scan", scanProgram},
	{"ReduceScatter", reduceScatterProgram},
	{"Func", funcProgram},
	{"Raw", rawProgram},
	{"Lengths", lengthsProgram},
	{"Overtaking", overtakingProgram},
	{"Large", largeProgram},
	{"Mismatch", mismatchProgram},
	{"BadValues", badValuesProgram},
	{"Refused", refusedProgram},
	{"Message", messageProgram},
	{"Truncated", truncatedProgram},
	{"Request", requestProgram},
	{"Sendrecv", sendrecvProgram},
	{"Probe", probeProgram},
	{"Goroutines", goroutinesProgram},
	{"Split", splitProgram},
	{"Cart", cartProgram},
	{"Alone", aloneProgram},
	{"Window", windowProgram},
	{"WindowJoins", windowJoinsProgram},
	{"WindowLocks", windowLocksProgram},
	{"WindowErrors", windowErrorsProgram},
	{"WindowOfPart", windowOfPartProgram},
	{"WindowsFar", windowsFarProgram},
	{"Control", controlProgram},
	{"Where", whereProgram},
	{"Interrupt", interruptProgram},
	{"InterruptMidway", interruptMidwayProgram},
	{"InterruptRequest", interruptRequestProgram},
	{"InterruptWindow", interruptWindowProgram},
}

// TestPrograms runs the programs on this rank; outside of a job it is the only one.
func TestPrograms(t *testing.T) {
	for _, p := range programs {
		if ok := t.Run(p.name, p.run); !ok && Size() > 1 {
			t.FailNow() // the next program would begin on some ranks only
		}
	}
}

// TestRanks runs the programs on ranks of the MPI that this executable has, or on ranks without.
func TestRanks(t *testing.T) {
	if os.Getenv(rankEnv) != "" {
		t.Skip("this is a rank")
	}
	for n := 1; n <= 4; n++ {
		t.Run(fmt.Sprint(n), func(t *testing.T) { onRanks(t, n, "^TestPrograms$") })
	}
}

// TestLeaveEarly has a rank that is at its end while the other waits for it.
func TestLeaveEarly(t *testing.T) {
	if os.Getenv(rankEnv) == "" {
		onRanks(t, 2, "^TestLeaveEarly$")
		return
	}
	if Rank() == 1 {
		fails(t, "Finalize", Finalize(), ErrMismatch, "rank 1 calls Finalize")
		return
	}
	_, err := Allreduce(1, Sum)
	fails(t, "Allreduce", err, ErrMismatch, "rank 1 calls Finalize")
}

// onRanks runs tests of this executable on n ranks and fails when one of them does.
func onRanks(t *testing.T, n int, tests string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience(t))
	defer cancel()
	if Version() == "" {
		localRanks(ctx, t, n, tests)
		return
	}
	launcher := launcherOf(t)
	cmd := rankCommand(ctx, launcher[0], append(launcher[1:], "-n", fmt.Sprint(n), os.Args[0], "-test.run", tests)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", strings.Join(cmd.Args, " "), errors.Join(err, ctx.Err()), out)
	}
}

// patience is how long ranks may take. It only guards against those that hang: a busy machine takes its time, and the
// test has to say what they wrote before its own time is over.
func patience(t *testing.T) time.Duration {
	most := 10 * time.Minute
	if end, ok := t.Deadline(); ok {
		most = min(most, time.Until(end)-10*time.Second)
	}
	return most
}

// localRanks starts ranks as processes, without MPI.
func localRanks(ctx context.Context, t *testing.T, n int, tests string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "mpi") // short: sockets lie in it
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	var ranks sync.WaitGroup
	for i := range n {
		cmd := rankCommand(ctx, os.Args[0], "-test.run", tests)
		cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%d", local.EnvRank, i), fmt.Sprintf("%s=%d", local.EnvSize, n), local.EnvDir+"="+dir)
		ranks.Go(func() {
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("rank %d: %v\n%s", i, errors.Join(err, ctx.Err()), out)
			}
		})
	}
	ranks.Wait()
}

// rankCommand is a command that becomes ranks.
func rankCommand(ctx context.Context, name string, args ...string) *exec.Cmd {
	end, _ := ctx.Deadline()
	hung := max(time.Until(end)-10*time.Second, time.Second) // they say where before they are killed
	cmd := exec.CommandContext(ctx, name, append(args, "-test.timeout", hung.String())...)
	cmd.Env = append(os.Environ(), rankEnv+"=1",
		"OMPI_ALLOW_RUN_AS_ROOT=1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1", "OMPI_MCA_rmaps_base_oversubscribe=1",
		"OMPI_MCA_mpi_yield_when_idle=1", "OMPI_MCA_btl=self,vader", "OMPI_MCA_btl_vader_single_copy_mechanism=none",
		"UCX_ERROR_SIGNALS=", "UCX_DEBUG_SIGNO=0")
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// launcherOf is the program that starts ranks of our MPI.
func launcherOf(t *testing.T) []string {
	t.Helper()
	var names []string
	switch {
	case strings.HasPrefix(Version(), "Open MPI"):
		names = []string{"mpirun.openmpi", "mpirun"}
	case strings.HasPrefix(Version(), "MPICH"):
		names = []string{"mpiexec.mpich", "mpiexec"}
	default:
		t.Skipf("nothing is known that starts ranks of %s", Version())
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			if strings.HasPrefix(name, "mpirun") {
				return []string{path, "--bind-to", "none"}
			}
			return []string{path}
		}
	}
	if os.Getenv("GOFIVE_REQUIRE_ALL") != "" {
		t.Fatalf("none of %v is installed, and %s needs it", names, Version())
	}
	t.Skipf("none of %v is installed", names)
	return nil
}

// same fails when a call had an error or gave something else.
func same(t *testing.T, what string, got any, err error, want any) {
	t.Helper()
	if err != nil {
		t.Fatalf("rank %d: %s: %v", Rank(), what, err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("rank %d: %s: got %v, want %v", Rank(), what, got, want)
	}
}

// fine fails when a call had an error.
func fine(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("rank %d: %s: %v", Rank(), what, err)
	}
}

// refusal is how the error begins of a call that a rank cannot make: all are told which, unless it is alone.
func refusal(rank int, call string) string {
	if Size() == 1 {
		return call + ": "
	}
	return fmt.Sprintf("rank %d cannot call %s: ", rank, call)
}

// fails fails when a call had no error of a kind, or one without a text.
func fails(t *testing.T, what string, err, kind error, text string) {
	t.Helper()
	if !errors.Is(err, kind) || !strings.Contains(err.Error(), text) {
		t.Fatalf("rank %d: %s: got error %v, want %v with %q", Rank(), what, err, kind, text)
	}
}

// each is f of all ranks.
func each[T any](f func(rank int) T) []T {
	all := make([]T, Size())
	for i := range all {
		all[i] = f(i)
	}
	return all
}
