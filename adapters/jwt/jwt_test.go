package jwt

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"baton/core"
	"baton/core/access"
)

const secret = "a secret that the page and Baton share"

var now = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// said gives good claims, changed by each pair of a name and a value; nil takes a claim out.
func said(changes ...any) jwt.MapClaims {
	all := jwt.MapClaims{"sub": "u1", "name": "Ann", "email": "ann@example.org", "aud": "baton", "exp": now.Add(5 * time.Minute).Unix()}
	for i := 0; i < len(changes); i += 2 {
		if all[changes[i].(string)] = changes[i+1]; changes[i+1] == nil {
			delete(all, changes[i].(string))
		}
	}
	return all
}

func sign(t *testing.T, method jwt.SigningMethod, kid any, key any, c jwt.MapClaims) string {
	t.Helper()
	token := jwt.NewWithClaims(method, c)
	if kid != nil {
		token.Header["kid"] = kid
	}
	text, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestGoodTokenSaysWhoTheVisitorIs(t *testing.T) {
	i := New(Config{Keys: map[string]string{"main": secret}})
	want := access.Claims{Issuer: "main", Subject: "u1", Name: "Ann", Email: "ann@example.org"}
	for name, c := range map[string]jwt.MapClaims{"one audience": said(), "among audiences": said("aud", []string{"shop", "baton"}), "just ten minutes": said("exp", now.Add(10*time.Minute).Unix())} {
		if got, err := i.Verify(sign(t, jwt.SigningMethodHS256, "main", []byte(secret), c), now); err != nil || got != want {
			t.Errorf("%s: got %+v (%v), want %+v", name, got, err, want)
		}
	}
	if !i.Trusts("main") || i.Trusts("other") || i.Trusts("") {
		t.Error("the trusted keys are not exactly those of the configuration")
	}
}

func TestTokenThatIsNotGoodIsRefused(t *testing.T) {
	i := New(Config{Keys: map[string]string{"main": secret, "empty": ""}})
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	good := sign(t, jwt.SigningMethodHS256, "main", []byte(secret), said())
	parts := strings.Split(good, ".")
	forged := base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"owner","aud":"baton","exp":9999999999}`))
	for name, token := range map[string]string{
		"nothing":               "",
		"no token":              "abc",
		"alg none":              sign(t, jwt.SigningMethodNone, "main", jwt.UnsafeAllowNoneSignatureType, said()),
		"RS256":                 sign(t, jwt.SigningMethodRS256, "main", private, said()),
		"HS512":                 sign(t, jwt.SigningMethodHS512, "main", []byte(secret), said()),
		"another secret":        sign(t, jwt.SigningMethodHS256, "main", []byte("x"), said()),
		"an unknown key":        sign(t, jwt.SigningMethodHS256, "other", []byte(secret), said()),
		"a key without secret":  sign(t, jwt.SigningMethodHS256, "empty", []byte(""), said()),
		"no kid":                sign(t, jwt.SigningMethodHS256, nil, []byte(secret), said()),
		"a kid of another type": sign(t, jwt.SigningMethodHS256, 7, []byte(secret), said()),
		"expired":               sign(t, jwt.SigningMethodHS256, "main", []byte(secret), said("exp", now.Unix())),
		"too long":              sign(t, jwt.SigningMethodHS256, "main", []byte(secret), said("exp", now.Add(10*time.Minute+time.Second).Unix())),
		"no exp":                sign(t, jwt.SigningMethodHS256, "main", []byte(secret), said("exp", nil)),
		"no aud":                sign(t, jwt.SigningMethodHS256, "main", []byte(secret), said("aud", nil)),
		"another aud":           sign(t, jwt.SigningMethodHS256, "main", []byte(secret), said("aud", "shop")),
		"no sub":                sign(t, jwt.SigningMethodHS256, "main", []byte(secret), said("sub", nil)),
		"not yet":               sign(t, jwt.SigningMethodHS256, "main", []byte(secret), said("nbf", now.Add(time.Minute).Unix())),
		"changed claims":        parts[0] + "." + forged + "." + parts[2],
		"no signature":          parts[0] + "." + parts[1] + ".",
		"endless":               good + strings.Repeat("A", maxToken),
	} {
		if got, err := i.Verify(token, now); core.KindOf(err) != core.Unauthorized {
			t.Errorf("%s: got %+v and %v, want an unauthorized refusal", name, got, err)
		}
	}
}

func TestWithoutKeysNobodyIsVouchedFor(t *testing.T) {
	token := sign(t, jwt.SigningMethodHS256, "main", []byte(secret), said())
	if _, err := New(Config{}).Verify(token, now); core.KindOf(err) != core.Unauthorized {
		t.Errorf("without keys a token gave %v, want an unauthorized refusal", err)
	}
}
