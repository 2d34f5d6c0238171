package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"baton/core"
	"baton/core/hours"
)

// Question is what somebody wants to know of a schedule: what holds at a time, and what would become of a chat that came
// then.
type Question struct {
	At       time.Time
	Queue    *core.Queue // nil asks about no queue
	Priority core.Priority
	Language string
}

// What would become of a chat.
const (
	GoesToLine       = "line"
	GoesToAfterHours = "after_hours"
)

// Verdict is the answer to a question.
type Verdict struct {
	At     time.Time
	State  hours.State
	Opens  time.Time // zero when it is open, or never opens
	Zone   *time.Location
	Goes   string // where a chat would go
	Kept   bool   // whether a chat that comes after hours is kept until the opening; otherwise it ends
	Phrase string // all of it in words
}

// ProbeSchedule says what would hold if a schedule were in force.
func (d *Desk) ProbeSchedule(ctx context.Context, id string, q Question) (*Verdict, error) {
	kept, err := d.dir.Schedule(ctx, id)
	if err != nil {
		return nil, err
	}
	calendar, err := hours.Compile(kept.Schedule)
	if err != nil {
		return nil, err
	}
	return verdict(calendar, kept.Name, q)
}

// Probe says what holds for a queue, by the schedule that it goes by.
func (d *Desk) Probe(ctx context.Context, q Question) (*Verdict, error) {
	calendar, err := d.hours.Calendar(ctx, q.Queue)
	if err != nil {
		return nil, err
	}
	return verdict(calendar, q.Queue.Schedule.Name, q)
}

func verdict(calendar *hours.Calendar, schedule string, q Question) (*Verdict, error) {
	if q.Priority != "" && q.Priority.Rank() < 0 {
		return nil, core.RefuseField("/priority", "priority is low, normal, high or urgent, not %q", q.Priority)
	}
	if q.Language != "" && !core.IsLanguageTag(q.Language) {
		return nil, core.RefuseField("/language", "language is a tag such as en or pt-BR, not %q", q.Language)
	}
	v := &Verdict{At: q.At, State: calendar.At(q.At), Zone: calendar.Zone(), Goes: GoesToLine}
	if !v.State.Open {
		v.Opens, v.Goes = v.State.Until, GoesToAfterHours
		v.Kept = q.Queue != nil && q.Queue.Rules.AfterHours.Keep
	}
	v.Phrase = v.words(schedule, q)
	return v, nil
}

// words tells a verdict in a sentence or two.
func (v *Verdict) words(schedule string, q Question) string {
	what := schedule
	if q.Queue != nil {
		what = fmt.Sprintf("%s (%s)", q.Queue.Name, schedule)
	}
	text := fmt.Sprintf("On %s %s, %s is %s.", v.moment(v.At), v.Zone, what, v.condition())
	if q.Queue == nil {
		return text
	}
	chat := chatInWords(q)
	switch {
	case v.State.Open:
		return text + fmt.Sprintf(" %s would stand in line.", chat)
	case v.Opens.IsZero():
		return text + fmt.Sprintf(" %s would come after hours%s.", chat, v.becomes())
	}
	return text + fmt.Sprintf(" %s would come after hours%s; the next opening is %s.", chat, v.becomes(), v.moment(v.Opens))
}

// becomes says what is made of a chat that comes after hours.
func (v *Verdict) becomes() string {
	if v.Kept {
		return " and be kept until the opening"
	}
	return " and end"
}

func (v *Verdict) condition() string {
	day := ""
	if v.State.Holiday != "" {
		day = ", " + v.State.Holiday
	}
	switch {
	case v.State.Open && v.State.Until.IsZero():
		return "open" + day + ", and does not close"
	case v.State.Open:
		return fmt.Sprintf("open%s, until %s", day, v.moment(v.State.Until))
	case v.State.Until.IsZero():
		return "closed" + day + ", and does not open again"
	}
	return fmt.Sprintf("closed%s, until %s", day, v.moment(v.State.Until))
}

func (v *Verdict) moment(t time.Time) string {
	return t.In(v.Zone).Format("Mon 2 Jan 2006 15:04")
}

func chatInWords(q Question) string {
	words := []string{"A"}
	if q.Priority != "" {
		words = append(words, string(q.Priority))
	}
	words = append(words, "chat")
	if q.Language != "" {
		words = append(words, "in", q.Language)
	}
	if q.Priority == core.Urgent {
		words[0] = "An"
	}
	return strings.Join(words, " ")
}
