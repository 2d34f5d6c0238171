package stats

// Sketch is a distribution in few bytes: it answers for quantiles within one percent, and several can be added up.
// Values are milliseconds.
type Sketch interface {
	// Add counts a value so many times; a negative number takes back what was added.
	Add(value, times int64)
	// Merge adds what Bytes of another sketch gave.
	Merge(data []byte) error
	// Quantiles gives, for each of these shares of all values, the smallest first, the value below which it lies: that of
	// the rank q × (n - 1), counted from 0 and rounded down. It is 0 when there are none.
	Quantiles(q ...float64) []int64
	// Bytes are the same for the same values, in whatever order they were added, merged and taken back; nil when there
	// are none.
	Bytes() []byte
}

// NewSketch makes an empty sketch.
type NewSketch func() Sketch
