package boss

import (
	"math"

	"gofive/display/widget"
	"gofive/plots"
)

// Interact is the spectrum with a slider for its redshift, which moves the lines and the wavelengths at rest, and boxes for
// model and sky where it has them. Looks are those of Plot. Where no widgets are drawn it is the figure that Plot gives.
//
//	boss.Spectrum("3655-55240_v1.h5", 3655, 55240, 30).Interact()
func (s *Spec) Interact(looks ...Look) *widget.LiveWidget {
	var given look
	for _, set := range looks {
		set(&given)
	}
	own, from, to := s.slider()
	model, sky := widget.Checkbox("model", !given.noModel), widget.Checkbox("sky", given.sky)
	draw := func(z float64, model, sky bool) *plots.Figure {
		at := s
		if z != own {
			at = s.At(z)
		}
		return at.Plot(append(looks[:len(looks):len(looks)], func(l *look) { l.noModel, l.sky = !model, sky })...)
	}
	at := widget.Slider("z", from, to).Step(0.001).At(own)
	switch {
	case s.Model != nil && s.Sky != nil:
		return widget.Live(draw, at, model, sky)
	case s.Model != nil:
		return widget.Live(func(z float64, model bool) *plots.Figure { return draw(z, model, false) }, at, model)
	case s.Sky != nil:
		return widget.Live(func(z float64, sky bool) *plots.Figure { return draw(z, false, sky) }, at, sky)
	}
	return widget.Live(func(z float64) *plots.Figure { return draw(z, false, false) }, at)
}

// slider gives where the slider of the redshift stands and its ends: 0 and what the survey finds at most, or more for a
// redshift beyond. One that cannot be is 0.
func (s *Spec) slider() (z, from, to float64) {
	const most = 5
	if z = s.shown(); !(z > -1) || math.IsInf(z, 0) {
		z = 0
	}
	return z, math.Min(0, z), math.Max(most, z)
}
