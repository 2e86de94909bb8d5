// Package labextension owns the TypeScript front end (side panel, viewer, MIME renderer) and will
// embed its built files for gofive install. src/core knows no front end; PROTOCOL.md tells what it
// says to the kernel.
package labextension
