package h5

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gofive/h5/internal/libhdf5"
)

// dumped is an element of what h5dump -u prints.
type dumped struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Nodes   []dumped   `xml:",any"`
	Text    string     `xml:",chardata"`
}

func (d *dumped) attr(name string) string {
	for _, a := range d.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (d *dumped) child(name string) *dumped {
	for i := range d.Nodes {
		if d.Nodes[i].XMLName.Local == name {
			return &d.Nodes[i]
		}
	}
	return &dumped{}
}

// dump is what h5dump says of a file without its data.
func dump(t *testing.T, path string) (*dumped, error) {
	out, err := exec.Command("h5dump", "-u", "-H", path).Output()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("SKIPPED: there is no h5dump to compare with")
	}
	if err != nil {
		return nil, err
	}
	decoder := xml.NewDecoder(strings.NewReader(string(out)))
	decoder.Strict = false
	decoder.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	var root dumped
	return &root, decoder.Decode(&root)
}

// h5dumpDiffers are the objects of which h5dump 1.10 says something else, and who is right.
var h5dumpDiffers = map[string]string{
	"regionref_dset.h5:/DS1 type":                     xmlRegions,
	"references.hdf5:/chunked_regionref_dataset type": xmlRegions,
	"references.hdf5:/regionref_dataset type":         xmlRegions,
}

const xmlRegions = "(in XML h5dump takes references to regions for those to objects; without -u it says H5T_STD_REF_DSETREG, as we do)"

// TestObjectsOfH5dump compares objects, shapes and types of the valid files with what h5dump says.
func TestObjectsOfH5dump(t *testing.T) {
	compared := 0
	for _, path := range sharedFiles(t, "hdf5/valid") {
		root, err := dump(t, path)
		if err != nil {
			t.Logf("%s: h5dump: %v", filepath.Base(path), err)
			continue
		}
		f, err := Open(path)
		if err != nil {
			t.Errorf("%v; h5dump opens it", err)
			continue
		}
		c := &comparison{t: t, f: f, file: filepath.Base(path)}
		c.object(root.child("RootGroup"))
		compared += c.n
		must(t, f.Close())
	}
	t.Logf("%d objects are as h5dump says", compared)
	if compared < 2000 {
		t.Errorf("only %d objects were compared", compared)
	}
}

// comparison compares one file.
type comparison struct {
	t    *testing.T
	f    *File
	file string
	n    int
}

func (c *comparison) object(d *dumped) {
	path := d.attr("H5Path")
	if path == "" || d.child("GroupPtr").XMLName.Local != "" || d.child("DatasetPtr").XMLName.Local != "" {
		return // a committed type without a name, or an object that was met before
	}
	where := c.file + ":" + path
	o, err := c.f.Get(path)
	if err != nil {
		c.t.Errorf("%s: %v", where, err)
		return
	}
	defer o.Close()
	c.n++
	switch o := o.(type) {
	case *Dataset:
		c.same(where, shapeText(o.Shape(), o.MaxShape()), dumpedShape(d.child("Dataspace")))
		c.typed(where, o.Datatype(), d)
	case *NamedType:
		c.typed(where, o.Datatype(), d)
	case *Group:
		var names, want []string
		names, err = o.Keys()
		must(c.t, err)
		for i := range d.Nodes {
			n := &d.Nodes[i]
			switch n.XMLName.Local {
			case "Group", "Dataset", "NamedDataType":
				c.object(n)
				fallthrough
			case "SoftLink", "ExternalLink", "UserDefined", "GroupPtr", "DatasetPtr", "NamedDatatypePtr":
				if n.XMLName.Local != "NamedDataType" || n.attr("H5Path") != "" {
					want = append(want, or(n.attr("Name"), n.attr("LinkName")))
				}
			}
		}
		slices.Sort(want)
		c.same(where, fmt.Sprint(names), fmt.Sprint(want))
	}
}

// typed compares types, but for committed ones without a name: h5dump says no more of them.
func (c *comparison) typed(where string, got *Datatype, d *dumped) {
	if p := d.child("NamedDataTypePtr"); p.XMLName.Local != "" {
		d = &dumped{Nodes: []dumped{{XMLName: xml.Name{Local: "DataType"}, Nodes: []dumped{*p}}}}
	}
	if want := c.typ(d.child("DataType")); !strings.Contains(want, "unnamed") {
		c.same(where+" type", typeText(got.t), want)
	}
}

func (c *comparison) same(where, got, want string) {
	if why, known := h5dumpDiffers[where]; known == (got == want) {
		c.t.Errorf("%s:\n got %s\nwant %s %s", where, got, want, why)
	}
}

func shapeText(s, most Shape) string {
	if s == nil {
		return "null"
	}
	return fmt.Sprint(s, most)
}

func dumpedShape(d *dumped) string {
	if len(d.Nodes) == 0 { // h5dump has no word for it in XML
		return "null"
	}
	shape, most := Shape{}, Shape{}
	for _, n := range d.child("SimpleDataspace").Nodes {
		length, _ := strconv.Atoi(n.attr("DimSize"))
		limit, err := strconv.Atoi(n.attr("MaxDimSize"))
		if err != nil {
			limit = Unlimited
		}
		shape, most = append(shape, length), append(most, limit)
	}
	return shapeText(shape, most)
}

// typeText is a type in words that both sides have. The padding of strings is not among them: h5dump
// writes one for all.
func typeText(t *libhdf5.Type) string {
	order := map[int]string{libhdf5.LittleEndian: "LE", libhdf5.BigEndian: "BE"}[t.Order]
	switch t.Class {
	case libhdf5.Integer:
		return fmt.Sprintf("int %s %v %d", order, t.Signed, t.Size)
	case libhdf5.Float:
		return fmt.Sprintf("float %s %d %d %d", order, t.Size, t.Bits.ExponentBits, t.Bits.MantissaBits)
	case libhdf5.Bitfield:
		return fmt.Sprintf("bits %s %d", order, t.Size)
	case libhdf5.Time:
		return "time"
	case libhdf5.Opaque:
		return fmt.Sprintf("opaque %d", t.Size)
	case libhdf5.Reference:
		return fmt.Sprintf("reference %v", t.Region)
	case libhdf5.String:
		if t.Variable {
			return "string"
		}
		return fmt.Sprintf("string %d", t.Size)
	case libhdf5.Enum:
		var values []string
		for _, v := range t.Values {
			values = append(values, fmt.Sprint(v.Name, "=", v.Number))
		}
		return "enum " + typeText(t.Base) + fmt.Sprint(values)
	case libhdf5.Vlen:
		return "list of " + typeText(t.Base)
	case libhdf5.Array:
		return fmt.Sprint(t.Dims) + " of " + typeText(t.Base)
	}
	var members []string
	for _, m := range t.Members {
		members = append(members, m.Name+" "+typeText(m.Type))
	}
	return "{" + strings.Join(members, ", ") + "}"
}

// typ is the same of a DataType element.
func (c *comparison) typ(d *dumped) string {
	if p := d.child("NamedDataTypePtr"); p.XMLName.Local != "" {
		if p.attr("H5Path") == "" {
			return "unnamed"
		}
		named, err := c.f.NamedType(p.attr("H5Path"))
		must(c.t, err)
		return typeText(named.Datatype().t)
	}
	for i := range d.Nodes {
		if n := &d.Nodes[i]; n.XMLName.Local != "StorageLayout" {
			return c.typeElement(n)
		}
	}
	return "nothing"
}

func (c *comparison) typeElement(n *dumped) string {
	switch n.XMLName.Local {
	case "AtomicType":
		return c.typ(n)
	case "IntegerType":
		return fmt.Sprintf("int %s %s %s", n.attr("ByteOrder"), n.attr("Sign"), n.attr("Size"))
	case "FloatType":
		return fmt.Sprintf("float %s %s %s %s", n.attr("ByteOrder"), n.attr("Size"), n.attr("ExponentBits"), n.attr("MantissaBits"))
	case "BitfieldType":
		return fmt.Sprintf("bits %s %s", n.attr("ByteOrder"), n.attr("Size"))
	case "TimeType":
		return "time"
	case "OpaqueType":
		return "opaque " + n.attr("Size")
	case "ReferenceType":
		return fmt.Sprintf("reference %v", n.child("RegionReferenceType").XMLName.Local != "")
	case "StringType":
		if n.attr("StrSize") == "H5T_VARIABLE" {
			return "string"
		}
		return "string " + n.attr("StrSize")
	case "EnumType":
		return "enum " + c.typ(n.child("DataType")) + fmt.Sprint(enumValues(n))
	case "VLType":
		return "list of " + c.typ(n.child("DataType"))
	case "ArrayType":
		var dims []string
		for _, e := range n.Nodes {
			if e.XMLName.Local == "ArrayDimension" {
				dims = append(dims, e.attr("DimSize"))
			}
		}
		return "[" + strings.Join(dims, " ") + "] of " + c.typ(n.child("DataType"))
	}
	var members []string
	for i := range n.Nodes {
		field := &n.Nodes[i]
		members = append(members, field.attr("FieldName")+" "+c.typ(field.child("DataType")))
	}
	return "{" + strings.Join(members, ", ") + "}"
}

func enumValues(n *dumped) []string {
	var out []string
	for _, e := range n.Nodes {
		switch text := strings.TrimSpace(e.Text); e.XMLName.Local {
		case "EnumElement":
			out = append(out, text+"=")
		case "EnumValue":
			out[len(out)-1] += text
		}
	}
	return out
}
