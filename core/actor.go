package core

import "slices"

// Role is what somebody is to the desk.
type Role string

// The roles. All but Customer, Bot and System are people with a login.
const (
	Owner        Role = "owner"
	Admin        Role = "admin"
	Supervisor   Role = "supervisor"
	AgentRole    Role = "agent"
	Viewer       Role = "viewer"
	BotRole      Role = "bot"
	CustomerRole Role = "customer"
	System       Role = "system"
)

// StaffRoles are the roles a login can have, the most powerful first.
var StaffRoles = [...]Role{Owner, Admin, Supervisor, AgentRole, Viewer}

// Actor is who asks for something: a person, a bot or the desk itself, with what the credential allows.
type Actor struct {
	Role Role
	ID   string
	Name string
	// Credential is the id of the login, key or visitor token that was shown; a revoked one stops at once.
	Credential string
	// Generation is that of the person or bot when the credential was looked up. The store refuses a command
	// whose generation is no longer the present one.
	Generation int64
	// Queues are the ids of the queues an agent belongs to.
	Queues []string
	// Scopes are what a bot's key may do; empty means everything a bot may.
	Scopes []string
}

// Desk is the actor of everything that Baton does by itself.
var Desk = Actor{Role: System, Name: "Baton"}

// Login says whether the actor is a person of the company, viewers included.
func (a Actor) Login() bool { return slices.Contains(StaffRoles[:], a.Role) }

// Staff says whether the actor is a person of the company who may act.
func (a Actor) Staff() bool { return a.Login() && a.Role != Viewer }

// Leads says whether the actor is a supervisor or above.
func (a Actor) Leads() bool { return a.Role == Supervisor || a.Administers() }

// Administers says whether the actor is an admin or the owner.
func (a Actor) Administers() bool { return a.Role == Admin || a.Role == Owner }

// In says whether the actor belongs to this queue.
func (a Actor) In(queue string) bool { return slices.Contains(a.Queues, queue) }

// Ref gives the actor as events name it: staff of every role are agents to the people in a chat.
func (a Actor) Ref() ActorRef {
	role := a.Role
	if a.Login() {
		role = AgentRole
	}
	return ActorRef{Role: role, ID: a.ID, Name: a.Name}
}

// ActorRef names an actor in an event or a message.
type ActorRef struct {
	Role Role   `json:"role"`
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
}

// Ref names an agent, a queue or a bot.
type Ref struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}
