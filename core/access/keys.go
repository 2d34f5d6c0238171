package access

import (
	"context"

	"baton/core"
)

// VisitorRequest is somebody who opens the widget.
type VisitorRequest struct {
	Name     string
	Email    string
	Locale   string
	TimeZone string // where he is; what is no zone is left out
	Identity string // a token of the host page that vouches for him; empty for an anonymous visitor
}

// MakeVisitor gives a customer's token. An anonymous visitor is a new customer each time. One whom the host page
// vouches for is the customer that this page vouched for before under the same subject, with the name and e-mail
// that it claims now. A verified customer's token stops when the page's key is taken out of the configuration;
// both end after seven days without use.
func (a *Access) MakeVisitor(ctx context.Context, r VisitorRequest) (token string, customer core.Customer, err error) {
	said, err := r.customer()
	if err != nil {
		return "", core.Customer{}, err
	}
	token = core.NewSecret(visitorSecret)
	visitor := NewVisitor{ID: core.NewID(string(VisitorKind)), Hash: hashOf(token), Customer: said, At: a.cfg.Now()}
	if r.Identity != "" {
		claims, err := a.identity.Verify(r.Identity, visitor.At)
		if err != nil {
			return "", core.Customer{}, err
		}
		if visitor.Customer, err = vouched(said, claims); err != nil {
			return "", core.Customer{}, err
		}
		visitor.Claims = &claims
	}
	customer, err = a.store.AddVisitor(ctx, visitor)
	if err != nil {
		return "", core.Customer{}, err
	}
	return token, customer, nil
}

// customer checks what a visitor says about himself.
func (r VisitorRequest) customer() (core.Customer, error) {
	c := core.Customer{ID: core.NewID(core.CustomerPrefix), Name: core.CleanName(r.Name), Email: core.CleanEmail(r.Email), Locale: r.Locale, TimeZone: r.TimeZone}
	if core.CheckTimeZone("/time_zone", c.TimeZone) != nil {
		c.TimeZone = "" // a browser's fancy is no reason to refuse its visitor
	}
	if len(c.Name) > core.MaxName || !core.Plain(r.Name) {
		return c, core.RefuseField("/name", "a name has at most %d bytes of UTF-8", core.MaxName)
	}
	if c.Email != "" {
		if err := core.CheckEmail("/email", c.Email); err != nil {
			return c, err
		}
	}
	if c.Locale != "" && !core.IsLanguageTag(c.Locale) {
		return c, core.RefuseField("/locale", "locale is a language tag like en-GB, not %q", c.Locale)
	}
	return c, nil
}

// vouched lays what the host page vouches for over what the visitor says himself.
func vouched(said core.Customer, claims Claims) (core.Customer, error) {
	is := core.Customer{ID: said.ID, Name: core.CleanName(claims.Name), Email: core.CleanEmail(claims.Email), Locale: said.Locale, TimeZone: said.TimeZone, Verified: true}
	bad := len(is.Name) > core.MaxName || !core.Plain(claims.Name) || !core.Plain(claims.Subject) || len(claims.Subject) > maxSubject
	if is.Email != "" {
		bad = bad || core.CheckEmail("", is.Email) != nil
	}
	if bad {
		return is, core.RefuseField("/identity", "a claim of the identity token is not acceptable: sub has at most %d bytes, name %d, and email is an address", maxSubject, core.MaxName)
	}
	return is, nil
}

const maxSubject = 255

const (
	maxScopes = 50
	// prefixShown is how much of a key lists show: 30 of its 256 bits.
	prefixShown = len(keySecret) + 6
)

// MakeKey gives a key to the bot of this name, which is made if it is new. A bot has at most two keys, so that
// one can replace the other without a pause; a third is a Conflict. Empty scopes allow all that a bot may do.
// The secret is shown this once; Key.Prefix is how people tell it from others later.
func (a *Access) MakeKey(ctx context.Context, by core.Actor, name string, scopes []string) (secret string, key Key, err error) {
	if err := mayKeys(by); err != nil {
		return "", key, err
	}
	if name, err = core.CheckName("/name", name); err != nil {
		return "", key, err
	}
	if len(scopes) > maxScopes {
		return "", key, core.RefuseField("/scopes", "at most %d scopes are accepted", maxScopes)
	}
	if err := checkWords("/scopes", scopes); err != nil {
		return "", key, err
	}
	secret = core.NewSecret(keySecret)
	key = Key{ID: core.NewID(core.KeyPrefix), Scopes: scopes, Prefix: secret[:prefixShown], CreatedAt: a.cfg.Now()}
	if key.Bot, err = a.store.AddKey(ctx, by, name, hashOf(secret), key); err != nil {
		return "", Key{}, err
	}
	return secret, key, nil
}

// RevokeKey ends a key and the sockets that came by it.
func (a *Access) RevokeKey(ctx context.Context, by core.Actor, keyID string) error {
	if err := mayKeys(by); err != nil {
		return err
	}
	return a.store.RemoveKey(ctx, by, keyID)
}

// Keys lists the keys of all bots.
func (a *Access) Keys(ctx context.Context, by core.Actor) ([]Key, error) {
	if err := mayKeys(by); err != nil {
		return nil, err
	}
	return a.store.Keys(ctx)
}

func mayKeys(by core.Actor) error {
	if by.Administers() || by.Role == core.System {
		return nil
	}
	return core.Refuse(core.Forbidden, "only admins and the owner may see to keys")
}
