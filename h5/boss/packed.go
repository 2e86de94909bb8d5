package boss

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"gofive/h5/fits"
)

// packed is a FITS file that gzip may have packed. What is read of it, the first HDU or all, lies unpacked in a
// file without a name and not in memory: a plate has dozens of frames.
type packed struct {
	*fits.File
	unpacked *os.File // nil when gzip has not packed it
}

// maxImage bounds what is unpacked of one file; the image of a whole frame takes 8 MB, a frame with all its images 80.
const maxImage = 1 << 30

// openPacked opens a file; unpack is unpackFirst or unpackAll.
func openPacked(path string, unpack func(io.Writer, io.Reader) (int64, error)) (*packed, error) {
	begin, err := firstBytes(path)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(begin, "\x1f\x8b") {
		f, err := fits.Open(path)
		if err != nil {
			return nil, err
		}
		return &packed{f, nil}, nil
	}
	in, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	tmp, err := os.CreateTemp("", "boss-*.fits")
	if err != nil {
		return nil, output(err)
	}
	os.Remove(tmp.Name())
	size, err := unpack(spool{tmp}, bufio.NewReaderSize(in, 1<<18))
	if err == nil {
		var f *fits.File
		if f, err = fits.New(path, tmp, size); err == nil {
			return &packed{f, tmp}, nil
		}
	}
	tmp.Close()
	return nil, fail("open", path, err)
}

// spool says of errors that they are of what we write, and no fault of the file that is read.
type spool struct{ to *os.File }

func (s spool) Write(b []byte) (int, error) {
	n, err := s.to.Write(b)
	return n, output(err)
}

// ours reports whether an error is of what we write.
func ours(err error) bool {
	var out *outputError
	return errors.As(err, &out)
}

// unpackFirst writes the first HDU of what gzip has packed, and gives its length. The rest is read too: only behind it stands the
// sum that tells whether all is well.
func unpackFirst(w io.Writer, r io.Reader) (int64, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return 0, err
	}
	header, length, err := firstHeader(z)
	if err != nil {
		return 0, err
	}
	if length < 0 || length > maxImage {
		return 0, fmt.Errorf("its first image takes %d bytes, and at most %d are unpacked", length, maxImage)
	}
	if _, err := w.Write(header); err != nil {
		return 0, err
	}
	n, err := io.Copy(w, io.LimitReader(z, length))
	if err == nil {
		_, err = io.Copy(io.Discard, z)
	}
	return int64(len(header)) + n, err
}

// unpackAll writes all that gzip has packed, and gives its length.
func unpackAll(w io.Writer, r io.Reader) (int64, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(w, io.LimitReader(z, maxImage+1))
	if n > maxImage {
		return n, fmt.Errorf("it takes more than the %d bytes that are unpacked", maxImage)
	}
	return n, err
}

// firstHeader reads the header of the first HDU, and gives how many bytes of data follow.
func firstHeader(r io.Reader) ([]byte, int64, error) {
	const block, card, most = 2880, 80, 1000
	var header []byte
	for len(header) < most*block {
		header = append(header, make([]byte, block)...)
		if _, err := io.ReadFull(r, header[len(header)-block:]); err != nil {
			return nil, 0, err
		}
		for at := len(header) - block; at < len(header); at += card {
			if bytes.Equal(bytes.TrimRight(header[at:at+card], " "), []byte("END")) {
				f, err := fits.New("", bytes.NewReader(header), int64(len(header)))
				if err != nil {
					return nil, 0, err
				}
				return header, f.HDU(0).Bytes(), nil
			}
		}
	}
	return nil, 0, errors.New("its header has no end")
}

func (p *packed) Close() error {
	err := p.File.Close()
	if p.unpacked != nil {
		err = errors.Join(err, p.unpacked.Close())
	}
	return err
}
