package stats

import (
	"fmt"
	"slices"
	"time"
)

// Dimension is what a page divides its sessions by.
type Dimension string

// The dimensions. Pages of total have one bucket, with spreads; those of state and messages go by the clock.
const (
	byTotal    Dimension = "total"
	byAgent    Dimension = "agent"
	byPriority Dimension = "priority"
	byTag      Dimension = "tag"
	byBot      Dimension = "bot"
	byChannel  Dimension = "channel"
	byReason   Dimension = "reason"
	byOutcome  Dimension = "outcome"
	byHour     Dimension = "hour"
	byState    Dimension = "state"
	byMessages Dimension = "messages"
)

// Place names a page: of a day, or of a whole month. Queue is empty for the whole account.
type Place struct {
	Zone      string
	Dimension Dimension
	Queue     string
	Day       Day
}

// month is the place of the month that a day's page adds to.
func (p Place) month() Place {
	p.Day = p.Day.month()
	return p
}

// book gathers pages: what facts add, or take out.
type book struct {
	zone   *time.Location
	sketch NewSketch
	pages  map[Place]page
}

func newBook(zone *time.Location, sketch NewSketch) *book {
	return &book{zone: zone, sketch: sketch, pages: map[Place]page{}}
}

func (b *book) page(of Dimension, queue string, day Day) page {
	place := Place{b.zone.String(), of, queue, day}
	p := b.pages[place]
	if p == nil {
		p = page{}
		b.pages[place] = p
	}
	return p
}

// add counts a fact, or takes it out with times -1.
func (b *book) add(f *Fact, times int64) {
	if !f.Ended() {
		return
	}
	at := time.UnixMilli(f.CreatedAt).In(b.zone)
	day := DayOf(at, b.zone)
	for _, queue := range []string{"", f.Queue.ID} {
		b.count(b.page(byTotal, queue, day).at(""), f, times, b.sketch)
		for _, key := range f.keys(at) {
			b.count(b.page(key.of, queue, day).at(key.name), f, times, nil)
		}
		b.addAgents(f, queue, day, times)
	}
	b.addWaits(f, day, times)
}

// key is a bucket that a fact belongs to.
type key struct {
	of   Dimension
	name string
}

func (f *Fact) keys(at time.Time) []key {
	bot := ""
	if f.Bot != nil {
		bot = f.Bot.ID
	}
	keys := []key{
		{byPriority, string(f.Priority)}, {byChannel, f.Channel}, {byBot, bot}, {byReason, f.Reason}, {byOutcome, f.EndReason},
		{byHour, fmt.Sprintf("%02d", at.Hour())},
	}
	for _, tag := range slices.Compact(slices.Sorted(slices.Values(f.Tags))) {
		keys = append(keys, key{byTag, tag})
	}
	return keys
}

// count adds what a fact says of its session.
func (b *book) count(to *bucket, f *Fact, times int64, sketch NewSketch) {
	to.counts[ended] += times
	for _, mark := range f.Marks() {
		switch mark {
		case IsAnswered:
			to.counts[answered] += times
			to.measure(wait, f.JoinedAt-f.clockStart(), times, sketch)
			to.measure(handle, f.Handled(), times, sketch)
		case IsReplied:
			to.measure(firstResponse, f.RepliedAt-f.clockStart(), times, sketch)
		case IsAbandoned:
			to.counts[abandoned] += times
		case IsOverflowed:
			to.counts[overflowed] += times
		case IsAfterHours:
			to.counts[afterHours] += times
		case IsReopened:
			to.counts[reopened] += times
		case IsTransferred:
			to.counts[transferred] += times
		case IsPromised:
			to.counts[promised] += times
		case IsKept:
			to.counts[kept] += times
		case IsRated:
			to.counts[scored+count(f.Score-1)] += times
		}
	}
	to.measure(duration, f.EndedAt-f.CreatedAt, times, sketch)
	if f.BotTime > 0 {
		to.measure(botTime, f.BotTime, times, sketch)
	}
	to.counts[fromCustomer] += f.Messages.Customer * times
	to.counts[fromAgent] += f.Messages.Agent * times
	to.counts[fromBot] += f.Messages.Bot * times
	to.counts[fromSystem] += f.Messages.System * times
}

// addAgents counts what each agent did. His time is counted on the days on which it passed; a rating is that of
// whoever had the chat at its end.
func (b *book) addAgents(f *Fact, queue string, day Day, times int64) {
	for i := range f.Agents {
		s := &f.Agents[i]
		to := b.page(byAgent, queue, day).at(s.Agent.ID)
		to.counts[offered] += s.Offered * times
		to.counts[missed] += s.Missed * times
		to.counts[declined] += s.Declined * times
		to.counts[fromAgent] += s.Messages * times
		if len(s.Spans) == 0 {
			continue
		}
		to.counts[answered] += times
		to.measure(handle, s.Handled(), times, nil)
		if s.Reply != nil {
			to.measure(firstResponse, *s.Reply, times, nil)
		}
		if f.Score > 0 && f.Agent != nil && f.Agent.ID == s.Agent.ID {
			to.counts[scored+count(f.Score-1)] += times
		}
		for _, span := range s.Spans {
			span.byDay(b.zone, func(d Day, ms int64) { b.page(byAgent, queue, d).at(s.Agent.ID).counts[worked] += ms * times })
		}
	}
}

// addWaits counts how long the session stood in each queue's line, when it did, and which queues it left because it
// had waited too long: those need not be the one where it ended.
func (b *book) addWaits(f *Fact, day Day, times int64) {
	for _, w := range f.Waits {
		w.byDay(b.zone, func(d Day, ms int64) {
			for _, queue := range []string{"", w.Queue} {
				b.page(byTotal, queue, d).at("").counts[queued] += ms * times
			}
		})
	}
	if len(f.Overflowed) == 0 {
		return
	}
	b.page(byTotal, f.Queue.ID, day).at("").counts[overflowed] -= times
	for _, queue := range slices.Compact(slices.Sorted(slices.Values(f.Overflowed))) {
		b.page(byTotal, queue, day).at("").counts[overflowed] += times
	}
}
