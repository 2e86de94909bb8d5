// Package kernel is the Jupyter kernel: it takes requests from clients, has cells checked by a
// front end and run by an engine, and publishes what they do. It is pure Go, runs no user code and
// knows no sockets.
//
// There are only a few types here: a Kernel serves Channels, which are the sockets as it sees
// them; a FrontEnd (a *cell.Session) turns code into programs; an engine.Engine runs them; an
// Output carries what one cell shows to its front ends. A request to run a cell waits in a lane
// until those before it have ended; all others are served beside the running cell.
//
//	conn, err := kernel.ReadConnection(path)
//	channels, err := zmq.Listen(conn)
//	err = kernel.Run(ctx, kernel.Options{
//		Channels:    channels,
//		Connection:  conn,
//		FrontEnd:    cell.NewSession(library),
//		StartEngine: func(h engine.Handler) engine.Engine { return engine.Start(path, h) },
//	})
package kernel
