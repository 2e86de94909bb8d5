// Package local is abi.Library without an MPI library: ranks are processes of one computer, or goroutines of
// one process. There are only a few types here: a Library is one rank, as package mpi sees it; a node is
// what it is made of, with the messages that wait for a receive and the receives that wait for a message; a
// link leads to another rank.
//
// Short messages go with their header and wait at the receiver. Of long ones only the header goes; when
// there is a receive for it the receiver takes the data out of the sender's memory itself, where the system
// lets it, so that they are copied once, and else asks for them. Collective calls are goroutines over
// messages of a context of their own.
package local
