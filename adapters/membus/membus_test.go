package membus

import (
	"testing"

	"baton/core"
)

func TestHintsArriveInOrder(t *testing.T) {
	bus := New()
	for seq := range int64(3) {
		bus.Hint(core.Hint{Session: "ses_1", Seq: seq})
	}
	for want := range int64(3) {
		if got := <-bus.Hints(); got.Seq != want {
			t.Fatalf("hint %d came when %d was due", got.Seq, want)
		}
	}
}

func TestHintsAreDroppedWhenNobodyListens(t *testing.T) {
	bus := New()
	for seq := range int64(waiting + 10) {
		bus.Hint(core.Hint{Seq: seq})
	}
	if got := len(bus.Hints()); got != waiting {
		t.Fatalf("%d hints wait, want %d and the rest dropped", got, waiting)
	}
}
