package h5mpi

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"gofive/mpi"
)

// rankEnv is set in the processes that TestRanks starts.
const rankEnv = "GOFIVE_H5MPI_TEST_RANK"

// TestRanks runs the other tests on several ranks of the MPI that this executable was built with, or on ranks
// without.
func TestRanks(t *testing.T) {
	if os.Getenv(rankEnv) != "" {
		t.Skip("this is a rank")
	}
	start := localRanks
	if mpi.Version() != "" {
		launcher := launcherOf(t)
		start = func(ctx context.Context, _ *testing.T, n int) string {
			return outputOf(rankCommand(ctx, launcher[0], append(launcher[1:], "-n", fmt.Sprint(n), os.Args[0])...))
		}
	}
	for _, n := range []int{2, 3, 4} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), patience(t))
			defer cancel()
			out := start(ctx, t, n)
			if passed := strings.Count(out, "--- PASS: TestRows"); passed != n || strings.Contains(out, "FAIL") || ctx.Err() != nil {
				t.Errorf("%d of %d ranks passed, %v\n%s", passed, n, ctx.Err(), out)
			}
		})
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

// rankCommand is a command that becomes ranks, more than there are processors, of root as well, and in
// containers, where one process may not read another's memory. UCX below MPICH leaves the signals to Go.
func rankCommand(ctx context.Context, name string, args ...string) *exec.Cmd {
	end, _ := ctx.Deadline()
	hung := max(time.Until(end)-10*time.Second, time.Second) // they say where before they are killed
	cmd := exec.CommandContext(ctx, name, append(args, "-test.timeout", hung.String(), "-test.v")...)
	cmd.Env = append(os.Environ(), rankEnv+"=1",
		"OMPI_ALLOW_RUN_AS_ROOT=1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1", "OMPI_MCA_rmaps_base_oversubscribe=1",
		"OMPI_MCA_mpi_yield_when_idle=1", "OMPI_MCA_btl=self,vader", "OMPI_MCA_btl_vader_single_copy_mechanism=none",
		"UCX_ERROR_SIGNALS=", "UCX_DEBUG_SIGNO=0")
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// outputOf is what a command prints, with FAIL where it fails.
func outputOf(cmd *exec.Cmd) string {
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Sprintf("%s\nFAIL: %v: %v\n", out, cmd.Args, err)
	}
	return string(out)
}

// localRanks starts ranks as processes, without MPI.
func localRanks(ctx context.Context, t *testing.T, n int) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "h5mpi") // short: sockets lie in it
	must(t, err)
	defer os.RemoveAll(dir)
	outputs := make([]string, n)
	var ranks sync.WaitGroup
	for i := range n {
		cmd := rankCommand(ctx, os.Args[0])
		cmd.Env = append(cmd.Env, fmt.Sprintf("GOFIVE_LOCAL_RANK=%d", i), fmt.Sprintf("GOFIVE_LOCAL_SIZE=%d", n), "GOFIVE_LOCAL_DIR="+dir)
		ranks.Go(func() { outputs[i] = outputOf(cmd) })
	}
	ranks.Wait()
	return strings.Join(outputs, "\n")
}

// launcherOf is the program that starts ranks of our MPI.
func launcherOf(t *testing.T) []string {
	t.Helper()
	for library, launcher := range map[string][]string{"Open MPI": {"mpirun.openmpi", "--bind-to", "none"}, "MPICH": {"mpiexec.mpich"}} {
		if !strings.HasPrefix(mpi.Version(), library) {
			continue
		}
		if _, err := exec.LookPath(launcher[0]); err != nil {
			t.Skipf("SKIPPED: %v", err)
		}
		return launcher
	}
	t.Skipf("nothing is known that starts ranks of %s", mpi.Version())
	return nil
}
