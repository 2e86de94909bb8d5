package libmpi

import "testing"

func TestShortVersion(t *testing.T) {
	for _, tt := range []struct{ said, want string }{
		{"Open MPI v4.1.4, package: Debian OpenMPI, ident: 4.1.4, repo rev: v4.1.4, May 26, 2022\x00", "Open MPI v4.1.4"},
		{"MPICH Version:\t4.0.2\nMPICH Release date:\tThu Apr  7 12:34:45 CDT 2022\n", "MPICH 4.0.2"},
	} {
		if got := shortVersion(tt.said); got != tt.want {
			t.Errorf("shortVersion(%q): got %q, want %q", tt.said, got, tt.want)
		}
	}
}

func TestOneLine(t *testing.T) {
	if got, want := oneLine("Invalid rank, error stack:\n  MPI_Send(1): has 9\n"), "Invalid rank, error stack:; MPI_Send(1): has 9"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
