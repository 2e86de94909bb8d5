package engine

import (
	"crypto/rand"
	"encoding/gob"
	"io"
	"os"
	"sync"
)

// Runner is what executes programs inside an engine. One that is an Asker answers questions too.
type Runner interface {
	// Run executes p and returns when it has ended; nil means success.
	Run(p *Program) *Failure
	// Interrupt ends the program of one run.
	Interrupt(run int64)
	// Answer replies to an Input event.
	Answer(request int64, text string, ok bool)
}

// Server is the engine's side of the protocol.
type Server struct {
	conn io.ReadWriter
	out  *sender[report]
	// Flush makes what C code has written reach file descriptors 1 and 2; nil does nothing.
	Flush func()
	// Ended is called when a run has ended; nil does nothing.
	Ended func()

	marking        sync.Mutex
	stdout, stderr *standard
	results        results
}

// NewServer returns a Server that speaks over conn, the engine's end of the socket pair.
func NewServer(conn io.ReadWriter) *Server {
	return &Server{
		conn: conn, out: newSender[report](conn),
		stdout: newStandard(&os.Stdout, 1), stderr: newStandard(&os.Stderr, 2),
	}
}

// Stdout and Stderr are where text of the latest run goes. They stay open when a cell closes os.Stdout.
func (s *Server) Stdout() io.Writer { return s.stdout.own }

// Stderr is like Stdout.
func (s *Server) Stderr() io.Writer { return s.stderr.own }

// Emit sends an event to the kernel. It is the Handler that a Runner reports to. When the kernel is
// gone events have nowhere to go, and Serve is about to return.
//
// Text of a run goes to the file descriptors, where it meets that of C code in order, and only late
// text of an earlier run, or of one beside it, comes as an event; so every other event that is shown
// carries a mark, unless it says that it has no place among them.
func (s *Server) Emit(e Event) {
	if e.Kind == Stream || e.Kind == Loaded || e.Beside {
		_ = s.out.send(report{Event: &e})
		return
	}
	if e.Kind == Result && s.results.keep(e) {
		return
	}
	s.marked(func(mark string) report { e.Mark = mark; return report{Event: &e} })
}

// Serve obeys the kernel until it closes the engine or is gone itself; both return nil.
func (s *Server) Serve(runner Runner) error {
	if err := s.out.send(report{Ready: true}); err != nil {
		return err
	}
	in := gob.NewDecoder(s.conn)
	for {
		var c command
		switch err := in.Decode(&c); {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case c.Close:
			return nil
		case c.Interrupt != 0:
			runner.Interrupt(c.Interrupt)
		case c.Answer != nil:
			runner.Answer(c.Answer.Request, c.Answer.Text, c.Answer.OK)
		case c.Ask != nil:
			go s.answer(runner, c.Ask)
		case c.Run != nil:
			s.stdout.mend()
			s.stderr.mend()
			go s.run(runner, c.Run)
		}
	}
}

// run runs a program and tells how it ended.
func (s *Server) run(runner Runner, p *Program) {
	s.results.begin(p.Run)
	d := done{Run: p.Run, Failure: runner.Run(p)}
	d.Result = s.results.end(p.Run)
	if s.Ended != nil {
		s.Ended()
	}
	if s.flush(); s.stdout.empty() && s.stderr.empty() {
		_ = s.out.send(report{Done: &d})
		return
	}
	s.marked(func(mark string) report { d.Mark = mark; return report{Done: &d} })
}

func (s *Server) flush() {
	if s.Flush != nil {
		s.Flush()
	}
}

// marked flushes what was written, writes a new mark behind it and sends what belongs there. Marks and
// what they belong to leave in one order.
func (s *Server) marked(make func(mark string) report) {
	s.marking.Lock()
	defer s.marking.Unlock()
	s.flush()
	mark := markText + rand.Text() + "\n"
	for _, st := range []*standard{s.stdout, s.stderr} {
		_, _ = st.own.WriteString(mark) // when it fails, the kernel does not wait for long
	}
	_ = s.out.send(make(mark))
}
