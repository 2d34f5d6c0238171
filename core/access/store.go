package access

import (
	"context"
	"time"

	"baton/core"
)

// Store keeps accounts. Each method that changes something does it whole or not at all, with its line in the
// audit log, and tells who was revoked by it after the commit.
type Store interface {
	Users
	Links
	Credentials
	Keys
	Visitors
	Tickets
	Failures
	// Revoked says, from memory, whether what the actor came by was revoked since. It knows what this node revoked
	// at once, and what others did within a second.
	Revoked(actor core.Actor) bool
	// Sweep removes what has expired.
	Sweep(ctx context.Context, e Expired) error
}

// Users keeps the people who can sign in.
type Users interface {
	HasUsers(ctx context.Context) (bool, error)
	// KeepSetUpCode adds a code by its hash and forgets those that were made before keepAfter.
	KeepSetUpCode(ctx context.Context, hash string, at, keepAfter time.Time) error
	// SetUp makes the first user and his login, keeps whose desk this is, and forgets all codes. It is Unauthorized when the code is not kept
	// (any more) or somebody has set up already, whoever tries at once.
	SetUp(ctx context.Context, codeHash string, account core.Account, user NewUser, login NewLogin) (*core.Agent, error)
	// AddUser makes a user in the queue general; a taken e-mail address is a Conflict.
	AddUser(ctx context.Context, by core.Actor, user NewUser) (*core.Agent, error)
	// ChangeUser asks decide what becomes of the newest picture of a user, of whom nobody else can change
	// anything meanwhile; owners counts the owners who are not disabled. With retire all credentials of the user stop.
	ChangeUser(ctx context.Context, by core.Actor, id string, decide func(was core.Agent, owners int) (is core.Agent, retire bool, err error)) (*core.Agent, error)
	// ChangePassword keeps the new hash, stops all credentials of the user and makes a new login, of the user's new
	// generation. It is Unauthorized when the caller's own was not the present one any more.
	ChangePassword(ctx context.Context, by core.Actor, hash string, login NewLogin) (*core.Agent, error)
	// UserByEmail is NotFound when there is no such user; a disabled one is found.
	UserByEmail(ctx context.Context, email string) (user *core.Agent, passwordHash string, err error)
	PasswordHash(ctx context.Context, id string) (string, error)
}

// Links keeps invitations and the links of those who lost their password, by the hashes of their codes. Each is used
// once, whoever tries at once; who comes too late finds NotFound.
type Links interface {
	// AddInvite replaces the open invitation of the address; an address that a user has is a Conflict.
	AddInvite(ctx context.Context, by core.Actor, hash string, invite Invite) error
	// Invites gives those that are open now.
	Invites(ctx context.Context, now time.Time) ([]Invite, error)
	// RemoveInvite asks allow about the invitation first.
	RemoveInvite(ctx context.Context, by core.Actor, id string, allow func(Invite) error) error
	InviteByHash(ctx context.Context, hash string, now time.Time) (Invite, error)
	// AcceptInvite uses the invitation up and makes its user and his login; it is a Conflict, and the invitation
	// stays, when a user has the address by now.
	AcceptInvite(ctx context.Context, hash string, user NewUser, login NewLogin) (*core.Agent, error)
	// AddReset replaces the open link of the user, whom allow is asked about.
	AddReset(ctx context.Context, by core.Actor, reset NewReset, allow func(core.Agent) error) error
	ResetByHash(ctx context.Context, hash string, now time.Time) (user *core.Agent, expires time.Time, err error)
	// UseReset uses the link up, keeps the new hash, stops all credentials of the user and makes a new login of his new
	// generation. It is NotFound, too, when he changed in between.
	UseReset(ctx context.Context, codeHash, passwordHash string, login NewLogin) (*core.Agent, error)
}

// Credentials keeps what callers show. Those of a disabled person, and those older than the person's present
// generation, are NotFound.
type Credentials interface {
	CredentialByHash(ctx context.Context, kind Kind, hash string) (*Credential, error)
	CredentialByID(ctx context.Context, id string) (*Credential, error)
	// Used notes when a credential was used last.
	Used(ctx context.Context, id string, at time.Time) error
	// AddLogin is NotFound when the user was disabled or his generation grew meanwhile. It is a sign of life.
	AddLogin(ctx context.Context, login NewLogin) (*core.Agent, error)
	RemoveLogin(ctx context.Context, by core.Actor) error
}

// Keys keeps the keys of bots.
type Keys interface {
	// AddKey makes the bot of this name if it is new and gives it the key; it is a Conflict when the bot has two.
	AddKey(ctx context.Context, by core.Actor, botName, hash string, key Key) (bot core.Ref, err error)
	RemoveKey(ctx context.Context, by core.Actor, id string) error // NotFound when there is none
	Keys(ctx context.Context) ([]Key, error)
}

// Visitors keeps the customers who come by a page, and their tokens.
type Visitors interface {
	// AddVisitor keeps the token and makes its customer, or finds the one that was verified as the same subject
	// before, by whichever key, with name and e-mail as they are claimed now.
	AddVisitor(ctx context.Context, token NewVisitor) (core.Customer, error)
}

// Tickets keeps what browsers open a socket with.
type Tickets interface {
	AddTicket(ctx context.Context, hash, credential string, expires time.Time) error
	// TakeTicket gives the ticket's credential to one caller, whoever else asks at once; NotFound to all others and
	// after its time.
	TakeTicket(ctx context.Context, hash string, now time.Time) (credential string, err error)
}

// Failures counts failed attempts to sign in, by account and by address.
type Failures interface {
	// Failures gives the counts that there are of these subjects.
	Failures(ctx context.Context, subjects ...string) (map[string]Failure, error)
	// Fail counts one more; a count that began before since starts again at one.
	Fail(ctx context.Context, subject string, at, since time.Time) error
	// Forgive forgets the count of a subject.
	Forgive(ctx context.Context, subject string) error
}

// Kind is what sort of credential a caller shows.
type Kind string

// The kinds of credentials; each is the prefix of the ids of its kind.
const (
	LoginKind   Kind = core.LoginPrefix
	KeyKind     Kind = core.KeyPrefix
	VisitorKind Kind = "vis_"
)

// Prefixes of the secrets that are given out.
const (
	loginSecret   = "hs_"
	keySecret     = "hk_"
	visitorSecret = "hv_"
	ticketSecret  = "ht_"
)

// Credential is what somebody shows, as it is kept, and who that makes him.
type Credential struct {
	Kind      Kind
	Actor     core.Actor
	Issuer    string // who vouched for a verified customer; else empty
	CreatedAt time.Time
	UsedAt    time.Time
}

// NewUser is a user to be made.
type NewUser struct {
	ID           string
	Email        string
	Name         string
	Role         core.Role
	Queues       []string // ids; empty is general
	PasswordHash string
	At           time.Time
}

// NewLogin is a login to be made for the agent as he was when he was recognised.
type NewLogin struct {
	ID         string
	Hash       string
	Agent      string
	Generation int64
	At         time.Time
}

// NewVisitor is a visitor's token to be made; Claims are nil for an anonymous one.
type NewVisitor struct {
	ID       string
	Hash     string
	Customer core.Customer
	Claims   *Claims
	At       time.Time
}

// Key is a bot's key as lists show it; the key itself was shown once.
type Key struct {
	ID        string
	Bot       core.Ref
	Scopes    []string
	Prefix    string // its first characters
	CreatedAt time.Time
	UsedAt    time.Time // to the minute; zero when it never was
}

// Failure counts the failed attempts of one subject.
type Failure struct {
	Count   int
	FirstAt time.Time
	LastAt  time.Time
}

// Expired says since when things count as expired.
type Expired struct {
	LoginsBegun  time.Time
	LoginsUsed   time.Time
	VisitorsUsed time.Time
	Tickets      time.Time
	Links        time.Time
	Failures     time.Time
}
