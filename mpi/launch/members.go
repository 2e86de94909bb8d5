package launch

import (
	"bytes"
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Member is the process of a rank on this computer.
type Member struct {
	Rank, PID int
	RSS       int64 // bytes
}

// rankVariables say in the environment of a process which rank it is, as the launchers set them.
var rankVariables = []string{"GOFIVE_LOCAL_RANK", "OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "SLURM_PROCID"}

// Members finds the processes of the cluster's ranks on this computer, as far as the user may see them. Those of
// other computers are not among them.
func (c *Cluster) Members() []Member {
	processes, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		return nil // the pattern is sound
	}
	var out []Member
	for _, file := range processes {
		args, _ := os.ReadFile(file) // the process may have ended
		if !bytes.HasSuffix(bytes.TrimRight(args, "\x00"), []byte("\x00rank\x00--cluster\x00"+string(c.dir))) {
			continue
		}
		folder := filepath.Dir(file)
		if rank, ok := rankOf(folder); ok {
			pid, _ := strconv.Atoi(filepath.Base(folder))
			out = append(out, Member{rank, pid, resident(folder)})
		}
	}
	slices.SortFunc(out, func(a, b Member) int { return cmp.Compare(a.Rank, b.Rank) })
	return slices.CompactFunc(out, func(a, b Member) bool { return a.Rank == b.Rank })
}

// rankOf is which rank a process is, by its folder in /proc. mpirun and srun have the same arguments behind their
// own, and are no ranks.
func rankOf(folder string) (int, bool) {
	environment, _ := os.ReadFile(filepath.Join(folder, "environ"))
	return RankIn(strings.Split(string(environment), "\x00"))
}

// RankIn is which rank a process is whose launcher has given it this environment. It is known before MPI has begun.
func RankIn(environment []string) (int, bool) {
	for _, name := range rankVariables {
		for _, v := range environment {
			if value, ok := strings.CutPrefix(v, name+"="); ok {
				rank, err := strconv.Atoi(value)
				return rank, err == nil
			}
		}
	}
	return 0, false
}

// resident gives how much memory a process holds, in bytes.
func resident(folder string) int64 {
	text, _ := os.ReadFile(filepath.Join(folder, "statm"))
	fields := bytes.Fields(text)
	if len(fields) < 2 {
		return 0 // it has ended meanwhile
	}
	pages, _ := strconv.ParseInt(string(fields[1]), 10, 64)
	return pages * int64(os.Getpagesize())
}
