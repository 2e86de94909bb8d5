package h5browse

import (
	"context"
	"fmt"
	"slices"

	"gofive/h5"
	"gofive/h5/h5view"
)

// stat describes an object.
func stat(_ context.Context, l *call) (answer, error) {
	o, err := l.object()
	if err != nil {
		return answer{}, err
	}
	defer drop(o)
	info, err := o.Info()
	if err != nil {
		return answer{}, err
	}
	guide := l.comm.browser.guides.of(o.File())
	m := guide.Members(o, []h5.Entry{{Name: nameOf(o), Path: o.Path(), Kind: o.Kind(), Info: info}})[0]
	fields := map[string]any{"path": o.Path(), "name": m.Name, "kind": m.Kind, "nattrs": info.NumAttrs, "refs": info.Refs}
	if fields["code"], err = codeFor(l, o); err != nil {
		return answer{}, err
	}
	set(fields, "role", guide.Role(o))
	if c := guide.Conventions(); len(c) > 0 {
		fields["conventions"] = c
	}
	if info.Datatype != nil {
		fields["dtype"], fields["type"] = m.Dtype, newTypeItem(info.Datatype, 0, new(int))
	}
	switch x := o.(type) {
	case *h5.Dataset:
		statDataset(fields, x, info, m)
	case group:
		fields["nchildren"] = info.NumLinks
	}
	return answer{fields: fields}, nil
}

func nameOf(o h5.Object) string {
	if n, ok := o.(interface{ Name() string }); ok {
		return n.Name()
	}
	return ""
}

// set sets a field unless there is nothing to say.
func set[T comparable](fields map[string]any, name string, v T) {
	if none := *new(T); v != none {
		fields[name] = v
	}
}

// statDataset adds what only datasets have.
func statDataset(fields map[string]any, d *h5.Dataset, info h5.ObjectInfo, m h5view.Member) {
	fields["shape"], fields["bytes"], fields["stored"], fields["layout"] = info.Shape, m.Bytes, info.Storage, info.Layout.String()
	if m.MaxShape != nil {
		fields["maxshape"] = m.MaxShape
	}
	if info.Layout == h5.Chunked {
		fields["chunks"] = info.Chunks
	}
	if info.Storage > 0 && m.Bytes > 0 {
		fields["ratio"] = float64(m.Bytes) / float64(info.Storage)
	}
	if filters := filterItems(info.Filters); filters != nil {
		fields["filters"] = filters
	}
	if v, err := d.FillValue(); err == nil && v != nil {
		fields["fill"] = cutText(h5.FormatValue(v), mostText)
	}
	fields["dims"] = dims(d, info)
	sources(fields, d, info)
	set(fields, "unit", h5view.UnitOf(d))
	p := packingOf(d, "")
	if p.Scale != 1 || p.Offset != 0 {
		fields["scale"], fields["offset"] = finite(p.Scale), finite(p.Offset)
	}
	if f, ok := finites(p.Fills).([]float64); ok && len(f) > 0 {
		fields["fills"] = f
	}
}

// filterItems describes filters in the order in which chunks go through them.
func filterItems(filters []h5.Filter) (out []map[string]any) {
	for _, f := range filters {
		out = append(out, map[string]any{"id": f.ID, "name": f.Name, "params": slices.Concat([]int{}, f.Params), "available": f.Available, "text": f.String()})
	}
	return out
}

// dims describes the axes.
func dims(d *h5.Dataset, info h5.ObjectInfo) []map[string]any {
	out := []map[string]any{}
	for i, m := range d.Dims() {
		label, _ := m.Label() // one that cannot be read is none
		paths := []string{}
		all, _ := m.Scales()
		for _, s := range all {
			paths = append(paths, s.Path())
			s.Close()
		}
		item := map[string]any{"label": cutText(label, mostText), "scales": paths}
		if i < len(info.Shape) {
			item["length"] = info.Shape[i]
		}
		out = append(out, item)
	}
	return out
}

// sources says where the data of a dataset lie that are not in the file.
func sources(fields map[string]any, d *h5.Dataset, info h5.ObjectInfo) {
	switch info.Layout {
	case h5.External:
		files, _ := d.ExternalFiles()
		list := []map[string]any{}
		for _, f := range files[:min(len(files), mostListed)] {
			list = append(list, map[string]any{"file": f.Path, "offset": f.Offset, "size": f.Size})
		}
		fields["external"] = list
	case h5.Virtual:
		parts, _ := d.VirtualSources()
		list := []map[string]any{}
		for _, p := range parts[:min(len(parts), mostListed)] {
			list = append(list, map[string]any{"file": p.File, "path": p.Path, "from": fmt.Sprint(p.From), "into": fmt.Sprint(p.Into)})
		}
		fields["virtual"] = list
	}
}
