package h5mpi

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"gofive/mpi"
)

// rankEnv is set in the processes that TestRanks starts.
const rankEnv = "GOFIVE_H5MPI_TEST_RANK"

// TestRanks runs the other tests on several ranks of the MPI that this executable was built with.
func TestRanks(t *testing.T) {
	if os.Getenv(rankEnv) != "" {
		t.Skip("this is a rank")
	}
	launcher := launcherOf(t)
	for _, n := range []string{"2", "3", "4"} {
		t.Run(n, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
			defer cancel()
			args := append(launcher[1:], "-n", n, os.Args[0], "-test.timeout", "100s", "-test.v")
			cmd := exec.CommandContext(ctx, launcher[0], args...)
			// What install/make/mpi.sh says of containers and of root holds here as well.
			cmd.Env = append(os.Environ(), rankEnv+"=1",
				"OMPI_ALLOW_RUN_AS_ROOT=1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1", "OMPI_MCA_rmaps_base_oversubscribe=1",
				"OMPI_MCA_mpi_yield_when_idle=1", "OMPI_MCA_btl=self,vader", "OMPI_MCA_btl_vader_single_copy_mechanism=none",
				"UCX_ERROR_SIGNALS=", "UCX_DEBUG_SIGNO=0")
			cmd.WaitDelay = 5 * time.Second
			out, err := cmd.CombinedOutput()
			if passed := strings.Count(string(out), "--- PASS: TestRows"); err != nil || fmt.Sprint(passed) != n {
				t.Errorf("%s: %d ranks passed, %v\n%s", strings.Join(cmd.Args, " "), passed, errors.Join(err, ctx.Err()), out)
			}
		})
	}
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
	t.Skip("this executable has no MPI: install/make/ranks.sh builds those that have")
	return nil
}
