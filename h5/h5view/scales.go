package h5view

import "gofive/h5"

// dimensionScales is the HDF5 Dimension Scale Specification where no other convention uses it: datasets are drawn
// over the scales of their axes. See https://support.hdfgroup.org/documentation/hdf5/latest/_h5_d_s__u_g.html.
type dimensionScales struct{}

func (dimensionScales) detect(s *site) string {
	if !s.anyMember("DIMENSION_LIST", "REFERENCE_LIST") || (netcdf{}).detect(s) != "" || (nexus{}).detect(s) != "" {
		return ""
	}
	return "dimension scales"
}

func (dimensionScales) show(o h5.Object, x *exhibit) error {
	d, ok := o.(*h5.Dataset)
	if !ok || !numeric(d.Datatype()) || d.Len() < 2 {
		return nil
	}
	attrs, err := d.Attrs()
	if _, has := attrs.Get("DIMENSION_LIST"); err != nil || !has {
		return err
	}
	s, _ := packing(d)
	return netcdf{}.plot(d, s, x)
}
