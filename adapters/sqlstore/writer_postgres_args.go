package sqlstore

import (
	"encoding/json"
	"strconv"

	"baton/core"
)

// args are the parameters of pgBatch, and how many places, sessions, keys, values and events it must write.
func (w *pgWriter) args(b *batch) (args, counts []any, err error) {
	ops := b.sortedOps()
	made, changed, err := b.rows()
	if err != nil {
		return nil, counts, err
	}
	decisions, err := b.decisions()
	if err != nil {
		return nil, nil, err
	}
	keys, values, events := b.keys(), b.valueRows(), b.events()
	for _, n := range []int{len(ops), len(made), len(keys), len(values), len(events)} {
		counts = append(counts, int64(n))
	}
	now := b.at.UnixMilli()
	encoded, err := encodeAll(orNone(made), keyRows(keys, now), orNone(changed), w.outbox(events), pgAuditLines(b), values, decisions, b.records())
	if err != nil {
		return nil, counts, err
	}
	args = make([]any, 0, 37)
	args = append(args, opColumns(ops)...)
	args = append(args, now, encoded[0], encoded[1])
	args = append(args, eventArrays(events)...)
	args = append(args, encoded[2], encoded[3], encoded[4], b.id, encoded[5], encoded[6], encoded[7])
	return args, counts, nil
}

func orNone(rows []*sessionRow) []*sessionRow {
	if rows == nil {
		return []*sessionRow{}
	}
	return rows
}

func encodeAll(parts ...any) ([]string, error) {
	texts := make([]string, len(parts))
	for i, part := range parts {
		encoded, err := json.Marshal(part)
		if err != nil {
			return nil, err
		}
		texts[i] = string(encoded)
	}
	return texts, nil
}

// opColumns are the place changes, column by column.
func opColumns(ops []*placeOp) []any {
	ints := func(value func(*placeOp) int64) string {
		list := make([]int64, len(ops))
		for i, o := range ops {
			list[i] = value(o)
		}
		return intArray(list)
	}
	texts := func(value func(*placeOp) string) string {
		list := make([]string, len(ops))
		for i, o := range ops {
			list[i] = value(o)
		}
		return textArray(list)
	}
	return []any{
		texts(func(o *placeOp) string { return o.agent }),
		ints(func(o *placeOp) int64 { return o.load }), ints(func(o *placeOp) int64 { return o.active }),
		ints(func(o *placeOp) int64 { return o.takes }), ints(func(o *placeOp) int64 { return o.got }),
		ints(func(o *placeOp) int64 { return int64(o.cond) }), texts(func(o *placeOp) string { return o.queue }),
		ints(func(o *placeOp) int64 { return o.seenAfter }), ints(func(o *placeOp) int64 { return o.missed }),
		ints(func(o *placeOp) int64 { return o.limit }), texts(func(o *placeOp) string { return strconv.FormatBool(o.answered) }),
	}
}

// eventArrays are the events, column by column.
func eventArrays(events []*core.Event) []any {
	n := len(events)
	session, kind, role := make([]string, n), make([]string, n), make([]string, n)
	actor, name, data := make([]string, n), make([]string, n), make([]string, n)
	seq, prev, hash, unread, at := make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	for i, e := range events {
		r := eventRowOf(e)
		session[i], kind[i], role[i], actor[i], name[i], data[i] = r.SessionID, r.Kind, r.Role, r.ActorID, r.ActorName, r.Data
		seq[i], prev[i], hash[i], unread[i], at[i] = r.Seq, r.PublicPrev, r.ClientHash, r.Unread, r.At
	}
	return []any{textArray(session), intArray(seq), intArray(prev), textArray(kind), textArray(role), textArray(actor), textArray(name), intArray(hash), intArray(unread), intArray(at), textArray(data)}
}

// keyRow is an idempotency key as its table has it.
type keyRow struct {
	Scope     string `bun:"scope,pk" json:"scope"`
	Key       string `bun:"key,pk" json:"key"`
	BodyHash  string `bun:"body_hash" json:"body_hash"`
	Status    int64  `bun:"status" json:"status"`
	SessionID string `bun:"session_id" json:"session_id"`
	Result    string `bun:"result" json:"result"`
	Seq       int64  `bun:"seq" json:"seq"`
	CreatedAt int64  `bun:"created_at" json:"created_at"`
}

func keyRows(keys []core.Idempotency, now int64) []keyRow {
	rows := make([]keyRow, len(keys))
	for i, k := range keys {
		rows[i] = keyRow{Scope: k.Scope, Key: k.Key, BodyHash: k.BodyHash, Status: int64(k.Status), SessionID: k.Session, Result: k.Result, Seq: k.Seq, CreatedAt: now}
	}
	return rows
}

type outboxRow struct {
	Follower  string `json:"follower"`
	SessionID string `json:"session_id"`
	Seq       int64  `json:"seq"`
}

// outbox has a row for each follower who subscribed to an event.
func (w *pgWriter) outbox(events []*core.Event) []outboxRow {
	rows := []outboxRow{}
	for _, e := range events {
		for _, follower := range w.followers(e) {
			rows = append(rows, outboxRow{Follower: follower, SessionID: e.Session, Seq: e.Seq})
		}
	}
	return rows
}

type pgAuditLine struct {
	Role   string `json:"role"`
	Actor  string `json:"actor"`
	Action string `json:"action"`
	Target string `json:"target"`
	Data   string `json:"data"`
}

func pgAuditLines(b *batch) []pgAuditLine {
	rows := []pgAuditLine{}
	for _, d := range b.decided {
		for _, a := range d.txn.audits {
			data, err := json.Marshal(a.details)
			if err != nil {
				data = []byte("null")
			}
			rows = append(rows, pgAuditLine{Role: string(a.actor.Role), Actor: a.actor.ID, Action: a.action, Target: a.target, Data: string(data)})
		}
	}
	return rows
}

// textArray and intArray write an array as PostgreSQL reads it from text.
func textArray(list []string) string {
	b := append(make([]byte, 0, 32*len(list)+2), '{')
	for i, text := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendElement(b, text)
	}
	return string(append(b, '}'))
}

func appendElement(b []byte, text string) []byte {
	b = append(b, '"')
	for i := range len(text) {
		if c := text[i]; c == '"' || c == '\\' {
			b = append(b, '\\')
		}
		b = append(b, text[i])
	}
	return append(b, '"')
}

func intArray(list []int64) string {
	b := append(make([]byte, 0, 8*len(list)+2), '{')
	for i, n := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, n, 10)
	}
	return string(append(b, '}'))
}
