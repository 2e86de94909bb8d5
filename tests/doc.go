// Package tests drives the whole of gofive through what its users meet: the executables, a real
// Jupyter client, the kernel conformance suite, a real notebook server in a real browser.
//
// There are only a few helpers here: a service that is looked for once and missed in one loud
// line, a workspace in which the kernelspec is installed, and a kernel held by jupyter_client
// through a short Python script of this folder. Everything else is a test that reads as a story.
//
// A missing service skips its tests. With GOFIVE_REQUIRE_ALL=1, which make test sets once its
// set-up has installed everything, it fails them instead, so that nothing passes by being absent.
//
// GOFIVE_SLURM=1 lets TestSlurm start a Slurm of three nodes, which are namespaces of this computer: it
// needs root, and slurm/down.sh ends one that a killed test has left.
//
// The import policy of the module is deps_test.go; comparisons with other kernels and readers are
// in bench and never part of the tests.
package tests
