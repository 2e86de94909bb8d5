package boss

import (
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"fmt"
	"strings"
)

// record is what the other ranks have to know of a fiber.
type record struct {
	Plate, MJD, Fiber int32
	Sum               uint32
	OnDisk            int32 // 0 or 1
	From              int32 // which of the files gives the spectra, -1 when the part has them
}

// told is what a rank tells of one of its parts. Records, of which there are many, travel as they lie in memory.
type told struct {
	Part     int
	Records  []byte
	Files    []string
	Catalogs map[string]map[string]checksum
	Equal    int
	Bytes    int64
	Problems []Problem
	Notes    []string
}

// exchange gives all ranks what each found out of its parts.
func (w *work) exchange(parts []*partDone) error {
	var mine []told
	for i, picks := range w.parts() {
		if w.mine(i) {
			mine = append(mine, parts[i].tell(i, picks))
		}
	}
	return tellAll(w, mine, func(_ int, theirs []told) error {
		for _, t := range theirs {
			part, err := t.part()
			if err != nil {
				return err
			}
			parts[t.Part] = part
		}
		return nil
	})
}

// tellAll gives each rank what all have to tell, and hands it to a function rank by rank. An error of one is an error of all.
func tellAll[T any](w *work, mine T, hear func(rank int, theirs T) error) error {
	var packed bytes.Buffer
	if err := w.agree(gob.NewEncoder(&packed).Encode(mine)); err != nil {
		return err
	}
	text, all := packed.String(), []string(nil)
	if err := w.opts.Ranks.Allgather(&text, &all); err != nil {
		return fail(w.op, w.out, err)
	}
	for rank, text := range all {
		var theirs T
		err := gob.NewDecoder(strings.NewReader(text)).Decode(&theirs)
		if err == nil {
			err = hear(rank, theirs)
		}
		if err != nil {
			return fmt.Errorf("what rank %d tells: %w", rank, err)
		}
	}
	return nil
}

// tell packs what is known of a part.
func (part *partDone) tell(i int, picks []pick) told {
	t := told{Part: i, Catalogs: part.Catalogs, Equal: part.Equal, Bytes: part.Bytes, Problems: part.Problems, Notes: part.Notes}
	files := map[string]int32{"": -1}
	var records []record
	for _, p := range picks {
		sum, there := part.Fibers[p.id.String()]
		if !there {
			continue
		}
		from, known := files[sum.From]
		if !known {
			from = int32(len(t.Files))
			files[sum.From], t.Files = from, append(t.Files, sum.From)
		}
		r := record{int32(p.id.Plate), int32(p.id.MJD), int32(p.id.Fiber), uint32(sum.Sum), 0, from}
		if sum.OnDisk {
			r.OnDisk = 1
		}
		records = append(records, r)
	}
	t.Records, _ = binary.Append(nil, binary.LittleEndian, records) // numbers of fixed size never fail
	return t
}

func (t *told) part() (*partDone, error) {
	records := make([]record, len(t.Records)/binary.Size(record{}))
	if _, err := binary.Decode(t.Records, binary.LittleEndian, records); err != nil {
		return nil, err
	}
	part := &partDone{sums: newSums(), Equal: t.Equal, Bytes: t.Bytes, Problems: t.Problems, Notes: t.Notes}
	for name, catalogs := range t.Catalogs {
		part.Catalogs[name] = catalogs
	}
	for _, r := range records {
		sum := fiberSum{Sum: checksum(r.Sum), OnDisk: r.OnDisk == 1}
		if r.From >= 0 {
			sum.From = t.Files[r.From]
		}
		part.Fibers[FiberID{int(r.Plate), int(r.MJD), int(r.Fiber)}.String()] = sum
	}
	return part, nil
}
