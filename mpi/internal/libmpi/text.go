package libmpi

import "strings"

// shortVersion is the first words of what MPI_Get_library_version says: Open MPI puts commas after
// them, MPICH a label and a tab before and a line end after.
func shortVersion(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	line, _, _ = strings.Cut(line, ",")
	name, version, labelled := strings.Cut(line, ":")
	if labelled {
		return strings.TrimSuffix(name, " Version") + " " + strings.TrimSpace(version)
	}
	return strings.TrimSpace(line)
}

// oneLine joins the lines of MPICH's error stacks.
func oneLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Join(lines, "; ")
}
