package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// questionDays is how far back the questions go; the last day is not over.
const questionDays = 90

// measureNumbers asks for the figures of 90 days in which 10 million messages were sent, and finds out what counting
// costs those who talk.
func measureNumbers(ctx context.Context, w *workshop, r *report) error {
	for _, on := range w.stores() {
		if err := w.asks(ctx, r, on); err != nil {
			return fmt.Errorf("on %s: %w", on.name, err)
		}
	}
	for _, on := range w.stores() {
		if err := w.counts(ctx, r, on); err != nil {
			return fmt.Errorf("counting on %s: %w", on.name, err)
		}
	}
	return nil
}

// storeKind is one of the two databases.
type storeKind struct {
	name string
	// most is the share of the durable relay that counting may cost.
	most float64
}

func (w *workshop) stores() []storeKind { return []storeKind{{"SQLite", 0.05}, {"PostgreSQL", 0.12}} }

// asks seeds a database with 90 days and asks a server on it each question again and again. The time is the server's
// own.
func (w *workshop) asks(ctx context.Context, r *report, on storeKind) (err error) {
	dsn, pid, end, err := w.database(ctx, on.name)
	if err != nil {
		return err
	}
	began := time.Now()
	seeded, err := w.seedNumbers(ctx, dsn)
	if err != nil {
		return errors.Join(err, end())
	}
	w.say("  %-10s %d sessions with %d messages seeded in %.0f s", on.name, seeded.sessions, seeded.messages, time.Since(began).Seconds())
	dir, err := w.folder()
	if err != nil {
		return errors.Join(err, end())
	}
	s := &server{workshop: w, dir: dir, database: pid, end: end, env: append([]string{"BATON_DATABASE_DSN=" + dsn}, raised...)}
	if err := s.run(ctx); err != nil {
		return errors.Join(err, end())
	}
	return errors.Join(s.asked(ctx, r, on, seeded), s.stop())
}

// asked asks each question.
func (s *server) asked(ctx context.Context, r *report, on storeKind, seeded counted) error {
	boss, err := s.person(ctx, "boss", "supervisor")
	if err != nil {
		return err
	}
	me, err := s.askedTime(ctx, boss, "readMe", "/v1/me")
	if err != nil {
		return err
	}
	period := fmt.Sprintf("?from=%s&to=%s", seeded.from, seeded.to)
	for _, question := range []struct{ id, path string }{
		{"readSummary", "summary" + period}, {"readDaily", "daily" + period}, {"readAgentStats", "agents" + period}, {"readQueueStats", "queues" + period},
		{"readRatings", "ratings" + period}, {"readHeatmap", "heatmap" + period}, {"readBreakdown", "breakdown" + period + "&by=tag"},
	} {
		took, err := s.askedTime(ctx, boss, question.id, "/v1/analytics/"+question.path)
		if err != nil {
			return err
		}
		name, _, _ := strings.Cut(question.path, "?")
		r.add(figure{
			what: fmt.Sprintf("%s of 90 days over %d messages, %s", name, seeded.messages, on.name), shown: shownTime(took), limit: "reading one agent, " + shownTime(me),
			ratio: float64(took) / float64(me), value: millis(took), dueValue: 10, dueShown: "10 ms",
		})
	}
	return nil
}

func (s *server) askedTime(ctx context.Context, token, id, path string) (time.Duration, error) {
	return s.serverTime(ctx, id, func() error {
		_, err := s.text(ctx, token, http.MethodGet, path, http.NoBody)
		return err
	})
}
