package api

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"baton/core"
)

// jsonType is what bodies and answers are.
const jsonType = "application/json"

// maxDepth is how deep a body may be nested.
const maxDepth = 32

// format reads and writes every body.
func format() huma.Format {
	return huma.Format{Marshal: writeJSON, Unmarshal: readJSON}
}

func writeJSON(w io.Writer, v any) error {
	return json.MarshalWrite(w, v, jsontext.AllowInvalidUTF8(true), jsonv1.OmitEmptyWithLegacySemantics(true))
}

// readJSON reads a body that acceptable has seen. Names must be spelt exactly; what does not fit is an error
// that names its place.
func readJSON(data []byte, v any) error {
	err := json.Unmarshal(data, v, json.RejectUnknownMembers(true))
	var misfit *json.SemanticError
	if errors.As(err, &misfit) {
		return decodeError{pointer: string(misfit.JSONPointer), detail: misfitDetail(misfit)}
	}
	return err
}

func misfitDetail(e *json.SemanticError) string {
	if errors.Is(e.Err, json.ErrUnknownName) {
		return "there is no field of this name"
	}
	return "a value of another kind is expected here"
}

// decodeError travels through huma, which keeps nothing of an error but its text.
type decodeError struct{ pointer, detail string }

const decodeMark = "\x00decode\x00"

func (e decodeError) Error() string { return decodeMark + e.pointer + "\x00" + e.detail }

func splitDecodeError(text string) (pointer, detail string, ok bool) {
	text, ok = strings.CutPrefix(text, decodeMark)
	if !ok {
		return "", "", false
	}
	return strings.Cut(text, "\x00")
}

// acceptable refuses bytes that are no JSON for us: bad syntax, bad UTF-8, a name twice in one object, NUL, more
// than 32 levels, anything after the value. Nothing is decoded before.
func acceptable(body []byte) error {
	decoder := jsontext.NewDecoder(bytes.NewReader(body))
	for first := true; first || decoder.StackDepth() > 0; first = false {
		token, err := decoder.ReadToken()
		switch {
		case err != nil:
			return malformed(err)
		case decoder.StackDepth() > maxDepth:
			return core.Refuse(core.Malformed, "the JSON is nested more than %d levels deep", maxDepth)
		case token.Kind() == '"' && strings.ContainsRune(token.String(), 0):
			return core.Refuse(core.Malformed, "the JSON holds the character NUL at %q, which no text may", clip(string(decoder.StackPointer())))
		}
	}
	if _, err := decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return core.Refuse(core.Malformed, "there is more after the end of the JSON value")
	}
	return nil
}

// malformed says where the JSON breaks, without repeating what stands there.
func malformed(err error) error {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return core.Refuse(core.Malformed, "a name stands twice in one object of the JSON").Because(err)
	case errors.As(err, &syntax):
		return core.Refuse(core.Malformed, "the body is not JSON in UTF-8: it breaks at byte %d", syntax.ByteOffset).Because(err)
	case errors.Is(err, io.EOF):
		return core.Refuse(core.Malformed, "the body is empty; JSON is expected").Because(err)
	}
	return core.Refuse(core.Malformed, "the body is not JSON in UTF-8").Because(err)
}
