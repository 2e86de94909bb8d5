package boss

import (
	"fmt"

	"gofive/h5/fits"
)

// card is one card of a FITS header, which the converter makes an attribute: a string, an int64, a
// float64 or a bool.
type card struct {
	name  string
	value any
}

// key is the same for cards that are the same.
func (c card) key() string { return fmt.Sprintf("%s %T %v", c.name, c.value, c.value) }

// coaddCards are the cards of the plate's header. The converter gives them to each fiber alike.
func coaddCards() []card {
	cards := append(commonCards(), []card{
		{"NAXIS", int64(0)}, {"BITPIX", int64(16)}, {"EXTEND", true}, {"SIMPLE", true},
		{"BUNIT", "1E-17 erg/cm^2/s/Ang"}, {"DC-FLAG", int64(1)}, {"WFITTYPE", "LOG-LINEAR"},
		{"WAT0_001", "system=linear"}, {"WAT1_001", "wtype=linear label=Wavelength units=Angstroms"},
		{"COEFF0", coeff0}, {"COEFF1", coeff1}, {"NWORDER", int64(2)},
		{"NEXP", int64(2 * plateExposures)}, {"NEXP_B1", int64(plateExposures)}, {"NEXP_R1", int64(plateExposures)},
		{"EXPTIME", plateExposures * exposureTime}, {"EXPT_B1", plateExposures * exposureTime}, {"EXPT_R1", plateExposures * exposureTime},
		{"BESTEXP", int64(firstExposure + 3)}, {"MJDLIST", fmt.Sprint(mjd)}, {"NSTD", int64(20)},
		{"FBADPIX", 0.0071}, {"FBADPIX1", 0.0083}, {"FBADPIX2", 0.0059},
		{"SKYCHI2", 1.08}, {"SCHI2MAX", 1.21}, {"SCHI2MIN", 0.97}, {"SPCOADD", "Sat Jan  1 00:00:00 2000"},
		{"VERSCOMB", sampleVersion},
	}...)
	for i := range 2 * plateExposures {
		cards = append(cards, card{fmt.Sprintf("EXPID%03d", i+1), fmt.Sprintf("%s1-%08d-%08d-%08d",
			[]string{"b", "r"}[i/plateExposures], firstExposure+i%plateExposures, flatExposure, arcExposure)})
	}
	for i, band := range []string{"G", "R", "I"} {
		for spectrograph := 1; spectrograph <= 2; spectrograph++ {
			sn2 := 14.5 + 14*float64(i) + float64(spectrograph)
			cards = append(cards, card{fmt.Sprintf("SPEC%d_%s", spectrograph, band), sn2},
				card{fmt.Sprintf("SN2EXT%d%s", spectrograph, band), sn2})
		}
		cards = append(cards, card{band + "OFFSTD", 0.001 * float64(i+1)}, card{band + "RMSSTD", 0.05})
	}
	for _, pair := range []string{"GR", "RI"} {
		cards = append(cards, card{pair + "OFFSTD", 0.002}, card{pair + "RMSSTD", 0.033})
	}
	return cards
}

// frameCards are the cards of one exposure of one camera of one spectrograph.
func frameCards(c camera, spectrograph, exposure int) []card {
	camera := fmt.Sprint(c.name, spectrograph)
	cards := append(commonCards(), []card{
		{"XTENSION", "BINTABLE"}, {"NAXIS", int64(2)}, {"NAXIS1", int64(32)}, {"NAXIS2", int64(c.rows)},
		{"BITPIX", int64(8)}, {"PCOUNT", int64(0)}, {"GCOUNT", int64(1)}, {"TFIELDS", int64(8)},
		{"EXPOSURE", int64(exposure)}, {"EXPTIME", exposureTime}, {"REQTIME", 900.0}, {"CAMERAS", camera},
		{"EXTNAME", fmt.Sprintf("%s-%08d", camera, exposure)}, {"FILENAME", fmt.Sprintf("sdR-%s-%08d.fit", camera, exposure)},
		{"FLATFILE", fmt.Sprintf("sdR-%s-%08d.fit", camera, flatExposure)},
		{"ARCFILE", fmt.Sprintf("sdR-%s-%08d.fit", camera, arcExposure)},
		{"DATE-OBS", fmt.Sprintf("2010-02-13T%02d:%02d:00", 3+(exposure-firstExposure)/4, 16*((exposure-firstExposure)%4))},
		{"QUALITY", "excellent"}, {"HARTMANN", "Out"}, {"LAMPLIST", "lamphgcdne.dat"}, {"SKYLIST", "skylines.dat"},
		{"AIRMASS", 1.03 + 0.01*float64(exposure-firstExposure)}, {"AIRTEMP", 4.3}, {"HUMIDITY", 41.5}, {"PRESSURE", 21.6},
		{"DEWPOINT", -7.9}, {"WINDD", 290.0}, {"WINDS", 5.2}, {"GUSTD", 295.0}, {"GUSTS", 7.5}, {"DUSTA", 9100.0}, {"DUSTB", 560.0},
		{"ALT", 71.2}, {"AZ", 101.4}, {"IPA", 78.3}, {"SPA", -12.6}, {"FOCUS", 81.2}, {"ROTPOS", 0.0}, {"ROTTYPE", "Obj"}, {"SCALE", 1.0001},
		{"SEEING20", 1.31}, {"SEEING50", 1.42}, {"SEEING80", 1.58}, {"RMSOFF20", 0.011}, {"RMSOFF50", 0.018}, {"RMSOFF80", 0.027},
		{"CCDTEMP", -105.1}, {"LN2TEMP", 83.4}, {"IONPUMP", -6.6}, {"DIDFLUSH", true}, {"TWOPHASE", c.name == "r"},
		{"CAMCOL", int64(1)}, {"CAMROW", int64(0)}, {"SLITID1", int64(12)}, {"SUBFRAME", ""}, {"SYNCERR", "NONE"},
		{"PFERR", "NONE"}, {"PIXERR", "NONE"}, {"ERRCNT", "NONE"}, {"SLINES", "NONE"}, {"PLINES", "NONE"},
		{"FRAMESN2", 4.2}, {"DEREDSN2", 4.2}, {"XSIGMA", 1.02}, {"WSIGMA", 1.04}, {"NGUIDE", int64(33)},
	}...)
	for i, name := range []string{"flux", "loglam", "ivar", "mask", "wdisp", "sky", "calib", "x"} {
		form := "E"
		if name == "mask" {
			form = "J"
		}
		cards = append(cards, card{fmt.Sprintf("TTYPE%d", i+1), name}, card{fmt.Sprintf("TFORM%d", i+1), form})
	}
	for _, lamp := range []string{"NE", "HGCD", "FF"} {
		cards = append(cards, card{lamp, "0 0 0 0"})
	}
	for mirror := 1; mirror <= 2; mirror++ {
		for i, motion := range []string{"PISTON", "XTILT", "XTRAN", "YTILT", "YTRAN"} {
			cards = append(cards, card{fmt.Sprintf("M%d%s", mirror, motion), 10.5*float64(i) - 20*float64(mirror)})
		}
	}
	return cards
}

// sampleVersion stands where the pipeline writes its versions.
const sampleVersion = "gofive sample"

// commonCards are the cards that plates and frames share.
func commonCards() []card {
	name := fmt.Sprintf("%04d-%d-01", plate, mjd-3)
	cards := []card{
		{"TELESCOP", "SDSS 2.5-M"}, {"FLAVOR", "science"}, {"PLATEID", int64(plate)}, {"TILEID", int64(10132)},
		{"CARTID", int64(12)}, {"MAPID", int64(1)}, {"MJD", int64(mjd)}, {"NAME", name}, {"PLUGFILE", "plPlugMapM-" + name + ".par"},
		{"RA", plateRA}, {"DEC", plateDec}, {"RADEG", plateRA}, {"DECDEG", plateDec}, {"EQUINOX", 2000.0}, {"RADECSYS", "FK5"},
		{"HELIO_RV", 17.37}, {"VACUUM", true}, {"SFLATTEN", true}, {"PSFSKY", int64(3)}, {"PREJECT", 0.2},
		{"LOWREJ", int64(4)}, {"HIGHREJ", int64(4)}, {"SCATPOLY", int64(0)}, {"PROFTYPE", int64(1)}, {"NFITPOLY", int64(1)},
		{"XCHI2", 0.0}, {"RDNOISE0", 2.02}, {"SHOPETIM", 0.695}, {"SHCLOTIM", 0.56}, {"BOREOFFX", 0.0}, {"BOREOFFY", 0.0}, {"GUIDOFFY", 0.0},
		{"BADPIXEL", "badpixels-55056-b1.fits.gz"}, {"RUN2D", sampleVersion}, {"BOSSVER", sampleVersion},
	}
	for _, part := range []string{"2D", "READ", "UTIL", "FLAT", "LOG", "IDL"} {
		cards = append(cards, card{"VERS" + part, sampleVersion})
	}
	for i, extinction := range []float64{0.31, 0.23, 0.17, 0.13, 0.09} {
		cards = append(cards, card{fmt.Sprintf("REDDEN%02d", i+1), extinction})
	}
	for i, sensor := range []string{"HUMCO", "HUMHT", "TBCB", "TBCT", "TEMDN", "THT", "TRCB", "TRCT"} {
		cards = append(cards, card{"MC2" + sensor, 14.1 - 2*float64(i)})
	}
	return cards
}

// isLayout reports whether a card only says how the data of its FITS file lie.
func (c card) isLayout() bool {
	return len(fits.Header{{Key: c.name, Value: c.value}}.WithoutLayout()) == 0
}
