package msg

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func codec(t testing.TB, scheme, key string) *Codec {
	t.Helper()
	c, err := NewCodec(scheme, []byte(key))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestSignature compares with signatures that Python's hmac made of the same parts.
func TestSignature(t *testing.T) {
	m := &Message{
		Header:  Header{ID: "-", Raw: []byte(`{"msg_id":"1","msg_type":"x"}`)},
		Content: []byte(`{"a":"<é>"}`),
	}
	for _, test := range []struct{ scheme, key, want string }{
		{"hmac-sha256", "secret", "791e0f3a30b7610261e896874f961e77b0d748ab49f5445916911cd63ea72c7d"},
		{"hmac-sha384", "secret", "daf4260b38bfed857b1349b4c8a776268d28173494ceaa6aa2758ee31e5b8c6a9069150a901da364093d64e1c72b3f48"},
		{"hmac-sha512", "secret", "934e3cfb51c9b3e9f2e4ea8dc25d802e17fc27d895b2ae7ad65ae8339dbe4a30c504148ab85c81da165935872e1811ae013180140a43b315acb7e3387f81d062"},
		{"hmac-sha256", "", ""},
	} {
		if got := string(codec(t, test.scheme, test.key).Encode(m)[1]); got != test.want {
			t.Errorf("%s: signature %s, want %s", test.scheme, got, test.want)
		}
	}
	if _, err := NewCodec("hmac-md5", []byte("k")); err == nil || !strings.Contains(err.Error(), "hmac-sha256, hmac-sha384 or hmac-sha512") {
		t.Errorf("unknown scheme: error %v, want those that are known", err)
	}
}

func TestRoundTrip(t *testing.T) {
	c := codec(t, "hmac-sha256", "k")
	m := &Message{
		Envelope: [][]byte{[]byte("id"), {}},
		Header:   Header{ID: "1", Session: "s", Username: "u", Type: "x_request", Version: Version, Date: "d"},
		Parent:   Header{Raw: []byte(`{"msg_id":"0","msg_type":"y","odd":1}`)},
		Metadata: []byte(`{"m":1}`),
		Content:  []byte(`{"c":[1,2]}`),
		Buffers:  [][]byte{{0, 1}, {}},
	}
	got, err := c.Decode(c.Encode(m))
	if err != nil {
		t.Fatal(err)
	}
	if got.Header.ID != "1" || got.Header.Type != "x_request" || got.Parent.ID != "0" {
		t.Errorf("headers came back as %+v and %+v", got.Header, got.Parent)
	}
	same := bytes.Equal(got.Parent.Raw, m.Parent.Raw) && bytes.Equal(got.Metadata, m.Metadata) && bytes.Equal(got.Content, m.Content)
	if !same || fmt.Sprint(got.Buffers) != fmt.Sprint(m.Buffers) || fmt.Sprintf("%q", got.Envelope) != `["id" ""]` {
		t.Errorf("came back as %+v", got)
	}
}

// TestReplay fills the memory of signatures and one more.
func TestReplay(t *testing.T) {
	c := codec(t, "hmac-sha256", "k")
	frames := func(i int) [][]byte {
		return c.Encode(&Message{Header: Header{ID: fmt.Sprint(i), Type: "x"}})
	}
	for i := range replays + 1 {
		if _, err := c.Decode(frames(i)); err != nil {
			t.Fatalf("message %d: %v", i, err)
		}
	}
	if _, err := c.Decode(frames(1)); !errors.Is(err, ErrReplay) {
		t.Errorf("the oldest one kept: %v, want %v", err, ErrReplay)
	}
	if _, err := c.Decode(frames(0)); err != nil {
		t.Errorf("the one forgotten: %v, want none", err)
	}
}

// TestText reads strings that JSON can hold and UTF-8 cannot.
func TestText(t *testing.T) {
	for _, test := range []struct{ json, want string }{
		{`""`, ""},
		{`"a\n\t\"\\\/\b\f\r"`, "a\n\t\"\\/\b\f\r"},
		{`"\u0041\u00e9\u20AC"`, "Aé€"},
		{`"\ud83d\ude00"`, "😀"},
		{`"\ud83d"`, "\xed\xa0\xbd"},
		{`"\ude00\ud83d"`, "\xed\xb8\x80\xed\xa0\xbd"},
		{`"\ud83dx\u0000"`, "\xed\xa0\xbdx\x00"},
		{"\"\xff\"", "\xff"},
		{"\"\\n\xff\"", "\n\xff"},
	} {
		f := contentFields(json.RawMessage(`{"code":` + test.json + `}`))
		if got := f.text("code", must); got != test.want || f.err != nil {
			t.Errorf("%s is %q, error %v, want %q", test.json, got, f.err, test.want)
		}
	}
}

// FuzzDecode signs anything: what cannot be read gives an error and nothing else.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"msg_id":"1","msg_type":"x"}`), []byte(`{}`), []byte(`{"code":"\ud83d","cursor_pos":1e3}`))
	f.Add([]byte(`{"msg_id":"1","msg_type":"x","subshell_id":null}`), []byte(`{"msg_id":2}`), []byte(`{"code":null}`))
	f.Fuzz(func(t *testing.T, header, parent, content []byte) {
		c := codec(t, "hmac-sha256", "k")
		parts := [][]byte{header, parent, []byte("{}"), content}
		m, err := c.Decode(append([][]byte{delimiter, c.sign(parts)}, parts...))
		if err != nil {
			return
		}
		if m.Header.ID == "" && !bytes.Contains(header, []byte(`""`)) {
			t.Errorf("no id in %q", header)
		}
		ParseExecute(m.Content)
		ParseComplete(m.Content)
		ParseInspect(m.Content)
		ParseHistory(m.Content)
		ParseCommOpen(m.Content)
		ParseShutdown(m.Content)
	})
}
