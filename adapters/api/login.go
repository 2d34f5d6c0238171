package api

import (
	"context"
	"net/http"
	"time"

	"baton/core"
	"baton/core/access"
	"baton/core/desk"
)

type (
	setUpInput struct {
		Body struct {
			Code     string `json:"code" doc:"The one-time code after the # of the set-up link"`
			Email    string `json:"email"`
			Name     string `json:"name"`
			Password string `json:"password" doc:"10 to 1024 bytes"`
			TimeZone string `json:"time_zone,omitempty" doc:"IANA name, UTC when missing" example:"Europe/Berlin"`
			Account  string `json:"account,omitempty" doc:"The company's name, which greets customers"`
		}
	}
	loginInput struct {
		Body struct {
			Email    string `json:"email"`
			Password string `json:"password"`
		}
	}
	passwordInput struct {
		Body struct {
			Old string `json:"old"`
			New string `json:"new" doc:"10 to 1024 bytes"`
		}
	}
	// LoginAnswer is somebody who has just signed in.
	LoginAnswer struct {
		Token     string          `json:"token" doc:"For use as Bearer; the cookie holds the same"`
		ExpiresAt core.Time       `json:"expires_at" doc:"At the latest; earlier when it is not used"`
		Agent     *desk.AgentView `json:"agent"`
	}
	loginOutput struct {
		SetCookie http.Cookie `header:"Set-Cookie"`
		Body      LoginAnswer
	}
	logoutOutput struct {
		SetCookie http.Cookie `header:"Set-Cookie"`
	}
	empty struct{}
)

func loginHandlers() handlers {
	return handlers{
		"setUp":          typed((*Server).setUp),
		"login":          typed((*Server).signIn),
		"logout":         typed((*Server).signOut),
		"changePassword": typed((*Server).changePassword),
	}
}

func (s *Server) setUp(ctx context.Context, in *setUpInput) (*loginOutput, error) {
	c, b := callOf(ctx), &in.Body
	login, err := s.access.SetUp(ctx, access.SetUpRequest{
		Code: b.Code, Email: b.Email, Name: b.Name, Password: b.Password, TimeZone: b.TimeZone, Account: b.Account, Address: c.address.String(),
	})
	if err != nil {
		return nil, err
	}
	return s.loggedIn(c, login), nil
}

func (s *Server) signIn(ctx context.Context, in *loginInput) (*loginOutput, error) {
	c := callOf(ctx)
	login, err := s.access.SignIn(ctx, in.Body.Email, in.Body.Password, c.address.String())
	if err != nil {
		return nil, err
	}
	return s.loggedIn(c, login), nil
}

func (s *Server) signOut(ctx context.Context, _ *empty) (*logoutOutput, error) {
	if err := s.access.SignOut(ctx, actorOf(ctx)); err != nil {
		return nil, err
	}
	return &logoutOutput{SetCookie: s.cookie(callOf(ctx), "", time.Unix(1, 0))}, nil
}

func (s *Server) changePassword(ctx context.Context, in *passwordInput) (*loginOutput, error) {
	login, err := s.access.ChangePassword(ctx, actorOf(ctx), in.Body.Old, in.Body.New)
	if err != nil {
		return nil, err
	}
	return s.loggedIn(callOf(ctx), login), nil
}

func (s *Server) loggedIn(c *call, login access.Login) *loginOutput {
	return &loginOutput{
		SetCookie: s.cookie(c, login.Token, login.ExpiresAt),
		Body:      LoginAnswer{Token: login.Token, ExpiresAt: core.Time(login.ExpiresAt), Agent: s.desk.ViewAgent(login.Agent, time.Now())},
	}
}

// cookie holds a login in the browser, where no script reads it and no other page sends it along with a change.
func (s *Server) cookie(c *call, token string, until time.Time) http.Cookie {
	return http.Cookie{
		Name: loginCookie, Value: token, Path: "/", Expires: until.UTC(), HttpOnly: true, Secure: c.secure, SameSite: http.SameSiteLaxMode,
	}
}
