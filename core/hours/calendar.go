package hours

import (
	"iter"
	"slices"
	"time"

	"baton/core"
)

// Reason says why it is closed.
type Reason string

// The reasons. Holiday means that the day is one of those that are not like the others.
const (
	Closed  Reason = "closed"
	Holiday Reason = "holiday"
)

// State is what holds at a moment.
type State struct {
	Open   bool
	Reason Reason // empty when open
	// Holiday is the name of the day when it is not like the others, open or not.
	Holiday string
	// Until is when that changes, zero when it does not within ten years.
	Until time.Time
}

// farAhead is how far a calendar looks, in days: ten years, within which 29 February comes.
const farAhead = 3660

// Calendar answers for a schedule. It never changes, and many may ask it at once.
type Calendar struct {
	zone   *time.Location
	week   [len(weekdays)][]span
	dates  map[day]rule
	years  map[yearly]rule
	listed []day    // of dates, in order
	feasts []yearly // of years, in order
	// full says that the week has no gap, and empty that it has nothing else.
	full, empty bool
}

// rule is what holds on one day.
type rule struct {
	spans  []span
	name   string
	listed bool // not as in its week
}

// AlwaysOpen is open at every moment.
func AlwaysOpen() *Calendar {
	c := &Calendar{zone: time.UTC}
	for i := range c.week {
		c.week[i] = []span{{to: minutesOfDay}}
	}
	c.full = true
	return c
}

// Compile makes the calendar of a schedule, or says what is wrong as Check does.
func Compile(s Schedule) (*Calendar, error) {
	s, err := Check(s)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(s.TimeZone)
	if err != nil {
		return nil, core.RefuseField("/time_zone", "there is no time zone %q", s.TimeZone)
	}
	c := &Calendar{zone: zone, dates: map[day]rule{}, years: map[yearly]rule{}}
	for _, w := range s.Week {
		c.week[weekdayOf(w.Day)] = read(w.Spans)
	}
	for _, d := range s.Days {
		c.list(d)
	}
	slices.Sort(c.listed)
	slices.Sort(c.feasts)
	c.measure()
	return c, nil
}

// read gives checked spans in order.
func read(list []Span) []span { return new(problems).spans("", list) }

func (c *Calendar) list(d Day) {
	on, err := parseDate(d.Date)
	if err != nil {
		return // Check refused it
	}
	r := rule{spans: read(d.Spans), name: d.Name, listed: true}
	if on.yearly != 0 {
		c.years[on.yearly], c.feasts = r, append(c.feasts, on.yearly)
		return
	}
	c.dates[on.on], c.listed = r, append(c.listed, on.on)
}

// measure finds out whether the week is full or empty.
func (c *Calendar) measure() {
	open := 0
	for _, spans := range c.week {
		for _, s := range spans {
			open += s.to - s.from // they do not overlap
		}
	}
	c.full, c.empty = open == len(c.week)*minutesOfDay, open == 0
}

// Zone is the schedule's time zone.
func (c *Calendar) Zone() *time.Location { return c.zone }

// At says what holds at a moment.
func (c *Calendar) At(t time.Time) State {
	today := c.dayAt(t)
	state := State{Reason: Closed}
	if r := c.on(today); r.listed {
		state.Reason, state.Holiday = Holiday, r.name
	}
	for s := range c.stretches(today-reach, today+farAhead) {
		if t.Before(s.from) {
			state.Until = s.from
			break
		}
		if s.to.IsZero() || t.Before(s.to) {
			return State{Open: true, Holiday: state.Holiday, Until: s.to}
		}
	}
	return state
}

// NextOpening is the first moment after t at which it opens. There is none when it never closes, or does not open within
// ten years.
func (c *Calendar) NextOpening(t time.Time) (time.Time, bool) {
	today := c.dayAt(t)
	for s := range c.stretches(today-reach, today+farAhead) {
		if s.from.After(t) {
			return s.from, true
		}
	}
	return time.Time{}, false
}

// NextChange is the first moment after t at which it opens or closes, if there is one within ten years.
func (c *Calendar) NextChange(t time.Time) (time.Time, bool) {
	until := c.At(t).Until
	return until, !until.IsZero()
}

// Changes are the moments after one and until another at which it opens or closes, in order.
func (c *Calendar) Changes(after, until time.Time) []time.Time {
	var all []time.Time
	for s := range c.stretches(c.dayAt(after)-reach, c.dayAt(until)+reach) {
		if s.from.After(until) {
			break
		}
		for _, t := range []time.Time{s.from, s.to} {
			if t.After(after) && !t.After(until) {
				all = append(all, t)
			}
		}
	}
	return all
}

// dayAt is the date that the calendar on the wall shows.
func (c *Calendar) dayAt(t time.Time) day { return dayOf(t.In(c.zone).Date()) }

// on says what holds on a day.
func (c *Calendar) on(d day) rule {
	if r, ok := c.dates[d]; ok {
		return r
	}
	if len(c.years) > 0 {
		if r, ok := c.years[d.yearly()]; ok {
			return r
		}
	}
	return rule{spans: c.week[d.weekday()]}
}

// stretch is a time of being open without a gap; one without an end has a zero to.
type stretch struct{ from, to time.Time }

// reach is how many days before and after a moment spans may begin that matter to it: a night lasts into the next
// day, and a clock that is put back over midnight shows the old date again.
const reach = 2

// stretches gives the times of being open that begin from one day to another, in order. What began before the first day
// is not among them. A last one that goes on beyond the last day has no end.
func (c *Calendar) stretches(d, until day) iter.Seq[stretch] {
	return func(yield func(stretch) bool) {
		var s stretch // the one that is being put together
		for ; d <= until; d++ {
			next, alike := c.skip(d, !s.from.IsZero())
			if alike && next > until {
				yield(stretch{from: s.from})
				return
			}
			if next > until {
				break
			}
			if alike && next > d {
				s.to = moment(c.zone, next, c.on(next).spans[0].from, last)
			}
			d = next
			for from, to := range c.spansOn(d) {
				switch {
				case !s.from.IsZero() && !from.After(s.to):
					s.to = latest(s.to, to)
				case !s.from.IsZero() && !yield(s):
					return
				default:
					s = stretch{from, to}
				}
			}
		}
		if !s.from.IsZero() {
			yield(s)
		}
	}
}

// skip gives the first day from d on that must be looked at: where nothing is open in the week, that is the next day
// which is not like the others. Where the week has no gap and has begun, it is the day before that one, and all days
// until then are alike.
func (c *Calendar) skip(d day, begun bool) (next day, alike bool) {
	switch {
	case c.empty:
		return c.nextListed(d), false
	case c.full && begun && !c.on(d-1).listed:
		return max(d, c.nextListed(d)-1), true
	}
	return d, false
}

// never is later than any day that a calendar looks at.
const never day = 1 << 40

// nextListed is the first day from d on that is not like the others of its week.
func (c *Calendar) nextListed(d day) day {
	next := never
	if i, _ := slices.BinarySearch(c.listed, d); i < len(c.listed) {
		next = c.listed[i]
	}
	const leapYears = 8 // are no further apart
	year, _, _ := d.date()
	for y := year; y <= year+leapYears && len(c.feasts) > 0; y++ {
		for _, feast := range c.feasts {
			if on, there := feast.in(y); there && on >= d {
				return min(next, on)
			}
		}
	}
	return next
}

// spansOn gives the moments between which it is open by what is said of a day. One that the clock jumps over is left out.
func (c *Calendar) spansOn(d day) iter.Seq2[time.Time, time.Time] {
	return func(yield func(time.Time, time.Time) bool) {
		for _, s := range c.on(d).spans {
			from, to := moment(c.zone, d, s.from, first), moment(c.zone, d, s.to, last)
			if s.to >= minutesOfDay && c.on(d+1).listed {
				to = earliest(to, moment(c.zone, d+1, 0, first))
			}
			if from.Before(to) && !yield(from, to) {
				return
			}
		}
	}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
