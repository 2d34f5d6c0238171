package stats

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"time"

	"baton/core"
)

const (
	// foldAtOnce is how many sessions one transaction of the roll-up takes in.
	foldAtOnce = 256
	// overlap is how far the roll-up looks back each time: the clocks of nodes differ, and rows become visible after
	// they are dated.
	overlap = time.Minute
	// lookEvery is how often the roll-up looks by itself, and notSooner how soon again after it was nudged.
	lookEvery = 30 * time.Second
	notSooner = time.Second
	// clockDelay is how long after its end a day's states and messages are taken into pages: counters of a moment are
	// written a little later.
	clockDelay = 2 * time.Minute
	// tries is how often a change is tried when other nodes are at it too.
	tries = 5
)

// Rollup keeps facts and pages up to date. Several nodes may do so: each change is kept on condition that nobody else
// made one meanwhile.
type Rollup struct {
	store  Store
	sketch NewSketch
	log    *slog.Logger
	now    func() time.Time

	turn  chan struct{} // full while this node changes something
	nudge chan struct{}
}

// NewRollup makes the roll-up of a store; it starts nothing.
func NewRollup(store Store, sketch NewSketch, log *slog.Logger) *Rollup {
	return &Rollup{store: store, sketch: sketch, log: log, now: time.Now, turn: make(chan struct{}, 1), nudge: make(chan struct{}, 1)}
}

// At lets the roll-up believe that it is another time, for tests.
func (r *Rollup) At(now func() time.Time) *Rollup {
	r.now = now
	return r
}

// Follow hears that sessions ended; see core.Follower.
func (r *Rollup) Follow(changes []core.Change) {
	if !slices.ContainsFunc(changes, func(c core.Change) bool { return c.Session != nil && !c.Session.Open() }) {
		return
	}
	select {
	case r.nudge <- struct{}{}:
	default:
	}
}

// Keep collects what ends, until ctx ends. What goes wrong is logged and comes round again.
func (r *Rollup) Keep(ctx context.Context) error {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		// A conflict says that another node is at it: then what it does is enough.
		if err := r.Collect(ctx); err != nil && ctx.Err() == nil && core.KindOf(err) != core.Conflict {
			r.log.Warn("rolling up the figures", "error", err)
		}
		rest := time.NewTimer(notSooner)
		select {
		case <-ctx.Done():
			return nil
		case <-rest.C:
		}
		select {
		case <-ctx.Done():
			return nil
		case <-r.nudge:
		case <-look.C:
		}
	}
}

// take waits until nobody else on this node changes anything, as long as ctx allows, and gives what ends the turn.
func (r *Rollup) take(ctx context.Context) (end func(), err error) {
	select {
	case r.turn <- struct{}{}:
		return func() { <-r.turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Collect brings facts and pages up to date: when it returns without an error, all that had ended before is in them.
func (r *Rollup) Collect(ctx context.Context) error {
	end, err := r.take(ctx)
	if err != nil {
		return err
	}
	defer end()
	if err := r.fold(ctx); err != nil {
		return err
	}
	return r.followZone(ctx)
}

// progress says how far the roll-up is. One that has not begun begins in the account's zone.
func (r *Rollup) progress(ctx context.Context) (Progress, error) {
	p, err := r.store.Progress(ctx)
	if err != nil || p.Zone != "" {
		return p, err
	}
	account, err := r.store.Account(ctx)
	p.Zone = account.TimeZone
	return p, err
}

// settled says how far the roll-up is, and whether there is nothing for it to do.
func (r *Rollup) settled(ctx context.Context) (Progress, bool, error) {
	var p Progress
	var account core.Account
	err := together(
		func() (err error) { p, err = r.store.Progress(ctx); return err },
		func() (err error) { account, err = r.store.Account(ctx); return err },
	)
	if err != nil || p.Zone == "" || p.Next != "" || account.TimeZone != p.Zone {
		return p, false, err
	}
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		return p, false, err
	}
	if p.Clocked.Plus(1) < DayOf(r.now().Add(-clockDelay), zone) {
		return p, false, nil
	}
	ids, _, err := r.store.Unfolded(ctx, p.Folded, 1)
	return p, len(ids) == 0, err
}

// fold makes facts of what ended, a few at a time.
func (r *Rollup) fold(ctx context.Context) error {
	for {
		var whole bool
		err := r.change(ctx, func(p Progress) (Change, error) {
			began := time.Now() // rows are dated by it, whatever a test believes
			ids, last, err := r.store.Unfolded(ctx, p.Folded, foldAtOnce)
			if err != nil {
				return Change{}, err
			}
			if whole = len(ids) < foldAtOnce; whole {
				last = began.Add(-overlap).UnixMilli()
			}
			facts, err := r.foldThese(ctx, ids)
			if err != nil {
				return Change{}, err
			}
			if len(facts) == 0 && !whole {
				last++ // logs that cannot be read do not hold up those that changed later
			}
			if len(facts) == 0 && last-p.Folded < (lookEvery/2).Milliseconds() {
				return Change{}, errNothing
			}
			p.Folded = max(p.Folded, last)
			return r.booked(ctx, p, facts)
		})
		if err != nil || whole {
			return err
		}
	}
}

// foldThese makes the facts of these sessions. A log that cannot be read keeps nobody else's from being counted.
func (r *Rollup) foldThese(ctx context.Context, ids []string) ([]*Fact, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	logs, err := r.store.Logs(ctx, ids)
	if err != nil {
		return nil, err
	}
	if len(logs) < len(ids) {
		r.log.Warn("some logs of ended sessions could not be read; they are not counted", "sessions", len(ids)-len(logs))
	}
	facts := make([]*Fact, 0, len(logs))
	for _, id := range ids {
		if f := Fold(logs[id]); f.Ended() && f.Session == id {
			facts = append(facts, f)
		}
	}
	return facts, nil
}

// errNothing says that there is nothing to write.
var errNothing = fmt.Errorf("nothing to write")

// change makes a change on the newest progress, and tries again when another node was quicker.
func (r *Rollup) change(ctx context.Context, decide func(Progress) (Change, error)) error {
	for try := 1; ; try++ {
		p, err := r.progress(ctx)
		if err != nil {
			return err
		}
		c, err := decide(p)
		if err == errNothing { //nolint:errorlint // it is never wrapped
			return nil
		}
		if err != nil {
			return err
		}
		if err = r.store.Keep(ctx, p.Rev, c); core.KindOf(err) != core.Conflict || try == tries {
			return err
		}
	}
}

// booked puts facts into the pages: those that are known go out as they were and come in as they are.
func (r *Rollup) booked(ctx context.Context, p Progress, facts []*Fact) (Change, error) {
	c := Change{Progress: p, Pages: map[Place][]byte{}}
	known, err := r.known(ctx, facts)
	if err != nil {
		return c, err
	}
	books, err := r.books(p)
	if err != nil {
		return c, err
	}
	for _, f := range facts {
		was := known[f.Session]
		if was != nil && (was.Seq > f.Seq || reflect.DeepEqual(was, f)) {
			continue
		}
		c.Facts = append(c.Facts, f)
		for _, b := range books {
			if was != nil && b.has(was) {
				b.add(was, -1)
			}
			if b.has(f) {
				b.add(f, 1)
			}
		}
	}
	if p.Newest == "" {
		c.Progress.Newest = DayOf(r.now(), books[0].zone) // there may be pages of which an older program noted no day
	}
	for _, b := range books {
		for place := range b.pages {
			c.Progress.Newest = max(c.Progress.Newest, place.Day)
		}
		if err := r.addUp(ctx, b.book, c.Pages); err != nil {
			return c, err
		}
	}
	return c, nil
}

func (r *Rollup) known(ctx context.Context, facts []*Fact) (map[string]*Fact, error) {
	if len(facts) == 0 {
		return nil, nil
	}
	ids := make([]string, len(facts))
	for i, f := range facts {
		ids[i] = f.Session
	}
	list, err := r.store.Facts(ctx, ids)
	known := make(map[string]*Fact, len(list))
	for _, f := range list {
		known[f.Session] = f
	}
	return known, err
}

// partBook is the book of a zone, with which facts have got into its pages.
type partBook struct {
	*book
	whole bool
	at    int64
	fact  string
}

func (b *partBook) has(f *Fact) bool {
	return b.whole || f.CreatedAt < b.at || f.CreatedAt == b.at && f.Session <= b.fact
}

// books are those of the zones that pages are kept for.
func (r *Rollup) books(p Progress) ([]*partBook, error) {
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		return nil, fmt.Errorf("the time zone of the figures: %w", err)
	}
	list := []*partBook{{book: newBook(zone, r.sketch), whole: true}}
	if p.Next != "" {
		if zone, err = time.LoadLocation(p.Next); err != nil {
			return nil, fmt.Errorf("the next time zone of the figures: %w", err)
		}
		list = append(list, &partBook{book: newBook(zone, r.sketch), at: p.NextAt, fact: p.NextFact})
	}
	return list, nil
}

// addUp adds a book's pages to those that are kept, of their days and of their months, and gives what is to be written.
func (r *Rollup) addUp(ctx context.Context, b *book, to map[Place][]byte) error {
	if len(b.pages) == 0 {
		return nil
	}
	added := maps.Clone(b.pages)
	for place, p := range b.pages {
		if err := pageOf(added, place.month()).add(p, r.sketch); err != nil {
			return err
		}
	}
	kept, err := r.store.Pages(ctx, slices.Collect(maps.Keys(added)))
	if err != nil {
		return err
	}
	for place, p := range added {
		sum := page{}
		if err := sum.merge(kept[place], r.sketch); err != nil {
			return err
		}
		if err := sum.add(p, r.sketch); err != nil {
			return err
		}
		to[place] = sum.bytes()
	}
	return nil
}
