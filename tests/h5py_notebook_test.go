package tests

import "testing"

// h5pyTour is what the cells of notebooks/h5py.ipynb show, in order.
var h5pyTour = []shows{
	{begins: "// f = h5py.File(\"tour.h5\""},
	{begins: "// f.close(); f = h5py.File"},
	{"// h5py.File(\"new.h5\"", "execute_result", "text/plain", []string{"from bytes/", "x  8 B", "int64"}},
	{"// g = f.create_group", "stream", "text", []string{"[run] false"}},
	{begins: "// f[\"temperature\"]"},
	{"// d = f[", "execute_result", "text/plain", []string{"(1000) float64"}},
	{"// f[\"short\"]", "execute_result", "text/plain", []string{"short -> /run/1/temperature", "other/ -> new.h5:/"}},
	{begins: "// f.copy"},
	{"// f.visititems", "stream", "text", []string{"/run/2/temperature  dataset  (1000)  float64"}},
	{"// d.attrs[\"units\"] =", "execute_result", "text/plain", []string{"[0 400]", "2 attributes"}},
	{"// units = ", "execute_result", "text/plain", []string{"K 0 400"}},
	{begins: "// e = f.create_dataset"},
	{begins: "// e[...] = 1"},
	{"// e.resize", "execute_result", "text/plain", []string{"(400, 300)"}},
	{begins: "// e.id.get_create_plist"},
	{"// e[12, :6]", "execute_result", "text/plain", []string{"[5 1 5 12 5 1] [0 0 0] [1 1 1] (400)"}},
	{"// lo, hi", "execute_result", "text/plain", []string{"10.0", "13.0", "4 values"}},
	{"// x = d[...]", "execute_result", "text/plain", []string{"289.521", "96 values"}},
	{begins: "// buf = "},
	{"// d[...].mean()", "execute_result", "text/plain", []string{"280.29", "270.00", "289.99"}},
	{"// rows = ", "execute_result", "text/plain", []string{"quasar", "3 rows"}},
	{"// f[\"objects\"][\"Flux\"]", "execute_result", "text/plain", []string{"[1.5 2.5 0.5] quasar 0.5"}},
	{"// ref = d.ref", "execute_result", "text/plain", []string{"/run/1/temperature", "[280.5", "281.19"}},
	{"// e.dims[0]", "execute_result", "text/plain", []string{"axis scales = 0 /seconds"}},
	{begins: "// w = h5py.File"},
	{"// h5py.VirtualLayout", "execute_result", "text/plain", []string{"10", "11", "4 values"}},
	{"// for i in rng", "execute_result", "text/plain", []string{"1000"}},
	{begins: "// f.close()"},
}

// TestH5pyNotebook executes the tour for those who know h5py.
func TestH5pyNotebook(t *testing.T) {
	w := newWorkspace(t)
	checkContract(t, execute(t, w, "h5py.ipynb", w.sample), h5pyTour)
}
