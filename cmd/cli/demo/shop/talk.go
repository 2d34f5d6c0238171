package shop

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"baton/cmd/client"
)

// maxWords bounds what a visitor says at once.
const maxWords = 2000

// hearTalk tells the page how the talk with the bot stands, and again whenever that changes (server-sent events). A
// visitor who has not said anything has no talk, and gets the greeting.
func (s *Shop) hearTalk(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	t := s.talkOf(r, false)
	if t == nil {
		_ = tell(w, state{Lines: []stateLine{{Who: "bot", Text: greeting}}})
		return
	}
	for {
		now, changed := s.bot.look(t)
		if tell(w, now) != nil {
			return // the page has gone
		}
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		}
	}
}

func tell(w http.ResponseWriter, now state) error {
	encoded, err := json.Marshal(now)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "data: %s\n\n", encoded); err != nil {
		return err
	}
	return http.NewResponseController(w).Flush()
}

func (s *Shop) talkOf(r *http.Request, begin bool) *talk {
	c, err := r.Cookie(talkCookie)
	if err != nil || c.Value == "" {
		return nil
	}
	return s.bot.find(c.Value, begin)
}

// sayTalk takes what a visitor says to the bot, whose answer comes by hearTalk, or who he is at Baton.
func (s *Shop) sayTalk(w http.ResponseWriter, r *http.Request) {
	var in struct{ Text, Visitor, Page string }
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 16<<10)).Decode(&in)
	text := strings.TrimSpace(in.Text)
	if err != nil || text == "" && in.Visitor == "" || len(text) > maxWords {
		http.Error(w, "say something, in at most 2000 bytes", http.StatusBadRequest)
		return
	}
	t := s.talkOf(r, true)
	if t == nil {
		secret := client.NewID()
		setCookie(w, talkCookie, secret)
		t = s.bot.find(secret, true)
	}
	name := ""
	if who := signedIn(r); who != nil {
		name = who.Name
	}
	s.bot.meet(t, in.Visitor, name)
	if text != "" {
		s.bot.say(r.Context(), t, text, in.Page)
	}
	w.WriteHeader(http.StatusNoContent)
}
