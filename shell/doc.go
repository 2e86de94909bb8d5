// Package shell runs commands of the system, as lines that begin with ! do in a cell:
//
//	!ls -l {dir}
//	files := shell.Lines("ls ", dir, "/*.h5")
//
// Commands are run by sh, in the directory of the engine and with its environment, and nothing is sent
// to their standard input. Each is the leader of a process group of its own, so that an interrupt
// reaches what it has started, and nothing else does.
package shell
