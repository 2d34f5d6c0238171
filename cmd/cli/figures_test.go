package cli

import (
	"bytes"
	"log/slog"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"baton/adapters/sketch"
	"baton/adapters/sqlstore"
	"baton/adapters/sqlstore/sqltest"
	"baton/core"
	"baton/core/coretest"
	"baton/core/stats"
)

// told is a store to which ten days were told, with the figures that the server would give.
type told struct {
	*coretest.Node
	figures *stats.Figures
	rollup  *stats.Rollup
}

func tellDays(t *testing.T, dsn string, newSketch stats.NewSketch) *told {
	t.Helper()
	store, err := sqlstore.Open(t.Context(), sqlstore.Config{DSN: dsn})
	if err != nil {
		t.Fatal(err)
	}
	n, tales := coretest.Start(t, store, coretest.Options{}), coretest.TenDays()
	zone := tales.Zone.String()
	if _, err := n.ChangeAccount(t.Context(), core.Desk, core.AccountChange{TimeZone: &zone}); err != nil {
		t.Fatal(err)
	}
	x := &told{Node: n, rollup: stats.NewRollup(n, newSketch, slog.New(slog.DiscardHandler)).At(func() time.Time { return tales.Now })}
	x.figures = stats.NewFigures(n, x.rollup, newSketch)
	tales.Tell(t, n)
	if err := x.rollup.Collect(t.Context()); err != nil {
		t.Fatal(err)
	}
	tales.TellTheRest(t, n)
	return x
}

// pages gives all pages of the roll-up.
func (x *told) pages(t *testing.T) map[stats.Place][]byte {
	t.Helper()
	all := map[stats.Place][]byte{}
	for _, on := range []stats.Stretch{{From: "2026-01-01", To: "2026-12-31"}, {From: "m2026-01", To: "m2026-12"}} {
		pages, err := x.PagesOn(t.Context(), "Europe/Berlin", on)
		if err != nil {
			t.Fatal(err)
		}
		for place, data := range pages {
			all[place] = data
		}
	}
	return all
}

// tables gives all answers as tables.
func (x *told) tables(t *testing.T) map[string]stats.Table {
	t.Helper()
	ask, tables := stats.Ask{From: "2026-10-20", To: "2026-10-29"}, map[string]stats.Table{}
	add := func(name string, answer interface{ Table() stats.Table }, err error) {
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		tables[name] = answer.Table()
	}
	summary, err := x.figures.Summary(t.Context(), ask)
	add("summary", summary, err)
	daily, err := x.figures.Daily(t.Context(), ask)
	add("daily", daily, err)
	agents, err := x.figures.Agents(t.Context(), ask)
	add("agents", agents, err)
	ratings, err := x.figures.Ratings(t.Context(), ask)
	add("ratings", ratings, err)
	heatmap, err := x.figures.Heatmap(t.Context(), ask)
	add("heatmap", heatmap, err)
	for _, by := range stats.Breakdowns() {
		breakdown, err := x.figures.Breakdown(t.Context(), ask, by)
		add("by "+by, breakdown, err)
	}
	var lines [][]string
	if err := x.figures.Sessions(t.Context(), ask, func(line []string) error { lines = append(lines, line); return nil }); err != nil {
		t.Fatal(err)
	}
	tables["sessions"] = stats.Table{Header: stats.SessionsHeader(), Lines: lines}
	return tables
}

func theSketch(t *testing.T) stats.NewSketch {
	t.Helper()
	newSketch, err := sketch.New()
	if err != nil {
		t.Fatal(err)
	}
	return newSketch
}

func TestFiguresOfSQLiteAndPostgreSQLAreTheSameByteForByte(t *testing.T) {
	lite, pg := tellDays(t, "sqlite:"+filepath.Join(t.TempDir(), "baton.db"), theSketch(t)), tellDays(t, sqltest.DSN(t), theSketch(t))
	a, b := lite.tables(t), pg.tables(t)
	for name, table := range a {
		for i, line := range append([][]string{table.Header}, table.Lines...) {
			other := append([][]string{b[name].Header}, b[name].Lines...)
			if i >= len(other) || strings.Join(line, ";") != strings.Join(other[i], ";") {
				t.Fatalf("line %d of %s differs:\n%v\n%v", i, name, line, other[min(i, len(other)-1)])
			}
		}
	}
	pagesA, pagesB := lite.pages(t), pg.pages(t)
	if len(pagesA) != len(pagesB) || len(pagesA) < 100 {
		t.Errorf("there are %d pages on SQLite, and %d on PostgreSQL", len(pagesA), len(pagesB))
	}
	for place, data := range pagesA {
		if !bytes.Equal(data, pagesB[place]) {
			t.Errorf("the page %v is %x on SQLite, and %x on PostgreSQL", place, data, pagesB[place])
		}
	}
}

func TestQuantilesOfTheServerAreExactToOnePercent(t *testing.T) {
	shown, exact := tellDays(t, "sqlite::memory:", theSketch(t)).tables(t), tellDays(t, "sqlite::memory:", coretest.ExactSketch).tables(t)
	compared := 0
	for name, table := range exact {
		for i, line := range table.Lines {
			for column, want := range line {
				got := shown[name].Lines[i][column]
				if heading := table.Header[column]; !strings.HasSuffix(heading, "p50") && !strings.HasSuffix(heading, "p90") && !strings.HasSuffix(heading, "p99") {
					if got != want {
						t.Errorf("%s of line %d of %s is %q, exactly it is %q", heading, i, name, got, want)
					}
					continue
				}
				a, _ := strconv.ParseFloat(got, 64)
				b, _ := strconv.ParseFloat(want, 64)
				if compared++; math.Abs(a-b) > b*sketch.Accuracy+0.001 {
					t.Errorf("%s of line %d of %s is %s, exactly it is %s", table.Header[column], i, name, got, want)
				}
			}
		}
	}
	if compared < 100 {
		t.Errorf("only %d quantiles were compared", compared)
	}
}
