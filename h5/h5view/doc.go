// Package h5view is how HDF5 looks: files and groups as trees, datasets and arrays as tables, in a
// notebook and in a terminal.
//
// There are two calls here. View is a display.Viewer: it gives the forms of whatever package h5
// returns. Ls is the command that lists a file.
//
// A file or group shows metadata only, and of a big one the first members with the number of those
// left out. A dataset shows its first and last rows and reads nothing else. What cannot be read says
// why, at its place, and the rest is shown. Whatever comes out of a file is escaped, for a file may
// come from anywhere.
package h5view
