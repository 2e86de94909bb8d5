package launch

import "time"

// Launcher is a way to start ranks.
type Launcher string

// The launchers.
const (
	Local  Launcher = "local"  // processes of this computer, without MPI
	Mpirun Launcher = "mpirun" // mpirun or mpiexec, whichever fits the engine
	Srun   Launcher = "srun"   // in an allocation of Slurm
	Sbatch Launcher = "sbatch" // a job of Slurm
)

// Config is what a cluster is to be.
type Config struct {
	Ranks int
	// Nodes is the number of nodes, 0: what the launcher chooses.
	Nodes int
	// Launcher is "" for Srun inside an allocation, else Mpirun where there is one that fits, else Local.
	Launcher Launcher
	// Time, Partition and Account are Slurm's; 0 and "" are its defaults.
	Time               time.Duration
	Partition, Account string
	// Idle is how long ranks wait without a kernel and a program before they exit, 0: DefaultIdle.
	Idle time.Duration
	// Name is the id of the cluster, "" for a new one.
	Name string
	// Listen is the address that ranks of other nodes reach the kernel at, "" for one that routes to
	// them.
	Listen string
	// Args are further arguments of the launcher.
	Args []string
	// Engine and MPIEngine are the executables without and with MPI, started as "PATH rank --cluster
	// DIR". Several MPIEngines are for different MPI libraries.
	Engine    string
	MPIEngine []string
	// Build is the build of gofive that ranks must have, "" for any.
	Build string
	// Progress is told what Start waits for, in words; nil for nobody.
	Progress func(string) `json:"-"`

	beat time.Duration // between heartbeats, 0: defaultBeat
	pace time.Duration // of output, 0: 1; the simulator's ranks share too few processors to be at one place soon
}

// DefaultIdle is how long ranks wait without a kernel and a program.
const DefaultIdle = 30 * time.Minute
