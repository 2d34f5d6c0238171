package access

import (
	"context"
	"time"

	"baton/core"
)

// resetLasts is how long a lost password can be replaced by a link.
const resetLasts = 30 * time.Minute

// NewReset is a link to be made for somebody who lost his password.
type NewReset struct {
	Agent     string
	Hash      string
	ExpiresAt time.Time
}

// Reset gives a code by which a user can set a new password, once, within half an hour. Admins and the owner may
// make one for whoever is not more powerful than themselves; for a disabled user it is a Conflict. A newer one ends
// the older, and so do a changed password, role or access of the user, and those of whoever made it.
func (a *Access) Reset(ctx context.Context, by core.Actor, id string) (code string, expires time.Time, err error) {
	if !by.Administers() && by.Role != core.System {
		return "", expires, core.Refuse(core.Forbidden, "only admins and the owner may give somebody a new password")
	}
	code, expires = core.NewSecret(""), a.cfg.Now().Add(resetLasts)
	return code, expires, a.store.AddReset(ctx, by, NewReset{Agent: id, Hash: hashOf(code), ExpiresAt: expires}, func(u core.Agent) error {
		switch {
		case rank(u.Role) < rank(by.Role):
			return core.Refuse(core.Forbidden, "%s has a higher role than you", u.Name)
		case u.Disabled:
			return core.Refuse(core.Conflict, "%s is disabled; enable the account first", u.Name)
		}
		return nil
	})
}

// ResetFor is Reset for the user of an e-mail address; without one it is NotFound.
func (a *Access) ResetFor(ctx context.Context, by core.Actor, email string) (code string, expires time.Time, err error) {
	user, _, err := a.store.UserByEmail(ctx, core.CleanEmail(email))
	if core.KindOf(err) == core.NotFound {
		return "", expires, core.Refuse(core.NotFound, "there is no user with the e-mail address %s", email)
	}
	if err != nil {
		return "", expires, err
	}
	return a.Reset(ctx, by, user.ID)
}

// UseReset gives the user whose link this is a new password, ends all his logins and sockets, and signs him in. A
// code that is not good (any more) is Unauthorized, and counts like a wrong password against the address.
func (a *Access) UseReset(ctx context.Context, code, password, address string) (Login, error) {
	var made Login
	err := a.attempt(ctx, "", address, func() error {
		user, _, err := a.store.ResetByHash(ctx, hashOf(code), a.cfg.Now())
		if err != nil {
			return usedUp(err)
		}
		if err := checkPassword("/password", password); err != nil {
			return err
		}
		hash, err := a.hasher.Hash(ctx, password)
		if err != nil {
			return err
		}
		token, login := a.newLogin(user.ID, user.Generation+1)
		agent, err := a.store.UseReset(ctx, hashOf(code), hash, login)
		if err != nil {
			return usedUp(err)
		}
		made = a.login(agent, token, login)
		return a.store.Forgive(ctx, accountSubject(agent.Email))
	})
	return made, err
}

// Link is what a code lets its holder do.
type Link struct {
	Kind      LinkKind
	Email     string
	Name      string // may be empty in an invitation
	Role      core.Role
	ExpiresAt time.Time
}

// LinkKind is what a link is for.
type LinkKind string

// The kinds of links.
const (
	InviteLink LinkKind = "invite"
	ResetLink  LinkKind = "reset"
)

// Look says what a code is good for, and leaves it good. One that is not good (any more) is Unauthorized, and counts
// like a wrong password against the address.
func (a *Access) Look(ctx context.Context, code, address string) (Link, error) {
	var link Link
	err := a.attempt(ctx, "", address, func() error {
		invite, err := a.store.InviteByHash(ctx, hashOf(code), a.cfg.Now())
		if err == nil {
			link = Link{Kind: InviteLink, Email: invite.Email, Name: invite.Name, Role: invite.Role, ExpiresAt: invite.ExpiresAt}
		}
		if core.KindOf(err) != core.NotFound {
			return err
		}
		user, expires, err := a.store.ResetByHash(ctx, hashOf(code), a.cfg.Now())
		if err == nil {
			link = Link{Kind: ResetLink, Email: user.Email, Name: user.Name, Role: user.Role, ExpiresAt: expires}
		}
		return usedUp(err)
	})
	return link, err
}
