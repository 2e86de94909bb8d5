// Package h5view is how HDF5 looks: files and groups as trees, datasets and arrays as tables, in a
// notebook and in a terminal.
//
// There are a few calls here. View is a display.Viewer: it gives the forms of whatever package h5
// returns. Ls is the command that lists a file.
//
// Files that follow a convention such as NeXus, netCDF-4 or pandas are recognised by what is in them,
// and shown as their readers know them: variables with their units over their coordinates, frames as
// tables, spectra as plots. Plain shows a file without that:
//
//	h5view.Plain(f)
//
// A file or group shows metadata only, and of a big one the first members with the number of those
// left out. A dataset shows its first and last rows and reads nothing else. What cannot be read says
// why, at its place, and the rest is shown. Whatever comes out of a file is escaped, for a file may
// come from anywhere.
package h5view
