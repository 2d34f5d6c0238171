package access

import (
	"context"
	"time"

	"baton/core"
)

// Login is somebody who has just signed in. The token is shown this once.
type Login struct {
	Token     string
	Agent     *core.Agent
	ExpiresAt time.Time // at the latest; it ends earlier when it is not used
	Actor     core.Actor
}

// SetUpRequest makes the first owner.
type SetUpRequest struct {
	Code     string
	Email    string
	Name     string
	Password string
	TimeZone string // IANA name; UTC when empty
	Account  string // the company's name; may be empty
	Address  string // where the request came from
}

// setUpCodeLasts is how long a code that was never used is still good after later starts.
const setUpCodeLasts = 24 * time.Hour

// SetUpCode gives a code by which the first owner can be made, or "" when there is a user already. Each call
// makes another code; all of them end when one is used.
func (a *Access) SetUpCode(ctx context.Context) (string, error) {
	users, err := a.store.HasUsers(ctx)
	if err != nil || users {
		return "", err
	}
	code, now := core.NewSecret(""), a.cfg.Now()
	return code, a.store.KeepSetUpCode(ctx, hashOf(code), now, now.Add(-setUpCodeLasts))
}

// SetUp makes the first owner and signs him in. A wrong or used code is Unauthorized, and counts like a wrong
// password against the address.
func (a *Access) SetUp(ctx context.Context, r SetUpRequest) (Login, error) {
	if r.TimeZone == "" {
		r.TimeZone = "UTC"
	}
	if err := core.CheckTimeZone("/time_zone", r.TimeZone); err != nil {
		return Login{}, err
	}
	if r.Account != "" {
		name, err := core.CheckName("/account", r.Account)
		if err != nil {
			return Login{}, err
		}
		r.Account = name
	}
	var made Login
	err := a.attempt(ctx, "", r.Address, func() (err error) {
		made, err = a.setUp(ctx, r)
		return err
	})
	return made, err
}

func (a *Access) setUp(ctx context.Context, r SetUpRequest) (Login, error) {
	wrong := core.Refuse(core.Unauthorized, "this set-up code is not good, or was used already; the server prints a new one when it starts without users")
	if users, err := a.store.HasUsers(ctx); err != nil || users {
		if err == nil {
			err = wrong
		}
		return Login{}, err
	}
	user, err := a.newUser(ctx, UserRequest{Email: r.Email, Name: r.Name, Role: core.Owner, Password: r.Password})
	if err != nil {
		return Login{}, err
	}
	token, login := a.newLogin(user.ID, firstGeneration)
	agent, err := a.store.SetUp(ctx, hashOf(r.Code), core.Account{Name: r.Account, TimeZone: r.TimeZone}, user, login)
	if core.KindOf(err) == core.Unauthorized {
		return Login{}, wrong
	}
	if err != nil {
		return Login{}, err
	}
	return a.login(agent, token, login), nil
}

// SignIn lets a user in by e-mail and password, with a new token each time. Who is unknown, disabled or has the
// wrong password gets the same Unauthorized in the same time. After failures it is TooMany with the time to wait:
// 1 s for the account, doubling up to 15 minutes, and 5 failures in 5 minutes for the address; the right password
// is let in again as soon as that time is over.
func (a *Access) SignIn(ctx context.Context, email, password, address string) (Login, error) {
	if email = core.CleanEmail(email); !core.Plain(email) {
		email = "" // which nobody has
	}
	var made Login
	err := a.attempt(ctx, email, address, func() error {
		agent, err := a.recognise(ctx, email, password)
		if err != nil {
			return err
		}
		token, login := a.newLogin(agent.ID, agent.Generation)
		agent, err = a.store.AddLogin(ctx, login)
		if core.KindOf(err) == core.NotFound {
			return wrongPassword()
		}
		if err == nil {
			made = a.login(agent, token, login)
		}
		return err
	})
	return made, err
}

func wrongPassword() *core.Error {
	return core.Refuse(core.Unauthorized, "the e-mail address or the password is wrong")
}

// recognise finds the user whose password this is. It works as long for a user who is not there.
func (a *Access) recognise(ctx context.Context, email, password string) (*core.Agent, error) {
	agent, hash, err := a.store.UserByEmail(ctx, email)
	if err != nil && core.KindOf(err) != core.NotFound {
		return nil, err
	}
	if len(password) > maxPassword {
		password, hash = "", ""
	}
	right, err := a.hasher.Verify(ctx, hash, password)
	if err != nil {
		return nil, err
	}
	if !right || agent == nil || agent.Disabled {
		return nil, wrongPassword()
	}
	return agent, nil
}

// SignOut ends the login that the actor came by, and its sockets.
func (a *Access) SignOut(ctx context.Context, by core.Actor) error {
	if !by.Login() {
		return core.Refuse(core.Forbidden, "only people sign out; a key is revoked, and a visitor forgets his token")
	}
	return a.store.RemoveLogin(ctx, by)
}

// ChangePassword gives the caller a new password, ends all his logins and sockets, and signs him in again. A
// wrong old password counts like a failed sign-in.
func (a *Access) ChangePassword(ctx context.Context, by core.Actor, old, next string) (Login, error) {
	if !by.Login() {
		return Login{}, core.Refuse(core.Forbidden, "only people have a password")
	}
	if err := checkPassword("/new", next); err != nil {
		return Login{}, err
	}
	if err := a.confirm(ctx, by, old); err != nil {
		return Login{}, err
	}
	hash, err := a.hasher.Hash(ctx, next)
	if err != nil {
		return Login{}, err
	}
	token, login := a.newLogin(by.ID, by.Generation+1)
	agent, err := a.store.ChangePassword(ctx, by, hash, login)
	if err != nil {
		return Login{}, err
	}
	return a.login(agent, token, login), nil
}

// confirm makes sure that the caller knows his present password.
func (a *Access) confirm(ctx context.Context, by core.Actor, password string) error {
	wrong := core.RefuseField("/old", "this is not your present password")
	err := a.attempt(ctx, by.ID, "", func() error {
		hash, err := a.store.PasswordHash(ctx, by.ID)
		if err != nil {
			return err
		}
		if len(password) > maxPassword {
			return wrongPassword()
		}
		right, err := a.hasher.Verify(ctx, hash, password)
		if err == nil && !right {
			return wrongPassword()
		}
		return err
	})
	if core.KindOf(err) == core.Unauthorized {
		return wrong
	}
	return err
}

// firstGeneration is that of a new user.
const firstGeneration = 1

func (a *Access) newLogin(agent string, generation int64) (token string, login NewLogin) {
	token = core.NewSecret(loginSecret)
	return token, NewLogin{ID: core.NewID(core.LoginPrefix), Hash: hashOf(token), Agent: agent, Generation: generation, At: a.cfg.Now()}
}

func (a *Access) login(agent *core.Agent, token string, login NewLogin) Login {
	return Login{Token: token, Agent: agent, ExpiresAt: login.At.Add(a.cfg.LastsFor), Actor: ActorOf(agent, login.ID)}
}

// ActorOf is the actor that a login makes of a user.
func ActorOf(agent *core.Agent, login string) core.Actor {
	return core.Actor{
		Role: agent.Role, ID: agent.ID, Name: agent.Name, Credential: login, Generation: agent.Generation, Queues: agent.Queues,
	}
}
