package live

import (
	"encoding/json"
	"strconv"
	"time"

	"baton/core"
	"baton/core/desk"
)

// What the server says. The hot frames are written by appending.

func appendWelcome(b []byte, build string, now time.Time) []byte {
	b = append(b, `{"type":"welcome","build":`...)
	b = core.AppendString(b, build)
	b = append(b, `,"now":"`...)
	b = core.AppendTime(b, now)
	return append(b, `"}`...)
}

// reply is what an answered frame made or left behind. Empty parts are not said.
type reply struct {
	message, note, session string
	seq, epoch             int64
	// then is done when the answer is in the queue.
	then func()
}

func appendOK(b []byte, id string, r reply) []byte {
	b = append(b, `{"type":"ok"`...)
	b = appendText(b, "id", id)
	b = appendText(b, "message", r.message)
	b = appendText(b, "note", r.note)
	b = appendText(b, "session", r.session)
	if r.seq > 0 {
		b = strconv.AppendInt(append(b, `,"seq":`...), r.seq, 10)
	}
	if r.epoch > 0 {
		b = strconv.AppendInt(append(b, `,"epoch":`...), r.epoch, 10)
	}
	return append(b, '}')
}

// appendText adds a member that is left out when it is empty.
func appendText(b []byte, name, value string) []byte {
	if value == "" {
		return b
	}
	b = append(append(append(b, `,"`...), name...), `":`...)
	return core.AppendString(b, value)
}

func problemFrame(id, session string, refusal *core.Error) []byte {
	b := []byte(`{"type":"problem"`)
	b = appendText(b, "id", id)
	b = appendText(b, "session", session)
	b = appendText(b, "code", string(refusal.Kind))
	b = appendText(b, "detail", refusal.Detail)
	for i, f := range refusal.Fields {
		b = append(b, [...]string{`,"errors":[`, `,`}[min(i, 1)]...)
		b = core.AppendString(append(b, `{"pointer":`...), f.Pointer)
		b = append(appendText(b, "detail", f.Detail), '}')
	}
	if len(refusal.Fields) > 0 {
		b = append(b, ']')
	}
	return append(b, '}')
}

func appendEventFrame(b []byte, to desk.Audience, e *core.Event) ([]byte, error) {
	b = append(b, `{"type":"event","session":"`...)
	b = append(b, e.Session...)
	b = strconv.AppendInt(append(b, `","seq":`...), e.Seq, 10)
	b = strconv.AppendInt(append(b, `,"prev":`...), to.Prev(e), 10)
	b, err := desk.AppendEvent(append(b, `,"event":`...), to, e)
	return append(b, '}'), err
}

func appendResync(b []byte, session string) []byte {
	return append(appendText(append(b, `{"type":"resync"`...), "session", session), '}')
}

func appendTyping(b []byte, session string, by core.ActorRef) []byte {
	b = appendText(append(b, `{"type":"typing"`...), "session", session)
	return append(core.AppendActor(append(b, `,"actor":`...), by), '}')
}

func appendReceipt(b []byte, session string, side core.Side, r core.Receipt) []byte {
	b = appendText(append(b, `{"type":"receipt"`...), "session", session)
	b = appendText(b, "side", string(side))
	b = strconv.AppendInt(append(b, `,"delivered":`...), r.Delivered, 10)
	b = strconv.AppendInt(append(b, `,"read":`...), r.Read, 10)
	return append(b, '}')
}

func placeFrame(session string, at desk.Standing) []byte {
	b := appendText([]byte(`{"type":"place"`), "session", session)
	b = append(b, `,"position":`...)
	if at.Place > 0 {
		b = strconv.AppendInt(b, int64(at.Place), 10)
	} else {
		b = append(b, "null"...)
	}
	if b = append(b, `,"wait":`...); at.Wait != nil {
		b = strconv.AppendInt(append(b, `{"low":`...), int64(at.Wait.Low), 10)
		b = append(strconv.AppendInt(append(b, `,"high":`...), int64(at.Wait.High), 10), '}')
	} else {
		b = append(b, "null"...)
	}
	if b = append(b, `,"wait_words":`...); at.Words != "" {
		b = core.AppendString(b, at.Words)
	} else {
		b = append(b, "null"...)
	}
	return append(b, '}')
}

func appendOffer(b []byte, session string, o *core.Offer) []byte {
	b = appendText(append(b, `{"type":"offer"`...), "session", session)
	b = core.AppendTime(append(b, `,"expires_at":"`...), o.ExpiresAt)
	return append(b, `"}`...)
}

func appendOfferGone(b []byte, session string) []byte {
	return append(appendText(append(b, `{"type":"offer_gone"`...), "session", session), '}')
}

// appendSessionGone tells a follower of the desk that he may no longer read a session.
func appendSessionGone(b []byte, session string) []byte {
	return append(appendText(append(b, `{"type":"session_gone"`...), "session", session), '}')
}

func appendViewers(b []byte, session string, agents []core.Ref) []byte {
	b = appendText(append(b, `{"type":"viewers"`...), "session", session)
	b = append(b, `,"agents":[`...)
	for i, a := range agents {
		if i > 0 {
			b = append(b, ',')
		}
		b = core.AppendString(append(b, `{"id":`...), a.ID)
		b = append(core.AppendString(append(b, `,"name":`...), a.Name), '}')
	}
	return append(b, `]}`...)
}

// appendPresence says whether a session's customer is there, and since when: the words are those of agents.
func appendPresence(b []byte, session string, v visit) []byte {
	presence := "gone"
	if v.here {
		presence = "online"
	}
	b = appendText(append(b, `{"type":"presence"`...), "session", session)
	b = appendText(b, "presence", presence)
	return append(core.AppendTime(append(b, `,"at":"`...), v.at), `"}`...)
}

// rowFrame is a row of the desk feed: {"type":kind,kind:row}.
func rowFrame(kind string, row any) ([]byte, error) {
	encoded, err := json.Marshal(row)
	if err != nil {
		return nil, err
	}
	b := append(append(make([]byte, 0, len(encoded)+32), `{"type":"`...), kind...)
	b = append(append(append(b, `","`...), kind...), `":`...)
	return append(append(b, encoded...), '}'), nil
}
