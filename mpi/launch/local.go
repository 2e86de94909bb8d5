package launch

import (
	"context"
	"fmt"
	"os"
	"os/exec"
)

// The variables by which a rank without MPI knows which one it is. EnvLocalDir is a folder with a short
// name that only the ranks of the cluster use.
const (
	EnvLocalRank = "GOFIVE_LOCAL_RANK"
	EnvLocalSize = "GOFIVE_LOCAL_SIZE"
	EnvLocalDir  = "GOFIVE_LOCAL_DIR"
)

// local starts ranks as processes of this computer, without MPI.
type local struct{}

func (local) interfaces(ctx context.Context, config Config) ([]string, error) {
	return listenOr(config, func() ([]string, error) { return nil, nil })
}

func (local) start(ctx context.Context, config Config, dir directory) (job, error) {
	folder, err := nodeDir()
	if err != nil {
		return nil, err
	}
	var commands []*exec.Cmd
	for rank := range config.Ranks {
		cmd := exec.Command(config.Engine, rankArgs(dir)...)
		cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", EnvLocalRank, rank),
			fmt.Sprintf("%s=%d", EnvLocalSize, config.Ranks), EnvLocalDir+"="+folder)
		commands = append(commands, cmd)
	}
	return startProcesses(dir, folder, commands...)
}
