// Package kerneltest lets a kernel be tested without sockets and without an engine process.
//
// There are only a few types here: Channels are a kernel's sockets in memory; a Client talks to a
// kernel over a Link, which is one client's end of them, or of real sockets; Check says whether a
// message is what the messaging specification asks for, and a Client applies it to everything it
// receives; Engine and FrontEnd run cells that are written in a few words such as "print hello".
//
//	s := kerneltest.Start(t, nil)
//	x := s.Client.Execute("print hello\nresult 2")
//	x.Text("stdout") // "hello\n"
package kerneltest
