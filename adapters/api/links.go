package api

import (
	"context"

	"baton/core"
	"baton/core/access"
)

type (
	// InviteView is an open invitation without its link.
	InviteView struct {
		ID        string    `json:"id"`
		Email     string    `json:"email"`
		Name      string    `json:"name"`
		Role      core.Role `json:"role" enum:"owner,admin,supervisor,agent,viewer"`
		Queues    []string  `json:"queues" doc:"Ids; empty is general"`
		By        core.Ref  `json:"by"`
		CreatedAt core.Time `json:"created_at"`
		ExpiresAt core.Time `json:"expires_at"`
	}
	// InviteAnswer is an invitation that was just made.
	InviteAnswer struct {
		InviteView
		Link string `json:"link" doc:"Shown this once. The code stands after the #, so that no server is told of it by opening the page"`
	}
	makeInviteInput struct {
		Body struct {
			Email  string    `json:"email"`
			Role   core.Role `json:"role" enum:"owner,admin,supervisor,agent,viewer"`
			Name   string    `json:"name,omitempty" doc:"Proposed to whoever accepts"`
			Queues []string  `json:"queues,omitempty" doc:"Names or ids; general when missing"`
		}
	}
	inviteOutput      struct{ Body InviteAnswer }
	acceptInviteInput struct {
		Code string `path:"id" doc:"The code after the # of the link"`
		Body struct {
			Name     string `json:"name,omitempty" doc:"The proposed one when missing"`
			Password string `json:"password" doc:"10 to 1024 bytes"`
		}
	}
	// ResetAnswer is a link to a new password that was just made.
	ResetAnswer struct {
		Link      string    `json:"link" doc:"Shown this once"`
		ExpiresAt core.Time `json:"expires_at"`
	}
	resetOutput   struct{ Body ResetAnswer }
	useResetInput struct {
		Code string `path:"code" doc:"The code after the # of the link"`
		Body struct {
			Password string `json:"password" doc:"10 to 1024 bytes"`
		}
	}
	codeInput struct {
		Body struct {
			Code string `json:"code" doc:"The code after the # of a link"`
		}
	}
	// LinkView is what a link is good for.
	LinkView struct {
		Kind      access.LinkKind `json:"kind" enum:"invite,reset"`
		Email     string          `json:"email"`
		Name      string          `json:"name" doc:"May be empty in an invitation"`
		Role      core.Role       `json:"role" enum:"owner,admin,supervisor,agent,viewer"`
		Account   string          `json:"account" doc:"The company's name; may be empty"`
		ExpiresAt core.Time       `json:"expires_at"`
	}
	linkOutput struct{ Body LinkView }
)

func linkHandlers() handlers {
	return handlers{
		"makeInvite":    typed((*Server).makeInvite),
		"listInvites":   typed((*Server).listInvites),
		"revokeInvite":  typed((*Server).revokeInvite),
		"acceptInvite":  typed((*Server).acceptInvite),
		"resetPassword": typed((*Server).resetPassword),
		"useReset":      typed((*Server).useReset),
		"lookUpCode":    typed((*Server).lookUpCode),
	}
}

// link is where a code is used, as the caller reaches us.
func (s *Server) link(c *call, page, code string) string {
	base := s.cfg.PublicURL
	if base == "" {
		base = "http://" + c.host
		if c.secure {
			base = "https://" + c.host
		}
	}
	return base + "/app/" + page + "#" + code
}

func (s *Server) makeInvite(ctx context.Context, in *makeInviteInput) (*inviteOutput, error) {
	b := &in.Body
	if err := s.queueIDs(ctx, b.Queues); err != nil {
		return nil, err
	}
	code, invite, err := s.access.Invite(ctx, actorOf(ctx), access.InviteRequest{Email: b.Email, Name: b.Name, Role: b.Role, Queues: b.Queues})
	if err != nil {
		return nil, err
	}
	return &inviteOutput{Body: InviteAnswer{InviteView: viewInvite(invite), Link: s.link(callOf(ctx), "invite", code)}}, nil
}

func (s *Server) listInvites(ctx context.Context, in *Page) (*listOutput[InviteView], error) {
	invites, err := s.access.Invites(ctx, actorOf(ctx))
	if err != nil {
		return nil, err
	}
	return paged(s.sign, "invites", *in, invites, func(i access.Invite) string { return i.ID }, viewInvite)
}

func viewInvite(i access.Invite) InviteView {
	queues := i.Queues
	if queues == nil {
		queues = []string{}
	}
	return InviteView{
		ID: i.ID, Email: i.Email, Name: i.Name, Role: i.Role, Queues: queues, By: i.By,
		CreatedAt: core.Time(i.CreatedAt), ExpiresAt: core.Time(i.ExpiresAt),
	}
}

func (s *Server) revokeInvite(ctx context.Context, in *One) (*empty, error) {
	return nil, hide(s.access.RevokeInvite(ctx, actorOf(ctx), in.ID))
}

func (s *Server) acceptInvite(ctx context.Context, in *acceptInviteInput) (*loginOutput, error) {
	c := callOf(ctx)
	login, err := s.access.AcceptInvite(ctx, access.AcceptRequest{
		Code: in.Code, Name: in.Body.Name, Password: in.Body.Password, Address: c.address.String(),
	})
	if err != nil {
		return nil, err
	}
	return s.loggedIn(c, login), nil
}

func (s *Server) resetPassword(ctx context.Context, in *One) (*resetOutput, error) {
	code, expires, err := s.access.Reset(ctx, actorOf(ctx), in.ID)
	if err != nil {
		return nil, hide(err)
	}
	return &resetOutput{Body: ResetAnswer{Link: s.link(callOf(ctx), "reset", code), ExpiresAt: core.Time(expires)}}, nil
}

func (s *Server) useReset(ctx context.Context, in *useResetInput) (*loginOutput, error) {
	c := callOf(ctx)
	login, err := s.access.UseReset(ctx, in.Code, in.Body.Password, c.address.String())
	if err != nil {
		return nil, err
	}
	return s.loggedIn(c, login), nil
}

func (s *Server) lookUpCode(ctx context.Context, in *codeInput) (*linkOutput, error) {
	link, err := s.access.Look(ctx, in.Body.Code, callOf(ctx).address.String())
	if err != nil {
		return nil, err
	}
	account, err := s.desk.Account(ctx)
	if err != nil {
		return nil, err
	}
	return &linkOutput{Body: LinkView{
		Kind: link.Kind, Email: link.Email, Name: link.Name, Role: link.Role, Account: account.Name, ExpiresAt: core.Time(link.ExpiresAt),
	}}, nil
}
