// Package zmq is the sockets of a kernel: it implements kernel.Channels by ROUTER, XPUB and REP
// server sockets that speak ZMTP 3.1 (https://rfc.zeromq.org/spec/37/) over TCP and Unix sockets.
//
// They are ours, and not those of a library, because a kernel must outlive its clients: a client
// that stalls, sends garbage, floods or is somebody else's costs only its own connection.
//
// There are only a few types here: Sockets are all five; an endpoint accepts connections and shakes
// hands; a peer is one connection with its outbox, whose writer no other peer waits for; router,
// xpub and echo say what an endpoint does with the messages of its peers.
//
//	sockets, err := zmq.Listen(conn) // bound; nobody is served before Start
package zmq
