package api

import (
	"context"
	"time"

	"baton/core"
	"baton/core/desk"
	"baton/core/hours"
)

type (
	// ScheduleView is a schedule with who goes by it and what holds by it now.
	ScheduleView struct {
		ID string `json:"id"`
		hours.Schedule
		Default    bool       `json:"default" doc:"Whether queues without a schedule of their own go by it"`
		Queues     []core.Ref `json:"queues" doc:"Those that have it as their own"`
		Open       bool       `json:"open" doc:"Whether it is open now"`
		NextChange *core.Time `json:"next_change" doc:"When it opens or closes next, or null"`
		Rev        int64      `json:"rev"`
	}
	makeScheduleInput struct {
		Body struct {
			Name     string          `json:"name"`
			TimeZone string          `json:"time_zone,omitempty" doc:"IANA name; the account's when missing" example:"Europe/Berlin"`
			Week     []hours.Weekday `json:"week,omitempty" nullable:"false" doc:"A day that is not named is closed"`
			Days     []hours.Day     `json:"days,omitempty" nullable:"false" doc:"Days that are not like the others of their week"`
		}
	}
	changeScheduleInput struct {
		One
		Body struct {
			Name     *string          `json:"name,omitempty"`
			TimeZone *string          `json:"time_zone,omitempty"`
			Week     *[]hours.Weekday `json:"week,omitempty" doc:"The whole week"`
			Days     *[]hours.Day     `json:"days,omitempty" doc:"All days that are not like the others"`
			Rev      int64            `json:"rev,omitempty" doc:"What the change was made on: a conflict when there is a newer one"`
		}
	}
	importScheduleInput struct {
		One
		Body struct {
			ICS string `json:"ics" doc:"The text of an .ics file, 256 KiB and 2,000 events at most"`
		}
	}
	// ImportAnswer says what an import did.
	ImportAnswer struct {
		Schedule ScheduleView    `json:"schedule"`
		Added    []hours.Day     `json:"added"`
		Skipped  []hours.Skipped `json:"skipped" doc:"What is no closure of whole days, or says nothing new"`
	}
	probeInput struct {
		One
		At       string `query:"at" doc:"RFC 3339; now when missing" example:"2026-12-24T17:55:00+01:00"`
		Queue    string `query:"queue" doc:"Name or id: what would become of a chat there"`
		Priority string `query:"priority" doc:"Of that chat: low, normal, high or urgent"`
		Language string `query:"language" doc:"Of that chat" example:"de"`
	}
	// Probe says what holds at a time.
	Probe struct {
		At          core.Time  `json:"at"`
		Open        bool       `json:"open"`
		Reason      *string    `json:"reason" enum:"closed,holiday" doc:"Why it is closed"`
		Holiday     *string    `json:"holiday" doc:"The name of a day that is not like the others"`
		NextChange  *core.Time `json:"next_change"`
		NextOpening *core.Time `json:"next_opening" doc:"When it is closed and opens again"`
		Queue       *core.Ref  `json:"queue"`
		Goes        *string    `json:"goes" enum:"line,after_hours" doc:"Where a chat in that queue would go"`
		Kept        *bool      `json:"kept" doc:"Whether it would be kept until the opening; otherwise a chat after hours ends"`
		Text        string     `json:"text" doc:"All of it in words, in the schedule's time zone"`
	}
	scheduleOutput struct{ Body ScheduleView }
	importOutput   struct{ Body ImportAnswer }
	probeOutput    struct{ Body Probe }
)

func scheduleHandlers() handlers {
	return handlers{
		"listSchedules":  typed((*Server).listSchedules),
		"makeSchedule":   typed((*Server).makeSchedule),
		"readSchedule":   typed((*Server).readSchedule),
		"changeSchedule": typed((*Server).changeSchedule),
		"removeSchedule": typed((*Server).removeSchedule),
		"importSchedule": typed((*Server).importSchedule),
		"probeSchedule":  typed((*Server).probeSchedule),
	}
}

func (s *Server) listSchedules(ctx context.Context, in *Page) (*listOutput[ScheduleView], error) {
	all, err := s.desk.Schedules(ctx)
	if err != nil {
		return nil, err
	}
	return paged(s.sign, "schedules", *in, all, func(k *hours.Kept) string { return k.ID }, viewSchedule)
}

func (s *Server) makeSchedule(ctx context.Context, in *makeScheduleInput) (*scheduleOutput, error) {
	b := &in.Body
	return showSchedule(s.desk.AddSchedule(ctx, actorOf(ctx), hours.Schedule{Name: b.Name, TimeZone: b.TimeZone, Week: b.Week, Days: b.Days}))
}

func (s *Server) readSchedule(ctx context.Context, in *One) (*scheduleOutput, error) {
	return showSchedule(s.desk.Schedule(ctx, in.ID))
}

func (s *Server) changeSchedule(ctx context.Context, in *changeScheduleInput) (*scheduleOutput, error) {
	b := &in.Body
	return showSchedule(s.desk.ChangeSchedule(ctx, actorOf(ctx), in.ID, desk.ScheduleChange{
		Name: b.Name, TimeZone: b.TimeZone, Week: b.Week, Days: b.Days, Rev: b.Rev,
	}))
}

func (s *Server) removeSchedule(ctx context.Context, in *One) (*empty, error) {
	return nil, hide(s.desk.RemoveSchedule(ctx, actorOf(ctx), in.ID))
}

func (s *Server) importSchedule(ctx context.Context, in *importScheduleInput) (*importOutput, error) {
	read, err := s.ics(in.Body.ICS)
	if err != nil {
		return nil, err
	}
	kept, done, err := s.desk.ImportDays(ctx, actorOf(ctx), in.ID, read)
	if err != nil {
		return nil, hide(err)
	}
	answer := ImportAnswer{Schedule: viewSchedule(kept), Added: []hours.Day{}, Skipped: []hours.Skipped{}}
	for _, found := range done.Days {
		answer.Added = append(answer.Added, found.Day)
	}
	answer.Skipped = append(answer.Skipped, done.Skipped...)
	return &importOutput{Body: answer}, nil
}

func (s *Server) probeSchedule(ctx context.Context, in *probeInput) (*probeOutput, error) {
	q := desk.Question{At: time.Now(), Priority: core.Priority(in.Priority), Language: in.Language}
	if in.At != "" {
		at, err := time.Parse(time.RFC3339, in.At)
		if err != nil {
			return nil, core.RefuseField("at", "%q is no time; write one such as 2026-12-24T17:55:00+01:00", in.At)
		}
		q.At = at
	}
	if in.Queue != "" {
		queue, err := s.dir.Queue(ctx, in.Queue)
		if core.KindOf(err) == core.NotFound {
			return nil, core.RefuseField("queue", "there is no queue %q", in.Queue)
		}
		if err != nil {
			return nil, err
		}
		q.Queue = queue
	}
	v, err := s.desk.ProbeSchedule(ctx, in.ID, q)
	if err != nil {
		return nil, hide(err)
	}
	return &probeOutput{Body: viewProbe(v, q.Queue)}, nil
}

func viewProbe(v *desk.Verdict, queue *core.Queue) Probe {
	p := Probe{
		At: core.Time(v.At), Open: v.State.Open, Reason: said(string(v.State.Reason)), Holiday: said(v.State.Holiday),
		NextChange: moment(v.State.Until), NextOpening: moment(v.Opens), Text: v.Phrase,
	}
	if queue != nil {
		ref := queue.Ref()
		p.Queue, p.Goes = &ref, &v.Goes
		if v.Goes == desk.GoesToAfterHours {
			p.Kept = &v.Kept
		}
	}
	return p
}

func showSchedule(k *hours.Kept, err error) (*scheduleOutput, error) {
	if err != nil {
		return nil, hide(err)
	}
	return &scheduleOutput{Body: viewSchedule(k)}, nil
}

func viewSchedule(k *hours.Kept) ScheduleView {
	v := ScheduleView{ID: k.ID, Schedule: k.Schedule, Default: k.Default, Queues: k.Queues, Rev: k.Rev}
	if v.Queues == nil {
		v.Queues = []core.Ref{}
	}
	if v.Week == nil {
		v.Week = []hours.Weekday{}
	}
	if v.Days == nil {
		v.Days = []hours.Day{}
	}
	if calendar, err := hours.Compile(k.Schedule); err == nil {
		state := calendar.At(time.Now())
		v.Open, v.NextChange = state.Open, moment(state.Until)
	}
	return v
}

// said is nil for what there is nothing to say of.
func said(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// moment is nil for a time that does not come.
func moment(t time.Time) *core.Time {
	if t.IsZero() {
		return nil
	}
	shown := core.Time(t)
	return &shown
}
