package libhdf5

import (
	"path/filepath"
	"testing"
)

// TestAbandonedInAnotherEra lets go of an id, ends the library, and lets go of it again when its
// number may be that of another object.
func TestAbandonedInAnotherEra(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.h5")
	open := func() ID {
		id, err := OpenFile(path, Opening{Mode: Truncate})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	old := open()
	late := NewLease(old)
	if err := CloseAll(); err != nil {
		t.Fatal(err)
	}
	now := open()
	if now != old {
		t.Logf("the library gives %d after %d: nothing to mistake here", now, old)
	}
	late.ID = now
	Abandon(late)
	if _, err := Names(now, "/", false); err != nil {
		t.Errorf("an id of another era closed one of this: %v", err)
	}
	Abandon(NewLease(now))
	if _, err := Names(now, "/", false); err == nil {
		t.Error("an abandoned id is still open after the next call")
	}
}
