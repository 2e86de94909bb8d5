package libhdf5

import (
	"bufio"
	"path/filepath"
	"strings"
	"testing"
)

func TestCompareVersions(t *testing.T) {
	for _, c := range []struct {
		lib, headers [3]int
		want         string
	}{
		{[3]int{1, 10, 8}, [3]int{1, 10, 8}, ""},
		{[3]int{1, 10, 4}, [3]int{1, 10, 8}, ""},
		{[3]int{1, 14, 4}, [3]int{1, 10, 8}, "built with HDF5 1.10.8 and has found HDF5 1.14.4"},
		{[3]int{2, 0, 0}, [3]int{1, 14, 4}, "make build"},
	} {
		err := compareVersions(c.lib, c.headers)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("library %v, headers %v: %v, want %q", c.lib, c.headers, err, c.want)
		}
	}
}

func TestMappedLibraries(t *testing.T) {
	const maps = `7f00-7f01 r--p 00000000 08:01 1   /usr/lib/x86_64-linux-gnu/libhdf5_serial.so.103.3.0
7f01-7f02 r-xp 00000000 08:01 1   /usr/lib/x86_64-linux-gnu/libhdf5_serial.so.103.3.0
7f02-7f03 r--p 00000000 08:01 2   /usr/lib/x86_64-linux-gnu/libhdf5_serial_hl.so.100.1.2
7f03-7f04 rw-p 00000000 00:00 0
7f04-7f05 r--p 00000000 08:01 3   /opt/hdf5 1.14/lib/libhdf5.so.310.4.0
`
	found := mappedLibraries(bufio.NewScanner(strings.NewReader(maps)))
	if len(found) != 2 || !strings.HasSuffix(found[1], "/opt/hdf5 1.14/lib/libhdf5.so.310.4.0") {
		t.Errorf("found %q", found)
	}
	if err := checkOne(found); err == nil || !strings.Contains(err.Error(), "two HDF5 libraries") {
		t.Errorf("two libraries: %v", err)
	}
	if err := checkOne(found[:1]); err != nil {
		t.Errorf("one library: %v", err)
	}
}

// TestReaderStopsAtDamage feeds answers that end too early: none may allocate or panic.
func TestReaderStopsAtDamage(t *testing.T) {
	whole := appendInts(nil, 1<<40)
	for n := range whole {
		r := &reader{data: whole[:n]}
		if r.str(); r.err == nil {
			t.Errorf("%d bytes are a string", n)
		}
	}
	for _, read := range []func(r *reader){
		func(r *reader) { r.typ() }, func(r *reader) { r.space() }, func(r *reader) { r.frames() },
		func(r *reader) { r.attributes(nil) }, func(r *reader) { r.stat(NoAttributes, nil) },
	} {
		r := &reader{data: append([]byte{byte(Compound)}, whole...)}
		if read(r); r.err == nil {
			t.Error("a damaged answer was read")
		}
	}
}

// TestTypeCode sends types through the library and back.
func TestTypeCode(t *testing.T) {
	id, err := OpenFile(filepath.Join(t.TempDir(), "t.h5"), Opening{Mode: Truncate})
	if err != nil {
		t.Fatal(err)
	}
	defer CloseFile(id)
	number := &Type{Class: Integer, Size: 3, Order: BigEndian, Signed: true, Precision: 20, Offset: 2}
	for name, typ := range map[string]*Type{
		"24 bits":  number,
		"float16":  {Class: Float, Size: 2, Precision: 16, Bits: FloatBits{Sign: 15, Exponent: 10, ExponentBits: 5, MantissaBits: 10, Bias: 15}},
		"float128": {Class: Float, Size: 16, Precision: 128, Bits: FloatBits{Sign: 127, Exponent: 112, ExponentBits: 15, MantissaBits: 112, Bias: 16383}},
		"bitfield": {Class: Bitfield, Size: 2, Precision: 16},
		"time":     {Class: Time, Size: 8, Precision: 64, Order: BigEndian},
		"opaque":   {Class: Opaque, Size: 5, Tag: "five"},
		"string":   {Class: String, Size: 7, Padding: PadSpace, Charset: UTF8},
		"region":   {Class: Reference, Size: 12, Region: true},
		"enum":     {Class: Enum, Size: 3, Base: number, Values: []Value{{"LOW", -3}, {"HIGH", 9}}},
		"array":    {Class: Array, Size: 18, Dims: []int{2, 3}, Base: number},
		"compound": {Class: Compound, Size: 20, Members: []Member{{"a", 1, 0, number}, {"b", 4, 0, &Type{Class: Vlen, Size: 16, Base: number}}}},
	} {
		t.Run(name, func(t *testing.T) {
			if err := Commit(id, name, typ); err != nil {
				t.Fatal(err)
			}
			stats, err := Describe(id, []Name{{Text: name}}, NoAttributes, 0, nil)
			if err != nil || stats[0].Err != nil {
				t.Fatal(err, stats[0].Err)
			}
			if got, want := stats[0].Type.code(nil), typ.code(nil); string(got) != string(want) {
				t.Errorf("came back as %+v, want %+v", stats[0].Type, typ)
			}
		})
	}
}
