package boss

import (
	"fmt"
	"math"
)

// plugRow is a row of the table plugmap: where a fiber was plugged and why.
type plugRow struct {
	FiberID     int32   `h5:"FIBERID"`
	ObjType     string  `h5:"OBJTYPE,len=6,ascii"`
	XFocal      float32 `h5:"XFOCAL"` // mm
	YFocal      float32 `h5:"YFOCAL"`
	RA          float64 `h5:"RA"` // degrees
	Dec         float64 `h5:"DEC"`
	LambdaEff   float32 `h5:"LAMBDA_EFF"` // Å
	ZOffset     float32 `h5:"ZOFFSET"`
	PrimTarget  int32   `h5:"PRIMTARGET"`
	SecTarget   int32   `h5:"SECTARGET"`
	BossTarget1 int64   `h5:"BOSS_TARGET1"`
}

// plugMap makes a row for each object.
func plugMap(objects []object) []plugRow {
	var rows []plugRow
	for _, o := range objects {
		row := plugRow{FiberID: int32(o.fiber), ObjType: "GALAXY", XFocal: float32(o.xFocal), YFocal: float32(o.yFocal),
			RA: o.ra, Dec: o.dec, LambdaEff: 5400, BossTarget1: 1 << 1}
		switch {
		case o.sky:
			row.ObjType, row.BossTarget1 = "SKY", 0
		case o.class == quasar:
			row.ObjType, row.LambdaEff, row.BossTarget1 = "QSO", 4000, 1<<12
		case o.class == star:
			row.ObjType, row.BossTarget1 = "SPECTR", 1<<20
		}
		rows = append(rows, row)
	}
	return rows
}

// bestRow is a row of the table zbest: what the pipeline takes an object for.
type bestRow struct {
	Plate       int32      `h5:"PLATE"`
	MJD         int32      `h5:"MJD"`
	FiberID     int32      `h5:"FIBERID"`
	ObjID       string     `h5:"OBJID,len=19,ascii"`
	Class       string     `h5:"CLASS,len=6,ascii"`
	Subclass    string     `h5:"SUBCLASS,len=19,ascii"`
	Z           float32    `h5:"Z"`
	ZErr        float32    `h5:"Z_ERR"`
	RChi2       float32    `h5:"RCHI2"`
	DOF         int32      `h5:"DOF"`
	ZWarning    int32      `h5:"ZWARNING"`
	SNMedian    [5]float32 `h5:"SN_MEDIAN"` // in the bands u g r i z
	SNMedianAll float32    `h5:"SN_MEDIAN_ALL"`
	VDisp       float32    `h5:"VDISP"` // km/s
	VDispErr    float32    `h5:"VDISP_ERR"`
	SpectroFlux [5]float32 `h5:"SPECTROFLUX"`
	FluxIvar    [5]float32 `h5:"SPECTROFLUX_IVAR"`
	PlugRA      float64    `h5:"PLUG_RA"`
	PlugDec     float64    `h5:"PLUG_DEC"`
}

// Bits of the column ZWARNING.
const (
	warnSky            = 1 << 0
	warnSmallDeltaChi2 = 1 << 2
)

// bands are the ranges of the five filters, in Å.
var bands = [5][2]float64{{3560, 3900}, {3900, 5400}, {5600, 7000}, {6900, 8200}, {8200, 9800}}

// bestFit makes the row of an object from its spectrum, as the pipeline would: its redshift is off by
// about the stated error.
func bestFit(seed uint64, o *object, spectrum []coaddRow) bestRow {
	r := random(seed, o.fiber, forFit)
	perBand, all := signalToNoise(len(spectrum), func(i int) (wave, flux, ivar float64) {
		p := spectrum[i]
		return float64(p.Wave), float64(p.Flux), float64(p.Ivar)
	})
	var sn [5]float32
	for b := range perBand {
		sn[b] = float32(perBand[b])
	}
	zErr := (1 + o.z) * o.sigma / lightSpeed / math.Max(3, 12*all)
	row := bestRow{Plate: plate, MJD: mjd, FiberID: int32(o.fiber), Class: o.class, Subclass: o.subclass,
		ObjID: fmt.Sprintf("12376%014d", r.Int64N(1e14)),
		Z:     float32(o.z + zErr*r.NormFloat64()), ZErr: float32(zErr), RChi2: float32(1 + 0.03*r.NormFloat64()),
		DOF: int32(good(spectrum) - 90 - r.IntN(20)), SNMedian: sn, SNMedianAll: float32(all), PlugRA: o.ra, PlugDec: o.dec}
	if o.sky {
		row.ZWarning = warnSky | warnSmallDeltaChi2
	}
	if o.class == galaxy && !o.sky {
		row.VDisp, row.VDispErr = float32(o.sigma*1.1), float32(o.sigma/math.Max(2, 3*all))
	}
	for b, band := range bands {
		row.SpectroFlux[b], row.FluxIvar[b] = throughFilter(spectrum, band)
	}
	return row
}

// good counts the pixels with data.
func good(spectrum []coaddRow) int {
	n := 0
	for _, row := range spectrum {
		if row.Ivar > 0 {
			n++
		}
	}
	return n
}
