// Package sketch keeps distributions in few bytes, as DataDog's DDSketch does and by its own mapping: values fall into
// bins whose bounds grow by two percent, so a quantile is right to one percent whatever the values are, and adding two
// sketches up is adding their bins. The library's stores of bins are not used: they take nothing back, their bytes show
// how they came about, and merging what was read into them takes four times as long.
package sketch

import (
	"encoding/binary"
	"errors"
	"math"

	"github.com/DataDog/sketches-go/ddsketch/mapping"

	"baton/core/stats"
)

// Accuracy is how far a quantile may be from the true one, as a share of it.
const Accuracy = 0.01

// Sketch is a stats.Sketch.
type Sketch struct {
	index mapping.IndexMapping
	zero  int64
	first int // the bin that bins begins with
	bins  []int64
}

var _ stats.Sketch = (*Sketch)(nil)

// New gives what makes empty sketches.
func New() (stats.NewSketch, error) {
	index, err := mapping.NewLogarithmicMapping(Accuracy)
	if err != nil {
		return nil, err
	}
	return func() stats.Sketch { return &Sketch{index: index} }, nil
}

// Add counts a value; what is not above 0 counts as 0.
func (s *Sketch) Add(value, times int64) {
	if value <= 0 {
		s.zero += times
		return
	}
	bin := s.index.Index(float64(value))
	s.reach(bin, bin)
	s.bins[bin-s.first] += times
}

// margin is how many more bins there is room for than are asked for.
const margin = 64

// reach makes room for bins from one to another.
func (s *Sketch) reach(from, to int) {
	if from >= s.first && to < s.first+len(s.bins) {
		return
	}
	if len(s.bins) > 0 {
		from, to = min(from-margin, s.first), max(to+margin, s.first+len(s.bins)-1)
	}
	bins := make([]int64, to-from+1)
	if len(s.bins) > 0 {
		copy(bins[s.first-from:], s.bins)
	}
	s.first, s.bins = from, bins
}

// Quantiles gives the middles of the bins in which the values of these ranks lie, in whole milliseconds.
func (s *Sketch) Quantiles(q ...float64) []int64 {
	values := make([]int64, len(q))
	n := s.zero
	for _, count := range s.bins {
		n += count
	}
	if n <= 0 {
		return values
	}
	i, before := -1, s.zero
	for k := range q {
		for rank := int64(math.Floor(q[k] * float64(n-1))); before <= rank; before += s.bins[i] {
			i++
		}
		if i >= 0 {
			values[k] = int64(math.Round(s.index.Value(s.first + i)))
		}
	}
	return values
}

// Bytes are the count of zeros, the first and the last bin, and then each bin that is not empty by its distance to the
// one before it.
func (s *Sketch) Bytes() []byte {
	from, to := 0, len(s.bins)
	for from < to && s.bins[from] == 0 {
		from++
	}
	for to > from && s.bins[to-1] == 0 {
		to--
	}
	if from == to && s.zero == 0 {
		return nil
	}
	data := binary.AppendVarint(nil, s.zero)
	if from == to {
		return data
	}
	data = binary.AppendVarint(binary.AppendVarint(data, int64(s.first+from)), int64(s.first+to-1))
	last := from - 1
	for i := from; i < to; i++ {
		if s.bins[i] != 0 {
			data = binary.AppendVarint(binary.AppendUvarint(data, uint64(i-last)), s.bins[i])
			last = i
		}
	}
	return data
}

var errBytes = errors.New("these bytes are no sketch")

// Merge adds what Bytes gave.
func (s *Sketch) Merge(data []byte) error {
	if len(data) == 0 {
		return nil
	}
	zero, size := binary.Varint(data)
	if size <= 0 {
		return errBytes
	}
	s.zero += zero
	if data = data[size:]; len(data) == 0 {
		return nil
	}
	from, a := binary.Varint(data)
	to, b := binary.Varint(data[max(a, 0):])
	if a <= 0 || b <= 0 || from > to || from < math.MinInt16 || to > math.MaxInt16 {
		return errBytes
	}
	s.reach(int(from), int(to))
	return s.fill(data[a+b:], s.bins[int(from)-s.first:int(to)-s.first+1])
}

// fill adds the counts of bins.
func (s *Sketch) fill(data []byte, bins []int64) error {
	at := -1
	for len(data) > 0 {
		step, a := uint64(data[0]), 1
		if step >= 0x80 {
			step, a = binary.Uvarint(data)
		}
		if a <= 0 || step == 0 || step > uint64(len(bins)-1-at) || a >= len(data) {
			return errBytes
		}
		at += int(step)
		if zigzag := data[a]; zigzag < 0x80 {
			bins[at] += int64(zigzag>>1) ^ -int64(zigzag&1)
			data = data[a+1:]
			continue
		}
		count, b := binary.Varint(data[a:])
		if b <= 0 {
			return errBytes
		}
		bins[at] += count
		data = data[a+b:]
	}
	return nil
}
