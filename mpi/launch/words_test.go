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
		d.log():                 "begun\nSIGSEGV: segmentation violation\n" + strings.Repeat("a register\n", 400) + "exit code 2\n",
		LastWords(string(d), 0): "",
		LastWords(string(d), 3): "fatal error: all goroutines are asleep\ngoroutine 1\n",
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got := d.lastWords(6)
	for _, want := range []string{"exit code 2\n", "a rank crashed: SIGSEGV: segmentation violation", "rank 3 crashed: fatal error: all goroutines are asleep"} {
		if !strings.Contains(got, want) {
			t.Errorf("got %q, want %q in it", got, want)
		}
	}
	if strings.Contains(got, "rank 0") || len(got) > 2*wordsBytes {
		t.Errorf("too much is told: %q", got)
	}
}
