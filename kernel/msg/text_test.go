package msg

import (
	"encoding/json"
	"strings"
	"testing"
)

// A stream's text reads back as it was, and what is no UTF-8 as U+FFFD.
func TestStreamText(t *testing.T) {
	for _, text := range []string{
		"", "plain", "two\nlines\n", "\t\r\b\f\x00\x1f\x7f", `"quoted" \ and </script>`, "\x1b[31mred\x1b[0m",
		"füße 世界 😀 \u2028", "cut \xe4\xb8", "\xff\xfe between \xc0", strings.Repeat("line\n", 1000),
	} {
		var got struct{ Name, Text string }
		if err := json.Unmarshal(Stream("stdout", []byte(text)), &got); err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if want := string([]rune(text)); got.Name != "stdout" || got.Text != want {
			t.Errorf("%q: got %q of %q", text, got.Text, got.Name)
		}
	}
}
