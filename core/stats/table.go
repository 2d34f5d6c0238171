package stats

import (
	"fmt"
	"strings"
	"time"

	"baton/core"
)

// Table is an answer for spreadsheets. The figures of an answer can be computed again from its lines.
type Table struct {
	Header []string
	Lines  [][]string
}

// timingHeader names the columns of times, and timingCells fills them.
func timingHeader(names ...string) (header []string) {
	for _, name := range names {
		for _, part := range []string{"n", "sum", "mean", "p50", "p90", "p99"} {
			header = append(header, name+"_"+part)
		}
	}
	return header
}

func timingCells(timings ...Timing) (cells []string) {
	for _, t := range timings {
		cells = append(cells, figure(t.N), decimal(&t.Sum), decimal(t.Mean), decimal(t.P50), decimal(t.P90), decimal(t.P99))
	}
	return cells
}

var ratingHeader = []string{"ratings", "rating_mean", "satisfied", "stars_1", "stars_2", "stars_3", "stars_4", "stars_5"}

func (r Ratings) cells() []string {
	cells := []string{figure(r.N), decimal(r.Mean), decimal(r.Satisfied)}
	for _, n := range r.Stars {
		cells = append(cells, figure(n))
	}
	return cells
}

func volumeHeader(name string) []string {
	return []string{name + "_customer", name + "_agent", name + "_bot", name + "_system"}
}

func (v *Volume) cells() []string {
	if v == nil {
		return make([]string, 4)
	}
	return []string{figure(v.Customer), figure(v.Agent), figure(v.Bot), figure(v.System)}
}

func row(parts ...[]string) (cells []string) {
	for _, part := range parts {
		cells = append(cells, part...)
	}
	return cells
}

var (
	countHeader  = []string{"sessions", "active", "ended", "answered", "abandoned", "overflowed", "after_hours", "reopened", "transferred", "promised", "promise_kept"}
	totalsHeader = row(countHeader, timingHeader("wait", "first_response", "duration", "handle", "bot_time"), ratingHeader, volumeHeader("chat_messages"))
)

func (t *Totals) cells() []string {
	var numbers []string
	for _, n := range []Number{t.Sessions, t.Active, t.Ended, t.Answered, t.Abandoned, t.Overflowed, t.AfterHours, t.Reopened, t.Transferred} {
		numbers = append(numbers, figure(n.N))
	}
	numbers = append(numbers, figure(t.Promises.N), figure(t.Promises.Kept))
	return row(numbers, timingCells(t.Wait, t.FirstResponse, t.Duration, t.Handle, t.BotTime), t.Rating.cells(), t.ChatMessages.cells())
}

// Table has one line.
func (s *Summary) Table() Table {
	return Table{
		Header: row([]string{"from", "to", "time_zone", "partial"}, totalsHeader, volumeHeader("messages")),
		Lines:  [][]string{row([]string{string(s.From), string(s.To), s.TimeZone, fmt.Sprint(s.Partial)}, s.Totals.cells(), s.Messages.cells())},
	}
}

// Table has a line for each day.
func (d *Daily) Table() Table {
	t := Table{Header: row([]string{"day", "partial", "hours"}, totalsHeader, volumeHeader("messages"))}
	for i := range d.Data {
		l := &d.Data[i]
		numbers := []string{
			string(l.Day), fmt.Sprint(l.Partial), figure(l.Hours), figure(l.Sessions), figure(l.Active), figure(l.Ended), figure(l.Answered), figure(l.Abandoned),
			figure(l.Overflowed), figure(l.AfterHours), figure(l.Reopened), figure(l.Transferred), figure(l.Promised), figure(l.Kept),
		}
		t.Lines = append(t.Lines, row(numbers, timingCells(l.Wait, l.FirstResponse, l.Duration, l.Handle, l.BotTime), l.Rating.cells(), l.ChatMessages.cells(), l.Messages.cells()))
	}
	return t
}

// Table has a line for each agent.
func (a *Agents) Table() Table {
	t := Table{Header: row([]string{"agent_id", "agent", "chats", "active"}, timingHeader("first_response", "handle"),
		[]string{"worked", "available", "busy", "away", "gone", "occupancy", "offered", "missed", "declined", "messages"}, ratingHeader)}
	for i := range a.Data {
		l := &a.Data[i]
		t.Lines = append(t.Lines, row([]string{l.Agent.ID, l.Agent.Name, figure(l.Chats.N), figure(l.Active)}, timingCells(l.FirstResponse, l.Handle),
			[]string{decimal(&l.Worked), decimal(&l.States.Available), decimal(&l.States.Busy), decimal(&l.States.Away), decimal(&l.States.Gone), decimal(l.Occupancy),
				figure(l.Offered), figure(l.Missed), figure(l.Declined), figure(l.Messages)}, l.Rating.cells()))
	}
	return t
}

// Table has a line for each queue.
func (q *Queues) Table() Table {
	t := Table{Header: row([]string{"queue_id", "queue", "waiting", "average_waiting"}, totalsHeader)}
	for i := range q.Data {
		l := &q.Data[i]
		t.Lines = append(t.Lines, row([]string{l.Queue.ID, l.Queue.Name, figure(l.Waiting), decimal(&l.AverageWaiting)}, l.Totals.cells()))
	}
	return t
}

// Table has a line for each day.
func (r *RatingReport) Table() Table {
	t := Table{Header: row([]string{"day", "partial"}, ratingHeader)}
	for _, d := range r.Days {
		t.Lines = append(t.Lines, row([]string{string(d.Day), fmt.Sprint(d.Partial)}, d.Rating.cells()))
	}
	return t
}

// Table has a line for each hour of a weekday.
func (h *Heatmap) Table() Table {
	t := Table{Header: []string{"weekday", "hour", "sessions"}}
	for day, hours := range h.Hours {
		for hour, n := range hours {
			t.Lines = append(t.Lines, []string{figure(day), figure(hour), figure(n)})
		}
	}
	return t
}

// Table has a line for each part.
func (b *Breakdown) Table() Table {
	t := Table{Header: row([]string{b.By, "name", "sessions", "active", "ended", "answered", "abandoned", "after_hours"},
		timingHeader("wait", "first_response", "duration", "handle"), ratingHeader)}
	for i := range b.Data {
		l := &b.Data[i]
		t.Lines = append(t.Lines, row([]string{l.Key, l.Name, figure(l.Sessions.N), figure(l.Active), figure(l.Ended), figure(l.Answered), figure(l.Abandoned), figure(l.AfterHours)},
			timingCells(l.Wait, l.FirstResponse, l.Duration, l.Handle), l.Rating.cells()))
	}
	return t
}

// Table has a line for each script at each hook.
func (s *Scripts) Table() Table {
	t := Table{Header: []string{"script", "hook", "decisions", "errors"}}
	for _, l := range s.Data {
		t.Lines = append(t.Lines, []string{l.Script, string(l.Hook), figure(l.Decisions), figure(l.Errors)})
	}
	return t
}

// DefinitionsTable has a line for each definition.
func DefinitionsTable() Table {
	t := Table{Header: []string{"id", "name", "definition", "unit"}}
	for _, d := range Definitions() {
		t.Lines = append(t.Lines, []string{d.ID, d.Name, d.Text, d.Unit})
	}
	return t
}

// SessionsHeader names the columns of a session's line. Times are in UTC, and what took long in seconds.
func SessionsHeader() []string {
	return []string{
		"session", "day", "weekday", "hour", "status", "queue_id", "queue", "agent_id", "agent", "bot_id", "bot", "channel", "priority", "tags", "reason", "continues",
		"created_at", "opened_at", "joined_at", "replied_at", "ended_at", "ended_by", "outcome", "marks", "wait", "first_response", "duration", "handle", "bot_time",
		"messages_customer", "messages_agent", "messages_bot", "messages_system", "rating", "transfers", "overflowed_from", "waits", "agents", "promised",
	}
}

// Line writes a fact for a table, with the day and hour of the account's zone. Spans are written as from/to.
func (f *Fact) Line(zone *time.Location) []string {
	at := timeAt(f.CreatedAt).In(zone)
	status, agent, bot := string(core.StatusEnded), core.Ref{}, core.Ref{}
	if !f.Ended() {
		status = "open"
	}
	if f.Agent != nil {
		agent = *f.Agent
	}
	if f.Bot != nil {
		bot = *f.Bot
	}
	day := DayOf(at, zone)
	cells := []string{
		f.Session, string(day), figure(day.Weekday()), figure(at.Hour()), status, f.Queue.ID, f.Queue.Name, agent.ID, agent.Name, bot.ID, bot.Name,
		f.Channel, string(f.Priority), strings.Join(f.Tags, "|"), f.Reason, f.Continues, moment(f.CreatedAt), moment(f.OpenedAt), moment(f.JoinedAt), moment(f.RepliedAt), moment(f.EndedAt),
		string(f.EndedBy), f.EndReason, strings.Join(f.Marks(), "|"),
		since(f.clockStart(), f.JoinedAt), since(f.clockStart(), f.RepliedAt), since(f.CreatedAt, f.EndedAt), took(f.Handled(), f.JoinedAt > 0 && f.Ended()), took(f.BotTime, f.BotTime > 0),
	}
	score := ""
	if f.Score > 0 {
		score = figure(f.Score)
	}
	return row(cells, f.Messages.cells(), []string{score, figure(f.Transfers), strings.Join(f.Overflowed, "|"), f.waits(), f.served(), f.Promise.text()})
}

func moment(ms int64) string {
	if ms == 0 {
		return ""
	}
	return string(core.AppendTime(nil, timeAt(ms)))
}

func since(from, to int64) string { return took(to-from, to > 0) }

func took(ms int64, is bool) string {
	if !is {
		return ""
	}
	s := seconds(ms)
	return decimal(&s)
}

func (s Span) text() string { return moment(s.From) + "/" + moment(s.To) }

// text writes a promise: when, and from how many seconds to how many.
func (p *Promise) text() string {
	if p == nil {
		return ""
	}
	return fmt.Sprintf("%s %d-%d", moment(p.At), p.Low, p.High)
}

func (f *Fact) waits() string {
	var list []string
	for _, w := range f.Waits {
		list = append(list, w.Queue+" "+w.text())
	}
	return strings.Join(list, "|")
}

func (f *Fact) served() string {
	var list []string
	for i := range f.Agents {
		s := &f.Agents[i]
		text := s.Agent.ID
		for _, span := range s.Spans {
			text += " " + span.text()
		}
		if s.Reply != nil {
			text += " reply=" + took(*s.Reply, true)
		}
		list = append(list, fmt.Sprintf("%s messages=%d offered=%d missed=%d declined=%d", text, s.Messages, s.Offered, s.Missed, s.Declined))
	}
	return strings.Join(list, "|")
}
