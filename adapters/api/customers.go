package api

import (
	"context"

	"baton/core"
	"baton/core/desk"
)

type (
	changeCustomerInput struct {
		One
		Body struct {
			Name  *string `json:"name,omitempty" doc:"Empty takes it away"`
			Email *string `json:"email,omitempty" doc:"Empty takes it away"`
			Phone *string `json:"phone,omitempty" doc:"Empty takes it away"`
		}
	}
	customerOutput struct{ Body desk.CustomerView }
	// RecordView is something that is known of a customer beside his chats.
	RecordView struct {
		ID        string    `json:"id"`
		Kind      string    `json:"kind" enum:"ticket"`
		Session   string    `json:"session" doc:"The chat that it comes from"`
		Email     string    `json:"email" doc:"Where the answer is to go"`
		Text      string    `json:"text"`
		CreatedAt core.Time `json:"created_at"`
	}
	recordsInput struct {
		One
		Page
	}
	leaveMessageInput struct {
		One
		Body struct {
			Email string `json:"email" doc:"Where the answer is to go" example:"hana@example.org"`
			Text  string `json:"text"`
		}
	}
	madeOutput struct {
		Body struct {
			ID string `json:"id"`
		}
	}
	// TagView is a tag that sessions have.
	TagView struct {
		Tag   string `json:"tag"`
		Count int    `json:"count" doc:"How many sessions have it"`
	}
)

func customerHandlers() handlers {
	return handlers{
		"readCustomer":   typed((*Server).readCustomer),
		"changeCustomer": typed((*Server).changeCustomer),
		"listRecords":    typed((*Server).listRecords),
		"leaveMessage":   typed((*Server).leaveMessage),
		"listTags":       typed((*Server).listTags),
	}
}

func (s *Server) readCustomer(ctx context.Context, in *One) (*customerOutput, error) {
	return showCustomer(s.desk.Customer(ctx, actorOf(ctx), in.ID))
}

func (s *Server) changeCustomer(ctx context.Context, in *changeCustomerInput) (*customerOutput, error) {
	b := &in.Body
	return showCustomer(s.desk.ChangeCustomer(ctx, actorOf(ctx), in.ID, core.CustomerChange{Name: b.Name, Email: b.Email, Phone: b.Phone}))
}

func showCustomer(c core.Customer, err error) (*customerOutput, error) {
	if err != nil {
		return nil, hide(err)
	}
	return &customerOutput{Body: desk.ViewCustomer(c)}, nil
}

func (s *Server) listRecords(ctx context.Context, in *recordsInput) (*listOutput[RecordView], error) {
	records, err := s.desk.Records(ctx, actorOf(ctx), in.ID)
	if err != nil {
		return nil, hide(err)
	}
	return paged(s.sign, "records", in.Page, records, func(r core.Record) string { return r.ID }, func(r core.Record) RecordView {
		return RecordView{ID: r.ID, Kind: r.Kind, Session: r.Session, Email: r.Email, Text: r.Text, CreatedAt: core.Time(r.CreatedAt)}
	})
}

func (s *Server) leaveMessage(ctx context.Context, in *leaveMessageInput) (*madeOutput, error) {
	id, err := s.desk.LeaveMessage(ctx, actorOf(ctx), in.ID, in.Body.Email, in.Body.Text)
	if err != nil {
		return nil, err
	}
	out := new(madeOutput)
	out.Body.ID = id
	return out, nil
}

func (s *Server) listTags(ctx context.Context, in *Page) (*listOutput[TagView], error) {
	tags, err := s.desk.Tags(ctx, actorOf(ctx))
	if err != nil {
		return nil, err
	}
	return paged(s.sign, "tags", *in, tags, func(t core.TagCount) string { return t.Tag }, func(t core.TagCount) TagView { return TagView(t) })
}
