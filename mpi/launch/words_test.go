package launch

import (
	"os"
	"strings"
	"testing"
)

// TestLastWords has a launcher and two ranks say why they ended: the reason is not hidden by what follows it.
func TestLastWords(t *testing.T) {
	d := directory(t.TempDir())
	for file, text := range map[string]string{
		d.log():                 "begun\n" + strings.Repeat("a register\n", 400) + "exit code 2\n",
		LastWords(string(d), 0): "",
		LastWords(string(d), 2): "SIGSEGV: segmentation violation\n" + strings.Repeat("a register\n", 400),
		LastWords(string(d), 3): "fatal error: all goroutines are asleep\ngoroutine 1\n",
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got := d.lastWords(6)
	for _, want := range []string{"exit code 2\n", "rank 2 crashed: SIGSEGV: segmentation violation\n", "rank 3 crashed: fatal error: all goroutines are asleep"} {
		if !strings.Contains(got, want) {
			t.Errorf("got %q, want %q in it", got, want)
		}
	}
	if strings.Contains(got, "rank 0") || len(got) > 2*wordsBytes {
		t.Errorf("too much is told: %q", got)
	}
}

func TestRankInEnvironment(t *testing.T) {
	for _, tt := range []struct {
		environment string
		rank        int
		ok          bool
	}{
		{"HOME=/root PMI_RANK=3 SLURM_PROCID=0", 3, true},
		{"SLURM_PROCID=0 OMPI_COMM_WORLD_RANK=2", 2, true}, // mpirun in a step of srun
		{"HOME=/root", 0, false},
		{"PMI_RANK=x", 0, false},
	} {
		if rank, ok := RankIn(strings.Fields(tt.environment)); rank != tt.rank || ok != tt.ok {
			t.Errorf("%s: got %d, %v", tt.environment, rank, ok)
		}
	}
}
