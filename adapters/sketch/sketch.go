// Package sketch keeps distributions in few bytes, by the DDSketch of Datadog: values fall into bins whose bounds grow
// by two percent, so a quantile is right to one percent whatever the values are, and adding two sketches up is adding
// their bins.
package sketch

import (
	"encoding/binary"
	"errors"
	"maps"
	"math"
	"slices"

	"github.com/DataDog/sketches-go/ddsketch/mapping"
	"github.com/DataDog/sketches-go/ddsketch/store"

	"baton/core/stats"
)

// Accuracy is how far a quantile may be from the true one, as a share of it.
const Accuracy = 0.01

// Sketch is a stats.Sketch. The bins are the library's, which knows no way to take something back: that is gathered
// beside them.
type Sketch struct {
	index mapping.IndexMapping
	bins  *store.DenseStore
	zero  int64
	taken map[int]int64 // by bin, what is still to be taken out
}

var _ stats.Sketch = (*Sketch)(nil)

// New gives what makes empty sketches.
func New() (stats.NewSketch, error) {
	index, err := mapping.NewLogarithmicMapping(Accuracy)
	if err != nil {
		return nil, err
	}
	return func() stats.Sketch { return &Sketch{index: index, bins: store.NewDenseStore()} }, nil
}

// Add counts a value; what is not above 0 counts as 0.
func (s *Sketch) Add(value, times int64) {
	if value <= 0 {
		s.zero += times
		return
	}
	s.count(s.index.Index(float64(value)), times)
}

func (s *Sketch) count(bin int, times int64) {
	if times > 0 {
		s.bins.AddWithCount(bin, float64(times))
		return
	}
	if s.taken == nil {
		s.taken = map[int]int64{}
	}
	s.taken[bin] -= times
}

// settle takes out of the bins what was taken back. What is more than there was stays taken.
func (s *Sketch) settle() {
	if len(s.taken) == 0 {
		return
	}
	left := store.NewDenseStore()
	s.bins.ForEach(func(bin int, count float64) bool {
		out := min(int64(count), s.taken[bin])
		left.AddWithCount(bin, count-float64(out))
		if s.taken[bin] -= out; s.taken[bin] == 0 {
			delete(s.taken, bin)
		}
		return false
	})
	s.bins = left
}

// Quantile gives the middle of the bin in which the value of this rank lies, in whole milliseconds.
func (s *Sketch) Quantile(q float64) int64 {
	s.settle()
	n := s.zero + int64(s.bins.TotalCount())
	if n <= 0 {
		return 0
	}
	rank := math.Floor(q * float64(n-1))
	if rank < float64(s.zero) {
		return 0
	}
	return int64(math.Round(s.index.Value(s.bins.KeyAtRank(rank - float64(s.zero)))))
}

// Bytes are the count of zeros, and then each bin that is not empty by its distance to the one before it. The
// library's own forms depend on how the bins came about.
func (s *Sketch) Bytes() []byte {
	s.settle()
	var data []byte
	last := 0
	write := func(bin int, count int64) {
		data = binary.AppendVarint(binary.AppendVarint(data, int64(bin-last)), count)
		last = bin
	}
	s.bins.ForEach(func(bin int, count float64) bool {
		write(bin, int64(count))
		return false
	})
	for _, bin := range slices.Sorted(maps.Keys(s.taken)) {
		write(bin, -s.taken[bin])
	}
	if s.zero == 0 && len(data) == 0 {
		return nil
	}
	return append(binary.AppendVarint(nil, s.zero), data...)
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
	bin := int64(0)
	for data = data[size:]; len(data) > 0; {
		step, a := binary.Varint(data)
		count, b := binary.Varint(data[max(a, 0):])
		if a <= 0 || b <= 0 {
			return errBytes
		}
		if bin += step; bin < math.MinInt16 || bin > math.MaxInt16 {
			return errBytes
		}
		s.count(int(bin), count)
		data = data[a+b:]
	}
	return nil
}
