package boss

// Bits of the columns AND_MASK, OR_MASK and MASK that speak of a pixel. In AND_MASK a bit is set when
// it was in all exposures, in OR_MASK when it was in any.
const (
	NearBadPixel   int32 = 1 << 16 // next to a bad pixel of the camera
	LowFlat        int32 = 1 << 17 // the flat field is below half
	FullReject     int32 = 1 << 18 // the whole pixel was rejected in the extraction
	PartialReject  int32 = 1 << 19 // some of it was
	ScatteredLight int32 = 1 << 20 // scattered light is significant
	CrossTalk      int32 = 1 << 21 // so is the light of a neighbouring fiber
	NoSky          int32 = 1 << 22 // the sky is unknown here
	BrightSky      int32 = 1 << 23 // the sky is brighter than the object by far
	NoData         int32 = 1 << 24 // there is no data
	CombineRej     int32 = 1 << 25 // rejected when exposures were combined
	BadFluxFactor  int32 = 1 << 26 // the flux calibration is bad
	BadSkyChi      int32 = 1 << 27 // the sky's fit is bad
	RedMonster     int32 = 1 << 28 // stray light in the red camera
)
