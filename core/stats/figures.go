package stats

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"baton/core"
)

// Figures answers questions. What has ended before a question is in its answer.
type Figures struct {
	store  Store
	rollup *Rollup
	sketch NewSketch
}

// NewFigures reads what a roll-up keeps.
func NewFigures(store Store, rollup *Rollup, sketch NewSketch) *Figures {
	return &Figures{store: store, rollup: rollup, sketch: sketch}
}

// collectWithin is how long a question waits for what has ended to be counted. It is a moment unless very much has
// ended, or a time zone was changed; then the roll-up goes on behind, and the answer says so.
const collectWithin = 700 * time.Millisecond

// open checks a question after all that has ended was counted.
func (f *Figures) open(ctx context.Context, a Ask) (*period, error) {
	p, behind, err := f.collected(ctx)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		return nil, err
	}
	x, err := a.period(p, zone, f.rollup.now())
	if err == nil {
		x.Rebuilding = x.Rebuilding || behind
	}
	return x, err
}

// collected has the roll-up take in what has ended, if there is anything, and says how far it is, and whether it is
// behind all the same.
func (f *Figures) collected(ctx context.Context) (p Progress, behind bool, err error) {
	p, settled, err := f.rollup.settled(ctx)
	if err != nil || settled {
		return p, false, err
	}
	within, cancel := context.WithTimeout(ctx, collectWithin)
	defer cancel()
	err = f.rollup.Collect(within)
	behind = err != nil && (core.KindOf(err) == core.Conflict || within.Err() != nil && ctx.Err() == nil)
	if err != nil && !behind {
		return p, false, err
	}
	p, err = f.rollup.progress(ctx)
	return p, behind, err
}

// ofAccount are the queues of pages that are about the whole account.
var ofAccount = []string{""}

// asked are the queues whose pages a question is about.
func (x *period) asked() []string {
	if len(x.queues) == 0 {
		return ofAccount
	}
	return x.queues
}

// sum adds up a dimension over a period.
func (f *Figures) sum(ctx context.Context, x *period, of Dimension) (page, error) {
	list, err := f.store.PagesFrom(ctx, x.p.Zone, of, x.asked(), stretches(x.From, x.To, x.p.Newest)...)
	if err != nil {
		return nil, err
	}
	sum := page{}
	for _, p := range list {
		if err := sum.merge(p.Data, f.sketch); err != nil {
			return nil, err
		}
	}
	return sum, nil
}

// perDay reads a dimension day by day, with spreads if a sketch is given.
func (f *Figures) perDay(ctx context.Context, x *period, of Dimension, sketch NewSketch) (map[Day]page, error) {
	days := map[Day]page{}
	return days, f.into(ctx, x, of, sketch, func(d Day) page { return pageOf(days, d) })
}

// pageOf gives one of several pages, made if it is not there.
func pageOf[K comparable](pages map[K]page, k K) page {
	p := pages[k]
	if p == nil {
		p = page{}
		pages[k] = p
	}
	return p
}

// into adds a dimension's pages of a period to those that a day is given.
func (f *Figures) into(ctx context.Context, x *period, of Dimension, sketch NewSketch, to func(Day) page) error {
	list, err := f.store.PagesFrom(ctx, x.p.Zone, of, x.asked(), Stretch{x.From, x.To})
	if err != nil {
		return err
	}
	for _, p := range list {
		if err := to(p.Day).merge(p.Data, sketch); err != nil {
			return err
		}
	}
	return nil
}

// clocked adds what goes by the clock to the pages that a day, or a whole month, is given: from pages as far as they go,
// and what is younger from where it is written first.
func (f *Figures) clocked(ctx context.Context, x *period, of Dimension, live func(context.Context, Span, page) error, cut cutter, to func(Day) page) error {
	for _, day := range x.days {
		if day > x.p.Clocked {
			if err := live(ctx, x.day(day).span, to(day)); err != nil {
				return err
			}
		}
	}
	last := min(x.To, x.p.Clocked)
	if last < x.From {
		return nil
	}
	list, err := f.store.PagesFrom(ctx, x.p.Zone, of, ofAccount, cut(x.From, last, x.p.Clocked)...)
	if err != nil {
		return err
	}
	for _, p := range list {
		if err := to(p.Day).merge(p.Data, nil); err != nil {
			return err
		}
	}
	return nil
}

// messages adds the messages of each day to the page that it is given, unless only some queues are asked for: counters
// know no queues.
func (f *Figures) messages(ctx context.Context, x *period, cut cutter, to func(Day) page) error {
	if len(x.queues) > 0 {
		return nil
	}
	return f.clocked(ctx, x, byMessages, func(ctx context.Context, in Span, to page) error { return clockMessages(ctx, f.store, in, to) }, cut, to)
}

// states adds up what agents were.
func (f *Figures) states(ctx context.Context, x *period) (page, error) {
	sum := page{}
	return sum, f.clocked(ctx, x, byState, func(ctx context.Context, in Span, to page) error {
		return clockStates(ctx, f.store, in, x.now, to)
	}, stretches, func(Day) page { return sum })
}

// cutter says which pages make up a period, of which there are some until the newest day.
type cutter func(from, to, newest Day) []Stretch

// dayByDay leaves a period as it is.
func dayByDay(from, to, _ Day) []Stretch { return []Stretch{{from, to}} }

// together reads several things at once, since a question takes longer on its way than to be answered.
func together(read ...func() error) error {
	errs := make([]error, len(read))
	var readers sync.WaitGroup
	for i, r := range read {
		readers.Go(func() { errs[i] = r() })
	}
	readers.Wait()
	return errors.Join(errs...)
}

// opens counts open sessions of a period; by nothing there are none.
func (f *Figures) opens(ctx context.Context, x *period, by Group) (groups map[string]int64, err error) {
	if by == "" {
		return map[string]int64{}, nil
	}
	list, err := f.store.Open(ctx, x.span, x.queues, by)
	groups = map[string]int64{}
	for _, g := range list {
		groups[g.Key] += g.N
	}
	return groups, err
}

// Totals is what sessions came to.
type Totals struct {
	Sessions      Number   `json:"sessions"`
	Active        Number   `json:"active"`
	Ended         Number   `json:"ended"`
	Answered      Number   `json:"answered"`
	Abandoned     Number   `json:"abandoned"`
	Overflowed    Number   `json:"overflowed"`
	AfterHours    Number   `json:"after_hours"`
	Reopened      Number   `json:"reopened"`
	Transferred   Number   `json:"transferred"`
	Wait          Timing   `json:"wait"`
	FirstResponse Timing   `json:"first_response"`
	Duration      Timing   `json:"duration"`
	Handle        Timing   `json:"handle"`
	BotTime       Timing   `json:"bot_time"`
	Rating        Ratings  `json:"rating"`
	ChatMessages  Volume   `json:"chat_messages" doc:"In the ended chats"`
	Promises      Promises `json:"promises" doc:"How well waits were foretold"`
}

// Summary is what a period came to.
type Summary struct {
	Period
	Totals
	Messages *Volume  `json:"messages" doc:"Sent in the period; null when only some queues are asked for"`
	Queues   []string `json:"queues" doc:"The ids of the queues that this is about; none stands for all"`
}

// Summary gives the figures of a period.
func (f *Figures) Summary(ctx context.Context, a Ask) (*Summary, error) {
	x, err := f.open(ctx, a)
	if err != nil {
		return nil, err
	}
	var sum page
	var open map[string]int64
	sent := page{}
	err = together(
		func() (err error) { sum, err = f.sum(ctx, x, byTotal); return err },
		func() (err error) { open, err = f.opens(ctx, x, GroupStatus); return err },
		func() error { return f.messages(ctx, x, stretches, func(Day) page { return sent }) },
	)
	if err != nil {
		return nil, err
	}
	s := &Summary{Period: x.Period, Totals: x.totals(sum.at(""), inAll(open)), Queues: append([]string{}, a.Queues...)}
	if len(x.queues) == 0 {
		volume := sent.at("").volume()
		s.Messages = &volume
	}
	return s, nil
}

func inAll(groups map[string]int64) (n int64) {
	for _, g := range groups {
		n += g
	}
	return n
}

// openStatuses are those of sessions that have not ended.
const openStatuses = "pending,waiting,active"

// totals shows a bucket and how many sessions are open beside it.
func (x *period) totals(b *bucket, open int64) Totals {
	marked := func(c count, mark string) Number { return Number{b.counts[c], x.link("is", mark)} }
	timed := func(c clock, mark string) Timing { return b.timing(c).behind(x.link("is", mark)) }
	return Totals{
		Sessions: Number{b.counts[ended] + open, x.link()}, Active: Number{open, x.link("status", openStatuses)},
		Ended: Number{b.counts[ended], x.link("status", "ended")}, Answered: marked(answered, IsAnswered), Abandoned: marked(abandoned, IsAbandoned),
		Overflowed: Number{b.counts[overflowed], x.overflowLink()}, AfterHours: marked(afterHours, IsAfterHours), Reopened: marked(reopened, IsReopened),
		Transferred: marked(transferred, IsTransferred), Wait: timed(wait, IsAnswered), FirstResponse: timed(firstResponse, IsReplied),
		Duration: b.timing(duration).behind(x.link("status", "ended")), Handle: timed(handle, IsAnswered), BotTime: timed(botTime, IsWithBot), Rating: b.ratings(x.link("is", IsRated)), ChatMessages: b.volume(),
		Promises: Promises{b.counts[promised], b.counts[kept], share(b.counts[kept], b.counts[promised]), x.link("is", IsPromised)},
	}
}

// overflowLink leads to sessions that left the queues asked for, wherever they are now.
func (x *period) overflowLink() string {
	if len(x.queues) == 0 {
		return x.link("is", IsOverflowed)
	}
	all := *x
	all.queues = nil
	return all.link("overflowed_from", joined(x.queues))
}

func joined(list []string) string {
	text := ""
	for i, part := range list {
		if i > 0 {
			text += ","
		}
		text += part
	}
	return text
}

// errUnknownBy refuses what a period cannot be divided by.
func errUnknownBy(by string) error {
	return core.RefuseField("by", "by is one of %s, not %q", joined(Breakdowns()), by)
}

// sortLines puts what is most first, and equals by name.
func sortLines[T any](lines []T, n func(*T) int64, name func(*T) string) {
	slices.SortFunc(lines, func(a, b T) int {
		if d := n(&b) - n(&a); d != 0 {
			return int(d)
		}
		if name(&a) < name(&b) {
			return -1
		}
		return 1
	})
}

var errDay = errors.New("a quarter of an hour that is no number")
