package desk

import (
	"context"
	"time"

	"baton/core"
)

// Standing is how a session stands in line, as far as somebody is told. Place 0 and no Wait say nothing.
type Standing struct {
	Place int
	Wait  *core.Range
	Words string // the wait in a word, where the queue shows only that
}

// Equal says whether two standings say the same.
func (s Standing) Equal(t Standing) bool {
	return s.Place == t.Place && s.Words == t.Words && (s.Wait == t.Wait || s.Wait != nil && t.Wait != nil && *s.Wait == *t.Wait)
}

// The waits in a word: up to two minutes, up to a quarter of an hour, and longer.
const (
	WaitSoon    = "soon"
	WaitMinutes = "minutes"
	WaitLong    = "long"
)

func inWords(wait core.Range) string {
	switch {
	case wait.High <= 2*60:
		return WaitSoon
	case wait.High <= 15*60:
		return WaitMinutes
	}
	return WaitLong
}

// Standing says how a session stands in line. Staff are told all, customers and bots what the queue shows.
func (d *Desk) Standing(ctx context.Context, to Audience, s *core.Session) (Standing, error) {
	if !s.InLine() {
		return Standing{}, nil
	}
	place, err := d.reader.Position(ctx, s)
	if err != nil {
		return Standing{}, err
	}
	return d.show(ctx, to, s.Queue.ID, Standing{Place: place, Wait: d.waitOf(ctx, s, place)}), nil
}

// waitOf gives the wait of a session at a place of its line.
func (d *Desk) waitOf(ctx context.Context, s *core.Session, place int) *core.Range {
	if s.Status == core.StatusPending {
		return &core.Range{High: int(d.cfg.OfferExpiresAfter / time.Second)}
	}
	return d.waits.at(ctx, s.Queue.ID, place)
}

// promise gives what a session that waits can be told of its wait now, or nil.
func (d *Desk) promise(ctx context.Context, session string) *core.Range {
	if d.waits.pace == nil {
		return nil
	}
	s, err := d.reader.Session(ctx, session)
	if err != nil || !s.InLine() {
		return nil
	}
	place, err := d.reader.Position(ctx, s)
	if err != nil {
		return nil
	}
	return d.waits.at(ctx, s.Queue.ID, place)
}

// Told gives what an audience is told of how a session stands.
func (d *Desk) Told(ctx context.Context, to Audience, s *core.Session, all Standing) Standing {
	return d.show(ctx, to, s.Queue.ID, all)
}

// show leaves out what the queue does not tell.
func (d *Desk) show(ctx context.Context, to Audience, queue string, all Standing) Standing {
	if to == ForStaff {
		return all
	}
	shown := d.waits.rules(ctx, queue).Show
	var told Standing
	if shown.Place() {
		told.Place = all.Place
	}
	switch {
	case all.Wait == nil:
	case shown.Wait():
		told.Wait = all.Wait
	case shown == core.ShowWords:
		told.Words = inWords(*all.Wait)
	}
	return told
}
