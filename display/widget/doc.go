// Package widget holds the inputs of a notebook: sliders, choices, boxes to tick, lines to type in, buttons,
// and places for output. In JupyterLab, Notebook 7 and other front ends with a manager for Jupyter widgets
// they are drawn and answer; elsewhere, and in what is left when the kernel has ended, a line tells name and
// value.
//
// There are only a few types here: each widget is one for the kind of its value, with Value, Set and OnChange;
// Interact calls a function with the values of widgets whenever one changes, and Live is the same as a value; a Comm is the line that a widget
// and code of one's own has to the front end; a Hub holds those of a notebook.
//
//	widget.Interact(func(z float64, smooth int) *plots.Figure {
//		return plots.Line(wave, spectrum(z, smooth))
//	}, widget.Slider("z", 0, 2), widget.IntSlider("smooth", 1, 20))
//
// A widget is shown as any value is, and its value can be read in any cell:
//
//	stop := widget.Checkbox("stop", false)
//	display.Show(stop)
//	for !stop.Value() {
//		step()
//	}
package widget
