package stats

import (
	"bytes"
	"testing"
	"time"

	"pgregory.net/rapid"

	"baton/core"
)

func someFact(t *rapid.T, i int) *Fact {
	ms := func(name string, most int64) int64 { return rapid.Int64Range(0, most).Draw(t, name) }
	created := time.Date(2026, 10, 24, 20, 0, 0, 0, time.UTC).UnixMilli() + ms("created", 100_000_000)
	f := &Fact{
		Session: string(rune('a' + i)), Queue: core.Ref{ID: rapid.SampledFrom([]string{"que_a", "que_b"}).Draw(t, "queue")}, Channel: "web",
		Priority: core.High, Tags: []string{"vip", "vip"}, CreatedAt: created, EndedAt: created + ms("duration", 90_000_000),
		Score: rapid.IntRange(0, 5).Draw(t, "score"), Messages: Volume{Agent: ms("messages", 9)},
		Overflowed: rapid.SliceOfN(rapid.SampledFrom([]string{"que_a", "que_b", "que_c"}), 0, 3).Draw(t, "overflowed"),
	}
	if rapid.Bool().Draw(t, "joined") {
		f.JoinedAt = (f.CreatedAt + f.EndedAt) / 2
		f.Agents = []Served{{Agent: core.Ref{ID: "agt_a"}, Spans: []Span{{f.JoinedAt, f.EndedAt}}}}
		f.Waits = []Wait{{f.Queue.ID, Span{f.CreatedAt, f.JoinedAt}}}
		f.Agent = &f.Agents[0].Agent
	}
	return f
}

func TestFactsInAnyOrderAndTakenBackMakeTheSamePages(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		var facts, passing []*Fact
		for i := range rapid.IntRange(0, 6).Draw(t, "facts") {
			facts = append(facts, someFact(t, i))
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "passing") {
			passing = append(passing, someFact(t, i))
		}
		want, got := plainBook(zone), plainBook(zone)
		for _, f := range facts {
			want.add(f, 1)
		}
		for _, f := range passing {
			got.add(f, -1)
		}
		for _, f := range rapid.Permutation(append(facts, passing...)).Draw(t, "order") {
			got.add(f, 1)
		}
		for place, p := range got.pages {
			var data []byte
			if wanted := want.pages[place]; wanted != nil {
				data = wanted.bytes()
			}
			if !bytes.Equal(p.bytes(), data) {
				t.Fatalf("the page %v is %x, want %x", place, p.bytes(), data)
			}
			read := page{}
			if err := read.merge(data, nil); err != nil || !bytes.Equal(read.bytes(), data) {
				t.Fatalf("read back the page %v is %x (%v), want %x", place, read.bytes(), err, data)
			}
		}
	})
}

// plainBook is a book whose pages keep no spreads.
func plainBook(zone *time.Location) *book { return newBook(zone, nil) }

func TestPageThatIsNoPageIsRefusedAndNotBelieved(t *testing.T) {
	whole := page{}
	whole.at("x").measure(wait, 5, 1, nil)
	data := whole.bytes()
	for cut := 1; cut < len(data); cut++ {
		if err := (page{}).merge(data[:cut], nil); err == nil {
			t.Errorf("the first %d of %d bytes were taken for a page", cut, len(data))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		_ = (page{}).merge(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"), nil) // it must not panic
	})
}
