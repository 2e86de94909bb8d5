package wire

import (
	"bytes"
	"math"
	"reflect"
	"testing"
)

func TestThereAndBack(t *testing.T) {
	for _, table := range []*Table{
		{},
		{Rows: 2, Columns: []Column{{Name: "a \"b\"\n", Data: []int8{-1, 2}}, {Name: "", Data: []string{"", "ä\x00"}, Null: []bool{true, false}},
			{Name: "p", Data: []float64{1, math.Inf(1), -0.5, 2}, Width: 2}, {Name: "t", Data: []bool{true, false}}, {Name: "u", Data: []uint64{0, math.MaxUint64}}}},
		{Rows: 0, Columns: []Column{{Name: "none", Data: []float32{}}, {Name: "words", Data: []string{}}}},
	} {
		var b bytes.Buffer
		if err := Write(&b, table); err != nil {
			t.Fatal(err)
		}
		whole := b.Bytes()
		got, err := Read(bytes.NewReader(whole))
		if err != nil || !reflect.DeepEqual(got, table) {
			t.Errorf("got %+v, %v, want %+v", got, err, table)
		}
		for n := range whole {
			if _, err := Read(bytes.NewReader(whole[:n])); err == nil {
				t.Errorf("the first %d of %d bytes were read", n, len(whole))
			}
		}
	}
}

func TestNoTable(t *testing.T) {
	for _, text := range []string{"", "\n", "{}", "[]\n", `{"Rows": 1, "Columns": [{"Type": "[]rune"}]}` + "\n",
		`{"Rows": 1, "Columns": [{"Type": "[]string", "Bytes": 1}]}` + "\n\xff\xff\xff\xff\xff\xff\xff\xffx"} {
		if got, err := Read(bytes.NewReader([]byte(text))); err == nil {
			t.Errorf("%q: got %+v", text, got)
		}
	}
}
