package boss

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gofive/h5"
)

func sample(t *testing.T, o SampleOptions) *h5.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sample.h5")
	if err := Sample(path, o); err != nil {
		t.Fatal(err)
	}
	f, err := h5.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestSampleLayout(t *testing.T) {
	f := sample(t, SampleOptions{})
	for path, want := range map[string]struct {
		rows  int
		bytes int // a row
		names string
	}{
		"3655/55240/30/coadd":              {4622, 32, "WAVE FLUX IVAR AND_MASK OR_MASK WAVEDISP SKY MODEL"},
		"3655/55240/734/coadd":             {4622, 32, "WAVE FLUX IVAR AND_MASK OR_MASK WAVEDISP SKY MODEL"},
		"3655/55240/30/exposures/108341/b": {4112, 32, "WAVE FLUX IVAR MASK WAVEDISP SKY X CALIB"},
		"3655/55240/30/exposures/108342/r": {4128, 32, "WAVE FLUX IVAR MASK WAVEDISP SKY X CALIB"},
		"3655/55240/plugmap":               {6, 58, "FIBERID OBJTYPE XFOCAL YFOCAL RA DEC LAMBDA_EFF ZOFFSET PRIMTARGET SECTARGET BOSS_TARGET1"},
		"3655/55240/zline": {192, 89, "PLATE MJD FIBERID LINENAME LINEWAVE LINEZ LINEZ_ERR LINESIGMA LINESIGMA_ERR LINEAREA LINEAREA_ERR " +
			"LINEEW LINEEW_ERR LINECONTLEVEL LINECONTLEVEL_ERR LINENPIXLEFT LINENPIXRIGHT LINEDOF LINECHI2"},
	} {
		d, err := f.Dataset(path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if got := strings.Join(d.FieldNames(), " "); d.Len() != want.rows || got != want.names || d.Datatype().Size() != want.bytes {
			t.Errorf("%s: %d rows of %d bytes with %s\nwant %d rows of %d bytes with %s", path,
				d.Len(), d.Datatype().Size(), got, want.rows, want.bytes, want.names)
		}
		if d.Chunks() != nil {
			t.Errorf("%s is chunked; the survey's files are contiguous", path)
		}
	}
	keys, err := f.Keys()
	if err != nil || !slices.Equal(keys, []string{"3655"}) {
		t.Errorf("root holds %q, %v", keys, err)
	}
}

func TestSampleHoldsWhatWasMade(t *testing.T) {
	f := sample(t, SampleOptions{Seed: 5, Fibers: []int{118, 7}, Exposures: -1})
	d, err := f.Dataset("3655/55240/118/coadd")
	if err != nil {
		t.Fatal(err)
	}
	var got []coaddRow
	if err := d.ReadInto(&got); err != nil {
		t.Fatal(err)
	}
	o := newObject(5, 118)
	if want := coadd(5, &o); !slices.Equal(got, want) {
		t.Error("the file holds another spectrum than was made")
	}
	attrs, err := d.Attrs()
	if err != nil || len(attrs) != len(coaddCards()) {
		t.Fatalf("%d attributes, %v, want %d", len(attrs), err, len(coaddCards()))
	}
	for name, want := range map[string]any{"PLATEID": int64(3655), "COEFF0": 3.5515, "VACUUM": true, "TELESCOP": "SDSS 2.5-M"} {
		a, err := d.Attr(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if v, err := a.Value(); v != want || err != nil {
			t.Errorf("%s = %v (%T), %v, want %v", name, v, v, err, want)
		}
	}
	if has, err := f.Has("3655/55240/118/exposures"); has || err != nil {
		t.Errorf("exposures are there without being asked for, %v", err)
	}
	best, err := f.Dataset("3655/55240/zbest")
	if err != nil {
		t.Fatal(err)
	}
	fibers, err := best.Field("FIBERID")
	if err != nil {
		t.Fatal(err)
	}
	if got := fibers.Raw(); !slices.Equal(got.([]int32), []int32{7, 118}) {
		t.Errorf("zbest has fibers %v, want 7 and 118 in order", got)
	}
}

// The file must not tell when it was made.
func TestSampleIsDeterministic(t *testing.T) {
	make := func() []byte {
		path := filepath.Join(t.TempDir(), "sample.h5")
		if err := Sample(path, SampleOptions{Fibers: []int{30}}); err != nil {
			t.Fatal(err)
		}
		image, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return image
	}
	first := make()
	for second := time.Now().Unix(); time.Now().Unix() == second; {
		time.Sleep(10 * time.Millisecond) // times in a file count seconds
	}
	if !bytes.Equal(first, make()) {
		t.Error("the same options gave other bytes a second later")
	}
}

func TestSampleMistakes(t *testing.T) {
	for _, test := range []struct {
		o    SampleOptions
		says string
	}{
		{SampleOptions{Fibers: []int{0}}, "fiber 0: give each fiber once, between 1 and 1000"},
		{SampleOptions{Fibers: []int{3, 1001}}, "fiber 1001"},
		{SampleOptions{Fibers: []int{3, 3}}, "fiber 3"},
		{SampleOptions{Fibers: []int{}}, "give at least one fiber"},
		{SampleOptions{Exposures: 100}, "100 exposures: give at most 99"},
	} {
		path := filepath.Join(t.TempDir(), "sample.h5")
		err := Sample(path, test.o)
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%+v: got %v, want %q", test.o, err, test.says)
		}
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%+v: a file was made all the same", test.o)
		}
	}
	if err := Sample(filepath.Join(t.TempDir(), "none", "sample.h5"), SampleOptions{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("into a missing folder: got %v", err)
	}
}
