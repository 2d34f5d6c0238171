package stats

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"
)

// count is one of the numbers that are added up. They are stored by their place in this list: new ones go to its end.
type count int

const (
	ended count = iota
	answered
	abandoned
	overflowed
	afterHours
	reopened
	transferred
	fromCustomer
	fromAgent
	fromBot
	fromSystem
	offered
	missed
	declined
	queued    // milliseconds within the day in which nobody had a session
	worked    // milliseconds within the day in which an agent had sessions
	available // milliseconds within the day in each state
	busy
	away
	gone
	scored // one star, and from here on two to five
	_
	_
	_
	_
	promised
	kept
	counts
)

// clock is one of the times that are measured. They are stored like counts.
type clock int

const (
	wait clock = iota
	firstResponse
	duration
	handle
	botTime
	clocks
)

// timing is one time of many sessions.
type timing struct {
	n, sum int64
	spread Sketch // nil where only the mean is kept
}

// bucket is what facts with something in common come to.
type bucket struct {
	counts [counts]int64
	times  [clocks]timing
}

// measure adds a time to a bucket, so many times.
func (b *bucket) measure(c clock, ms, times int64, sketch NewSketch) {
	t := &b.times[c]
	t.n += times
	t.sum += ms * times
	if sketch == nil {
		return
	}
	if t.spread == nil {
		t.spread = sketch()
	}
	t.spread.Add(ms, times)
}

// empty says whether nothing is left in the bucket.
func (b *bucket) empty() bool {
	for _, n := range b.counts {
		if n != 0 {
			return false
		}
	}
	for i := range b.times {
		if !b.times[i].empty() {
			return false
		}
	}
	return true
}

// empty says whether nothing was measured. What was taken out and put in may differ where number and sum do not.
func (t *timing) empty() bool {
	return t.n == 0 && t.sum == 0 && (t.spread == nil || len(t.spread.Bytes()) == 0)
}

// page is a day's buckets of one dimension by their keys.
type page map[string]*bucket

// at gives the bucket of a key, made if it is not there.
func (p page) at(key string) *bucket {
	b := p[key]
	if b == nil {
		b = new(bucket)
		p[key] = b
	}
	return b
}

// bytes writes a page: buckets by key; in each the counts and times that are not 0, with their places. Equal pages
// have equal bytes, and a page without anything has none.
func (p page) bytes() []byte {
	var data []byte
	for _, key := range slices.Sorted(maps.Keys(p)) {
		b := p[key]
		if b.empty() {
			continue
		}
		data = binary.AppendUvarint(data, uint64(len(key)))
		data = append(data, key...)
		for i, n := range b.counts {
			if n != 0 {
				data = binary.AppendVarint(binary.AppendUvarint(data, uint64(i+1)), n)
			}
		}
		data = append(data, 0)
		for i := range b.times {
			if t := &b.times[i]; !t.empty() {
				data = t.append(binary.AppendUvarint(data, uint64(i+1)))
			}
		}
		data = append(data, 0)
	}
	return data
}

func (t *timing) append(data []byte) []byte {
	data = binary.AppendVarint(binary.AppendVarint(data, t.n), t.sum)
	var spread []byte
	if t.spread != nil {
		spread = t.spread.Bytes()
	}
	data = binary.AppendUvarint(data, uint64(len(spread)))
	return append(data, spread...)
}

var errPage = errors.New("a page of the roll-up is not readable; rebuild it")

// merge adds what bytes wrote. Spreads are left out without a sketch.
func (p page) merge(data []byte, sketch NewSketch) error {
	r := pageReader{rest: data}
	for len(r.rest) > 0 && r.err == nil {
		key := r.take(r.unsigned())
		b := p[string(key)]
		if b == nil {
			b = p.at(string(key))
		}
		r.bucket(b, sketch)
	}
	return r.err
}

// bucket adds the next bucket to one.
func (r *pageReader) bucket(b *bucket, sketch NewSketch) {
	for i := r.unsigned(); i != 0 && r.err == nil; i = r.unsigned() {
		if n := r.signed(); i <= uint64(counts) {
			b.counts[i-1] += n
		}
	}
	for i := r.unsigned(); i != 0 && r.err == nil; i = r.unsigned() {
		n, sum, spread := r.signed(), r.signed(), r.take(r.unsigned())
		if i <= uint64(clocks) && r.err == nil {
			r.err = b.times[i-1].merge(n, sum, spread, sketch)
		}
	}
}

func (t *timing) merge(n, sum int64, spread []byte, sketch NewSketch) error {
	t.n += n
	t.sum += sum
	if len(spread) == 0 || sketch == nil {
		return nil
	}
	if t.spread == nil {
		t.spread = sketch()
	}
	return t.spread.Merge(spread)
}

// add puts another page's buckets into this one.
func (p page) add(other page, sketch NewSketch) error { return p.merge(other.bytes(), sketch) }

// pageReader reads what a page wrote; after the first mistake it gives zeros.
type pageReader struct {
	rest []byte
	err  error
}

func (r *pageReader) unsigned() uint64 {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 {
		r.rest, r.err = nil, errPage
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *pageReader) signed() int64 {
	n, size := binary.Varint(r.rest)
	if size <= 0 {
		r.rest, r.err = nil, errPage
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *pageReader) take(n uint64) []byte {
	if n > uint64(len(r.rest)) {
		r.rest, r.err = nil, errPage
		return nil
	}
	part := r.rest[:n]
	r.rest = r.rest[n:]
	return part
}
