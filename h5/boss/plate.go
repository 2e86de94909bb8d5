package boss

// The plate that the sample is of: its number, night and centre, and what was exposed.
const (
	plate          = 3655
	mjd            = 55240
	plateRA        = 110.34 // degrees
	plateDec       = 40.31
	plateExposures = 5 // in the coadd
	firstExposure  = 108341
	flatExposure   = firstExposure + 6
	arcExposure    = firstExposure + 7
	exposureTime   = 900.6 // s
)

// defaultFibers are those of the sample unless its options say otherwise.
var defaultFibers = []int{30, 118, 258, 446, 501, 734}

// defaultExposures is how many single exposures the first fiber carries.
const defaultExposures = 2
