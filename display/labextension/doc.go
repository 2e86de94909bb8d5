// Package labextension will own the TypeScript front end (side panel, viewer, MIME renderer) and
// embed its built files for gofive install. Nothing is built yet.
package labextension
