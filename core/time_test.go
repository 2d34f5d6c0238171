package core

import (
	"testing"
	"time"
)

func TestEachTimeIsWrittenAlike(t *testing.T) {
	berlin := time.FixedZone("Berlin", 2*60*60)
	for _, at := range []time.Time{
		{}, time.Unix(0, 0), time.Date(2026, 2, 3, 4, 5, 6, 7_000_000, berlin), time.Date(1999, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
		time.Date(2026, 11, 23, 0, 30, 0, 120_000_000, berlin), time.UnixMilli(1_799_999_999_050),
	} {
		want := at.UTC().Format("2006-01-02T15:04:05.000Z07:00")
		if got := string(AppendTime([]byte("at "), at)); got != "at "+want {
			t.Errorf("%v is written %q, want %q", at, got, want)
		}
		if text, err := Time(at).AppendText(nil); err != nil || string(text) != want {
			t.Errorf("%v is written %q, %v, want %q", at, text, err, want)
		}
	}
}

func BenchmarkAppendTime(b *testing.B) {
	var buf []byte
	at := time.Now()
	for b.Loop() {
		buf = AppendTime(buf[:0], at)
	}
}
