package stats

import (
	"context"

	"baton/core"
)

// RatingReport says what customers thought.
type RatingReport struct {
	Period
	Rating   Ratings     `json:"rating"`
	Days     []RatingDay `json:"days"`
	Comments []Comment   `json:"comments" doc:"The newest, 50 at most"`
}

// RatingDay is what customers of a day's chats thought.
type RatingDay struct {
	Day     Day     `json:"day"`
	Partial bool    `json:"partial"`
	Rating  Ratings `json:"rating"`
}

// Comment is one rating, with what the customer wrote.
type Comment struct {
	Session string    `json:"session"`
	Agent   *core.Ref `json:"agent" doc:"Who had the chat at its end"`
	At      core.Time `json:"at"`
	Score   int       `json:"score"`
	Comment string    `json:"comment"`
}

// commentsShown is how many ratings are listed one by one.
const commentsShown = 50

// Ratings gives the ratings of a period, day by day and the newest one by one.
func (f *Figures) Ratings(ctx context.Context, a Ask) (*RatingReport, error) {
	x, err := f.open(ctx, a)
	if err != nil {
		return nil, err
	}
	var days map[Day]page
	var rated []Rated
	err = together(
		func() (err error) { days, err = f.perDay(ctx, x, byTotal, nil); return err },
		func() (err error) { rated, err = f.store.Rated(ctx, x.span, x.queues, commentsShown); return err },
	)
	if err != nil {
		return nil, err
	}
	sum := page{}
	for _, day := range days {
		if err := sum.add(day, nil); err != nil {
			return nil, err
		}
	}
	answer := &RatingReport{Period: x.Period, Rating: sum.at("").ratings(x.link("is", IsRated)), Days: []RatingDay{}, Comments: make([]Comment, 0, len(rated))}
	for _, day := range x.days {
		b := new(bucket)
		if p := days[day]; p != nil {
			b = p.at("")
		}
		one := x.day(day)
		answer.Days = append(answer.Days, RatingDay{Day: day, Partial: one.span.To > x.now.UnixMilli(), Rating: b.ratings(one.link("is", IsRated))})
	}
	for _, r := range rated {
		answer.Comments = append(answer.Comments, Comment{Session: r.Session, Agent: r.Agent, At: core.Time(timeAt(r.At)), Score: r.Score, Comment: r.Comment})
	}
	return answer, nil
}

// Scripts says what scripts decided.
type Scripts struct {
	Period
	Data []ScriptLine `json:"data"`
}

// ScriptLine is what one script was asked at one hook.
type ScriptLine struct {
	Script    string    `json:"script"`
	Hook      core.Hook `json:"hook" enum:"assign,prioritise,after_hours,overflow,tag,reply,on_event"`
	Decisions int64     `json:"decisions" doc:"Questions that it answered"`
	Errors    int64     `json:"errors" doc:"Questions in which it went wrong"`
	Link      string    `json:"link" doc:"The call that lists the newest times that it went wrong"`
}

// Scripts gives the decisions and errors of each script. The ledger that they are read from goes back 30 days.
func (f *Figures) Scripts(ctx context.Context, a Ask) (*Scripts, error) {
	x, err := f.open(ctx, a)
	if err != nil {
		return nil, err
	}
	list, err := f.store.Scripted(ctx, x.span)
	if err != nil {
		return nil, err
	}
	answer := &Scripts{Period: x.Period, Data: make([]ScriptLine, 0, len(list))}
	for _, s := range list {
		line := ScriptLine{Script: s.Script, Hook: s.Hook, Decisions: s.Decisions, Errors: s.Errors}
		if s.Script != core.BuiltIn {
			line.Link = "/v1/scripts/" + s.Script + "/errors"
		}
		answer.Data = append(answer.Data, line)
	}
	sortLines(answer.Data, func(l *ScriptLine) int64 { return l.Decisions }, func(l *ScriptLine) string { return l.Script + string(l.Hook) })
	return answer, nil
}
