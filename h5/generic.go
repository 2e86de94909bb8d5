package h5

// The generic functions of the package, all of them: each only calls a method that does the same
// through a pointer, so that a cell's front end can make them for its own types.

// Read reads a selection of a dataset into a new slice: numbers, strings, structs.
func Read[T any](d *Dataset, sel ...any) ([]T, error) {
	var v []T
	err := d.ReadInto(&v, sel...)
	return v, err
}

// ReadOne reads a single element, such as a scalar dataset or ReadOne[float64](d, 3, 4).
func ReadOne[T any](d *Dataset, sel ...any) (T, error) {
	var v T
	err := d.ReadInto(&v, sel...)
	return v, err
}

// AttrAs reads an attribute as a T: a number, a string, a slice, a struct.
func AttrAs[T any](o Object, name string) (T, error) {
	var v T
	err := ReadAttr(o, name, &v)
	return v, err
}

// Values copies an array into a new slice of another type.
func Values[T any](a *Array) ([]T, error) {
	var v []T
	err := a.ReadInto(&v)
	return v, err
}
