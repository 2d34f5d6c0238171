package coretest

import (
	"bytes"
	"maps"
	"testing"
	"time"

	"baton/core"
	"baton/core/stats"
)

// pagesOf reads every page there is.
func (c *counted) pagesOf(t *testing.T) map[stats.Place][]byte {
	t.Helper()
	all := map[stats.Place][]byte{}
	for _, on := range []stats.Stretch{{From: "2026-01-01", To: "2026-12-31"}, {From: "m2026-01", To: "m2026-12"}} {
		pages, err := c.PagesOn(t.Context(), "Europe/Berlin", on)
		must(t, err)
		maps.Copy(all, pages)
	}
	return all
}

func samePages(t *testing.T, what string, got, want map[stats.Place][]byte) {
	t.Helper()
	if len(want) < 100 {
		t.Fatalf("there are only %d pages", len(want))
	}
	for place, data := range want {
		if !bytes.Equal(got[place], data) {
			t.Errorf("%s: the page %v is %x, it was %x", what, place, got[place], data)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s: there are %d pages, there were %d", what, len(got), len(want))
	}
}

// rebuiltFigures takes the roll-up away and makes it anew from the log.
func rebuiltFigures(t *testing.T, db Database) {
	c := tellTenDays(t, Start(t, db(t), Options{}))
	was := c.pagesOf(t)
	must(t, c.rollup.Rebuild(t.Context()))
	samePages(t, "rebuilt from the log", c.pagesOf(t), was)
	must(t, c.rollup.Repair(t.Context()))
	samePages(t, "repaired when nothing was wrong", c.pagesOf(t), was)
	for day := stats.Day("2026-10-19"); day <= "2026-10-30"; day = day.Plus(1) {
		must(t, c.rollup.Run(t.Context(), day))
	}
	samePages(t, "run for each day", c.pagesOf(t), was)
	c.setZone(t, "Pacific/Apia")
	must(t, c.rollup.Collect(t.Context()))
	c.setZone(t, "Europe/Berlin")
	must(t, c.rollup.Collect(t.Context()))
	samePages(t, "in another zone and back", c.pagesOf(t), was)
}

// mendedFigures spoils what is kept of the last days: the nightly repair sets it right from the log.
func mendedFigures(t *testing.T, db Database) {
	c := tellTenDays(t, Start(t, db(t), Options{}))
	ctx := t.Context()
	was := c.pagesOf(t)
	p, err := c.Progress(ctx)
	must(t, err)
	fact := stats.Fold(c.Log(t, c.tales.List[len(c.tales.List)-1].ID))
	fact.Seq, fact.Score, fact.Channel = 1, 0, "fax"
	spoilt := stats.Change{Progress: p, Facts: []*stats.Fact{fact}, Pages: map[stats.Place][]byte{}}
	for place := range was {
		if place.Day >= "2026-10-27" && place.Day <= "2026-10-29" || place.Day == "m2026-10" {
			spoilt.Pages[place] = nil
		}
	}
	must(t, c.Keep(ctx, p.Rev, spoilt))
	refused(t, c.Keep(ctx, p.Rev, spoilt), core.Conflict, "a change on what another node has changed")
	must(t, c.Recount(ctx, stats.Span{From: c.tales.Now.Add(-40 * time.Hour).UnixMilli(), To: c.tales.Now.UnixMilli()}, map[stats.Quarter]int64{{Number: stats.QuarterOf(c.tales.Now.UnixMilli()) - 100, Role: core.AgentRole}: 99}))
	nightly := c.rollup.Nightly()
	due, err := nightly.Due(ctx, time.Date(2026, 10, 24, 12, 0, 0, 0, c.tales.Zone), c.tales.Now)
	must(t, err)
	if len(due) != 5 || due[0].In(c.tales.Zone).Hour() != 3 {
		t.Errorf("the repair is due at %v, want once in each of five nights", due)
	}
	must(t, nightly.Run(ctx, due[4]))
	samePages(t, "repaired", c.pagesOf(t), was)
	c.compareSummary(t, c.slowly(t, c.tales.Zone), stats.Ask{From: "2026-10-20", To: "2026-10-29"})
}
