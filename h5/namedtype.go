package h5

// NamedType is a datatype that stands in a file under a name of its own, for datasets to share.
type NamedType struct {
	object
	typ *Datatype
}

func newNamedType(o object) (*NamedType, error) {
	info, err := o.Info()
	if err != nil {
		o.h.close()
		return nil, err
	}
	return &NamedType{o, info.Datatype}, nil
}

// Kind is KindDatatype.
func (t *NamedType) Kind() Kind { return KindDatatype }

// Datatype is the type itself.
func (t *NamedType) Datatype() *Datatype { return t.typ }

// String gives path and type.
func (t *NamedType) String() string {
	if t.h.isClosed() {
		return "datatype " + t.path + " (closed)"
	}
	return "datatype " + t.path + "  " + t.typ.String()
}
