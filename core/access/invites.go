package access

import (
	"context"
	"slices"
	"time"

	"baton/core"
)

// inviteLasts is how long an invitation can be accepted.
const inviteLasts = 7 * 24 * time.Hour

// InviteRequest asks somebody into the team.
type InviteRequest struct {
	Email  string
	Name   string // may be empty: who accepts says his own
	Role   core.Role
	Queues []string // ids; empty is general
}

// Invite is an open invitation.
type Invite struct {
	ID        string
	Email     string
	Name      string
	Role      core.Role
	Queues    []string
	By        core.Ref
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Invite gives a code by which the owner of an address can make himself a user, once, within seven days. Admins and
// the owner may invite up to their own role, supervisors only agents. A newer invitation ends the older one for the
// same address; an address that a user has is a Conflict. It ends, too, when whoever made it gets another role or
// is disabled.
func (a *Access) Invite(ctx context.Context, by core.Actor, r InviteRequest) (code string, invite Invite, err error) {
	if err := mayInvite(by, r.Role); err != nil {
		return "", invite, err
	}
	email, name := core.CleanEmail(r.Email), r.Name
	if err := core.CheckEmail("/email", email); err != nil {
		return "", invite, err
	}
	if name != "" {
		if name, err = core.CheckName("/name", name); err != nil {
			return "", invite, err
		}
	}
	now := a.cfg.Now().Truncate(time.Millisecond)
	code = core.NewSecret("")
	invite = Invite{
		ID: core.NewID(core.InvitePrefix), Email: email, Name: name, Role: r.Role, Queues: slices.Compact(slices.Sorted(slices.Values(r.Queues))),
		By: core.Ref{ID: by.ID, Name: by.Name}, CreatedAt: now, ExpiresAt: now.Add(inviteLasts),
	}
	return code, invite, a.store.AddInvite(ctx, by, hashOf(code), invite)
}

func mayInvite(by core.Actor, role core.Role) error {
	switch {
	case !slices.Contains(core.StaffRoles[:], role):
		return core.RefuseField("/role", "role is owner, admin, supervisor, agent or viewer, not %q", role)
	case by.Role == core.Supervisor && role != core.AgentRole:
		return core.Refuse(core.Forbidden, "a supervisor invites agents; ask an admin for other roles")
	case !by.Leads() && by.Role != core.System:
		return core.Refuse(core.Forbidden, "only supervisors, admins and the owner may invite")
	case rank(role) < rank(by.Role):
		return core.Refuse(core.Forbidden, "nobody may make somebody more powerful than himself")
	}
	return nil
}

// Invites lists the open invitations.
func (a *Access) Invites(ctx context.Context, by core.Actor) ([]Invite, error) {
	if !by.Leads() {
		return nil, core.Refuse(core.Forbidden, "only supervisors, admins and the owner see invitations")
	}
	return a.store.Invites(ctx, a.cfg.Now())
}

// RevokeInvite takes an invitation back. Who may not make it may not take it back either.
func (a *Access) RevokeInvite(ctx context.Context, by core.Actor, id string) error {
	return a.store.RemoveInvite(ctx, by, id, func(i Invite) error { return mayInvite(by, i.Role) })
}

// AcceptRequest is somebody who follows an invitation.
type AcceptRequest struct {
	Code     string
	Name     string // empty takes the one of the invitation
	Password string
	Address  string // where the request came from
}

// AcceptInvite makes the user who was invited and signs him in. A code that is not good (any more) is Unauthorized,
// and counts like a wrong password against the address.
func (a *Access) AcceptInvite(ctx context.Context, r AcceptRequest) (Login, error) {
	var made Login
	err := a.attempt(ctx, "", r.Address, func() error {
		invite, err := a.store.InviteByHash(ctx, hashOf(r.Code), a.cfg.Now())
		if err != nil {
			return usedUp(err)
		}
		if r.Name == "" {
			r.Name = invite.Name
		}
		user, err := a.newUser(ctx, UserRequest{Email: invite.Email, Name: r.Name, Role: invite.Role, Password: r.Password})
		if err != nil {
			return err
		}
		user.Queues = invite.Queues
		token, login := a.newLogin(user.ID, firstGeneration)
		agent, err := a.store.AcceptInvite(ctx, hashOf(r.Code), user, login)
		if err == nil {
			made = a.login(agent, token, login)
		}
		return usedUp(err)
	})
	return made, err
}

// usedUp says of a link that is not there that it is not good, whatever the reason.
func usedUp(err error) error {
	if core.KindOf(err) == core.NotFound {
		return core.Refuse(core.Unauthorized, "this link is not good: it was used, replaced or taken back, or it is too old; ask for a new one")
	}
	return err
}
