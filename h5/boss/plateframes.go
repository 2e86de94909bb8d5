package boss

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gofive/h5"
)

// plateFrames are the single exposures of a plate, which its plan names. Those of one spectrograph are open at a
// time: fibers come in their order, and a spectrograph has half of them.
type plateFrames struct {
	dir          string
	names        []string // such as spFrame-b1-00108341.fits
	spectrograph int      // whose frames are open; 0 for none
	open         []*plateFrame
	flats        flats
	missing      []error
}

// errLeftOut says that a frame cannot be read; why, its plate lists once.
var errLeftOut = errors.New("the exposure is left out")

// lookForPlan reads which exposures the coadds are made of.
func (s *plateFile) lookForPlan() {
	dir := folder(s.file.Path())
	s.frameSet = &plateFrames{dir: dir}
	s.frameSet.flats.note = s.frameSet.note
	plan := filepath.Join(dir, fmt.Sprintf("spPlancomb-%04d-%d.par", s.night.plate, s.night.mjd))
	text, err := os.ReadFile(plan)
	if errors.Is(err, fs.ErrNotExist) {
		s.said = append(s.said, fmt.Sprintf("%s: there is no %s beside it: coadds without single exposures", s.file.Path(), filepath.Base(plan)))
		return
	}
	if err != nil {
		s.missing = append(s.missing, err)
		return
	}
	s.frameSet.names = planned(string(text))
}

// planned gives the frames that lines SPEXP of a plan name; UNKNOWN stands for a camera that saw nothing.
func planned(plan string) (out []string) {
	for line := range strings.Lines(plan) {
		fields := strings.Fields(line)
		if len(fields) == 0 || !strings.EqualFold(fields[0], "SPEXP") {
			continue
		}
		for _, field := range fields[1:] {
			name := strings.Trim(field, `"'{}`)
			if strings.HasPrefix(name, "spFrame-") && filepath.Base(name) == name && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// number is how many exposures of single cameras a fiber has at most.
func (p *plateFrames) number() int { return (len(p.names) + 1) / 2 }

// of gives the exposures that have a fiber.
func (p *plateFrames) of(fiber int) (out []frameID, err error) {
	if err := p.turnTo(spectrograph(fiber)); err != nil {
		return nil, err
	}
	for _, f := range p.open {
		if _, there := f.rows[fiber]; there && !f.broken {
			out = append(out, f.id)
		}
	}
	slices.SortFunc(out, frameID.compare)
	return out, nil
}

func (p *plateFrames) frame(fiber int, id frameID) (*h5.Table, []card, error) {
	if err := p.turnTo(spectrograph(fiber)); err != nil {
		return nil, nil, err
	}
	for _, f := range p.open {
		row, there := f.rows[fiber]
		if f.id != id || !there || f.broken {
			continue
		}
		t, err := f.table(row, &p.flats)
		if err == nil {
			return t, f.cards, nil
		}
		if ours(err) {
			return nil, nil, err
		}
		f.broken = true
		p.note(f.name, fmt.Errorf("left out from fiber %d on: %w", fiber, err))
		return nil, nil, errLeftOut
	}
	return nil, nil, fmt.Errorf("fiber %d has no exposure %v", fiber, id)
}

// turnTo opens the frames of a spectrograph. What is wrong with them is listed; an error is that nothing can be unpacked.
func (p *plateFrames) turnTo(spectrograph int) error {
	if p.spectrograph == spectrograph {
		return nil
	}
	p.close()
	p.spectrograph = spectrograph
	for _, name := range p.names {
		camera := cameraOf(name)
		if camera == "" || int(camera[1]-'0') != spectrograph {
			continue
		}
		f, err := openFrame(p.dir, name, camera)
		if ours(err) {
			p.close()
			return err
		}
		if err != nil {
			p.note(name, fmt.Errorf("left out: %w", err))
			continue
		}
		if slices.ContainsFunc(p.open, func(o *plateFrame) bool { return o.id == f.id }) {
			p.note(name, fmt.Errorf("left out: exposure %v is there twice", f.id))
			f.close()
			continue
		}
		p.open = append(p.open, f)
	}
	return nil
}

// note lists a fault once.
func (p *plateFrames) note(name string, err error) {
	err = fmt.Errorf("%s: %w", name, err)
	if !slices.ContainsFunc(p.missing, func(was error) bool { return was.Error() == err.Error() }) {
		p.missing = append(p.missing, err)
	}
}

func (p *plateFrames) close() error {
	err := p.flats.close()
	for _, f := range p.open {
		err = errors.Join(err, f.close())
	}
	p.open, p.spectrograph = nil, 0
	return err
}

// cameraOf tells the camera, such as b1, by the name of a frame; "" for another.
func cameraOf(name string) string {
	part := strings.Split(name, "-")
	if len(part) == 3 && slices.Contains([]string{"b1", "b2", "r1", "r2"}, part[1]) {
		return part[1]
	}
	return ""
}
