// Package widget will own sliders, dropdowns and the other inputs of a notebook: state over
// jupyter.widget comms, with a text fallback where there is no widget manager. Nothing is built yet.
package widget
