// Package labextension owns the TypeScript front end (side panel, viewers, MIME renderer) and holds
// its built files for gofive install:
//
//	labextension.Lab()      // the prebuilt extension of JupyterLab 4 and Notebook 7
//	labextension.Notebook() // the nbextension of Notebook 6 and nbclassic
//
// The core (src/core) knows no front end; PROTOCOL.md tells what it says to the kernel. The shells
// (src/lab, src/notebook) give it a comm, a place in the page and what only a front end can do. H5Web
// (src/h5web) asks by the same protocol; Lab fetches it when it is first asked for. The files in built
// are made by make extension and committed, so that nobody needs npm to build gofive.
package labextension
