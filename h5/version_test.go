package h5

import (
	"regexp"
	"testing"
)

func TestVersion(t *testing.T) {
	v, err := Version()
	must(t, err)
	if !regexp.MustCompile(`^[12]\.\d+\.\d+$`).MatchString(v) {
		t.Errorf("version %q", v)
	}
	t.Logf("HDF5 %s", v)
}
