package api

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"baton/core"
)

// problemType is what every refusal is sent as.
const problemType = "application/problem+json"

// Problem is a refusal as callers see it: RFC 9457 with our code and the id that our log knows it by.
type Problem struct {
	Type      string            `json:"type" doc:"Where this kind of problem is explained"`
	Title     string            `json:"title" doc:"The kind of problem in a few words"`
	Status    int               `json:"status" doc:"The HTTP status"`
	Detail    string            `json:"detail" doc:"What stood in the way, and what to do"`
	Code      core.Kind         `json:"code" doc:"The kind of problem, for programs"`
	RequestID string            `json:"request_id" doc:"How our log knows this request"`
	Instance  string            `json:"instance" doc:"What was asked for"`
	Errors    []core.FieldError `json:"errors,omitempty" doc:"The parts of the request that were not acceptable"`

	retryAfter time.Duration
}

// Error gives what stood in the way.
func (p *Problem) Error() string { return p.Detail }

// GetStatus gives the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType says that this is a problem.
func (p *Problem) ContentType(string) string { return problemType }

// GetHeaders says when to try again, if that helps.
func (p *Problem) GetHeaders() http.Header {
	if p.retryAfter <= 0 {
		return nil
	}
	return http.Header{"Retry-After": {strconv.Itoa(max(1, int(math.Ceil(p.retryAfter.Seconds()))))}}
}

// Kinds that only HTTP knows.
const (
	kindNoRoute       core.Kind = "not_found"
	kindNoMethod      core.Kind = "method_not_allowed"
	kindNotAcceptable core.Kind = "not_acceptable"
	kindSlow          core.Kind = "request_timeout"
	kindUpgrade       core.Kind = "upgrade_required"
	kindHeaders       core.Kind = "headers_too_large"
)

// meaning is a kind of refusal in HTTP's words.
type meaning struct {
	kind   core.Kind
	status int
	title  string
}

// meanings lists every kind that an answer can have.
func meanings() []meaning {
	return []meaning{
		{core.Malformed, http.StatusBadRequest, "Not acceptable as JSON"},
		{core.Unauthorized, http.StatusUnauthorized, "Not signed in"},
		{core.Forbidden, http.StatusForbidden, "Not allowed"},
		{core.NotFound, http.StatusNotFound, "Not found"},
		{kindNoMethod, http.StatusMethodNotAllowed, "No such method here"},
		{kindNotAcceptable, http.StatusNotAcceptable, "No such representation"},
		{kindSlow, http.StatusRequestTimeout, "Sent too slowly"},
		{core.Conflict, http.StatusConflict, "Not possible as things stand"},
		{core.NotOwner, http.StatusConflict, "Somebody else has the chat"},
		{core.SessionEnded, http.StatusConflict, "The chat is over"},
		{core.KeyInProgress, http.StatusConflict, "The same request is under way"},
		{core.TooLarge, http.StatusRequestEntityTooLarge, "Too large"},
		{core.Unsupported, http.StatusUnsupportedMediaType, "Type not supported"},
		{core.Invalid, http.StatusUnprocessableEntity, "Not acceptable"},
		{core.KeyReused, http.StatusUnprocessableEntity, "Idempotency key used before"},
		{kindUpgrade, http.StatusUpgradeRequired, "A WebSocket is expected"},
		{core.TooMany, http.StatusTooManyRequests, "Too many requests"},
		{kindHeaders, http.StatusRequestHeaderFieldsTooLarge, "Headers too large"},
		{core.Internal, http.StatusInternalServerError, "Our fault"},
		{core.Busy, http.StatusServiceUnavailable, "Busy"},
		{core.StorageFull, http.StatusInsufficientStorage, "No room left"},
	}
}

func meaningOf(kind core.Kind) meaning {
	for _, m := range meanings() {
		if m.kind == kind {
			return m
		}
	}
	return meaning{core.Internal, http.StatusInternalServerError, "Our fault"}
}

// problem says what an error means to the caller. An error that is no refusal is our fault: it is logged here,
// at the edge, and the caller gets the id of the request and no text of ours.
func (s *Server) problem(c *call, err error) *Problem {
	var known *Problem
	if errors.As(err, &known) {
		return known
	}
	refusal := refusalOf(err)
	m := meaningOf(refusal.Kind)
	p := &Problem{
		Type: "/docs#" + string(m.kind), Title: m.title, Status: m.status, Detail: refusal.Detail, Code: m.kind,
		RequestID: c.id, Instance: c.instance(), Errors: refusal.Fields, retryAfter: refusal.RetryAfter,
	}
	switch m.kind {
	case core.Internal:
		s.log.Error("a request went wrong", "request_id", c.id, "call", c.name(), "error", err)
		p.Detail = "something went wrong on our side; give the request_id to whoever runs this server"
		p.Errors = nil
	case core.Busy:
		p.retryAfter = max(p.retryAfter, time.Second)
	}
	return p
}

// refusalOf finds the refusal in an error. A request that ran out of its time found the desk busy.
func refusalOf(err error) *core.Error {
	var refusal *core.Error
	switch {
	case errors.As(err, &refusal):
		return refusal
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return core.Overloaded()
	}
	return &core.Error{Kind: core.Internal}
}

// invalid turns what huma found in a request into our words: it answers 422 with pointers into the body.
func (s *Server) invalid(c *call, found *huma.ErrorModel) *Problem {
	kind := core.Invalid
	if found.Status == http.StatusBadRequest {
		kind = core.Malformed
	}
	refusal := &core.Error{Kind: kind, Detail: "the request is not acceptable"}
	if found.Status == http.StatusBadRequest && len(found.Errors) == 0 {
		refusal.Detail = "the request has no body; send JSON"
	}
	for _, e := range found.Errors {
		if len(refusal.Fields) == maxFieldErrors {
			break
		}
		refusal.Fields = append(refusal.Fields, fieldError(e))
	}
	if len(refusal.Fields) > 0 {
		refusal.Detail = strings.TrimPrefix(refusal.Fields[0].Pointer+": "+refusal.Fields[0].Detail, ": ")
	}
	return s.problem(c, refusal)
}

const (
	maxFieldErrors  = 20
	maxPointerBytes = 256
)

// fieldError translates one of huma's findings: where it is as a JSON pointer, or the name of a parameter, and
// what is wrong there.
func fieldError(e *huma.ErrorDetail) core.FieldError {
	if pointer, detail, ok := splitDecodeError(e.Message); ok {
		return core.FieldError{Pointer: clip(pointer), Detail: detail}
	}
	at, last := pointerOf(e.Location), ""
	switch {
	case e.Message == validation.MsgUnexpectedProperty:
		// The name is the caller's and may hold what separates huma's path, so it is looked up in the object.
		if object, ok := e.Value.(map[string]any); ok {
			at, last = unexpected(e.Location, object)
		}
		return core.FieldError{Pointer: clip(at + last), Detail: "there is no field of this name"}
	case strings.HasPrefix(e.Message, requiredPrefix):
		name := strings.TrimSuffix(strings.TrimPrefix(e.Message, requiredPrefix), requiredSuffix)
		return core.FieldError{Pointer: clip(at + "/" + name), Detail: name + " is missing"}
	}
	return core.FieldError{Pointer: clip(at), Detail: e.Message}
}

const (
	requiredPrefix = "expected required property "
	requiredSuffix = " to be present"
)

// unexpected takes a path of huma apart that ends in a name of the caller's.
func unexpected(location string, object map[string]any) (parent, name string) {
	for key := range object {
		if before, ok := strings.CutSuffix(location, "."+key); ok && len("/"+key) > len(name) {
			parent, name = pointerOf(before), "/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
		}
	}
	return parent, name
}

// pointerOf makes "body.transcript[3].author" the pointer "/transcript/3/author", and "query.limit" "limit".
func pointerOf(location string) string {
	where, path, _ := strings.Cut(location, ".")
	switch {
	case path == "":
		return ""
	case where != "body":
		name, _, _ := strings.Cut(path, "[")
		return name
	}
	return "/" + strings.NewReplacer("[", "/", "]", "", ".", "/").Replace(path)
}

func clip(text string) string {
	if len(text) > maxPointerBytes {
		return strings.ToValidUTF8(text[:maxPointerBytes], "") + "…"
	}
	return text
}

// challenge is sent with every 401.
func challenge(p *Problem, set func(name, value string)) {
	for name, values := range p.GetHeaders() {
		set(name, values[0])
	}
	if p.Status == http.StatusUnauthorized {
		set("WWW-Authenticate", `Bearer realm="baton"`)
	}
}

// wrong makes a refusal of a kind that only HTTP knows.
func wrong(kind core.Kind, format string, args ...any) *core.Error {
	return &core.Error{Kind: kind, Detail: fmt.Sprintf(format, args...)}
}
