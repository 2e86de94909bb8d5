package plots

// Option is something said about a figure while it is begun, as in Of(ds, LogY()). The methods of Figure
// of the same names say what each does.
type Option func(*Figure)

// LogX makes the x axis logarithmic.
func LogX() Option { return func(f *Figure) { f.LogX() } }

// LogY makes the y axis logarithmic.
func LogY() Option { return func(f *Figure) { f.LogY() } }

// Title sets the line above the picture.
func Title(text string) Option { return func(f *Figure) { f.Title(text) } }

// Labels sets what is written at the axes.
func Labels(x, y string) Option { return func(f *Figure) { f.Labels(x, y) } }

// Size sets the width and height in pixels of a page.
func Size(width, height int) Option { return func(f *Figure) { f.Size(width, height) } }

// XRange sets which part of the x axis is shown.
func XRange(from, to float64) Option { return func(f *Figure) { f.XRange(from, to) } }

// YRange sets which part of the y axis is shown.
func YRange(from, to float64) Option { return func(f *Figure) { f.YRange(from, to) } }

// Log gives each power of ten of a picture as many colours as the next.
func Log() Option { return func(f *Figure) { f.Log() } }

// Percentile gives the end colours of a picture to what lies below and above two percentiles.
func Percentile(low, high float64) Option { return func(f *Figure) { f.Percentile(low, high) } }

// Colours chooses the colours of pictures.
func Colours(name string) Option { return func(f *Figure) { f.Colours(name) } }

// Columns chooses which columns of a table are drawn. Without it all columns of numbers are.
func Columns(names ...string) Option { return func(f *Figure) { f.picked = names } }

// XColumn says which column of a table the others are drawn over; "" stands for the number of the row.
// Without it that is a column that rises and has the name of an axis, such as WAVE or time, if there is one.
func XColumn(name string) Option {
	return func(f *Figure) { f.xColumn = &name }
}
