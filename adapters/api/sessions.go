package api

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"baton/core"
	"baton/core/desk"
)

type (
	listSessionsInput struct {
		Page
		Status   []core.Status   `query:"status" enum:"pending,waiting,active,ended"`
		Queue    []string        `query:"queue" doc:"Names or ids"`
		Agent    []string        `query:"agent" doc:"Ids; me is the caller"`
		Customer []string        `query:"customer"`
		Tag      []string        `query:"tag"`
		Priority []core.Priority `query:"priority" enum:"low,normal,high,urgent"`
		Channel  []string        `query:"channel"`
		From     time.Time       `query:"from" doc:"Requested at this time or later"`
		To       time.Time       `query:"to" doc:"Requested before this time"`
		Further
	}
	eventsInput struct {
		One
		After int64 `query:"after" minimum:"0" doc:"The seq after which to start"`
		Limit int   `query:"limit" minimum:"1" default:"50" doc:"How many, 500 at most; more is taken as 500"`
	}
	// EventRow is an event with its place in the log.
	EventRow struct {
		Seq   int64           `json:"seq"`
		Prev  int64           `json:"prev" doc:"The seq of the event before it that this caller may see; 0 for the first"`
		Event json.RawMessage `json:"event" doc:"{type, at, actor, data}"`
	}
	// EventList is a part of a session's log.
	EventList struct {
		Data []EventRow `json:"data"`
		Next *int64     `json:"next" doc:"The seq to go on after, or null at the end"`
	}
	eventsOutput  struct{ Body EventList }
	sessionOutput struct{ Body *desk.SessionView }
	updateInput   struct {
		One
		Body struct {
			Priority *core.Priority  `json:"priority,omitempty" enum:"low,normal,high,urgent"`
			Subject  *string         `json:"subject,omitempty"`
			Context  json.RawMessage `json:"context,omitempty" doc:"Any JSON up to 64 KiB"`
		}
	}
	endInput struct {
		One
		Body *struct {
			Reason      string `json:"reason,omitempty" enum:"resolved,unsolved,spam,duplicate,customer_left,abandoned,no_answer,no_agent,after_hours,bot,error"`
			ReturnTo    string `json:"return_to,omitempty" enum:"bot,none"`
			Disposition string `json:"disposition,omitempty" doc:"For colleagues"`
			Summary     string `json:"summary,omitempty" doc:"For the bot and colleagues"`
		}
	}
	ratingInput struct {
		One
		Body struct {
			Score   int    `json:"score" minimum:"1" maximum:"5"`
			Comment string `json:"comment,omitempty"`
		}
	}
)

func sessionHandlers() handlers {
	return handlers{
		"listSessions":  typed((*Server).listSessions),
		"readSession":   typed((*Server).readSession),
		"listEvents":    typed((*Server).listEvents),
		"updateSession": typed((*Server).updateSession),
		"endSession":    typed((*Server).endSession),
		"rateSession":   typed((*Server).rateSession),
	}
}

func (s *Server) listSessions(ctx context.Context, in *listSessionsInput) (*listOutput[*desk.SessionView], error) {
	after, err := s.sign.place("sessions", in.After)
	if err != nil {
		return nil, err
	}
	queues, err := s.queuesNamed(ctx, in.Queue)
	if err != nil {
		return nil, err
	}
	filter := core.SessionFilter{
		Statuses: in.Status, Queues: queues, Agents: agentsNamed(in.Agent, actorOf(ctx)), Customers: in.Customer, Tags: in.Tag, Priorities: in.Priority,
		Channels: in.Channel, From: in.From, To: in.To, After: after, Limit: in.limit(),
	}
	if err := s.narrowFurther(ctx, in, &filter); err != nil {
		return nil, err
	}
	rows, next, err := s.desk.Sessions(ctx, actorOf(ctx), filter)
	if err != nil {
		return nil, err
	}
	return &listOutput[*desk.SessionView]{Body: List[*desk.SessionView]{Data: rows, Next: s.sign.cursor("sessions", next)}}, nil
}

// agentsNamed puts the caller's id in place of "me".
func agentsNamed(names []string, by core.Actor) []string {
	ids := slices.Clone(names)
	for i, name := range ids {
		if name == "me" {
			ids[i] = by.ID
		}
	}
	return ids
}

// queuesNamed gives the ids of queues; a name that there is not stays, and finds nothing.
func (s *Server) queuesNamed(ctx context.Context, names []string) ([]string, error) {
	var ids []string
	for _, name := range names {
		queue, err := s.dir.Queue(ctx, name)
		switch {
		case core.KindOf(err) == core.NotFound:
			ids = append(ids, name)
		case err != nil:
			return nil, err
		default:
			ids = append(ids, queue.ID)
		}
	}
	return ids, nil
}

func (s *Server) readSession(ctx context.Context, in *One) (*sessionOutput, error) {
	session, err := s.desk.Session(ctx, actorOf(ctx), in.ID)
	return s.show(ctx, session, err)
}

// show answers an act with the session as the caller sees it now.
func (s *Server) show(ctx context.Context, session *core.Session, err error) (*sessionOutput, error) {
	if err != nil {
		return nil, hide(err)
	}
	v, err := s.desk.Show(ctx, actorOf(ctx), session)
	if err != nil {
		return nil, err
	}
	return &sessionOutput{Body: v}, nil
}

func (s *Server) listEvents(ctx context.Context, in *eventsInput) (*eventsOutput, error) {
	limit := Page{Limit: in.Limit}.limit()
	by := actorOf(ctx)
	events, err := s.desk.Events(ctx, by, in.ID, in.After, limit+1)
	if err != nil {
		return nil, hide(err)
	}
	out, to := &eventsOutput{}, desk.AudienceOf(by)
	if len(events) > limit {
		events = events[:limit]
		out.Body.Next = &events[limit-1].Seq
	}
	for _, e := range events {
		shown, err := desk.AppendEvent(nil, to, e)
		if err != nil {
			return nil, err
		}
		out.Body.Data = append(out.Body.Data, EventRow{Seq: e.Seq, Prev: to.Prev(e), Event: shown})
	}
	return out, nil
}

func (s *Server) updateSession(ctx context.Context, in *updateInput) (*sessionOutput, error) {
	session, err := s.desk.Update(ctx, actorOf(ctx), in.ID, desk.Update{
		Priority: in.Body.Priority, Subject: in.Body.Subject, Context: in.Body.Context,
	})
	return s.show(ctx, session, err)
}

func (s *Server) endSession(ctx context.Context, in *endInput) (*sessionOutput, error) {
	var end desk.End
	if b := in.Body; b != nil {
		end = desk.End{Reason: b.Reason, ReturnTo: b.ReturnTo, Disposition: b.Disposition, Summary: b.Summary}
	}
	return once(ctx, s, ok, func(ctx context.Context) (*sessionOutput, error) {
		session, err := s.desk.End(ctx, actorOf(ctx), in.ID, end)
		return s.show(ctx, session, err)
	}, s.showKept)
}

// showKept answers a repeat with the session as it is now.
func (s *Server) showKept(ctx context.Context, kept *core.Idempotency) (*sessionOutput, error) {
	session, err := s.desk.Session(ctx, actorOf(ctx), kept.Session)
	return s.show(ctx, session, err)
}

func (s *Server) rateSession(ctx context.Context, in *ratingInput) (*sessionOutput, error) {
	session, err := s.desk.Rate(ctx, actorOf(ctx), in.ID, in.Body.Score, in.Body.Comment)
	return s.show(ctx, session, err)
}
