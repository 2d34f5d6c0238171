package stats_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"baton/core"
	"baton/core/coretest"
	"baton/core/stats"
)

// story is a session to which acts happen that the rules of core allow.
type story struct {
	session core.Session
	log     []*core.Event
	at      time.Time
}

func (s *story) tell(by core.ActorRef, data ...core.Data) {
	for _, d := range data {
		e := &core.Event{Session: "ses_x", Seq: s.session.Seq + 1, At: s.at, Actor: by, Data: d}
		s.session.Apply(e)
		s.log = append(s.log, e)
	}
}

// tales draws the log of a session in which anything may happen.
func tales(t *rapid.T) []*core.Event {
	s := &story{at: time.Date(2026, 10, 24, 22, 0, 0, 0, time.UTC)}
	who := func(name string) core.Ref {
		id := rapid.SampledFrom([]string{"ann", "bob", "cid"}).Draw(t, name)
		return core.Ref{ID: "agt_" + id, Name: id}
	}
	queue := func() *core.Ref {
		id := rapid.SampledFrom([]string{"sales", "help", "late"}).Draw(t, "queue")
		return &core.Ref{ID: "que_" + id, Name: id}
	}
	customer, bot := core.ActorRef{Role: core.CustomerRole, ID: "cus_x"}, core.ActorRef{Role: core.BotRole, ID: "bot_x"}
	for range rapid.IntRange(0, 3).Draw(t, "transcript") {
		early := &core.Posted{Author: customer, History: true}
		s.at = s.at.Add(-time.Duration(rapid.IntRange(0, 1000).Draw(t, "earlier")) * time.Second)
		s.tell(customer, early)
	}
	s.at = time.Date(2026, 10, 24, 22, 0, 0, 0, time.UTC)
	s.tell(bot, &core.Requested{Queue: *queue(), Bot: &core.Ref{ID: "bot_x"}, Channel: "web", Priority: core.Normal, Reason: &core.Reason{Code: "policy"}})
	for range rapid.IntRange(0, 25).Draw(t, "acts") {
		s.at = s.at.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "pause")*rapid.IntRange(0, 9_000_000).Draw(t, "long")) * time.Millisecond)
		s.act(t, who, queue, customer, bot)
	}
	return s.log
}

func (s *story) act(t *rapid.T, who func(string) core.Ref, queue func() *core.Ref, customer, bot core.ActorRef) {
	x, a := &s.session, who("agent")
	by := core.ActorRef{Role: core.AgentRole, ID: a.ID, Name: a.Name}
	desk := core.Desk.Ref()
	type turn struct {
		by   core.ActorRef
		data []core.Data
		err  error
	}
	act := func(by core.ActorRef) func([]core.Data, error) turn {
		return func(data []core.Data, err error) turn { return turn{by, data, err} }
	}
	offer := int64(-1)
	if x.Offer != nil {
		offer = x.Offer.Seq
	}
	ask := core.AskEmail
	turns := []func() turn{
		func() turn { return act(desk)(x.MakeOffer(a, s.at.Add(time.Minute))) },
		func() turn { return act(by)(x.Accept(a)) },
		func() turn { return act(by)(x.Decline(a, "")) },
		func() turn { return act(desk)(x.Expire(offer, "")) },
		func() turn { return act(desk)(x.Expire(offer, "away")) },
		func() turn { return act(by)(x.Assign(a, false)) },
		func() turn { return act(by)(x.TransferTo(a, "", s.at.Add(time.Minute))) },
		func() turn { return act(by)(x.TransferToQueue(&core.Queue{ID: queue().ID, Name: queue().Name}, "")) },
		func() turn { return act(desk)(x.Overflow(&core.Queue{ID: queue().ID, Name: queue().Name})) },
		func() turn { return act(desk)(x.Requeue(a.ID, core.WaitAgentGone, "gone")) },
		func() turn {
			return act(desk)(x.Wait(&core.Range{Low: 10, High: rapid.IntRange(10, 600).Draw(t, "high")}))
		},
		func() turn { return act(desk)(x.Park(&core.AfterHours{Reason: "closed", Ask: &ask})) },
		func() turn { return act(desk)(x.TakeUp()) },
		func() turn { return act(desk)(x.WaitTooLong(core.AskEmail)) },
		func() turn { return act(customer)(x.LeaveMessage("rec_1", "h@example.org", "call me")) },
		func() turn { return act(by)(x.Post(&core.Posted{Author: by}, 0)) },
		func() turn { return act(bot)(x.Post(&core.Posted{Author: customer}, 0)) },
		func() turn {
			return act(bot)(x.Post(&core.Posted{Author: bot, Whisper: rapid.Bool().Draw(t, "whisper")}, x.Epoch))
		},
		func() turn { return act(by)(x.Tag(rapid.SampledFrom([]string{"vip", "late"}).Draw(t, "tag"))) },
		func() turn { return act(by)(x.Untag("vip")) },
		func() turn { return act(by)(x.Prioritise(core.High)) },
		func() turn { return act(customer)(x.Rate(rapid.IntRange(1, 5).Draw(t, "stars"), "")) },
		func() turn { return act(customer)(x.Finish(&core.Ended{By: core.CustomerRole, Reason: "abandoned"})) },
		func() turn { return act(desk)(x.Finish(&core.Ended{By: core.System, Reason: "after_hours"})) },
		func() turn { return act(by)(x.Finish(&core.Ended{By: core.AgentRole, Reason: "resolved"})) },
	}
	if took := turns[rapid.IntRange(0, len(turns)-1).Draw(t, "act")](); took.err == nil {
		s.tell(took.by, took.data...)
	}
}

func TestFactOfAnyLogIsWhatASlowSearchFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log := tales(t)
		got, want := asJSON(stats.Fold(log)), asJSON(coretest.SlowFact(log))
		if got != want {
			for _, e := range log {
				t.Logf("%d %s %s %s", e.Seq, e.At.Format(time.TimeOnly), e.Actor.Role+" "+core.Role(e.Actor.Name), e.Type())
			}
			t.Fatalf("folded: %s\nslowly: %s", got, want)
		}
	})
}

func asJSON(f *stats.Fact) string {
	data, err := json.Marshal(f)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

func TestDaysOfAllZonesFollowEachOther(t *testing.T) {
	for _, name := range []string{
		"UTC", "Europe/Berlin", "Europe/Lisbon", "America/New_York", "America/Santiago", "America/Sao_Paulo", "America/Havana", "America/Asuncion",
		"Africa/Cairo", "Asia/Beirut", "Asia/Gaza", "Asia/Tehran", "Asia/Kathmandu", "Asia/Tokyo", "Australia/Lord_Howe", "Australia/Adelaide",
		"Pacific/Apia", "Pacific/Chatham", "Pacific/Kiritimati", "Atlantic/Azores",
	} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		end := stats.Day("2016-12-31").End(zone)
		for day := stats.Day("2017-01-01"); day < "2027-01-01"; day = day.Plus(1) {
			start := day.Start(zone)
			if !start.Equal(end) {
				t.Fatalf("in %s the day %s starts at %s, the one before it ends at %s", name, day, start, end)
			}
			end = day.End(zone)
			if stats.DayOf(start, zone) != day || stats.DayOf(end.Add(-time.Millisecond), zone) != day {
				t.Fatalf("in %s the day %s is from %s to %s", name, day, start, end)
			}
			if start.UnixMilli()%stats.QuarterLength.Milliseconds() != 0 {
				t.Fatalf("in %s the day %s starts within a quarter of an hour", name, day)
			}
			if hours := end.Sub(start).Hours(); hours < 23 || hours > 25 {
				t.Fatalf("in %s the day %s has %v hours", name, day, hours)
			}
		}
	}
}

func TestDayThatAZoneLeftOutHasNoTime(t *testing.T) {
	zone, err := time.LoadLocation("Pacific/Apia")
	if err != nil {
		t.Fatal(err)
	}
	if day := stats.Day("2011-12-30"); !day.Start(zone).Equal(day.End(zone)) || !day.Start(zone).Equal(stats.Day("2011-12-31").Start(zone)) {
		t.Errorf("the day that Samoa left out is from %s to %s", day.Start(zone), day.End(zone))
	}
}

func TestPeriodsAreCutIntoWholeMonthsAndTheDaysBesideThem(t *testing.T) {
	for _, c := range []struct{ from, to, newest, want string }{
		{"2026-10-25", "2026-10-25", "2026-12-31", "[{2026-10-25 2026-10-25}]"},
		{"2026-10-02", "2026-11-29", "2026-12-31", "[{2026-10-02 2026-11-29}]"},
		{"2026-10-01", "2026-10-31", "2026-12-31", "[{m2026-10 m2026-10}]"},
		{"2026-08-31", "2026-11-28", "2026-11-29", "[{m2026-09 m2026-10} {2026-08-31 2026-08-31} {2026-11-01 2026-11-28}]"},
		{"2025-12-01", "2026-02-28", "2026-12-31", "[{m2025-12 m2026-02}]"},
		{"2024-02-01", "2024-02-28", "2026-12-31", "[{2024-02-01 2024-02-28}]"},
		{"2026-08-31", "2026-11-28", "2026-11-28", "[{m2026-09 m2026-11} {2026-08-31 2026-08-31}]"},
		{"2026-08-31", "2027-02-10", "2026-11-28", "[{m2026-09 m2026-11} {2026-08-31 2026-08-31}]"},
		{"2026-10-01", "2026-11-28", "", "[{m2026-10 m2026-10} {2026-11-01 2026-11-28}]"},
		{"2026-11-02", "2026-11-28", "2026-11-28", "[{2026-11-02 2026-11-30}]"},
	} {
		if got := fmt.Sprint(stats.Stretches(stats.Day(c.from), stats.Day(c.to), stats.Day(c.newest))); got != c.want {
			t.Errorf("%s to %s, of days until %s, is cut into %s, want %s", c.from, c.to, c.newest, got, c.want)
		}
	}
}

func TestHoursOfAWeekdayAreThoseThatFactsAreCountedIn(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	from, to := stats.Day("2026-10-19").Start(zone), stats.Day("2026-11-02").Start(zone)
	for weekday := range 7 {
		for hour := range 24 {
			var ms int64
			for _, span := range stats.HoursBetween(from, to, zone, weekday, hour) {
				ms += span.To - span.From
			}
			want := 2 * time.Hour
			if weekday == 6 && hour == 2 {
				want = 3 * time.Hour // of the two Sundays one has it twice
			}
			if ms != want.Milliseconds() {
				t.Errorf("hour %d of weekday %d is %v long in two weeks, want %v", hour, weekday, time.Duration(ms)*time.Millisecond, want)
			}
		}
	}
}

func TestEveryFigureHasADefinition(t *testing.T) {
	defined := map[string]bool{}
	for _, d := range stats.Definitions() {
		if defined[d.ID] || d.Name == "" || d.Text == "" || d.Unit == "" {
			t.Errorf("the definition %q is there twice, or not whole", d.ID)
		}
		defined[d.ID] = true
	}
	totals := reflect.TypeFor[stats.Totals]()
	for i := range totals.NumField() {
		if name := totals.Field(i).Tag.Get("json"); !defined[name] {
			t.Errorf("the figure %s has no definition", name)
		}
	}
	for _, mark := range stats.Marks() {
		if !slices.Contains([]string{stats.IsReplied, stats.IsRated, stats.IsWithBot}, mark) && !defined[mark] {
			t.Errorf("%s has no definition", mark)
		}
	}
	if n := len(stats.DefinitionsTable().Lines); n != len(defined) {
		t.Errorf("%s of %d definitions", fmt.Sprint(n), len(defined))
	}
}
