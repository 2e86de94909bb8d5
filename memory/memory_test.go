package memory

import (
	"math"
	"os"
	"path/filepath"
	"testing"
)

// tree writes files below a new folder.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestMachine(t *testing.T) {
	const meminfo = "MemTotal:       1000 kB\nMemFree:         1 kB\nMemAvailable:    900 kB\n"
	for _, c := range []struct {
		name        string
		files       map[string]string
		total, free int64
	}{
		{"nothing is known", nil, math.MaxInt64, math.MaxInt64},
		{"a machine", map[string]string{"proc/meminfo": meminfo, "proc/self/cgroup": "0::/\n"}, 1000 << 10, 900 << 10},
		{"a job of Slurm, whose limit is above its task, and whose memory is full of what it has read", map[string]string{
			"proc/meminfo":     meminfo,
			"proc/self/cgroup": "0::/slurm/job_7/step_0/task_0\n",
			"sys/fs/cgroup/slurm/job_7/step_0/task_0/memory.max":     "max\n",
			"sys/fs/cgroup/slurm/job_7/step_0/task_0/memory.current": "400000\n",
			"sys/fs/cgroup/slurm/job_7/memory.max":                   "500000\n",
			"sys/fs/cgroup/slurm/job_7/memory.current":               "499000\n",
			"sys/fs/cgroup/slurm/job_7/memory.stat":                  "anon 99000\nfile 400000\ninactive_file 300000\nactive_file 100000\n",
		}, 500000, 401000},
		{"version 1", map[string]string{
			"proc/meminfo":     meminfo,
			"proc/self/cgroup": "5:cpu:/x\n4:memory:/slurm/job_7\n0::/\n",
			"sys/fs/cgroup/memory/slurm/job_7/memory.limit_in_bytes": "500000\n",
			"sys/fs/cgroup/memory/slurm/job_7/memory.usage_in_bytes": "499000\n",
			"sys/fs/cgroup/memory/slurm/job_7/memory.stat":           "inactive_file 1\nactive_file 1\ntotal_inactive_file 300000\ntotal_active_file 100000\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes":             "9223372036854771712\n",
			"sys/fs/cgroup/memory/memory.usage_in_bytes":             "600000\n",
		}, 500000, 401000},
		{"a container with the host's names", map[string]string{
			"proc/meminfo":                 meminfo,
			"proc/self/cgroup":             "0::/docker/abc\n",
			"sys/fs/cgroup/memory.max":     "500000\n",
			"sys/fs/cgroup/memory.current": "600000\n",
		}, 500000, 0},
	} {
		if total, free := machine(tree(t, c.files)); total != c.total || free != c.free {
			t.Errorf("%s: %d in all and %d free, want %d and %d", c.name, total, free, c.total, c.free)
		}
	}
	if total, free := Machine(); total <= 0 || free <= 0 || free > total {
		t.Errorf("this machine has %d bytes in all and %d free", total, free)
	}
}
