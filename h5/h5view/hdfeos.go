package h5view

import (
	"regexp"
	"strings"

	"gofive/h5"
)

// hdfeos is HDF-EOS5: grids, swaths and points of satellites, described by a text in ODL. See
// https://hdfeos.org/software/library.php.
type hdfeos struct{}

func (hdfeos) detect(s *site) string {
	if s.links > maxKeys || !s.has("HDFEOS INFORMATION") {
		return ""
	}
	o, err := s.root.Get("HDFEOS INFORMATION")
	if err != nil {
		return ""
	}
	defer o.Close()
	attrs, _ := o.Attrs()
	return strings.ReplaceAll(first(markText(attrs, "HDFEOSVersion"), "HDF-EOS5"), "_", " ")
}

func (hdfeos) role(n *node) (string, bool) {
	parts := strings.Split(n.entry.Path, "/")
	if len(parts) == 4 && parts[1] == "HDFEOS" && n.entry.Kind == h5.KindGroup {
		return map[string]string{"GRIDS": "grid", "SWATHS": "swath", "POINTS": "point", "ZAS": "zonal average"}[parts[2]], false
	}
	if len(parts) == 6 && parts[1] == "HDFEOS" {
		return map[string]string{"Data Fields": "data", "Geolocation Fields": "geolocation"}[parts[4]], false
	}
	return "", n.entry.Path == "/HDFEOS INFORMATION" && !n.top()
}

// named are the names of structures and of dimensions in the text.
var structureName = regexp.MustCompile(`(GridName|SwathName|PointName|ZaName)\s*=\s*"([^"]*)"`)

func (hdfeos) show(o h5.Object, x *exhibit) error {
	switch o := o.(type) {
	case *h5.File:
		var out []string
		for _, m := range structureName.FindAllStringSubmatch(scalarText(o, "HDFEOS INFORMATION/StructMetadata.0"), 100) {
			out = append(out, strings.ToLower(strings.TrimSuffix(m[1], "Name"))+" "+m[2])
		}
		if len(out) > 0 {
			x.note(strings.Join(out, ", "))
		}
	case *h5.Dataset:
		if strings.Contains(o.Path(), "/Data Fields/") && numeric(o.Datatype()) && o.Len() > 1 {
			s, _ := packing(o)
			return netcdf{}.plot(o, s, x)
		}
	}
	return nil
}
