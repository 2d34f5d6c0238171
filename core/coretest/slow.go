package coretest

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"baton/core"
	"baton/core/stats"
)

// slow computes figures from logs the long way round: each figure by a search of its own through all events, with
// nothing kept from one to the next.
type slow struct {
	zone *time.Location
	now  time.Time
	logs [][]*core.Event
}

// table is a line of figures by the names of their columns.
type table map[string]string

// only keeps the sessions that meet a condition.
func (x slow) only(keep func([]*core.Event) bool) slow {
	x.logs = slices.DeleteFunc(slices.Clone(x.logs), func(log []*core.Event) bool { return !keep(log) })
	return x
}

// on keeps the sessions that were requested on these days.
func (x slow) on(from, to string) slow {
	return x.only(func(log []*core.Event) bool {
		day := requestOf(log).At.In(x.zone).Format(time.DateOnly)
		return from <= day && day <= to
	})
}

func (x slow) ended() slow {
	return x.only(func(log []*core.Event) bool { return endOf(log) != nil })
}

func find[T core.Data](log []*core.Event) *core.Event {
	at := slices.IndexFunc(log, func(e *core.Event) bool { _, is := e.Data.(T); return is })
	if at < 0 {
		return nil
	}
	return log[at]
}

func requestOf(log []*core.Event) *core.Event { return find[*core.Requested](log) }
func request(log []*core.Event) *core.Requested {
	return requestOf(log).Data.(*core.Requested)
}
func endOf(log []*core.Event) *core.Event { return find[*core.Ended](log) }

// queueAt is the queue that the session is in after so many events.
func queueAt(log []*core.Event) string {
	queue := request(log).Queue.ID
	for _, e := range log {
		if d, is := e.Data.(*core.Transferred); is && d.Queue != nil {
			queue = d.Queue.ID
		}
	}
	return queue
}

// ownerAt is who has the session after these events.
func ownerAt(log []*core.Event) string {
	for i := len(log) - 1; i >= 0; i-- {
		switch d := log[i].Data.(type) {
		case *core.Accepted:
			return d.Agent.ID
		case *core.Assigned:
			return d.Agent.ID
		case *core.Waiting, *core.Ended:
			return ""
		case *core.Transferred:
			if d.Queue != nil {
				return ""
			}
		}
	}
	return ""
}

// holds gives the times between events in which a condition held of what had happened until then.
func holds(log []*core.Event, condition func([]*core.Event) bool) []stats.Span {
	var spans []stats.Span
	for i := 0; i+1 < len(log); i++ {
		if log[i].Seq >= requestOf(log).Seq && condition(log[:i+1]) {
			spans = append(spans, stats.Span{From: log[i].At.UnixMilli(), To: log[i+1].At.UnixMilli()})
		}
	}
	return spans
}

func sumOf(spans []stats.Span) (ms int64) {
	for _, s := range spans {
		ms += s.To - s.From
	}
	return ms
}

// during is how much of some spans lies on these days.
func (x slow) during(spans []stats.Span, from, to string) (ms int64) {
	begin, _ := time.ParseInLocation(time.DateOnly, from, x.zone)
	end, _ := time.ParseInLocation(time.DateOnly, to, x.zone)
	begins, ends := begin.UnixMilli(), end.AddDate(0, 0, 1).UnixMilli()
	for _, s := range spans {
		if a, b := max(s.From, begins), min(s.To, ends); b > a {
			ms += b - a
		}
	}
	return ms
}

func joined(log []*core.Event) *core.Event {
	at := slices.IndexFunc(log, func(e *core.Event) bool { return e.Type() == core.EventAccepted || e.Type() == core.EventAssigned })
	if at < 0 {
		return nil
	}
	return log[at]
}

// said lists the messages of a role that the customer saw.
func said(log []*core.Event, role core.Role) []*core.Event {
	return slices.DeleteFunc(slices.Clone(log), func(e *core.Event) bool {
		p, is := e.Data.(*core.Posted)
		return !is || p.History || p.Whisper || p.Author.Role != role
	})
}

func overflows(log []*core.Event) (queues []string) {
	for i, e := range log {
		if d, is := e.Data.(*core.Transferred); is && d.Queue != nil && e.Actor.Role == core.System {
			queues = append(queues, queueAt(log[:i]))
		}
	}
	return queues
}

func afterHours(log []*core.Event) bool {
	return slices.ContainsFunc(log, func(e *core.Event) bool {
		w, is := e.Data.(*core.Waiting)
		return is && w.Reason == "after_hours"
	}) || endOf(log) != nil && endOf(log).Data.(*core.Ended).Reason == "after_hours"
}

// keptAt says whether the session is kept until an opening after these events.
func keptAt(log []*core.Event) bool {
	for i := len(log) - 1; i >= 0; i-- {
		switch d := log[i].Data.(type) {
		case *core.Waiting:
			if d.Reason == core.WaitAfterHours || d.Reason == core.WaitOpened {
				return d.Reason == core.WaitAfterHours
			}
		case *core.Accepted, *core.Assigned:
			return false
		case *core.Transferred:
			if d.Queue != nil {
				return false
			}
		}
	}
	return false
}

// opened is the last opening for which a session was kept that nobody had joined before.
func opened(log []*core.Event) (last *core.Event) {
	for _, e := range log {
		if d, is := e.Data.(*core.Waiting); is && d.Reason == core.WaitOpened && (joined(log) == nil || e.Seq < joined(log).Seq) {
			last = e
		}
	}
	return last
}

// clockStart is where the clock of its waits starts.
func clockStart(log []*core.Event) *core.Event {
	if e := opened(log); e != nil {
		return e
	}
	return requestOf(log)
}

// promise is the event with the first range that the customer could be told.
func promise(log []*core.Event) *core.Event {
	for _, e := range log {
		if d, is := e.Data.(*core.Waiting); is && d.Wait != nil {
			if joined(log) != nil && joined(log).Seq < e.Seq {
				return nil
			}
			return e
		}
	}
	return nil
}

// foretold says whether it is known how well the wait was foretold, and heldRange whether it ended within the range.
func foretold(log []*core.Event) bool {
	p := promise(log)
	if p == nil || endOf(log) == nil {
		return false
	}
	return joined(log) != nil || endOf(log).At.UnixMilli()-p.At.UnixMilli() > int64(p.Data.(*core.Waiting).Wait.High)*1000
}

func heldRange(log []*core.Event) bool {
	if !foretold(log) || joined(log) == nil {
		return false
	}
	told := promise(log).Data.(*core.Waiting).Wait
	took := joined(log).At.UnixMilli() - promise(log).At.UnixMilli()
	return took >= int64(told.Low)*1000 && took <= int64(told.High)*1000
}

func abandoned(log []*core.Event) bool {
	end := endOf(log).Data.(*core.Ended)
	return joined(log) == nil && !afterHours(log) && (end.By == core.CustomerRole || slices.Contains([]string{"abandoned", "customer_left", "no_answer"}, end.Reason))
}

func passedOn(log []*core.Event) bool {
	return slices.ContainsFunc(log, func(e *core.Event) bool {
		_, is := e.Data.(*core.Transferred)
		return is && e.Actor.Role != core.System
	})
}

func rating(log []*core.Event) int {
	if e := find[*core.Rated](log); e != nil {
		return e.Data.(*core.Rated).Score
	}
	return 0
}

func (x slow) count(is func([]*core.Event) bool) string { return strconv.Itoa(len(x.only(is).logs)) }

// times fills the columns of something that was measured in milliseconds.
func (t table) times(name string, ms []int64, quantiles bool) {
	slices.Sort(ms)
	var sum int64
	for _, one := range ms {
		sum += one
	}
	t[name+"_n"], t[name+"_sum"] = strconv.Itoa(len(ms)), shown(float64(sum)/1000)
	for _, column := range []string{"mean", "p50", "p90", "p99"} {
		t[name+"_"+column] = ""
	}
	if len(ms) == 0 {
		return
	}
	t[name+"_mean"] = shown(math.Round(float64(sum)/float64(len(ms))) / 1000)
	if !quantiles {
		return
	}
	for column, q := range map[string]float64{"p50": 0.5, "p90": 0.9, "p99": 0.99} {
		t[name+"_"+column] = shown(float64(ms[int(q*float64(len(ms)-1))]) / 1000)
	}
}

func shown(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// measure collects a time of each session that has it.
func (x slow) measure(of func([]*core.Event) (from, to *core.Event)) (ms []int64) {
	for _, log := range x.logs {
		if from, to := of(log); from != nil && to != nil {
			ms = append(ms, to.At.UnixMilli()-from.At.UnixMilli())
		}
	}
	return ms
}

func (t table) ratings(x slow) {
	var sum, good, n float64
	for stars := 1; stars <= 5; stars++ {
		with := len(x.only(func(log []*core.Event) bool { return rating(log) == stars }).logs)
		t[fmt.Sprintf("stars_%d", stars)] = strconv.Itoa(with)
		n, sum = n+float64(with), sum+float64(with*stars)
		if stars >= 4 {
			good += float64(with)
		}
	}
	t["ratings"], t["rating_mean"], t["satisfied"] = shown(n), "", ""
	if n > 0 {
		t["rating_mean"], t["satisfied"] = shown(math.Round(sum/n*1000)/1000), shown(math.Round(good/n*10000)/10000)
	}
}

// totals are the figures of all sessions that are left. Left are the queues that they may have left because they waited
// too long; nil stands for any.
func (x slow) totals(all slow, left []string) table {
	t, e := table{}, x.ended()
	t["sessions"], t["ended"] = strconv.Itoa(len(x.logs)), strconv.Itoa(len(e.logs))
	t["active"] = strconv.Itoa(len(x.logs) - len(e.logs))
	t["answered"] = e.count(func(log []*core.Event) bool { return joined(log) != nil })
	t["abandoned"] = e.count(abandoned)
	t["overflowed"] = all.ended().count(func(log []*core.Event) bool {
		return slices.ContainsFunc(overflows(log), func(q string) bool { return left == nil || slices.Contains(left, q) })
	})
	t["after_hours"] = e.count(afterHours)
	t["reopened"] = e.count(func(log []*core.Event) bool { return request(log).Continues != "" })
	t["transferred"] = e.count(passedOn)
	t["promised"], t["promise_kept"] = e.count(foretold), e.count(heldRange)
	t.times("wait", e.measure(func(log []*core.Event) (*core.Event, *core.Event) { return clockStart(log), joined(log) }), true)
	t.times("first_response", e.measure(func(log []*core.Event) (*core.Event, *core.Event) {
		if by := said(log, core.AgentRole); len(by) > 0 {
			return clockStart(log), by[0]
		}
		return nil, nil
	}), true)
	t.times("duration", e.measure(func(log []*core.Event) (*core.Event, *core.Event) { return requestOf(log), endOf(log) }), true)
	t.times("bot_time", e.measure(func(log []*core.Event) (*core.Event, *core.Event) {
		var first *core.Event
		for _, e := range log {
			if p, is := e.Data.(*core.Posted); is && p.History && (first == nil || e.At.Before(first.At)) {
				first = e
			}
		}
		return first, requestOf(log)
	}), true)
	var handled []int64
	for _, log := range e.only(func(log []*core.Event) bool { return joined(log) != nil }).logs {
		handled = append(handled, sumOf(holds(log, func(until []*core.Event) bool { return ownerAt(until) != "" })))
	}
	t.times("handle", handled, true)
	t.ratings(e)
	for _, role := range []core.Role{core.CustomerRole, core.AgentRole, core.BotRole, core.System} {
		t["chat_messages_"+string(role)] = strconv.Itoa(e.messages(role))
	}
	return t
}

func (x slow) messages(role core.Role) (n int) {
	for _, log := range x.logs {
		n += len(said(log, role))
	}
	return n
}

// sent counts the messages that a role wrote on these days, in whichever session.
func (x slow) sent(role core.Role, from, to string) string {
	n := 0
	to = min(to, x.now.In(x.zone).Format(time.DateOnly)) // some tales go on after the moment at which they are looked at
	for _, log := range x.logs {
		for _, e := range said(log, role) {
			if day := e.At.In(x.zone).Format(time.DateOnly); from <= day && day <= to {
				n++
			}
		}
	}
	return strconv.Itoa(n)
}

// differ tells what is not as the table says; columns that it does not name are not compared.
func (t table) differ(header, line []string) string {
	var text strings.Builder
	for i, column := range header {
		if want, named := t[column]; named && line[i] != want {
			fmt.Fprintf(&text, "\n  %s is %q, the logs say %q", column, line[i], want)
		}
	}
	return text.String()
}
