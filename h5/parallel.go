package h5

import (
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"gofive/h5/internal/libhdf5"
)

// Parallel is the driver of files that the ranks of a job have open together, through MPI-IO. Package h5mpi
// makes it: h5mpi.MPIO(comm).
//
// What changes more than data is then for all ranks at once, in the same order: opening, flushing and
// closing the file, creating, deleting, linking, resizing, and attributes. Each rank first tells the others
// what it is about to do, so that one that does something else is named, and nothing is done. Reading, and
// writing data, is each rank's own affair, unless With(h5mpi.Collective) says otherwise.
type Parallel struct {
	Job   Job
	Hints []string // for MPI-IO, each "key=value", such as "cb_nodes=4"
}

// Compresses reports whether the ranks can write compressed chunks, which they only do together: those of an MPI library can,
// with HDF5 1.10.2 or newer.
func (p Parallel) Compresses() bool {
	j, ok := p.Job.(interface{ MPI() bool })
	var major, minor, patch int
	version, err := Version()
	if _, bad := fmt.Sscanf(version, "%d.%d.%d", &major, &minor, &patch); err != nil || bad != nil {
		return false
	}
	return ok && j.MPI() && slices.Compare([]int{major, minor, patch}, []int{1, 10, 2}) >= 0
}

// Job is processes that open files together.
type Job interface {
	// Join is called by all of them when they open a file. The Ranks are for that file alone; they are nil
	// where a process is alone, and opens the file like any other.
	Join(path string) (Ranks, error)
}

// Ranks are the processes that have a file open. All methods but Handle, Place and Enter are collective.
type Ranks interface {
	// Handle is the MPI_Comm of C, 0 for ranks of one computer without MPI.
	Handle() uintptr
	// Place is this rank's number, and how many there are.
	Place() (rank, size int)
	// Agree returns when all ranks have called it, with the greatest Weight of all. It fails on all of them
	// when one has another call, or has failed.
	Agree(Call) (most int, err error)
	// Enter notes that the rank is in the HDF5 library, where others may keep it waiting, until done is called.
	Enter(what string) (done func())
	// Leave is called when the file is closed.
	Leave()
}

// Call is what a rank is about to do together with the others.
type Call struct {
	What   string // such as `create dataset "/x"`
	Args   string // what else must be the same on all ranks
	Failed error  // why this rank cannot do it
	Weight int
}

func (Parallel) property() (libhdf5.Property, error) { return libhdf5.Property{}, errNoRanks }
func (Parallel) first(path string) string            { return path }

// errNoRanks is for calls that know nothing of ranks, such as OpenBytes.
var errNoRanks = &Error{Kind: ErrType, Reason: "the driver of several ranks is for Open, Create and OpenFile"}

// oneCall is one process's part in what all ranks do with a file. A rank does one such call at a time,
// whatever file it is about: two ranks inside the library, each in another call, would wait for each
// other for ever.
var oneCall sync.Mutex

// agree waits until all ranks are about to make the same call, and gives the greatest weight. done, which is
// never nil, is called when the call was made.
func agree(r Ranks, c Call) (most int, done func(), err error) {
	oneCall.Lock()
	most, err = r.Agree(c)
	if err != nil {
		oneCall.Unlock()
		return 0, func() {}, err
	}
	leave := r.Enter(c.What)
	return most, func() {
		leave()
		if r.Handle() == 0 {
			_, _ = r.Agree(Call{What: c.What + " done"}) // see alike.go; whom an interrupt keeps from it does not wait
		}
		oneCall.Unlock()
	}, nil
}

// together waits, in a file of several ranks, until all of them are about to make the same call, of which
// args are what must be the same. failed is why this one cannot. done is never nil.
func (o *object) together(op, name string, failed error, args ...any) (done func(), err error) {
	f := o.h.file
	if f.ranks == nil {
		return func() {}, failed
	}
	what := op
	if name != "" {
		what = fmt.Sprintf("%s %q", op, name)
	}
	_, done, err = agree(f.ranks, Call{What: what, Args: fmt.Sprint(args...), Failed: failed})
	return done, because(op, name, f.path, err)
}

// digest stands for the elements among the arguments of a call.
func (e *encoded) digest() string {
	if e == nil || e.bytes == nil {
		return "nothing"
	}
	b, isBytes := e.keep.([]byte)
	if !isBytes {
		b = unsafe.Slice((*byte)(e.bytes), e.shape.Len()*e.mem.Size)
	}
	return fmt.Sprintf("%v %v %08x", &Datatype{e.file}, e.shape, crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)))
}

// makingText is what of making a dataset must be the same on all ranks.
func makingText(m *libhdf5.Making) string {
	fill := ""
	if m.Fill != nil && m.Fill.Slots == nil {
		fill = fmt.Sprintf("%x", unsafe.Slice((*byte)(m.Fill.Bytes), m.Fill.Type.Size))
	}
	return fmt.Sprint(m.Space, m.Create, m.Access, fill)
}

// forRanks chooses what suits several ranks, where nothing else is asked for: all space is taken at once,
// and nobody writes to it what the ranks then write over. The library must be free to write zeros where MaxShape
// lets a dataset grow, else what was cut off comes back, and to elements of variable length, which it does not create otherwise.
func (c *DatasetCreate) forRanks(mpio bool, t *Datatype) {
	if c.filtered() || c.Compact || len(c.External) > 0 || len(c.Virtual) > 0 {
		return
	}
	if c.AllocTime == AllocDefault || !mpio {
		c.AllocTime = AllocEarly
	}
	if c.FillTime == FillDefault && c.Fill == nil && c.MaxShape == nil && !t.t.HasPointers() {
		c.FillTime = FillNever
	}
}

// openTogether opens a file on all ranks.
func openTogether(path, mode string, m libhdf5.Mode, c choices) (*File, error) {
	driver := c.fileAccess.Driver.(Parallel)
	op := opening(m)
	ranks, err := driver.Job.Join(path)
	if err != nil {
		return nil, because(op, "", path, err)
	}
	c.fileAccess.Driver = nil
	if ranks == nil {
		return openChosen(path, mode, m, c)
	}
	f, err := openAmong(ranks, path, mode, m, c, driver.Hints)
	if err != nil {
		ranks.Leave()
		return nil, because(op, "", path, err)
	}
	return f, nil
}

// openAmong opens a file with ranks that have joined already.
func openAmong(ranks Ranks, path, mode string, m libhdf5.Mode, c choices, hints []string) (*File, error) {
	how, err := c.opening(m)
	if err == nil && m < libhdf5.Truncate && mode != "a" {
		err = lookAtFile(opening(m), path, mode)
	}
	if err == nil && c.fileAccess.SWMR {
		err = &Error{Kind: ErrType, Reason: "a file of several ranks has no readers beside them", Hint: "leave SWMR out"}
	}
	what := fmt.Sprintf("%s %q", opening(m), filepath.Base(path))
	block, done, err := agree(ranks, Call{What: what, Args: fmt.Sprint(mode, how.Access, how.Create, hints), Failed: err, Weight: bestBlock(path)})
	if err != nil {
		return nil, err
	}
	defer done()
	if ranks.Handle() != 0 {
		how.Access = append(ranksAccess(ranks.Handle(), hints, block, how.Mode), how.Access...)
	} else if err := openAlike(path, mode, &how, ranks); err != nil {
		return nil, err
	}
	id, err := openInTurn(path, mode, &how, ranks)
	if err != nil {
		err = explainOpen(opening(how.Mode), path, how.Mode, err)
	}
	if _, others := ranks.Agree(Call{What: what + " with MPI-IO", Failed: err}); others != nil {
		if err == nil { // the file is open here alone, and cannot be closed
			return nil, errors.Join(others, libhdf5.GiveUp(id))
		}
		return nil, err
	}
	return newSharedFile(id, path, how.Mode != libhdf5.ReadOnly, ranks), nil
}

// openInTurn opens the file. Ranks without MPI make one in turn: each needs it empty, and begins to write.
func openInTurn(path, mode string, how *libhdf5.Opening, ranks Ranks) (id libhdf5.ID, err error) {
	if ranks.Handle() != 0 || how.Mode < libhdf5.Truncate {
		return openOrMake(path, mode, how)
	}
	rank, size := ranks.Place()
	for turn := range size {
		if turn == rank {
			id, err = libhdf5.OpenFile(path, *how)
		}
		if _, others := ranks.Agree(Call{What: "make the file in turn"}); others != nil {
			if err == nil && turn >= rank {
				err = libhdf5.GiveUp(id)
			}
			return 0, errors.Join(others, err)
		}
	}
	return id, err
}

// openOrMake opens the file, and in mode "a" makes it where there is none.
func openOrMake(path, mode string, how *libhdf5.Opening) (libhdf5.ID, error) {
	id, err := libhdf5.OpenFile(path, *how)
	if err != nil && mode == "a" {
		if _, missing := os.Stat(path); missing != nil {
			how.Mode = libhdf5.Exclusive
			return libhdf5.OpenFile(path, *how)
		}
	}
	return id, err
}

// ranksAccess are the settings for files of several ranks. What is large begins where a block of the file
// system does: two ranks that write beside each other then share none. What describes the data each rank writes for itself, as is the
// library's default: writing it collectively costs a round of messages for each piece.
func ranksAccess(comm uintptr, hints []string, block int, mode libhdf5.Mode) []libhdf5.Property {
	const least = 64 << 10 // what is smaller is not moved
	out := []libhdf5.Property{
		libhdf5.Set("fapl_mpio", int(comm), strings.Join(hints, "\n")),
		libhdf5.Set("alignment", max(block, least), block),
	}
	if mode != libhdf5.ReadOnly {
		// A collective write goes past the chunk cache and leaves in it what a rank has read of compressed
		// chunks before. Other chunks are not kept there anyway in a file that ranks write.
		out = append(out, libhdf5.Set("cache", 1, 0, 0.0))
	}
	return out
}

// bestBlock is the file system's best number of bytes to write at once.
func bestBlock(path string) int {
	const usual = 4 << 10
	var st syscall.Stat_t
	if syscall.Stat(filepath.Dir(path), &st) != nil {
		return usual
	}
	return max(usual, int(st.Blksize))
}

// joinedFiles are the open files of several ranks, in the order in which they were opened.
var joinedFiles struct {
	sync.Mutex
	files []*fileState
}

func newSharedFile(id libhdf5.ID, path string, writable bool, ranks Ranks) *File {
	s := &fileState{id: id, path: path, writable: writable, shared: true, era: libhdf5.Era(), ranks: ranks, mpio: ranks.Handle() != 0}
	joinedFiles.Lock()
	joinedFiles.files = append(joinedFiles.files, s)
	joinedFiles.Unlock()
	return fileOf(s)
}

// What becomes of a file of several ranks: at the end of a program a file is given up while its closing may
// still wait for the others.
const (
	stillOpen = iota
	beingClosed
	givenUp
)

// closeTogether closes a file of several ranks. These agree twice: one that has given the file up meanwhile
// says so the second time, and keeps the others from waiting for it inside the library.
func (s *fileState) closeTogether() error {
	c := Call{What: fmt.Sprintf("close file %q", filepath.Base(s.path))}
	_, done, err := agree(s.ranks, c)
	if err != nil {
		return err
	}
	if !s.fate.CompareAndSwap(stillOpen, beingClosed) {
		c.Failed = &Error{Kind: ErrRanks, Reason: "it has given the file up"}
	}
	if _, err := s.ranks.Agree(c); err != nil {
		s.fate.CompareAndSwap(beingClosed, stillOpen)
		done()
		return err
	}
	err = libhdf5.CloseFile(s.id)
	done()
	s.closed.Store(true)
	s.unshare()
	s.ranks.Leave()
	return err
}

// giveUp takes the file for closed, unless it is being closed just now.
func (s *fileState) giveUp() (bool, error) {
	if !s.fate.CompareAndSwap(stillOpen, givenUp) {
		return false, nil
	}
	s.closed.Store(true)
	s.unshare()
	return true, libhdf5.GiveUp(s.id)
}

func (s *fileState) unshare() {
	joinedFiles.Lock()
	joinedFiles.files = slices.DeleteFunc(joinedFiles.files, func(f *fileState) bool { return f == s })
	joinedFiles.Unlock()
}

// closingPatience is how long the end of a program waits for the other ranks to close a file too.
var closingPatience = 5 * time.Second

// errWaits is for the end of a rank whose HDF5 library waits for another rank: nobody can free it.
var errWaits = &Error{Op: "close all files", Kind: ErrRanks, Reason: "the HDF5 library waits for another rank", Hint: "what was not flushed may be missing from files of several ranks"}

// closeShared closes the files that several ranks have open still, in the order in which they opened them.
// A file that the others do not come to close is given up: the end of a program waits for nobody for ever.
func closeShared() error {
	joinedFiles.Lock()
	files := slices.Clone(joinedFiles.files)
	joinedFiles.Unlock()
	var errs []error
	if len(files) > 0 && libhdf5.Busy(closingPatience) {
		return errWaits
	}
	for _, s := range files {
		err := s.closeOrGiveUp()
		if errors.Is(err, errWaits) {
			return err
		}
		errs = append(errs, because("close file", "", s.path, err))
	}
	return errors.Join(errs...)
}

func (s *fileState) closeOrGiveUp() error {
	ended := make(chan error, 1)
	go func() { ended <- s.closeTogether() }()
	for range 2 { // the second time the closing has begun
		err := error(&Error{Kind: ErrRanks, Reason: fmt.Sprintf("the other ranks did not close it within %v", closingPatience),
			Hint: "what was written to it since it was flushed may be missing"})
		select {
		case err = <-ended:
		case <-time.After(closingPatience):
		}
		if err == nil {
			return nil
		}
		if gone, lost := s.giveUp(); gone {
			return errors.Join(err, lost)
		}
	}
	return errWaits
}

// SetAtomic makes what one rank writes appear whole to the others, at once, in a file that several have
// open; package h5mpi has it for users. All ranks call it.
func SetAtomic(f *File, on bool) error {
	const op = "set atomic writes of"
	id, err := f.useFor(op, "")
	if err != nil {
		return err
	}
	if f.h.file.ranks == nil {
		return nil // a single process sees what it has written
	}
	done, err := f.together(op, "", nil, on)
	defer done()
	if err != nil {
		return err
	}
	if !f.h.file.mpio {
		return nil // the ranks share the system's memory of the file
	}
	if err := libhdf5.SetAtomic(id, on); err != nil {
		return f.failed(op, "", err)
	}
	return nil
}
