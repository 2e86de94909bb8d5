package boss

import "context"

// Convert writes spectra into a file of HDF5: from spec-*.fits, spPlate-*.fits with what lies beside them (spZbest, spZline,
// photo*, and the single exposures that spPlancomb names), files of H5Boss in either layout, folders of such, and
// texts with a path a line. What cannot be read is a problem of the result, and the rest is written. A run that
// ended early is taken up by the next one.
func Convert(ctx context.Context, sources []string, out string, o Options) (*Result, error) {
	files, err := inputs(sources)
	if err = o.agree("convert", err); err != nil {
		return nil, err
	}
	if o.Layout == AsInput {
		o.Layout = V1
	}
	w := &work{op: "convert", out: out, opts: o, result: Result{Did: "converted"}}
	w.listing(files, nil)
	w.result.note(strangers(sources)...)
	return w.run(ctx)
}
