package api

import (
	"context"
	"time"

	"baton/core/access"
)

type (
	visitorInput struct {
		Body *struct {
			Name     string `json:"name,omitempty"`
			Email    string `json:"email,omitempty"`
			Locale   string `json:"locale,omitempty" example:"en-GB"`
			TimeZone string `json:"time_zone,omitempty" doc:"IANA name of where he is: he is told in it when somebody is there" example:"Europe/Berlin"`
			Identity string `json:"identity,omitempty" doc:"A JWT by which the page vouches for its visitor"`
		}
	}
	// VisitorAnswer is a customer who has just come.
	VisitorAnswer struct {
		Token    string  `json:"token" doc:"For use as Bearer"`
		Customer string  `json:"customer"`
		Open     bool    `json:"open" doc:"Whether people are there at this hour"`
		Session  *string `json:"session" doc:"The newest open session"`
	}
	visitorOutput struct{ Body VisitorAnswer }
)

func visitorHandlers() handlers {
	return handlers{"makeVisitor": typed((*Server).makeVisitor)}
}

func (s *Server) makeVisitor(ctx context.Context, in *visitorInput) (*visitorOutput, error) {
	var r access.VisitorRequest
	if b := in.Body; b != nil {
		r = access.VisitorRequest{Name: b.Name, Email: b.Email, Locale: b.Locale, TimeZone: b.TimeZone, Identity: b.Identity}
	}
	token, customer, err := s.access.MakeVisitor(ctx, r)
	if err != nil {
		return nil, err
	}
	session, err := s.openSession(ctx, customer.ID)
	if err != nil {
		return nil, err
	}
	state, _, err := s.desk.Open(ctx, "", time.Now())
	if err != nil {
		return nil, err
	}
	return &visitorOutput{Body: VisitorAnswer{Token: token, Customer: customer.ID, Open: state.Open, Session: session}}, nil
}
