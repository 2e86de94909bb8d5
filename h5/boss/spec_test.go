package boss

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// numpy runs a program that reads JSON and writes JSON, or skips.
func numpy(t *testing.T, program string, in, out any) {
	t.Helper()
	const python = "/usr/bin/python3"
	if err := exec.Command(python, "-c", "import numpy, astropy").Run(); err != nil {
		t.Skipf("SKIPPED: %s has no numpy and astropy to compare with", python)
	}
	b, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "in.json")
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "-c", "import sys, json\nimport numpy as np\nx = json.load(open(sys.argv[1]))\n"+program, path)
	answer, err := cmd.Output()
	if err != nil {
		var stderr string
		if e, ok := err.(*exec.ExitError); ok {
			stderr = string(e.Stderr)
		}
		t.Fatalf("python: %v\n%s", err, stderr)
	}
	if err := json.Unmarshal(answer, out); err != nil {
		t.Fatalf("%v of %s", err, answer)
	}
}

// noisy is a made-up spectrum on the survey's grid: a slope, two lines, and pixels without data.
func noisy(seed uint64, z float64, n int) *Spec {
	r := rand.New(rand.NewPCG(seed, 9))
	s := &Spec{Z: z, Class: "GALAXY", FiberID: FiberID{3655, 55240, int(seed)}}
	for i := range n {
		wave := math.Pow(10, 3.56+1e-4*float64(i))
		model := 5 + 3*(wave-6000)/3000
		for _, line := range []string{"H_beta", "[O_II] 3727"} {
			l, _ := findLine(line)
			at := l.Wave * (1 + z)
			model += 400 * gauss(wave, at, at*150/lightSpeed)
		}
		ivar := 1 + 3*r.Float64()
		flux := model + r.NormFloat64()/math.Sqrt(ivar)
		if r.IntN(40) == 0 {
			ivar = 0
		}
		mask := int32(0)
		if i/100%7 == 3 {
			mask = NoData
		}
		s.Wave, s.Flux, s.Ivar = append(s.Wave, wave), append(s.Flux, flux), append(s.Ivar, ivar)
		s.Model, s.AndMask, s.OrMask = append(s.Model, model), append(s.AndMask, mask), append(s.OrMask, mask)
	}
	return s
}

func about(a, b, tolerance float64) bool { return math.Abs(a-b) <= tolerance*max(1, math.Abs(b)) }

func closeTo(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, numpy has %d", what, len(got), len(want))
	}
	for i := range got {
		if !about(got[i], want[i], 1e-9) {
			t.Fatalf("%s: [%d] is %g, numpy has %g", what, i, got[i], want[i])
		}
	}
}

// TestSmoothAsNumpy compares with convolutions that numpy does.
func TestSmoothAsNumpy(t *testing.T) {
	s := noisy(1, 0.3, 600)
	var want struct{ Box, BoxIvar, Bell, BellIvar, Weighted, WeightedIvar []float64 }
	numpy(t, `
f, v = np.array(x["Flux"]), np.array(x["Ivar"])
good = (v > 0).astype(float)
var = np.where(v > 0, 1 / np.where(v > 0, v, 1), 0)
def conv(a, k): return np.convolve(a, k, "full")[len(k) // 2:][:len(a)]
def smooth(k, w):
    norm = conv(w, k)
    ok = norm > 1e-300
    mean = np.where(ok, conv(w * f, k) / np.where(ok, norm, 1), 0)
    ivar = np.where(ok, norm ** 2 / np.where(ok, conv(w ** 2 * var, k ** 2), 1), 0)
    return mean, ivar
i = np.arange(-10, 11)
bell = np.exp(-i ** 2 / (2 * 5.0 ** 2))
r = {}
r["Box"], r["BoxIvar"] = smooth(np.ones(7), good)
r["Bell"], r["BellIvar"] = smooth(bell, good)
r["Weighted"], r["WeightedIvar"] = smooth(bell, v)
print(json.dumps({k: list(a) for k, a in r.items()}))
`, s, &want)
	for name, tt := range map[string]struct {
		kernel     Kernel
		flux, ivar []float64
	}{"boxcar": {Boxcar(7), want.Box, want.BoxIvar}, "Gaussian": {Gaussian(5), want.Bell, want.BellIvar},
		"weighted": {IvarWeighted(5), want.Weighted, want.WeightedIvar}} {
		got := s.Smooth(tt.kernel)
		closeTo(t, name+" flux", got.Flux, tt.flux)
		closeTo(t, name+" ivar", got.Ivar, tt.ivar)
	}
	if same := s.Smooth(Gaussian(-3)); same.Flux[0] != s.Flux[0] || same.Ivar[0] != s.Ivar[0] || !strings.Contains(same.Header(), "not smoothed: a width of -3 pixels is none") {
		t.Error("a kernel without width changes the spectrum")
	}
	if strings.Contains(s.Header(), "smoothing") {
		t.Error("smoothing changed the spectrum itself")
	}
}

// TestStackAsNumpy compares with sums that numpy does, pixel by pixel.
func TestStackAsNumpy(t *testing.T) {
	spectra := []*Spec{noisy(1, 0.31, 500), noisy(2, 0.2, 450), noisy(3, 0, 500), noisy(4, 2.1, 300)}
	var want struct{ First, Wave, Flux, Ivar []float64 }
	numpy(t, `
sums = {}
for s in x:
    shift = round(1e4 * np.log10(1 + s["Z"]))
    for w, f, v in zip(s["Wave"], s["Flux"], s["Ivar"]):
        p = round(1e4 * np.log10(w)) - shift
        a = sums.setdefault(p, [0.0, 0.0])
        a[0] += v * f
        a[1] += v
first, last = min(sums), max(sums)
rows = [sums.get(p, [0, 0]) for p in range(first, last + 1)]
print(json.dumps({"First": [first], "Wave": [10 ** (p / 1e4) for p in range(first, last + 1)],
    "Flux": [a / b if b > 0 else 0 for a, b in rows], "Ivar": [b for a, b in rows]}))
`, spectra, &want)
	bad := noisy(5, math.NaN(), 10)
	got, err := Stack(append(spectra, bad, noisy(6, -1.5, 10))...)
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "wave", got.Wave, want.Wave)
	closeTo(t, "flux", got.Flux, want.Flux)
	closeTo(t, "ivar", got.Ivar, want.Ivar)
	if h := got.Header(); !strings.Contains(h, "mean of 4 spectra") || !strings.Contains(h, "2 without a redshift left out") {
		t.Error(h)
	}
	if _, err := Stack(bad); err == nil || !strings.Contains(err.Error(), "none of 1 spectra") {
		t.Errorf("nothing to stack: %v", err)
	}
}

// TestMeasureAsNumpy compares the flux and the width of a line with what numpy fits and sums, and over many
// spectra their errors with how they scatter.
func TestMeasureAsNumpy(t *testing.T) {
	s := noisy(1, 0.3, 2500)
	var want struct{ Flux, EW, Continuum float64 }
	numpy(t, `
w, f, v = (np.array(x[k]) for k in ("Wave", "Flux", "Ivar"))
at = 4862.683 * 1.3
speed = np.abs(w / at - 1) * 299792.458
side = (speed >= 1500) & (speed <= 3000) & (v > 0)
slope, level = np.polyfit(w[side], f[side], 1, w=np.sqrt(v[side]))
inside = speed <= 1000
step = np.gradient(w)[inside]
c = level + slope * w[inside]
g = np.interp(w[inside], w[v > 0], f[v > 0])
print(json.dumps({"Flux": np.sum((g - c) * step), "EW": np.sum((g / c - 1) * step) / 1.3, "Continuum": level + slope * at}))
`, s, &want)
	got, err := s.Measure("h_beta")
	if err != nil {
		t.Fatal(err)
	}
	if f := got[0]; !about(f.Flux, want.Flux, 1e-6) || !about(f.EW, want.EW, 1e-6) || !about(f.Continuum, want.Continuum, 1e-8) {
		t.Errorf("got %+v, numpy has %+v", f, want)
	}
	var pulls, widths []float64
	for seed := range uint64(200) {
		f, err := noisy(seed, 0.3, 2500).Measure("H_beta")
		if err != nil {
			t.Fatal(err)
		}
		pulls, widths = append(pulls, f[0].Flux/f[0].FluxErr), append(widths, f[0].EW/f[0].EWErr)
	}
	for name, x := range map[string][]float64{"flux": pulls, "width": widths} {
		if _, deviation := moments(x); deviation < 0.8 || deviation > 2 {
			t.Errorf("%s scatters by %.2f of its error", name, deviation)
		}
	}
}

func TestMeasureMistakes(t *testing.T) {
	s := noisy(1, 0.3, 2500)
	for name, want := range map[string]string{"H_omega": "there is no line", "alpha": "did you mean Ly_alpha, H_alpha?", "Ly_alpha": "do not make a continuum"} {
		if _, err := s.Measure(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAirAsMeasured checks wavelengths in air, and that lines are where the survey's pipeline has them.
func TestAirAsMeasured(t *testing.T) {
	for air, vacuum := range map[float64]float64{6562.79: 6564.603, 5006.843: 5008.239, 3727.417: 3728.478} {
		if got := Vacuum(air); !about(got, vacuum, 3e-7) {
			t.Errorf("%g in air is %.4f in vacuum, want %.4f", air, got, vacuum)
		}
		if back := Air(Vacuum(air)); !about(back, air, 1e-10) {
			t.Errorf("%g goes to vacuum and back as %.8f", air, back)
		}
	}
}

// TestPlot checks what the figure of a spectrum says.
func TestPlot(t *testing.T) {
	s := noisy(1, 0.3, 2500)
	s.ZErr, s.ZWarning = 0.0002, 4
	for name, tt := range map[string]struct {
		looks []Look
		says  []string
		not   string
	}{
		"plain":  {nil, []string{"3655-55240-0001", "GALAXY", "z = 0.3 ± 0.0002", "SMALL_DELTA_CHI2", "S/N", "flux, line of 2,500", "noise, band", "model, line", "shades", "32 marks", "wavelength [Å]"}, "rest wavelength [Å]\""},
		"rest":   {[]Look{RestFrame(), Lines("absorption"), WithoutMasks(), WithoutModel()}, []string{"8 marks", "\"rest wavelength [Å]\""}, "model"},
		"none":   {[]Look{Lines("none")}, []string{"flux"}, "marks"},
		"wrong":  {[]Look{Lines("H_omega")}, []string{"there is no line"}, "marks"},
		"region": {[]Look{Between(6000, 6600)}, []string{"flux"}, "no figure"},
		"beside": {[]Look{Between(1, 2)}, []string{"no figure: boss: there are no pixels between 1 and 2 Å: the spectrum has 3630.78 to 6455.06 Å; give a part"}, "noise"},
	} {
		said := s.Plot(tt.looks...).String()
		for _, want := range tt.says {
			if !strings.Contains(said, want) {
				t.Errorf("%s: no %q in %s", name, want, said)
			}
		}
		if strings.Contains(said, tt.not) {
			t.Errorf("%s: %q in %s", name, tt.not, said)
		}
	}
	masked := noisy(1, 0.3, 100)
	clear(masked.Ivar)
	if said := masked.Plot().String(); !strings.Contains(said, "nothing of flux can be drawn") {
		t.Error(said)
	}
	if b := masked.MimeBundle(); b["image/png"] == nil {
		t.Error("a spectrum all masked has no picture of its model")
	}
	if said := (&Spec{}).Plot().String(); !strings.Contains(said, "no figure") {
		t.Error(said)
	}
}

// TestSkyIsSeen: a sky far from the flux makes the y axis longer, its few brightest lines do not.
func TestSkyIsSeen(t *testing.T) {
	s := noisy(1, 0.3, 1000)
	s.Sky = ones(1000)
	for i := range s.Sky {
		s.Sky[i] = -50
	}
	s.Sky[500] = 9000
	from, to, ok := s.reach(look{sky: true}, s.Wave)
	_, without, _ := s.reach(look{}, s.Wave)
	if !ok || from > -50 || to > without+10 {
		t.Errorf("the y axis goes from %g to %g, without the sky to %g", from, to, without)
	}
}
