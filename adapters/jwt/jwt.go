// Package jwt checks what a host page says about its visitor: a short JSON Web Token, signed with HS256 by a key
// that the page and Baton share. The token's header names the key by `kid`; its claims are `sub` (the page's own id
// of the person), `name`, `email`, `aud` and `exp`. Tokens live ten minutes at most, so the page makes a new one
// each time it shows the chat.
package jwt

import (
	"errors"
	"maps"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"baton/core"
	"baton/core/access"
)

const (
	// DefaultAudience is what `aud` must be, or hold, when nothing else is configured.
	DefaultAudience = "baton"
	longest         = 10 * time.Minute
	maxToken        = 8 << 10
)

// Config names the keys that host pages sign with.
type Config struct {
	Keys     map[string]string // by kid; a key without a secret is not accepted
	Audience string            // DefaultAudience when empty
}

// Identity checks tokens.
type Identity struct {
	keys   map[string]string
	parser func(now time.Time) *jwt.Parser
}

var _ access.Identity = (*Identity)(nil)

// New makes an Identity. Without keys it accepts nobody.
func New(c Config) *Identity {
	keys := maps.Clone(c.Keys)
	maps.DeleteFunc(keys, func(_, secret string) bool { return secret == "" })
	if c.Audience == "" {
		c.Audience = DefaultAudience
	}
	return &Identity{keys: keys, parser: func(now time.Time) *jwt.Parser {
		return jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithAudience(c.Audience),
			jwt.WithExpirationRequired(), jwt.WithTimeFunc(func() time.Time { return now }))
	}}
}

// Trusts says whether tokens signed by this key are accepted.
func (i *Identity) Trusts(issuer string) bool {
	_, known := i.keys[issuer]
	return known
}

type claims struct {
	jwt.RegisteredClaims
	Name  string `json:"name"`
	Email string `json:"email"`
}

// Verify gives what a token claims. It is Unauthorized, with the reason, unless the token is signed with HS256 by
// a known key, is for this audience, names a subject, and ends within ten minutes but not yet.
func (i *Identity) Verify(token string, now time.Time) (access.Claims, error) {
	if len(token) > maxToken {
		return access.Claims{}, core.Refuse(core.Unauthorized, "the identity token is too long")
	}
	var said claims
	parsed, err := i.parser(now).ParseWithClaims(token, &said, i.key)
	if err != nil {
		return access.Claims{}, refusal(err)
	}
	if said.ExpiresAt.Sub(now) > longest {
		return access.Claims{}, core.Refuse(core.Unauthorized, "the identity token lives too long: exp is at most ten minutes ahead")
	}
	if said.Subject == "" {
		return access.Claims{}, core.Refuse(core.Unauthorized, "the identity token names nobody: sub is missing")
	}
	kid, _ := parsed.Header["kid"].(string)
	return access.Claims{Issuer: kid, Subject: said.Subject, Name: said.Name, Email: said.Email}, nil
}

var errUnknownKey = errors.New("unknown key")

func (i *Identity) key(token *jwt.Token) (any, error) {
	kid, _ := token.Header["kid"].(string)
	secret, known := i.keys[kid]
	if !known {
		return nil, errUnknownKey
	}
	return []byte(secret), nil
}

// refusal says what the page's developer has to change.
func refusal(err error) error {
	why := "it is no JSON Web Token"
	for _, row := range []struct {
		is  error
		why string
	}{
		{errUnknownKey, "its kid names no key of widget.identity_keys"},
		{jwt.ErrTokenSignatureInvalid, "its signature is not right, or not HS256"},
		{jwt.ErrTokenExpired, "it has expired"},
		{jwt.ErrTokenRequiredClaimMissing, "exp or aud is missing"},
		{jwt.ErrTokenInvalidAudience, "aud is another audience"},
		{jwt.ErrTokenNotValidYet, "it is not valid yet"},
	} {
		if errors.Is(err, row.is) {
			why = row.why
			break
		}
	}
	return core.Refuse(core.Unauthorized, "the identity token is not good: %s", why).Because(err)
}
