package shop

import (
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// customer is somebody who has signed in.
type customer struct{ ID, Name, Email string }

// hana is the one customer with an account; signing in takes no password, since this is an example.
func hana() *customer {
	return &customer{ID: "customer-1041", Name: "Hana Sato", Email: "hana.sato@example.com"}
}

// The cookies of the shop. They stay on its own pages.
const (
	talkCookie   = "tarn_talk"
	signedCookie = "tarn_customer"
)

func signedIn(r *http.Request) *customer {
	if c, err := r.Cookie(signedCookie); err == nil && c.Value == hana().ID {
		return hana()
	}
	return nil
}

func setCookie(w http.ResponseWriter, name, value string) {
	c := &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

func (s *Shop) signIn(w http.ResponseWriter, r *http.Request) {
	setCookie(w, signedCookie, hana().ID)
	http.Redirect(w, r, "/orders", http.StatusSeeOther)
}

// signOut forgets the customer and what he said to the bot; the page has Baton forget him too.
func (s *Shop) signOut(w http.ResponseWriter, r *http.Request) {
	setCookie(w, signedCookie, "")
	setCookie(w, talkCookie, "")
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// vouchFor is how long the shop's word about a customer is good.
const vouchFor = 5 * time.Minute

// identity is the shop's word about who the customer is, signed with the key that it shares with Baton.
func (s *Shop) identity(w http.ResponseWriter, r *http.Request) {
	who := signedIn(r)
	if who == nil || s.cfg.IdentityKey == "" {
		http.Error(w, "nobody has signed in", http.StatusForbidden)
		return
	}
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"sub": who.ID, "name": who.Name, "email": who.Email, "aud": "baton", "exp": time.Now().Add(vouchFor).Unix(),
	})
	token.Header["kid"] = s.cfg.IdentityID
	signed, err := token.SignedString([]byte(s.cfg.IdentityKey))
	if err != nil {
		http.Error(w, "the key does not sign", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "text/plain")
	_, _ = w.Write([]byte(signed))
}
