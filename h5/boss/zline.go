package boss

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// lineRow is a row of the table zline: one of the 32 lines in the spectrum of one fiber. What was not
// measured is 0 with an error of -1.
type lineRow struct {
	Plate        int32   `h5:"PLATE"`
	MJD          int32   `h5:"MJD"`
	FiberID      int32   `h5:"FIBERID"`
	Name         string  `h5:"LINENAME,len=13,ascii"`
	Wave         float64 `h5:"LINEWAVE"` // vacuum, at rest
	Z            float32 `h5:"LINEZ"`
	ZErr         float32 `h5:"LINEZ_ERR"`
	Sigma        float32 `h5:"LINESIGMA"` // km/s
	SigmaErr     float32 `h5:"LINESIGMA_ERR"`
	Area         float32 `h5:"LINEAREA"` // 1e-17 erg/s/cm²
	AreaErr      float32 `h5:"LINEAREA_ERR"`
	Width        float32 `h5:"LINEEW"` // Å at rest
	WidthErr     float32 `h5:"LINEEW_ERR"`
	Continuum    float32 `h5:"LINECONTLEVEL"`
	ContinuumErr float32 `h5:"LINECONTLEVEL_ERR"`
	PixelsLeft   int32   `h5:"LINENPIXLEFT"`
	PixelsRight  int32   `h5:"LINENPIXRIGHT"`
	DOF          float32 `h5:"LINEDOF"`
	Chi2         float32 `h5:"LINECHI2"`
}

// lineFits makes the rows of an object, one for each of LineList.
func lineFits(seed uint64, o *object, best bestRow) []lineRow {
	r := random(seed, o.fiber, forFit)
	var rows []lineRow
	for i := range LineList {
		rows = append(rows, lineFit(r, o, &LineList[i], best))
	}
	return rows
}

// lineFit measures one line: the truth off by about the stated errors.
func lineFit(r *rand.Rand, o *object, l *Line, best bestRow) lineRow {
	row := lineRow{Plate: plate, MJD: mjd, FiberID: int32(o.fiber), Name: fmt.Sprintf("%-13s", l.Name), Wave: l.Wave,
		ZErr: -1, SigmaErr: -1, AreaErr: -1, WidthErr: -1, ContinuumErr: -1, Chi2: -1}
	observed := l.Wave * (1 + o.z)
	if observed < coaddWave(30) || observed > coaddWave(coaddRows-30) {
		return row
	}
	sigma := profile(observed)
	level := o.continuum(observed)
	if o.sky {
		level = 0
	}
	width, speed := l.width(o)
	wide := math.Hypot(observed*speed/lightSpeed, sigma)
	pixels := math.Ceil(3 * wide / (observed * coeff1 * math.Ln10))
	noise := 1 / math.Sqrt(ivar(observed, level, skyFlux(observed, sigma), plateExposures))
	areaErr := noise * math.Sqrt(2*math.Sqrt(math.Pi)*wide*observed*coeff1*math.Ln10)
	area := width*(1+o.z)*level + areaErr*r.NormFloat64()
	row.Z, row.ZErr = best.Z, best.ZErr
	row.Sigma, row.SigmaErr = float32(speed), float32(speed*0.01*(1+r.ExpFloat64()))
	row.Area, row.AreaErr = float32(area), float32(areaErr)
	if level > 0 {
		row.Width, row.WidthErr = float32(area/level/(1+o.z)), float32(areaErr/level/(1+o.z))
	}
	row.Continuum, row.ContinuumErr = float32(level), float32(noise/math.Sqrt(2*pixels))
	row.PixelsLeft, row.PixelsRight = int32(pixels), int32(pixels)
	row.DOF = float32(2*pixels - 2)
	row.Chi2 = row.DOF * float32(1+0.1*r.NormFloat64())
	return row
}
