package boss

import "math"

// skyLine is a line of the night sky: vacuum wavelength and area in 1e-17 erg/s/cm².
type skyLine struct{ wave, area float64 }

// skyLines are oxygen, sodium and mercury of the air and of towns, and the bands of the hydroxyl
// radical, which fill the red end.
var skyLines = nightSky()

func nightSky() []skyLine {
	lines := []skyLine{{4047.7, 4}, {4359.6, 14}, {5462.3, 12}, {5578.9, 290}, {5891.6, 60}, {5897.6, 30},
		{6302.0, 130}, {6365.5, 45}}
	bands := []struct{ head, strength float64 }{{6500, 12}, {6864, 20}, {7276, 45}, {7716, 70}, {8280, 110},
		{8829, 150}, {9376, 170}, {10010, 210}}
	for _, b := range bands {
		for k := range 14 { // lines move apart and fade away from the head of the band
			n := float64(k)
			wave := b.head + 9*n + 1.6*n*n
			lines = append(lines, skyLine{wave, b.strength * (0.35 + 0.65*math.Abs(math.Sin(1.3*n+b.head))) * math.Exp(-n/9)})
		}
	}
	return lines
}

// skyFlux is the light of the sky in a fiber at wave, seen with the profile of width sigma.
func skyFlux(wave, sigma float64) float64 {
	f := 2.4 + 9*math.Exp(-(wave-3560)/180) + 0.9*math.Exp((wave-9000)/900)
	for _, l := range skyLines {
		f += l.area * gauss(wave, l.wave, sigma)
	}
	return f
}

// brightSky reports whether a line of the sky drowns what lies at wave.
func brightSky(wave, sigma float64) bool {
	for _, l := range skyLines {
		if l.area > 55 && math.Abs(wave-l.wave) < 1.7*sigma {
			return true
		}
	}
	return false
}
