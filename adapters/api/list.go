package api

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"
	"time"

	"baton/core"
)

// Page is what the caller of a list asks for.
type Page struct {
	Limit int    `query:"limit" minimum:"1" default:"50" doc:"How many, 500 at most; more is taken as 500"`
	After string `query:"after" doc:"The next of the page before"`
}

const (
	pageDefault = 50
	pageMax     = 500
)

func (p Page) limit() int {
	if p.Limit < 1 {
		return pageDefault
	}
	return min(p.Limit, pageMax)
}

// List is a page of something. Next is the cursor of the page that follows, or null.
type List[T any] struct {
	Data []T     `json:"data"`
	Next *string `json:"next"`
}

type listOutput[T any] struct{ Body List[T] }

// signer signs what callers hand back to us: cursors and links.
type signer struct{ secret []byte }

const macBytes = 16

func (s signer) mac(purpose, text string) []byte {
	h := hmac.New(sha256.New, s.secret)
	h.Write([]byte(purpose + "\x00" + text))
	return h.Sum(nil)[:macBytes]
}

// cursor makes the opaque name of a place in a list.
func (s signer) cursor(list, place string) *string {
	if place == "" {
		return nil
	}
	text := base64.RawURLEncoding.EncodeToString(append(s.mac("cursor "+list, place), place...))
	return &text
}

// place reads a cursor of this list; one that we did not make is refused.
func (s signer) place(list, cursor string) (string, error) {
	if cursor == "" {
		return "", nil
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(raw) < macBytes || !hmac.Equal(raw[:macBytes], s.mac("cursor "+list, string(raw[macBytes:]))) {
		return "", core.RefuseField("after", "this is not a cursor of this list; take the next of the page before")
	}
	return string(raw[macBytes:]), nil
}

// link signs the way to a file until some time.
func (s signer) link(file string, until time.Time) string {
	return base64.RawURLEncoding.EncodeToString(s.mac("file", file+" "+strconv.FormatInt(until.Unix(), 10)))
}

func (s signer) goodLink(file string, until time.Time, signature string) bool {
	return hmac.Equal([]byte(signature), []byte(s.link(file, until)))
}

// paged cuts a page out of all there is, ordered by id.
func paged[T, V any](s signer, list string, p Page, all []T, id func(T) string, show func(T) V) (*listOutput[V], error) {
	after, err := s.place(list, p.After)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b T) int { return cmp.Compare(id(a), id(b)) })
	from := 0
	for from < len(all) && id(all[from]) <= after {
		from++
	}
	all = all[from:]
	out := &listOutput[V]{}
	if len(all) > p.limit() {
		all = all[:p.limit()]
		out.Body.Next = s.cursor(list, id(all[len(all)-1]))
	}
	for _, one := range all {
		out.Body.Data = append(out.Body.Data, show(one))
	}
	return out, nil
}
