package value

import (
	"database/sql"
	"database/sql/driver"
	"reflect"
	"time"
)

// A database/sql.Null[T] is for the interpreter the struct that it is, with fields V and Valid; these are
// its methods.

// NullScan is the method Scan of a pointer to one.
func NullScan(null, src any) error {
	fields := reflect.ValueOf(null).Elem()
	v, valid := fields.Field(0), fields.Field(1)
	valid.SetBool(src != nil)
	if src == nil {
		v.SetZero()
		return nil
	}
	return scan(v, src)
}

// scan converts what a database gives, as package sql does.
func scan(v reflect.Value, src any) (err error) {
	switch {
	case v.Kind() == reflect.Interface || reflect.TypeOf(src) == v.Type():
		v.Set(reflect.ValueOf(src))
	case v.CanInt():
		var n sql.Null[int64]
		if err = n.Scan(src); err == nil && v.OverflowInt(n.V) {
			err = conversionError("converting driver.Value to a " + v.Kind().String() + ": value out of range")
		}
		v.SetInt(n.V)
	case v.CanUint():
		var n sql.Null[uint64]
		if err = n.Scan(src); err == nil && v.OverflowUint(n.V) {
			err = conversionError("converting driver.Value to a " + v.Kind().String() + ": value out of range")
		}
		v.SetUint(n.V)
	case v.CanFloat():
		var n sql.Null[float64]
		err = n.Scan(src)
		v.SetFloat(n.V)
	case v.Kind() == reflect.Bool:
		var n sql.Null[bool]
		err = n.Scan(src)
		v.SetBool(n.V)
	case v.Kind() == reflect.String:
		var n sql.Null[string]
		err = n.Scan(src)
		v.SetString(n.V)
	case v.Type() == reflect.TypeFor[[]byte]():
		var n sql.Null[[]byte]
		err = n.Scan(src)
		v.SetBytes(n.V)
	case v.Type() == reflect.TypeFor[time.Time]():
		var n sql.Null[time.Time]
		err = n.Scan(src)
		v.Set(reflect.ValueOf(n.V))
	default:
		err = conversionError("unsupported Scan, storing driver.Value type " + reflect.TypeOf(src).String() + " into a " + v.Kind().String())
	}
	return err
}

// NullValue is the method Value of one, or of a pointer to it.
func NullValue(null any) (driver.Value, error) {
	fields := reflect.Indirect(reflect.ValueOf(null))
	return sql.Null[any]{V: fields.Field(0).Interface(), Valid: fields.Field(1).Bool()}.Value()
}
