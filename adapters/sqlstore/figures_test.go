package sqlstore

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"baton/core"
	"baton/core/coretest"
	"baton/core/stats"
)

// Pages that an older program wrote are counted, although it did not note how far they go.
func TestPagesAreCountedWhenNobodyNotedTheNewest(t *testing.T) {
	eachStore(t, func(t *testing.T, dsn string) {
		_, s, _ := startFaulty(t, dsn)
		now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
		rollup := stats.NewRollup(s, coretest.ExactSketch, slog.New(slog.DiscardHandler)).At(func() time.Time { return now })
		for i, daysAgo := range []int{1, 40} {
			if _, err := s.write.Exec("UPDATE stats_progress SET data = replace(data, '\"newest\"', '\"forgotten\"')"); err != nil {
				t.Fatal(err)
			}
			at := now.AddDate(0, 0, -daysAgo).UnixMilli()
			fact := &stats.Fact{Session: fmt.Sprint("ses_", i), Queue: core.Ref{ID: "que_x", Name: "x"}, CreatedAt: at, EndedAt: at + 60_000, Seq: 2}
			if err := rollup.Import(t.Context(), []*stats.Fact{fact}); err != nil {
				t.Fatal(err)
			}
		}
		summary, err := stats.NewFigures(s, rollup, coretest.ExactSketch).Summary(t.Context(), stats.Ask{From: "2026-10-01", To: "2026-11-28"})
		if err != nil {
			t.Fatal(err)
		}
		if summary.Ended.N != 2 {
			t.Errorf("%d of 2 ended chats are counted", summary.Ended.N)
		}
	})
}
