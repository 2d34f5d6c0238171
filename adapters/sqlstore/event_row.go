package sqlstore

import (
	"github.com/uptrace/bun"

	"baton/core"
)

// eventRow is one entry of a session's log.
type eventRow struct {
	bun.BaseModel `bun:"table:events,alias:e"`

	ID         int64  `bun:"id,pk,autoincrement"`
	SessionID  string `bun:"session_id"`
	Seq        int64  `bun:"seq"`
	PublicPrev int64  `bun:"public_prev"`
	Kind       string `bun:"kind"`
	Role       string `bun:"role"`
	ActorID    string `bun:"actor_id"`
	ActorName  string `bun:"actor_name"`
	ClientHash int64  `bun:"client_hash"`
	Unread     int64  `bun:"unread"`
	At         int64  `bun:"at"`
	Data       string `bun:"data"`
}

const eventColumns = "session_id,seq,public_prev,kind,role,actor_id,actor_name,client_hash,unread,at,data"

// eventRowOf writes an event as its row.
func eventRowOf(e *core.Event) eventRow {
	r := eventRow{
		SessionID: e.Session, Seq: e.Seq, PublicPrev: e.PublicPrev, Kind: string(e.Type()), Role: string(e.Actor.Role),
		ActorID: e.Actor.ID, ActorName: e.Actor.Name, At: e.At.UnixMilli(), Data: string(e.JSON),
	}
	if p, ok := e.Data.(*core.Posted); ok {
		if p.ClientID != "" {
			r.ClientHash = clientHash(p.Author, p.ClientID)
		}
		if p.Author.Role == core.CustomerRole && !p.History && !p.Whisper {
			r.Unread = 1
		}
	}
	return r
}

// event reads a row back.
func (r *eventRow) event() (*core.Event, error) {
	data, err := core.DecodeData(core.EventType(r.Kind), []byte(r.Data))
	if err != nil {
		return nil, err
	}
	return &core.Event{
		Session: r.SessionID, Seq: r.Seq, PublicPrev: r.PublicPrev, At: timeAt(r.At), Data: data, JSON: []byte(r.Data),
		Actor: core.ActorRef{Role: core.Role(r.Role), ID: r.ActorID, Name: r.ActorName},
	}, nil
}

// eventsOf reads rows back, in their order.
func eventsOf(rows []eventRow) ([]*core.Event, error) {
	events := make([]*core.Event, len(rows))
	for i := range rows {
		var err error
		if events[i], err = rows[i].event(); err != nil {
			return nil, err
		}
	}
	return events, nil
}
