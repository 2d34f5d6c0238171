package stats

// Sketch is a distribution in few bytes: it answers for quantiles within one percent, and several can be added up.
// Values are milliseconds.
type Sketch interface {
	// Add counts a value so many times; a negative number takes back what was added.
	Add(value, times int64)
	// Merge adds what Bytes of another sketch gave.
	Merge(data []byte) error
	// Quantile gives the value below which a share q of all values lies: that of the rank q × (n - 1), counted from 0
	// and rounded down. It is 0 when there are none.
	Quantile(q float64) int64
	// Bytes are the same for the same values, in whatever order they were added, merged and taken back; nil when there
	// are none.
	Bytes() []byte
}

// NewSketch makes an empty sketch.
type NewSketch func() Sketch
