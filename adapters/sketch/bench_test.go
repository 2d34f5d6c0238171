package sketch

import (
	"math/rand/v2"
	"testing"
)

// BenchmarkADayOfManyChats is what a day in a list of days costs: reading its sketch and three quantiles.
func BenchmarkADayOfManyChats(b *testing.B) {
	fresh, err := New()
	if err != nil {
		b.Fatal(err)
	}
	day, random := fresh(), rand.New(rand.NewPCG(1, 2))
	for range 11_000 {
		day.Add(int64(1000+random.ExpFloat64()*300_000), 1)
	}
	data := day.Bytes()
	b.ReportAllocs()
	for b.Loop() {
		s := fresh()
		if err := s.Merge(data); err != nil {
			b.Fatal(err)
		}
		if s.Quantiles(0.5, 0.9, 0.99)[0] == 0 {
			b.Fatal("there is nothing in the sketch")
		}
	}
	b.ReportMetric(float64(len(data)), "bytes")
}
