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

func (s *Server) listTags(ctx context.Context, in *Page) (*listOutput[TagView], error) {
	tags, err := s.desk.Tags(ctx, actorOf(ctx))
	if err != nil {
		return nil, err
	}
	return paged(s.sign, "tags", *in, tags, func(t core.TagCount) string { return t.Tag }, func(t core.TagCount) TagView { return TagView(t) })
}
