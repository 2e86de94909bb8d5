package h5view

import (
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"gofive/display"
	"gofive/h5"
)

// keras is a model of Keras in HDF5, or its weights alone. See keras/src/legacy/saving/legacy_h5_format.py.
type keras struct{}

func (keras) detect(s *site) string {
	_, layers := s.attrs.Get("layer_names")
	version := markText(s.attrs, "keras_version")
	switch {
	case version == "" && !layers:
		return ""
	case s.has("model_weights"):
		return joined(" ", "Keras", version, "model")
	}
	return joined(" ", "Keras", version, "weights")
}

func (keras) role(n *node) (string, bool) {
	if _, ok := n.attributes().Get("weight_names"); ok {
		return "layer", false
	}
	return "", false
}

func (keras) quiet(_ *node, name string) bool { return name == "weight_names" || name == "layer_names" }

// weight is an array of a layer.
type weight struct {
	layer, name string
	shape       h5.Shape
	typ         string
}

func (c keras) show(o h5.Object, x *exhibit) error {
	f, ok := o.(*h5.File)
	if !ok {
		return nil
	}
	weights, err := c.weights(f)
	if err != nil {
		return err
	}
	classes := c.classes(f)
	var layers, names, kinds, shapes, types []string
	var counts []int64
	total := int64(0)
	for _, w := range weights {
		n, shape := int64(0), ""
		if w.shape != nil {
			n, shape = int64(w.shape.Len()), strings.Trim(shapeText(w.shape), "()")
		}
		total += n
		layers, names, kinds = append(layers, w.layer), append(names, w.name), append(kinds, classes[w.layer])
		shapes, types, counts = append(shapes, shape), append(types, w.typ), append(counts, n)
	}
	var out columns
	out.add("layer", layers)
	out.add("class", kinds)
	out.add("weight", names)
	out.add("shape", shapes)
	out.add("type", types)
	out.add("parameters", counts)
	return out.show(fmt.Sprintf("layers, %s parameters", display.Count(int(total))), x)
}

// weights lists the arrays of all layers, and the layers that have none.
func (keras) weights(f *h5.File) ([]weight, error) {
	var g folder = f
	if ok, err := f.Has("model_weights"); err == nil && ok {
		group, err := f.Group("model_weights")
		if err != nil {
			return nil, err
		}
		defer group.Close()
		g = group
	}
	attrs, err := g.Attrs()
	if err != nil {
		return nil, err
	}
	var out []weight
	for _, layer := range markTexts(attrs, "layer_names") {
		group, err := g.Group(layer)
		if err != nil {
			return nil, fmt.Errorf("layer %q: %s", layer, problem(err))
		}
		own, _ := group.Attrs()
		names := markTexts(own, "weight_names")
		if len(names) == 0 {
			out = append(out, weight{layer: layer, shape: nil})
		}
		for _, name := range names {
			w := weight{layer: layer, name: path.Base(name), typ: "not there"}
			if d, err := group.Dataset(name); err == nil {
				w.shape, w.typ = d.Shape(), d.Datatype().String()
				d.Close()
			}
			out = append(out, w)
		}
		group.Close()
	}
	return out, nil
}

// classes reads the classes of layers from the model's description, as far as it has the usual form.
func (keras) classes(f *h5.File) map[string]string {
	out := map[string]string{}
	attrs, err := f.Attrs()
	if err != nil {
		return out
	}
	type layer struct {
		Class  string `json:"class_name"`
		Name   string `json:"name"`
		Config struct {
			Name string `json:"name"`
		} `json:"config"`
	}
	var model struct {
		Config json.RawMessage `json:"config"`
	}
	var config struct {
		Layers []layer `json:"layers"`
	}
	if json.Unmarshal([]byte(markText(attrs, "model_config")), &model) != nil {
		return out
	}
	if json.Unmarshal(model.Config, &config) != nil { // before version 2.2 the list itself
		if json.Unmarshal(model.Config, &config.Layers) != nil {
			return out
		}
	}
	for _, l := range config.Layers {
		out[first(l.Config.Name, l.Name)] = l.Class
	}
	return out
}
