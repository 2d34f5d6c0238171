package api

import (
	"context"
	"slices"
	"time"

	"baton/core"
	"baton/core/stats"
)

// Further are the filters by which a figure opens the sessions behind it.
type Further struct {
	Bot            []string `query:"bot" doc:"Ids; none for those that a customer requested himself"`
	Reason         []string `query:"reason" doc:"Codes of why a person was asked for; none for those without"`
	Outcome        []string `query:"outcome" doc:"Why they ended"`
	Rating         []int    `query:"rating" doc:"Stars that ended ones got"`
	Is             []string `query:"is" enum:"answered,replied,abandoned,overflowed,after_hours,reopened,transferred,rated,promised,promise_kept,with_bot" doc:"What ended ones are called, as in the analytics; all of these"`
	HandledBy      []string `query:"handled_by" doc:"Ids of agents who had an ended one at some time; me is the caller"`
	WasOffered     []string `query:"was_offered" doc:"Ids of agents to whom an ended one was offered; me is the caller"`
	PassedBy       []string `query:"passed_by" doc:"Ids of agents who declined an ended one or let its offer run out; me is the caller"`
	OverflowedFrom []string `query:"overflowed_from" doc:"Names or ids of queues in which an ended one waited too long"`
	Weekday        int      `query:"weekday" minimum:"-1" maximum:"6" default:"-1" doc:"Of the request in the account's time zone, from 0 for Monday; with from and to"`
	Hour           int      `query:"hour" minimum:"-1" maximum:"23" default:"-1" doc:"Of the request in the account's time zone; with from and to"`
}

// narrowFurther adds what a figure asks for.
func (s *Server) narrowFurther(ctx context.Context, in *listSessionsInput, f *core.SessionFilter) error {
	f.Bots, f.Reasons, f.Outcomes, f.Scores, f.Marks = orNone(in.Bot), orNone(in.Reason), in.Outcome, in.Rating, in.Is
	by := actorOf(ctx)
	f.HandledBy, f.WasOffered, f.PassedBy = agentsNamed(in.HandledBy, by), agentsNamed(in.WasOffered, by), agentsNamed(in.PassedBy, by)
	var err error
	if f.OverflowedFrom, err = s.queuesNamed(ctx, in.OverflowedFrom); err != nil {
		return err
	}
	if in.Weekday < 0 && in.Hour < 0 {
		return nil
	}
	f.During, err = s.during(ctx, in)
	return err
}

// during finds the times of a weekday and an hour.
func (s *Server) during(ctx context.Context, in *listSessionsInput) ([]core.During, error) {
	if in.From.IsZero() || in.To.IsZero() || in.To.Sub(in.From) > (stats.MostDays+1)*24*time.Hour {
		return nil, core.RefuseField("from", "weekday and hour need from and to, at most %d days apart", stats.MostDays)
	}
	account, err := s.desk.Account(ctx)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(account.TimeZone)
	if err != nil {
		return nil, err
	}
	during := spansOf(in.From, in.To, zone, in.Weekday, in.Hour)
	if len(during) == 0 {
		return []core.During{{}}, nil // there is no such time, and so there is nothing to find
	}
	return during, nil
}

// orNone makes the word none the empty value that it stands for.
func orNone(values []string) []string {
	values = slices.Clone(values)
	for i, value := range values {
		if value == stats.None {
			values[i] = ""
		}
	}
	return values
}
