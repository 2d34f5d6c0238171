package sketch

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func values(t *rapid.T, name string) []int64 {
	return rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(0, 50), rapid.Int64Range(0, 400*24*3600*1000)), 0, 60).Draw(t, name)
}

func TestQuantilesAreExactToOnePercent(t *testing.T) {
	fresh, err := New()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		list, q := values(t, "values"), rapid.Float64Range(0, 1).Draw(t, "q")
		s := fresh()
		for _, v := range list {
			s.Add(v, 1)
		}
		got := s.Quantiles(q)[0]
		copied := fresh()
		if err := copied.Merge(s.Bytes()); err != nil || copied.Quantiles(q, 1)[0] != got || !bytes.Equal(copied.Bytes(), s.Bytes()) {
			t.Fatalf("read from its bytes the sketch has the quantile %d (%v), not %d", copied.Quantiles(q)[0], err, got)
		}
		if between := s.Quantiles(q/2, q); between[1] != got || between[0] > got {
			t.Fatalf("the quantiles %v and %v are %v", q/2, q, between)
		}
		if len(list) == 0 {
			if got != 0 {
				t.Fatalf("of nothing the quantile is %d", got)
			}
			return
		}
		slices.Sort(list)
		want := float64(list[int(math.Floor(q*float64(len(list)-1)))])
		if math.Abs(float64(got)-want) > want*Accuracy+0.5 {
			t.Fatalf("the quantile %v is %d, of the values it is %v", q, got, want)
		}
	})
}

func TestOrderOfAddingMergingAndTakingBackDoesNotShow(t *testing.T) {
	fresh, err := New()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		left, right, passing := values(t, "left"), values(t, "right"), values(t, "passing")
		want := fresh()
		for _, v := range slices.Concat(left, right) {
			want.Add(v, 1)
		}
		a, b := fresh(), fresh()
		for _, v := range passing {
			a.Add(v, -1)
		}
		for _, v := range rapid.Permutation(slices.Concat(left, passing)).Draw(t, "order") {
			b.Add(v, 1)
		}
		for _, v := range right {
			a.Add(v, 1)
		}
		sum := fresh()
		for _, part := range rapid.Permutation([][]byte{a.Bytes(), b.Bytes()}).Draw(t, "parts") {
			if err := sum.Merge(part); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(sum.Bytes(), want.Bytes()) {
			t.Fatalf("added up: %x, at once: %x", sum.Bytes(), want.Bytes())
		}
	})
}

func TestBytesThatAreNoSketchAreRefused(t *testing.T) {
	fresh, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, data := range [][]byte{{0x80}, {0, 2}, {0, 4, 2, 1, 2}, {0, 2, 4, 0, 2}, {0, 2, 4, 9, 2}, {0, 2, 4, 1}, {0, 2, 4, 1, 0x80}, {0, 0, 0xff, 0xff, 0xff, 0x7f, 1, 2}} {
		if err := fresh().Merge(data); err == nil {
			t.Errorf("%x was taken for a sketch", data)
		}
	}
}

func TestAnyBytesAreReadWithoutHarm(t *testing.T) {
	fresh, err := New()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) { _ = fresh().Merge(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) })
}
