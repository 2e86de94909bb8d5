package launch

import (
	"bufio"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"io"
	"net"
	"time"
)

const (
	// keySize is the length of a cluster's key.
	keySize = 32
	// nonceSize is the length of the fresh number that either end of a connection begins with.
	nonceSize = 32
	// handshakeTime is how long the handshake of a connection may take.
	handshakeTime = 10 * time.Second
)

// wireName begins both greetings, so that two versions of the format do not talk.
const wireName = "gofive tree 1\n"

var errKey = errors.New("the other end does not know the key of the cluster, or speaks another version")

// side is an end of a connection: who dialed, or who accepted.
type side string

const (
	dialed   side = "dialed"
	accepted side = "accepted"
)

func (s side) other() side {
	if s == dialed {
		return accepted
	}
	return dialed
}

// shake makes a link of a connection when the other end knows the key too. Both send a fresh nonce; the
// keys of the two directions are made of the cluster's key and both nonces, so that a frame fits one connection
// alone; and the first frame of either end proves that it has them.
func shake(conn net.Conn, key []byte, me side, buffer int) (*link, error) {
	_ = conn.SetDeadline(time.Now().Add(handshakeTime)) // a connection without deadlines has other ways to fail
	mine := append([]byte(wireName), make([]byte, nonceSize)...)
	rand.Read(mine[len(wireName):])
	if _, err := conn.Write(mine); err != nil {
		return nil, err
	}
	theirs := make([]byte, len(mine))
	if _, err := io.ReadFull(conn, theirs); err != nil {
		return nil, err
	}
	if string(theirs[:len(wireName)]) != wireName || hmac.Equal(mine, theirs) {
		return nil, errKey
	}
	first, second := mine, theirs
	if me == accepted {
		first, second = theirs, mine
	}
	beating := &pulse{conn: conn}
	l := &link{
		conn: conn, pulse: beating, in: bufio.NewReaderSize(beating, buffer), limit: handshakeLimit,
		sign: newSeal(direction(key, me, first, second)), check: newSeal(direction(key, me.other(), first, second)),
	}
	if err := l.prove(me); err != nil {
		return nil, err
	}
	l.limit = frameLimit
	return l, conn.SetDeadline(time.Time{})
}

// prove exchanges the first frames.
func (l *link) prove(me side) error {
	if err := l.send([]byte(me)); err != nil {
		return err
	}
	switch p, err := l.receive(); {
	case errors.Is(err, errForged) || errors.Is(err, errTooLong):
		return errKey
	case err != nil:
		return err
	case side(p) != me.other():
		return errKey
	}
	return nil
}

// direction gives the key of the frames that one side sends.
func direction(key []byte, from side, first, second []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(from))
	mac.Write(first)
	mac.Write(second)
	return mac.Sum(nil)
}
