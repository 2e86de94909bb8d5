package launch

import (
	"errors"
	"fmt"
	"net"
	"time"
)

// acceptPause is how long a listener rests that cannot take a connection now: no descriptors are left,
// perhaps.
const acceptPause = 10 * time.Millisecond

// acceptAll hands connections to greet, which closes them, until the listeners are closed.
func acceptAll(listeners []net.Listener, greet func(net.Conn)) {
	for _, listener := range listeners {
		go func() {
			for {
				conn, err := listener.Accept()
				if errors.Is(err, net.ErrClosed) {
					return
				}
				if err != nil {
					time.Sleep(acceptPause)
					continue
				}
				go greet(conn)
			}
		}()
	}
}

// greeted makes a link to whoever has dialed, knows the key, and says in time who it is.
func greeted(conn net.Conn, key []byte) (*link, *join, error) {
	l, err := shake(conn, key, accepted, linkBuffer)
	if err != nil {
		return nil, nil, err
	}
	_ = conn.SetReadDeadline(time.Now().Add(handshakeTime)) // a connection without deadlines has other ways to fail
	frame, err := l.receive()
	if err != nil {
		return nil, nil, err
	}
	j, err := decodeJoin(frame)
	if err != nil {
		return nil, nil, err
	}
	return l, j, conn.SetReadDeadline(time.Time{})
}

// taken is ErrTaken with the process that has the cluster.
type taken struct{ by string }

func (t taken) Error() string { return fmt.Sprintf("%v: %s", ErrTaken, t.by) }

func (t taken) Unwrap() error { return ErrTaken }

// groups hands on what comes up through a link, until that fails or the other end says that another kernel has
// the cluster.
func (l *link) groups(take func(number uint64, groups []group)) error {
	for {
		frame, err := l.receive()
		switch {
		case err != nil:
			return err
		case len(frame) == 0:
			return errMalformed
		case frame[0] == msgBeat:
			continue
		case frame[0] == msgTaken:
			r := reader{b: frame[1:]}
			return taken{r.string()}
		case frame[0] != msgGroups:
			return errMalformed
		}
		number, groups, err := decodeGroups(frame)
		if err != nil {
			return err
		}
		take(number, groups)
	}
}
