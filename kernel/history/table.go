package history

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"

	"modernc.org/sqlite"

	"gofive/kernel/msg"
)

// table is the history in SQLite. Its methods belong to one goroutine. A connection is opened when it
// is needed.
//
// The journal is SQLite's own, one that is rolled back: home folders lie on NFS and Lustre, where a
// write-ahead log does not work.
type table struct {
	path    string
	db      *sql.DB
	conn    *sql.Conn
	session int // 0 before the first cell is written
}

// busyTimeout is how many milliseconds another kernel's lock is waited for.
const busyTimeout = "200"

const create = `CREATE TABLE IF NOT EXISTS main.cells (
	session INTEGER NOT NULL, line INTEGER NOT NULL, input TEXT NOT NULL, output TEXT,
	PRIMARY KEY (session, line)) WITHOUT ROWID`

// fresh holds, during a question, the cells that are not written yet.
const fresh = `CREATE TEMP TABLE fresh (session, line, input, output, PRIMARY KEY (session, line))`

// open connects to the file, which it makes readable by its user alone, and to none when there is no
// path.
func (t *table) open() error {
	if t.conn != nil {
		return nil
	}
	name := ":memory:"
	if t.path != "" {
		if err := makeFile(t.path); err != nil {
			return err
		}
		name = (&url.URL{Scheme: "file", Path: t.path, RawQuery: "_pragma=busy_timeout(" + busyTimeout + ")"}).String()
	}
	var err error
	if t.db, err = sql.Open("sqlite", name); err != nil {
		return err
	}
	if t.conn, err = t.db.Conn(context.Background()); err == nil {
		err = t.run(fresh)
	}
	if err != nil {
		t.close()
	}
	return err
}

// makeFile makes an empty file where there is none. It never opens one that is there: closing it
// again would free the locks that this process has on it.
func makeFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// close ends the connection, and with an open transaction takes it back.
func (t *table) close() {
	if t.conn != nil {
		t.conn.Close()
	}
	if t.db != nil {
		t.db.Close()
	}
	t.conn, t.db = nil, nil
}

func (t *table) run(statement string, args ...any) error {
	_, err := t.conn.ExecContext(context.Background(), statement, args...)
	return err
}

// write writes cells in one transaction, and with the first of them gets this session its number. A
// lock or a full disk passes; after anything else the next write begins anew, with a number of its
// own, for the file may be another by then.
func (t *table) write(cells []Cell) error {
	if len(cells) == 0 {
		return nil
	}
	if err := t.open(); err != nil {
		return err
	}
	session, err := t.insert(cells)
	switch {
	case err == nil:
		t.session = session
	case isBusy(err) || is(err, diskFull):
		_ = t.run("ROLLBACK") // SQLite may have done it
	default:
		t.close()
		t.session = 0
	}
	return err
}

func (t *table) insert(cells []Cell) (session int, err error) {
	for _, statement := range []string{"BEGIN IMMEDIATE", create} {
		if err := t.run(statement); err != nil {
			return 0, err
		}
	}
	session = t.session
	if session == 0 {
		next := t.conn.QueryRowContext(context.Background(), `SELECT coalesce(max(session), 0) + 1 FROM main.cells`)
		if err := next.Scan(&session); err != nil {
			return 0, err
		}
	}
	for _, c := range cells {
		if err := t.run(`REPLACE INTO main.cells VALUES (?, ?, ?, ?)`, session, c.Line, c.Input, c.Output); err != nil {
			return 0, err
		}
	}
	return session, t.run("COMMIT")
}

// rows are all cells, those that wait in place of what was written of them before.
const (
	waitingRows = `SELECT session, line, input, output FROM temp.fresh`
	rows        = `SELECT session, line, input, output FROM main.cells c
		WHERE NOT EXISTS (SELECT 1 FROM temp.fresh f WHERE f.session = c.session AND f.line = c.line)
		UNION ALL ` + waitingRows
)

// find gives the cells that q asks for, oldest first, from those written and those that wait; from
// these alone when the others cannot be read.
func (t *table) find(q msg.HistoryRequest, waiting []Cell) []Cell {
	if t.open() != nil {
		t = &table{} // in memory, for this question
		if t.open() != nil {
			return nil
		}
		defer t.close()
	}
	for _, c := range waiting {
		if t.run(`REPLACE INTO temp.fresh VALUES (?, ?, ?, ?)`, t.session, c.Line, c.Input, c.Output) != nil {
			return nil
		}
	}
	found, err := t.choose(rows, q)
	if err != nil {
		found, _ = t.choose(waitingRows, q)
	}
	if t.run(`DELETE FROM temp.fresh`) != nil {
		t.close()
	}
	return found
}

// newest is the order in which cells are read, so that reading can stop when there are enough. A
// session without a number is this one.
const newest = ` ORDER BY session = 0 DESC, session DESC, line DESC`

// choose answers q from the cells that the query from gives.
func (t *table) choose(from string, q msg.HistoryRequest) ([]Cell, error) {
	if q.Access == "range" {
		session, err := t.named(from, q.Session)
		if err != nil {
			return nil, err
		}
		where := ` WHERE session = ? AND line >= ? AND (line < ? OR ? <= 0)`
		return t.read(`SELECT * FROM (`+from+`)`+where+newest, 0, false, session, q.Start, q.Stop, q.Stop)
	}
	pattern := q.Pattern
	if q.Access == "tail" || pattern == "" {
		pattern = "*"
	}
	return t.read(`SELECT * FROM (`+from+`) WHERE input GLOB ?`+newest, q.N, q.Access == "search" && q.Unique, pattern)
}

// named gives the session that a number in a request stands for: 0 is this one, -1 the last one
// before it that ran something.
func (t *table) named(from string, number int) (int, error) {
	switch {
	case number > 0:
		return number, nil
	case number == 0:
		return t.session, nil
	}
	earlier := `SELECT DISTINCT session FROM (` + from + `) WHERE session <> 0 AND (session < ? OR ? = 0) ORDER BY session DESC LIMIT 1 OFFSET ?`
	session := -1 // there is none such
	err := t.conn.QueryRowContext(context.Background(), earlier, t.session, t.session, -number-1).Scan(&session)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return session, err
}

// read gives the first n cells of a query that has the newest first, all when n is 0; oldest first.
// Unique leaves out what has been seen.
func (t *table) read(query string, n int, unique bool, args ...any) ([]Cell, error) {
	found, err := t.conn.QueryContext(context.Background(), query, args...)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var cells []Cell
	seen := map[string]bool{}
	for (n <= 0 || len(cells) < n) && found.Next() {
		var c Cell
		if err := found.Scan(&c.Session, &c.Line, &c.Input, &c.Output); err != nil {
			return nil, err
		}
		if unique && seen[c.Input] {
			continue
		}
		seen[c.Input] = unique
		cells = append(cells, c)
	}
	slices.Reverse(cells)
	return cells, found.Err()
}

// Result codes of SQLite (https://sqlite.org/rescode.html), of whose extended codes they are the low
// byte.
const (
	busy     = 5
	diskFull = 13
)

// is reports whether SQLite gave this result code.
func is(err error, code int) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xFF == code
}

// isBusy reports whether another kernel had the file locked.
func isBusy(err error) bool { return is(err, busy) }
