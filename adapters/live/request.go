package live

import (
	"bytes"
	"errors"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"baton/core"
	"baton/core/desk"
)

// request is every frame that a client may send: the verbs share their fields, so that a frame is decoded once.
type request struct {
	Type        string            `json:"type"`
	ID          string            `json:"id"`
	Session     string            `json:"session"`
	Feed        string            `json:"feed"`
	After       int64             `json:"after"`
	ClientID    string            `json:"client_id"`
	Text        string            `json:"text"`
	Attachments []string          `json:"attachments"`
	As          desk.Speaker      `json:"as"`
	Epoch       int64             `json:"epoch"`
	Seq         int64             `json:"seq"`
	Reason      string            `json:"reason"`
	AgentID     string            `json:"agent_id"`
	Queue       string            `json:"queue"`
	Note        string            `json:"note"`
	Force       bool              `json:"force"`
	ReturnTo    string            `json:"return_to"`
	Disposition string            `json:"disposition"`
	Summary     string            `json:"summary"`
	Tag         string            `json:"tag"`
	Score       int               `json:"score"`
	Comment     string            `json:"comment"`
	Status      *core.AgentStatus `json:"status"`
	Capacity    *int              `json:"capacity"`
	Name        *string           `json:"name"`
	Priority    *core.Priority    `json:"priority"`
	Subject     *string           `json:"subject"`
	Context     jsontext.Value    `json:"context"`
}

// field is a set of fields of a request.
type field uint32

const (
	fSession field = 1 << iota
	fFeed
	fAfter
	fClientID
	fText
	fAttachments
	fAs
	fEpoch
	fSeq
	fReason
	fAgentID
	fQueue
	fNote
	fForce
	fEnd // return_to, disposition, summary
	fTag
	fRating // score, comment
	fMe     // status, capacity, name
	fPriority
	fUpdate // subject, context
)

// fields says which fields a request has, but type and id.
func (r *request) fields() (set field) {
	for _, f := range [...]struct {
		has bool
		bit field
	}{
		{r.Session != "", fSession}, {r.Feed != "", fFeed}, {r.After != 0, fAfter}, {r.ClientID != "", fClientID},
		{r.Text != "", fText}, {r.Attachments != nil, fAttachments}, {r.As != "", fAs}, {r.Epoch != 0, fEpoch},
		{r.Seq != 0, fSeq}, {r.Reason != "", fReason}, {r.AgentID != "", fAgentID}, {r.Queue != "", fQueue},
		{r.Note != "", fNote}, {r.Force, fForce}, {r.ReturnTo != "" || r.Disposition != "" || r.Summary != "", fEnd},
		{r.Tag != "", fTag}, {r.Score != 0 || r.Comment != "", fRating},
		{r.Status != nil || r.Capacity != nil || r.Name != nil, fMe}, {r.Priority != nil, fPriority},
		{r.Subject != nil || r.Context != nil, fUpdate},
	} {
		if f.has {
			set |= f.bit
		}
	}
	return set
}

// maxID and maxDepth bound what a frame may be called and how deep its context may be.
const (
	maxID    = 64
	maxDepth = 32
)

// decode reads a frame. What is no acceptable JSON is Malformed; what no frame has is Invalid.
func decode(frame []byte, r *request) error {
	if hasNUL(frame) {
		return core.Refuse(core.Malformed, "a text must not hold the character NUL")
	}
	if err := json.Unmarshal(frame, r, json.RejectUnknownMembers(true)); err != nil {
		return refusalOf(err)
	}
	switch {
	case len(r.ID) > maxID:
		r.ID = ""
		return core.RefuseField("/id", "an id has at most %d characters", maxID)
	case depth(r.Context) >= maxDepth:
		return core.Refuse(core.Malformed, "the frame is nested deeper than %d", maxDepth)
	}
	return nil
}

// refusalOf words what the decoder found.
func refusalOf(err error) error {
	var semantic *json.SemanticError
	if !errors.As(err, &semantic) {
		return core.Refuse(core.Malformed, "the frame is no acceptable JSON: %v", err)
	}
	pointer := string(semantic.JSONPointer)
	if errors.Is(err, json.ErrUnknownName) {
		return core.RefuseField(pointer, "no frame has a field %q", semantic.JSONPointer.LastToken())
	}
	return core.RefuseField(pointer, "this field does not take a %v", semantic.JSONKind)
}

// hasNUL says whether a string of the frame holds an escaped NUL: \u0000 behind an even number of backslashes.
func hasNUL(frame []byte) bool {
	for {
		i := bytes.Index(frame, []byte(`\u0000`))
		if i < 0 {
			return false
		}
		before := i
		for before > 0 && frame[before-1] == '\\' {
			before--
		}
		if (i-before)%2 == 0 {
			return true
		}
		frame = frame[i+1:]
	}
}

// depth is how deep a JSON value that was read already is nested.
func depth(value []byte) (deepest int) {
	now, inText := 0, false
	for i := 0; i < len(value); i++ {
		switch b := value[i]; {
		case b == '\\':
			i++
		case b == '"':
			inText = !inText
		case inText:
		case b == '{' || b == '[':
			now++
			deepest = max(deepest, now)
		case b == '}' || b == ']':
			now--
		}
	}
	return deepest
}
