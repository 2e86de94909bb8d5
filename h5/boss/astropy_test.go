package boss

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// judge compares FITS files that we wrote, and a file of HDF5 made of the originals, with the originals as astropy reads them.
const judge = `
import glob, os, sys
import h5py, numpy as np
from astropy.io import fits

packed, exported, originals = h5py.File(sys.argv[1], "r"), sys.argv[2], sorted(glob.glob(sys.argv[3]))
assert originals
def same(a, b, what):
    a, b = np.asarray(a), np.asarray(b)
    if a.dtype.kind in "SU" or b.dtype.kind in "SU":
        text = lambda x: x.decode() if isinstance(x, bytes) else str(x)
        ok = [text(x).rstrip() for x in a.ravel()] == [text(x).rstrip() for x in b.ravel()]
    else:
        ok = a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
    assert ok, what

to = {"LOGLAM": "WAVE", "WDISP": "WAVEDISP"}
for path in originals:
    want, got = fits.open(path), fits.open(os.path.join(exported, os.path.basename(path)))
    assert len(want) == len(got), path
    for n, (a, b) in enumerate(zip(want, got)):
        if n == 0:
            for card in a.header.cards:
                if card.keyword not in ("BITPIX", "COMMENT", "HISTORY", ""):
                    assert b.header[card.keyword] == card.value, (path, card)
            continue
        assert {c.upper() for c in a.columns.names} == {c.upper() for c in b.columns.names}, (path, n)
        for c in a.columns.names:
            same(a.data[c], b.data[c], (path, n, c))
    plate, mjd, fiber = (int(x) for x in os.path.basename(path)[5:-5].split("-"))
    night = packed["%d/%d" % (plate, mjd)]
    coadd = night[str(fiber)]["coadd"]
    assert coadd.dtype.names == ("WAVE", "FLUX", "IVAR", "AND_MASK", "OR_MASK", "WAVEDISP", "SKY", "MODEL")
    for c in want[1].columns.names:
        x = coadd[to.get(c.upper(), c.upper())]
        if c.upper() == "LOGLAM":
            x = np.log10(x.astype("f8")).astype("f4")
        same(want[1].data[c], x, (path, c))
    for key in want[0].header:
        if key not in ("COMMENT", "HISTORY", ""):
            v = coadd.attrs[key]
            assert want[0].header[key] == v, (path, key, v)
    row = night["zbest"][:]
    row = row[row["FIBERID"] == fiber]
    assert len(row) == 1
    for c in want[2].columns.names:
        same(want[2].data[c], row[c.upper()], (path, c))
    lines = night["zline"][:]
    lines = lines[lines["FIBERID"] == fiber]
    for c in want[3].columns.names:
        same(want[3].data[c], lines[c.upper()], (path, c))
    assert len(night[str(fiber)].get("exposures", ())) * 2 == len(want) - 4
print("same", len(originals))
`

// judgeStacked compares a file of layout v2 with the FITS files that it was made of: names, types and shapes of the arrays, and each
// fiber's pixels, in the row that plugmap says.
const judgeStacked = `
import glob, os, sys
import h5py, numpy as np
from astropy.io import fits

packed, originals = h5py.File(sys.argv[1], "r"), sorted(glob.glob(sys.argv[2]))
assert originals
seen = {}
for path in originals:
    plate, mjd, fiber = (int(x) for x in os.path.basename(path)[5:-5].split("-"))
    night = packed["%d/%d" % (plate, mjd)]
    fibers = list(night["plugmap"]["FIBERID"])
    row = fibers.index(fiber)
    seen.setdefault((plate, mjd), []).append(fiber)
    coadds, spec = night["coadds"], fits.open(path)
    arrays = {"flux", "ivar", "and_mask", "or_mask", "wavedisp", "sky", "model"}
    assert arrays | {"wave"} <= set(coadds) <= arrays | {"wave", "pixels", "cards"}, set(coadds)
    wave = coadds["wave"]
    assert wave.dtype.str == "<f4" and wave.ndim == 1
    for name in arrays:
        assert coadds[name].dtype.str == (">i4" if "mask" in name else ">f4"), name
        assert coadds[name].shape == (len(fibers), len(wave)), name
    first, n = coadds["pixels"][row] if "pixels" in coadds else (0, len(wave))
    data = spec[1].data
    columns = {c.lower(): c for c in data.names}
    assert n == len(data)
    for name in arrays:
        want = data[columns["wdisp" if name == "wavedisp" else name]]
        assert np.array_equal(coadds[name][row, first : first + n], want, equal_nan=True), (path, name)
    assert np.array_equal(np.log10(wave[first : first + n].astype("f8")).astype("f4"), data[columns["loglam"]]), path
    frames = {}
    for hdu in spec[4:]:
        camera, exposure = hdu.name.split("-")[:2]
        frames["%d/%s" % (int(exposure), camera[0].lower())] = hdu.data
    for frame, data in frames.items():
        group = night["exposures"][frame]
        assert {"wave", "flux", "ivar", "mask", "wavedisp", "sky", "x", "calib"} <= set(group), set(group)
        first, n = group["pixels"][row] if "pixels" in group else (0, group["flux"].shape[1])
        assert n == len(data) and group["wave"].shape == group["flux"].shape and group["flux"].dtype.str == "<f4"
        for column in data.names:
            name = {"loglam": "wave", "wdisp": "wavedisp"}.get(column.lower(), column.lower())
            got = group[name][row, first : first + n]
            if name == "wave":
                got = np.log10(got.astype("f8")).astype("f4")
            assert np.array_equal(got, data[column], equal_nan=True), (path, frame, column)
for (plate, mjd), fibers in seen.items():
    assert sorted(packed["%d/%d/plugmap" % (plate, mjd)]["FIBERID"]) == sorted(fibers)
`

// TestAstropyAgrees: FITS to HDF5 to FITS gives what astropy read before, in both layouts, and h5py reads from the file of
// HDF5 what astropy reads from the originals.
func TestAstropyAgrees(t *testing.T) {
	const python = "/usr/bin/python3"
	if err := exec.Command(python, "-c", "import astropy.io.fits, h5py").Run(); err != nil {
		if os.Getenv("GOFIVE_REQUIRE_ALL") != "" {
			t.Fatal("astropy and h5py are not there: the set-up should have installed them")
		}
		t.Skip("SKIPPED: no astropy and h5py to compare with (apt install python3-astropy python3-h5py)")
	}
	ctx := context.Background()
	for name, originals := range map[string]func(t *testing.T) string{
		"real":   func(t *testing.T) string { return filepath.Dir(real(t, "boss/spec-*.fits")) },
		"sample": func(t *testing.T) string { return filepath.Join(survey(t), "spectra", "3655") },
	} {
		t.Run(name, func(t *testing.T) {
			from, dir := originals(t), t.TempDir()
			v1, v2 := filepath.Join(dir, "v1.h5"), filepath.Join(dir, "v2.h5")
			r, err := Convert(ctx, []string{from}, v1, Options{})
			fine(t, r, err)
			r, err = Convert(ctx, []string{v1}, v2, Options{Layout: V2, Gzip: 1})
			fine(t, r, err)
			if text, err := exec.Command(python, "-c", judgeStacked, v2, filepath.Join(from, "spec-*.fits")).CombinedOutput(); err != nil {
				t.Errorf("v2.h5: %v\n%s", err, text)
			}
			for _, packed := range []string{v1, v2} {
				out := packed + ".d"
				r, err = Export(ctx, []string{packed}, "", out, Options{})
				fine(t, r, err)
				cmd := exec.Command(python, "-c", judge, v1, out, filepath.Join(from, "spec-*.fits"))
				if text, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%s: %v\n%s", filepath.Base(packed), err, text)
				}
			}
		})
	}
}
