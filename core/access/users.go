package access

import (
	"context"
	"slices"
	"strings"

	"baton/core"
)

const (
	minPassword  = 10
	maxPassword  = 1024
	maxSkills    = 100
	maxSkillSize = 100
)

// UserRequest makes a user.
type UserRequest struct {
	Email    string
	Name     string
	Role     core.Role
	Password string
}

// UserChange names what is to change about a user; nil leaves a part as it is.
type UserChange struct {
	Name      *string
	Role      *core.Role
	Queues    *[]string // ids
	Skills    *[]string
	Languages *[]string
	Capacity  *int
	Disabled  *bool
}

// rank is 0 for the most powerful role of a person; the desk itself is as powerful as an owner.
func rank(role core.Role) int {
	if role == core.System {
		return 0
	}
	return slices.Index(core.StaffRoles[:], role)
}

// AddUser makes a user, who is an agent in the queue general and offline. Admins and the owner may, up to their
// own role. A taken e-mail address is a Conflict.
func (a *Access) AddUser(ctx context.Context, by core.Actor, r UserRequest) (*core.Agent, error) {
	if !by.Administers() && by.Role != core.System {
		return nil, core.Refuse(core.Forbidden, "only admins and the owner may add users")
	}
	if !slices.Contains(core.StaffRoles[:], r.Role) {
		return nil, core.RefuseField("/role", "role is owner, admin, supervisor, agent or viewer, not %q", r.Role)
	}
	if rank(r.Role) < rank(by.Role) {
		return nil, core.Refuse(core.Forbidden, "nobody may make somebody more powerful than himself")
	}
	user, err := a.newUser(ctx, r)
	if err != nil {
		return nil, err
	}
	return a.store.AddUser(ctx, by, user)
}

// newUser checks a request for a user and hashes the password.
func (a *Access) newUser(ctx context.Context, r UserRequest) (NewUser, error) {
	email := core.CleanEmail(r.Email)
	if err := core.CheckEmail("/email", email); err != nil {
		return NewUser{}, err
	}
	name, err := core.CheckName("/name", r.Name)
	if err != nil {
		return NewUser{}, err
	}
	if err := checkPassword("/password", r.Password); err != nil {
		return NewUser{}, err
	}
	hash, err := a.hasher.Hash(ctx, r.Password)
	if err != nil {
		return NewUser{}, err
	}
	return NewUser{ID: core.NewID(core.AgentPrefix), Email: email, Name: name, Role: r.Role, PasswordHash: hash, At: a.cfg.Now()}, nil
}

// ChangeUser changes a user. Supervisors and above may change queues, skills, languages and capacity, admins and
// the owner also name, role and disabled: of nobody more powerful than themselves, and to no role above their
// own. The last owner stays one: that is a Conflict. When the role changes or the user is disabled or enabled,
// all his logins and sockets end.
func (a *Access) ChangeUser(ctx context.Context, by core.Actor, id string, c UserChange) (*core.Agent, error) {
	if !by.Leads() && by.Role != core.System {
		return nil, core.Refuse(core.Forbidden, "only supervisors, admins and the owner may change users")
	}
	if (c.Name != nil || c.Role != nil || c.Disabled != nil) && !by.Administers() && by.Role != core.System {
		return nil, core.Refuse(core.Forbidden, "only admins and the owner may change a user's name, role or access")
	}
	if err := a.checkChange(&c); err != nil {
		return nil, err
	}
	if c.Role != nil && rank(*c.Role) < rank(by.Role) {
		return nil, core.Refuse(core.Forbidden, "nobody may make somebody more powerful than himself")
	}
	return a.store.ChangeUser(ctx, by, id, func(was core.Agent, owners int) (core.Agent, bool, error) {
		if rank(was.Role) < rank(by.Role) {
			return was, false, core.Refuse(core.Forbidden, "%s has a higher role than you", was.Name)
		}
		is := c.apply(was)
		stops := is.Disabled != was.Disabled || is.Role != was.Role
		if was.Role == core.Owner && !was.Disabled && owners <= 1 && stops {
			return was, false, core.Refuse(core.Conflict, "%s is the last owner; make somebody else an owner first", was.Name)
		}
		return is, stops, nil
	})
}

// apply gives the user as he is after the change. Who can take no chats is offline.
func (c UserChange) apply(u core.Agent) core.Agent {
	set(&u.Name, c.Name)
	set(&u.Role, c.Role)
	set(&u.Queues, c.Queues)
	set(&u.Skills, c.Skills)
	set(&u.Languages, c.Languages)
	set(&u.Capacity, c.Capacity)
	set(&u.Disabled, c.Disabled)
	if u.Disabled || u.Role == core.Viewer {
		u.Status = core.Offline
	}
	return u
}

func set[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}

func (a *Access) checkChange(c *UserChange) error {
	if c.Name != nil {
		name, err := core.CheckName("/name", *c.Name)
		if err != nil {
			return err
		}
		c.Name = &name
	}
	if c.Role != nil && !slices.Contains(core.StaffRoles[:], *c.Role) {
		return core.RefuseField("/role", "role is owner, admin, supervisor, agent or viewer, not %q", *c.Role)
	}
	if c.Capacity != nil && (*c.Capacity < 1 || *c.Capacity > a.cfg.CapacityMax) {
		return core.RefuseField("/capacity", "capacity is a whole number from 1 to %d, not %d", a.cfg.CapacityMax, *c.Capacity)
	}
	for pointer, words := range map[string]*[]string{"/queues": c.Queues, "/skills": c.Skills, "/languages": c.Languages} {
		if words == nil {
			continue
		}
		if err := checkWords(pointer, *words); err != nil {
			return err
		}
		sorted := slices.Compact(slices.Sorted(slices.Values(*words)))
		*words = sorted
	}
	return nil
}

func checkWords(pointer string, words []string) error {
	if len(words) > maxSkills {
		return core.RefuseField(pointer, "at most %d are accepted", maxSkills)
	}
	for _, word := range words {
		if word == "" || len(word) > maxSkillSize || !core.Plain(word) || strings.TrimSpace(word) != word || strings.Contains(word, "|") {
			return core.RefuseField(pointer, "%q is not acceptable: 1 to %d bytes, no | and no space at the ends", word, maxSkillSize)
		}
	}
	return nil
}

func checkPassword(pointer, password string) error {
	if len(password) < minPassword || len(password) > maxPassword {
		return core.RefuseField(pointer, "a password has %d to %d bytes; this one has %d", minPassword, maxPassword, len(password))
	}
	return nil
}
