package desk

import (
	"encoding/json"

	"baton/core"
)

// Audience is who reads a stream of events: each of them sees the same event in one form.
type Audience int

// The audiences.
const (
	ForStaff Audience = iota
	ForBot
	ForCustomer
)

// AudienceOf says how events are shown to this actor.
func AudienceOf(a core.Actor) Audience {
	switch {
	case a.Login():
		return ForStaff
	case a.Role == core.BotRole:
		return ForBot
	}
	return ForCustomer
}

// Sees says whether the audience may see this event of a session that it may read.
func (to Audience) Sees(e *core.Event) bool { return to == ForStaff || e.Public() }

// Prev is the seq of the event before this one that the audience may see.
func (to Audience) Prev(e *core.Event) int64 {
	if to == ForStaff {
		return e.Seq - 1
	}
	return e.PublicPrev
}

// publicRequested is what everybody in the session sees of the request.
type publicRequested struct {
	Subject string `json:"subject"`
	Channel string `json:"channel"`
}

// AppendEvent adds the event to b as the audience sees it: {"type","at","actor","data"}. The event must be one
// that the audience sees.
func AppendEvent(b []byte, to Audience, e *core.Event) ([]byte, error) {
	data, err := eventData(to, e)
	if err != nil {
		return b, err
	}
	b = append(b, `{"type":"`...)
	b = append(b, e.Type()...)
	b = append(b, `","at":"`...)
	b = core.AppendTime(b, e.At)
	b = append(b, `","actor":`...)
	b = core.AppendActor(b, e.Actor)
	b = append(b, `,"data":`...)
	b = append(b, data...)
	return append(b, '}'), nil
}

// eventData is the data of an event in the form for this audience. What staff see is what is stored.
func eventData(to Audience, e *core.Event) ([]byte, error) {
	if to == ForStaff {
		return e.JSON, nil
	}
	switch d := e.Data.(type) {
	case *core.Requested:
		return json.Marshal(publicRequested{Subject: d.Subject, Channel: d.Channel})
	case *core.Waiting:
		public := *d
		public.Wait = nil // what the queue tells of it comes with the place
		return json.Marshal(&public)
	case *core.Transferred:
		public := *d
		public.Note = ""
		return json.Marshal(&public)
	case *core.Ended:
		public := *d
		public.Disposition = ""
		if to == ForCustomer {
			public.Summary = ""
		}
		return json.Marshal(&public)
	case *core.Posted:
		if d.Original == nil || to == ForBot {
			return e.JSON, nil
		}
		public := *d
		public.Original = nil
		return core.Encode(&public)
	}
	return e.JSON, nil
}
