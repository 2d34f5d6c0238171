package stats

import (
	"context"
	"strconv"
	"time"
)

// Daily is a period day by day.
type Daily struct {
	Period
	Data []DayLine `json:"data"`
}

// DayLine is one day of a period.
type DayLine struct {
	Day     Day  `json:"day"`
	Partial bool `json:"partial" doc:"Whether the day is not over"`
	Hours   int  `json:"hours" doc:"How long the day is: 24, or otherwise when clocks are changed"`
	// What the other figures are is said in the summary.
	Sessions      int64   `json:"sessions"`
	Active        int64   `json:"active"`
	Ended         int64   `json:"ended"`
	Answered      int64   `json:"answered"`
	Abandoned     int64   `json:"abandoned"`
	Overflowed    int64   `json:"overflowed"`
	AfterHours    int64   `json:"after_hours"`
	Reopened      int64   `json:"reopened"`
	Transferred   int64   `json:"transferred"`
	Promised      int64   `json:"promised"`
	Kept          int64   `json:"promise_kept"`
	Wait          Timing  `json:"wait"`
	FirstResponse Timing  `json:"first_response"`
	Duration      Timing  `json:"duration"`
	Handle        Timing  `json:"handle"`
	BotTime       Timing  `json:"bot_time"`
	Rating        Ratings `json:"rating"`
	Messages      *Volume `json:"messages" doc:"Sent on the day; null when only some queues are asked for"`
	ChatMessages  Volume  `json:"chat_messages"`
	Link          string  `json:"link" doc:"The call that lists the sessions of the day"`
}

// Daily gives the figures of each day.
func (f *Figures) Daily(ctx context.Context, a Ask) (*Daily, error) {
	x, err := f.open(ctx, a)
	if err != nil {
		return nil, err
	}
	var days map[Day]page
	var open map[Day]int64
	messages := map[Day]page{}
	err = together(
		func() (err error) { days, err = f.perDay(ctx, x, byTotal, f.sketch); return err },
		func() error { return f.messages(ctx, x, dayByDay, func(d Day) page { return pageOf(messages, d) }) },
		func() (err error) { open, err = f.openDays(ctx, x); return err },
	)
	if err != nil {
		return nil, err
	}
	answer := &Daily{Period: x.Period, Data: make([]DayLine, 0, len(x.days))}
	for _, day := range x.days {
		b := new(bucket)
		if p := days[day]; p != nil {
			b = p.at("")
		}
		line := x.day(day).dayLine(day, b, open[day])
		if len(x.queues) == 0 {
			volume := pageOf(messages, day).at("").volume()
			line.Messages = &volume
		}
		answer.Data = append(answer.Data, line)
	}
	return answer, nil
}

func (x *period) dayLine(day Day, b *bucket, open int64) DayLine {
	return DayLine{
		Day: day, Partial: x.span.To > x.now.UnixMilli(), Hours: int((x.span.To - x.span.From) / time.Hour.Milliseconds()),
		Sessions: b.counts[ended] + open, Active: open, Ended: b.counts[ended], Answered: b.counts[answered], Abandoned: b.counts[abandoned],
		Overflowed: b.counts[overflowed], AfterHours: b.counts[afterHours], Reopened: b.counts[reopened], Transferred: b.counts[transferred],
		Promised: b.counts[promised], Kept: b.counts[kept],
		Wait: b.timing(wait), FirstResponse: b.timing(firstResponse), Duration: b.timing(duration), Handle: b.timing(handle), BotTime: b.timing(botTime),
		Rating: b.ratings(x.link("is", IsRated)), ChatMessages: b.volume(), Link: x.link(),
	}
}

// openQuarters gives the moments at which open sessions were requested, to a quarter of an hour, with how many.
func (f *Figures) openQuarters(ctx context.Context, x *period, each func(at time.Time, n int64)) error {
	groups, err := f.opens(ctx, x, GroupQuarter)
	if err != nil {
		return err
	}
	for text, n := range groups {
		number, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return errDay
		}
		each(time.UnixMilli(number*QuarterLength.Milliseconds()).In(x.zone), n)
	}
	return nil
}

// openDays counts open sessions by the day of their request.
func (f *Figures) openDays(ctx context.Context, x *period) (map[Day]int64, error) {
	days := map[Day]int64{}
	return days, f.openQuarters(ctx, x, func(at time.Time, n int64) { days[DayOf(at, x.zone)] += n })
}

// Heatmap says when people ask for a human.
type Heatmap struct {
	Period
	Hours [7][24]int64 `json:"hours" doc:"Requests by weekday, Monday first, and hour of the account's time zone"`
	Link  string       `json:"link" doc:"The call that lists the sessions; add weekday=0 (Monday) to 6 and hour=0 to 23 for one field"`
}

// Heatmap counts requests by weekday and hour.
func (f *Figures) Heatmap(ctx context.Context, a Ask) (*Heatmap, error) {
	x, err := f.open(ctx, a)
	if err != nil {
		return nil, err
	}
	weekdays := map[int]page{}
	if err := f.into(ctx, x, byHour, nil, func(d Day) page { return pageOf(weekdays, d.Weekday()) }); err != nil {
		return nil, err
	}
	h := &Heatmap{Period: x.Period, Link: x.link()}
	for weekday, p := range weekdays {
		for key, b := range p {
			if hour, err := strconv.Atoi(key); err == nil && hour >= 0 && hour < 24 {
				h.Hours[weekday][hour] += b.counts[ended]
			}
		}
	}
	return h, f.openQuarters(ctx, x, func(at time.Time, n int64) { h.Hours[DayOf(at, x.zone).Weekday()][at.Hour()] += n })
}

// HoursBetween gives the times within a period that lie in this hour of this weekday, or in all hours or on all
// weekdays with -1.
func HoursBetween(from, to time.Time, zone *time.Location, weekday, hour int) []Span {
	var spans []Span
	quarter := QuarterLength.Milliseconds()
	for at := from.UnixMilli() / quarter * quarter; at < to.UnixMilli(); at += quarter {
		local := time.UnixMilli(at).In(zone)
		if hour >= 0 && local.Hour() != hour || weekday >= 0 && (int(local.Weekday())+6)%7 != weekday {
			continue
		}
		if n := len(spans); n > 0 && spans[n-1].To == at {
			spans[n-1].To = at + quarter
		} else {
			spans = append(spans, Span{at, at + quarter})
		}
	}
	return spans
}
