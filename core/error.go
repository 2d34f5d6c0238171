package core

import (
	"errors"
	"fmt"
	"time"
)

// Kind says what sort of refusal an Error is. It is the `code` that callers see.
type Kind string

// The kinds of refusal.
const (
	Malformed     Kind = "malformed"     // bytes that are no acceptable JSON
	Unauthorized  Kind = "unauthorized"  // nobody we know, or no longer
	Forbidden     Kind = "forbidden"     // known, and not allowed to do this
	NotFound      Kind = "not_found"     // missing, or not for this caller's eyes
	Conflict      Kind = "conflict"      // the state of things does not allow it
	NotOwner      Kind = "not_owner"     // somebody else has the chat
	SessionEnded  Kind = "session_ended" // the chat is over
	Invalid       Kind = "invalid"       // understood, and not acceptable
	KeyReused     Kind = "idempotency_key_reused"
	KeyInProgress Kind = "idempotency_in_progress"
	TooLarge      Kind = "too_large"
	Unsupported   Kind = "unsupported_type"
	TooMany       Kind = "too_many"
	Busy          Kind = "busy" // try again: nothing is known to be wrong with the request
	StorageFull   Kind = "storage_full"
	Internal      Kind = "internal"
)

// Error is a refusal with a text for the person: what stood in the way and what to do.
type Error struct {
	Kind       Kind
	Detail     string
	Fields     []FieldError
	RetryAfter time.Duration
	cause      error
}

// FieldError points at the part of a request that was not acceptable.
type FieldError struct {
	Pointer string `json:"pointer"`
	Detail  string `json:"detail"`
}

func (e *Error) Error() string {
	if e.cause != nil {
		return e.Detail + ": " + e.cause.Error()
	}
	return e.Detail
}

// Unwrap gives the error underneath, if there is one.
func (e *Error) Unwrap() error { return e.cause }

// Refuse makes an Error of this kind with a text for the person.
func Refuse(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Detail: fmt.Sprintf(format, args...)}
}

// RefuseField makes an Invalid error that points at one part of the request.
func RefuseField(pointer, format string, args ...any) *Error {
	detail := fmt.Sprintf(format, args...)
	return &Error{Kind: Invalid, Detail: detail, Fields: []FieldError{{Pointer: pointer, Detail: detail}}}
}

// Because adds the error underneath; callers of the API never see it.
func (e *Error) Because(cause error) *Error {
	with := *e
	with.cause = cause
	return &with
}

// KindOf gives the kind of an error, or Internal for one that is no refusal, or "" for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	var refusal *Error
	if errors.As(err, &refusal) {
		return refusal.Kind
	}
	return Internal
}

// Missing is the refusal for everything a caller may not see: the same text whether it exists or not.
func Missing() *Error {
	return Refuse(NotFound, "there is nothing here by that name that you may see")
}

// Overloaded is the refusal when the desk cannot answer in time; the same request may be sent again.
func Overloaded() *Error {
	return &Error{Kind: Busy, Detail: "the desk is busy; send the same request again in a moment", RetryAfter: time.Second}
}

// NoRoom is the refusal of a file that there is no room for. What fills it up is for whoever runs the server: say it
// with Because.
func NoRoom() *Error {
	return Refuse(StorageFull, "there is no room for more files; tell whoever runs this server")
}
