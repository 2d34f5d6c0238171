package sqlstore

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/uptrace/bun"

	"baton/core"
)

// sessionRow is what lists and other nodes see of a session. The json names are those of the columns: PostgreSQL
// takes rows as one JSON text.
type sessionRow struct {
	bun.BaseModel `bun:"table:sessions,alias:s" json:"-"`

	ID                string `bun:"id,pk" json:"id"`
	Status            string `bun:"status" json:"status"`
	QueueID           string `bun:"queue_id" json:"queue_id"`
	AgentID           string `bun:"agent_id" json:"agent_id"`
	OfferedTo         string `bun:"offered_to" json:"offered_to"`
	BotID             string `bun:"bot_id" json:"bot_id"`
	ConversationID    string `bun:"conversation_id" json:"conversation_id"`
	CustomerID        string `bun:"customer_id" json:"customer_id"`
	Channel           string `bun:"channel" json:"channel"`
	Priority          int64  `bun:"priority" json:"priority"`
	Tags              string `bun:"tags" json:"tags"`
	Decided           int64  `bun:"decided" json:"decided"`
	ArrivedAt         int64  `bun:"arrived_at" json:"arrived_at"`
	DeadlineAt        int64  `bun:"deadline_at" json:"deadline_at"`
	CreatedAt         int64  `bun:"created_at" json:"created_at"`
	State             string `bun:"state" json:"state"`
	Details           string `bun:"details" json:"details"`
	LastSeq           int64  `bun:"last_seq" json:"last_seq"`
	PublicSeq         int64  `bun:"public_seq" json:"public_seq"`
	LastAt            int64  `bun:"last_at" json:"last_at"`
	LastText          string `bun:"last_text" json:"last_text"`
	LastRole          string `bun:"last_role" json:"last_role"`
	LastTextAt        int64  `bun:"last_text_at" json:"last_text_at"`
	Unread            int64  `bun:"unread" json:"unread"`
	UnansweredSince   int64  `bun:"unanswered_since" json:"unanswered_since"`
	CustomerDelivered int64  `bun:"customer_delivered" json:"customer_delivered"`
	CustomerRead      int64  `bun:"customer_read" json:"customer_read"`
	AgentDelivered    int64  `bun:"agent_delivered" json:"agent_delivered"`
	AgentRead         int64  `bun:"agent_read" json:"agent_read"`
	ChangedAt         int64  `bun:"changed_at" json:"changed_at"`
	Reason            string `bun:"reason" json:"reason"` // the code, why a person was asked for
	LineAt            int64  `bun:"line_at" json:"line_at"`
	HeldSince         int64  `bun:"held_since" json:"held_since"`
	TooLong           int64  `bun:"too_long" json:"too_long"`
	RepliedAt         int64  `bun:"replied_at" json:"replied_at"`
}

// sessionColumns are the row's columns in the order of sessionRow.values.
const sessionColumns = "id,status,queue_id,agent_id,offered_to,bot_id,conversation_id,customer_id,channel,priority,tags,decided,arrived_at,deadline_at,created_at," +
	"state,details,last_seq,public_seq,last_at,last_text,last_role,last_text_at,unread,unanswered_since,customer_delivered,customer_read,agent_delivered,agent_read,changed_at,reason,line_at,held_since,too_long,replied_at"

func (r *sessionRow) values() []any {
	return []any{
		r.ID, r.Status, r.QueueID, r.AgentID, r.OfferedTo, r.BotID, r.ConversationID, r.CustomerID, r.Channel, r.Priority, r.Tags, r.Decided, r.ArrivedAt, r.DeadlineAt, r.CreatedAt,
		r.State, r.Details, r.LastSeq, r.PublicSeq, r.LastAt, r.LastText, r.LastRole, r.LastTextAt, r.Unread, r.UnansweredSince, r.CustomerDelivered, r.CustomerRead, r.AgentDelivered, r.AgentRead, r.ChangedAt, r.Reason, r.LineAt, r.HeldSince, r.TooLong, r.RepliedAt,
	}
}

// statusParked is the status of a row whose session waits, but is kept until its queue opens: whoever counts a line
// leaves it out.
const statusParked = "parked"

// details are the parts of a session that lists leave out.
type details struct {
	Context    json.RawMessage `json:"context,omitempty"`
	Tried      []string        `json:"tried,omitempty"`
	Attributes map[string]any  `json:"attributes,omitempty"`
}

// rowOf writes a session as its row.
func rowOf(s *core.Session, now time.Time) (*sessionRow, error) {
	slim := *s
	slim.Context, slim.Tried, slim.Customer.Attributes = nil, nil, nil
	state, err := json.Marshal(&slim)
	if err != nil {
		return nil, fmt.Errorf("writing the state of %s: %w", s.ID, err)
	}
	large, err := json.Marshal(details{Context: s.Context, Tried: s.Tried, Attributes: s.Customer.Attributes})
	if err != nil {
		return nil, fmt.Errorf("writing the details of %s: %w", s.ID, err)
	}
	r := &sessionRow{
		ID: s.ID, Status: string(s.Status), QueueID: s.Queue.ID, ConversationID: s.ConversationID, CustomerID: s.Customer.ID,
		Channel: s.Channel, Priority: int64(s.Priority.Rank()), Tags: joinList(s.Tags), ArrivedAt: millis(s.WaitingSince),
		DeadlineAt: millis(s.Deadline), CreatedAt: millis(s.CreatedAt), State: string(state), Details: string(large),
		LineAt: s.LineKey(), HeldSince: millis(s.HeldSince()),
	}
	if s.Parked {
		r.Status = statusParked
	}
	if s.TooLong {
		r.TooLong = 1
	}
	r.AgentID, r.OfferedTo = s.Holders()
	if r.AgentID == "" && s.Agent != nil {
		r.AgentID = s.Agent.ID // an ended chat stays in its agent's history
	}
	if s.Bot != nil {
		r.BotID = s.Bot.ID
	}
	if s.Decided {
		r.Decided = 1
	}
	if s.Reason != nil {
		r.Reason = s.Reason.Code
	}
	r.coalesce(s, now)
	return r, nil
}

// coalesce fills the columns that change with each message.
func (r *sessionRow) coalesce(s *core.Session, now time.Time) {
	r.LastSeq, r.PublicSeq, r.LastAt = s.Seq, s.PublicSeq, millis(s.LastAt)
	if s.Last != nil {
		r.LastText, r.LastRole, r.LastTextAt = s.Last.Text, string(s.Last.Role), millis(s.Last.At)
	}
	r.Unread, r.UnansweredSince, r.RepliedAt = int64(len(s.UnreadSeqs)), millis(s.UnansweredSince), millis(s.RepliedAt)
	r.CustomerDelivered, r.CustomerRead = s.Receipts.Customer.Delivered, s.Receipts.Customer.Read
	r.AgentDelivered, r.AgentRead = s.Receipts.Agent.Delivered, s.Receipts.Agent.Read
	r.ChangedAt = millis(now)
}

// session reads a row back. UnreadSeqs has the right length only; a head reads the numbers themselves.
func (r *sessionRow) session() (*core.Session, error) {
	s, err := r.decodeState()
	if err != nil {
		return nil, err
	}
	var large details
	if r.Details != "" {
		if err := json.Unmarshal([]byte(r.Details), &large); err != nil {
			return nil, fmt.Errorf("reading the details of %s: %w", r.ID, err)
		}
	}
	s.Context, s.Tried, s.Customer.Attributes = large.Context, large.Tried, large.Attributes
	r.fill(s)
	return s, nil
}

// decodeState reads what changes with the state only.
func (r *sessionRow) decodeState() (*core.Session, error) {
	s := new(core.Session)
	if err := jsonv2.Unmarshal([]byte(r.State), s); err != nil { // a third of the time of encoding/json
		return nil, fmt.Errorf("reading the state of %s: %w", r.ID, err)
	}
	return s, nil
}

// fill puts in what has columns of its own, since it changes with each message.
func (r *sessionRow) fill(s *core.Session) {
	s.Seq, s.PublicSeq, s.LastAt, s.Deadline = r.LastSeq, r.PublicSeq, timeAt(r.LastAt), timeAt(r.DeadlineAt)
	if r.LastTextAt != 0 {
		s.Last = &core.Last{Text: r.LastText, Role: core.Role(r.LastRole), At: timeAt(r.LastTextAt)}
	}
	s.UnreadSeqs, s.UnansweredSince, s.RepliedAt = make([]int64, r.Unread), timeAt(r.UnansweredSince), timeAt(r.RepliedAt)
	s.Receipts = r.receipts()
}

func (r *sessionRow) receipts() core.Receipts {
	return core.Receipts{
		Customer: core.Receipt{Delivered: r.CustomerDelivered, Read: r.CustomerRead},
		Agent:    core.Receipt{Delivered: r.AgentDelivered, Read: r.AgentRead},
	}
}

// joinList writes a list so that one LIKE finds a member: |vip|refund|.
func joinList(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return "|" + strings.Join(list, "|") + "|"
}

// millis is a time as both databases keep it; no time is 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func timeAt(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// readHead is a session's row with what a head needs of its log, read by one statement.
type readHead struct {
	sessionRow `bun:",extend"`
	Hashes     string `bun:"hashes"`
	UnreadSeqs string `bun:"unread_seqs"`
	Tail       string `bun:"tail"`
}

// headQuery reads a session's row together with its log: the hashes of its messages if asked for, the customer's
// unread ones, and the events that the row lacks. One statement sees one moment.
func (d dialect) headQuery(withHashes bool) string {
	hashes, join, list := "''", "group_concat(%s)", "json_group_array(json_array(t.seq, t.public_prev, t.kind, t.role, t.actor_id, t.actor_name, t.at, t.data))"
	if d.postgres {
		join, list = "string_agg((%s)::text, ',')", "json_agg(json_build_array(t.seq, t.public_prev, t.kind, t.role, t.actor_id, t.actor_name, t.at, t.data) ORDER BY t.seq)::text"
	}
	if withHashes {
		hashes = "(SELECT " + fmt.Sprintf(join, "h.client_hash") + " FROM events h WHERE h.session_id = s.id AND h.client_hash <> 0)"
	}
	return "SELECT s.*, coalesce(" + hashes + ", '') AS hashes," +
		" coalesce((SELECT " + fmt.Sprintf(join, "u.seq") + " FROM (SELECT seq FROM events WHERE session_id = s.id AND unread = 1 AND seq > s.agent_read ORDER BY seq) u), '') AS unread_seqs," +
		" coalesce((SELECT " + list + " FROM (SELECT * FROM events WHERE session_id = s.id AND seq > s.last_seq ORDER BY seq) t), '[]') AS tail" +
		" FROM sessions s WHERE s.id IN (?)"
}

// head makes the newest picture from what was read.
func (r *readHead) head(readAt time.Time) (*head, error) {
	s, err := r.session()
	if err != nil {
		return nil, err
	}
	if s.UnreadSeqs, err = parseInts(r.UnreadSeqs); err != nil {
		return nil, err
	}
	hashes, err := parseInts(r.Hashes)
	if err != nil {
		return nil, err
	}
	tail, err := parseTail(r.ID, r.Tail)
	if err != nil {
		return nil, err
	}
	// Unread customers' messages of the tail are in UnreadSeqs already; Apply would count them twice.
	unread := s.UnreadSeqs
	for _, e := range tail {
		s.Apply(e)
	}
	s.UnreadSeqs = slices.Clip(unread)
	return &head{session: s, hashes: hashes, freshAt: readAt, usedAt: readAt, lags: len(tail) > 0}, nil
}

func parseInts(text string) ([]int64, error) {
	if text == "" {
		return nil, nil
	}
	parts := strings.Split(text, ",")
	list := make([]int64, len(parts))
	for i, part := range parts {
		n, err := strconv.ParseInt(part, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("reading a number of the log: %w", err)
		}
		list[i] = n
	}
	return list, nil
}

// parseTail reads events that the database wrote as JSON arrays.
func parseTail(session, text string) ([]*core.Event, error) {
	if text == "[]" || text == "" {
		return nil, nil
	}
	var rows [][8]json.RawMessage
	if err := json.Unmarshal([]byte(text), &rows); err != nil {
		return nil, fmt.Errorf("reading the newest events of %s: %w", session, err)
	}
	events := make([]*core.Event, len(rows))
	for i, cells := range rows {
		r := eventRow{SessionID: session}
		for n, into := range []any{&r.Seq, &r.PublicPrev, &r.Kind, &r.Role, &r.ActorID, &r.ActorName, &r.At, &r.Data} {
			if err := json.Unmarshal(cells[n], into); err != nil {
				return nil, fmt.Errorf("reading an event of %s: %w", session, err)
			}
		}
		var err error
		if events[i], err = r.event(); err != nil {
			return nil, err
		}
	}
	return events, nil
}
