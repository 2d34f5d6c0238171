package desk_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"baton/adapters/lua"
	"baton/core"
	"baton/core/coretest"
	"baton/core/desk"
	"baton/core/scripting"
	"baton/scripts"
)

// scripted starts a desk that asks these scripts beside the built-in ones.
func scripted(t *testing.T, dsn string, rules map[string]string, o coretest.Options) *coretest.Node {
	t.Helper()
	store := open(t, dsn)
	files := fstest.MapFS{}
	for name, source := range rules {
		files[name+".lua"] = &fstest.MapFile{Data: []byte(source)}
	}
	library := scripting.New(lua.New(lua.Config{}), store, scripting.Sources{BuiltIn: scripts.BuiltIn, Disk: files}, slog.New(slog.DiscardHandler))
	if err := library.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.Scripts = library
	return coretest.Start(t, store, o)
}

// ledger reads what was decided about a session, the newest first.
func ledger(t *testing.T, n *coretest.Node, session string) []*core.Decision {
	t.Helper()
	list, err := n.Decisions(t.Context(), core.DecisionFilter{Session: session, Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// anything is a script that answers at random: whom it likes, whether he may or not, and sometimes nonsense.
const anything = `
local everybody = { %s }
function assign(session, agents)
  local what = math.random(7)
  if what == 1 then return nil end
  if what == 2 then return false, "not now" end
  if what == 3 then return agents[math.random(#agents)].id end
  if what == 4 then error("what now?") end
  if what == 5 then return 42 end
  return everybody[math.random(#everybody)]
end`

func TestWhateverAScriptSaysOnlyThoseGetAChatWhoMay(t *testing.T) {
	store := open(t, "sqlite::memory:")
	files := fstest.MapFS{}
	library := scripting.New(lua.New(lua.Config{}), store, scripting.Sources{Disk: files}, slog.New(slog.DiscardHandler))
	n := coretest.Start(t, store, coretest.Options{Dispatcher: true, Scripts: library})
	other, err := n.MakeQueue(t.Context(), core.Desk, "other")
	if err != nil {
		t.Fatal(err)
	}
	hold := 20 * time.Millisecond
	general, err := n.Queue(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.ChangeQueue(t.Context(), core.Desk, general.ID, core.QueueChange{HoldLimit: &hold}); err != nil {
		t.Fatal(err)
	}
	var may, everybody []string
	agent := func(name string, capacity int) core.Actor {
		a := n.Agent(t, name, capacity)
		everybody = append(everybody, fmt.Sprintf("%q", a.ID))
		return a
	}
	able := []core.Actor{agent("Ann", 2), agent("Bob", 3), agent("Cid", 1)}
	for _, a := range able {
		may = append(may, a.ID)
	}
	away, offline := core.Away, core.Offline
	for who, status := range map[string]*core.AgentStatus{"Dan": &away, "Eve": &offline} {
		if _, err := n.SetStatus(t.Context(), agent(who, 5).ID, core.AgentChange{Status: status}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := n.ChangeUser(t.Context(), core.Desk, agent("Fay", 5).ID, func(was core.Agent, _ int) (core.Agent, bool, error) {
		was.Queues = []string{other.ID}
		return was, false, nil
	}); err != nil {
		t.Fatal(err)
	}
	files["rule.lua"] = &fstest.MapFile{Data: fmt.Appendf(nil, anything, strings.Join(everybody, ", "))}
	if err := library.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	var open []string
	dice := rand.New(rand.NewPCG(1, 2))
	for i := range 150 {
		s := n.Request(t, coretest.Bot("shop"), fmt.Sprint(i))
		open = append(open, s.ID)
		act(t, n, able, &open, dice)
		for _, a := range able {
			now, err := n.Agents(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if k := slices.IndexFunc(now, func(x *core.Agent) bool { return x.ID == a.ID }); now[k].Load > now[k].Capacity {
				t.Fatalf("%s has %d chats and room for %d", a.Name, now[k].Load, now[k].Capacity)
			}
		}
	}
	offers := 0
	for i := range open {
		for _, e := range n.Log(t, open[i]) {
			if offer, ok := e.Data.(*core.Offered); ok {
				offers++
				if !slices.Contains(may, offer.Agent.ID) {
					t.Errorf("%s was offered a chat", offer.Agent.Name)
				}
			}
		}
	}
	if offers == 0 {
		t.Error("nobody was offered anything")
	}
	n.CheckPlaces(t)
}

// act lets agents accept, decline and end what they have, at random.
func act(t *testing.T, n *coretest.Node, agents []core.Actor, open *[]string, dice *rand.Rand) {
	t.Helper()
	s, err := n.Session(t.Context(), (*open)[dice.IntN(len(*open))])
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range agents {
		switch {
		case s.OfferedTo(a.ID) && dice.IntN(4) == 0:
			_, _ = n.Desk.Decline(t.Context(), a, s.ID, "")
		case s.OfferedTo(a.ID):
			_, _ = n.Desk.Accept(t.Context(), a, s.ID)
		case s.OwnedBy(a.ID):
			_, _ = n.Desk.End(t.Context(), a, s.ID, desk.End{})
		}
	}
}

// A record of the ledger run again gives the same opinion, byte for byte, whichever database kept it.
func TestRecordedDecisionIsMadeAgainByteForByte(t *testing.T) {
	const rule = `
function assign(session, agents, ctx)
  local seen = store.incr("seen/" .. session.queue)
  local a = agents[math.random(#agents)]
  log.info(seen, ctx.counter)
  return a.id, ("%s %s %d %d %s"):format(session.priority, a.name, seen, ctx.counter, ctx.trigger)
end`
	onBoth(t, func(t *testing.T, dsn string) {
		n := scripted(t, dsn, map[string]string{"rule": rule}, coretest.Options{Dispatcher: true})
		for _, name := range []string{"Ann", "Bob", "Cid"} {
			n.Agent(t, name, 4)
		}
		program, _, err := lua.New(lua.Config{}).Compile("rule", rule)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 8 {
			s := n.Request(t, coretest.Bot("shop"), fmt.Sprint(i))
			d := ledger(t, n, s.ID)[0]
			was := d.Opinions[0]
			if d.Answered != "rule" || !strings.Contains(was.Why, fmt.Sprintf(" %d %d new", i+1, i+1)) {
				t.Fatalf("chat %d was decided by %s: %s", i, d.Answered, asJSON(t, was))
			}
			c, store := scripting.CaseOf(d, "rule")
			again := program.Ask(t.Context(), c, store)
			again.Script, again.Version, again.Mode, again.Micros, again.Writes = was.Script, was.Version, was.Mode, was.Micros, nil
			if a, b := asJSON(t, again), asJSON(t, was); a != b {
				t.Errorf("run again the decision is\n%s\nand it was\n%s", a, b)
			}
		}
	})
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// When two scripts disagree the first in order wins, and the record shows both.
func TestLedgerShowsWhoWonWhenScriptsDisagree(t *testing.T) {
	rule := func(order int, name string) string {
		return fmt.Sprintf("-- order: %d\nfunction assign(session, agents) for i = 1, #agents do if agents[i].name == %q then return agents[i].id, %q end end end", order, name, "to "+name)
	}
	n := scripted(t, "sqlite::memory:", map[string]string{"vip": rule(20, "Bob"), "team": rule(10, "Ann")}, coretest.Options{Dispatcher: true})
	ann := n.Agent(t, "Ann", 4)
	n.Agent(t, "Bob", 4)
	s := n.Request(t, coretest.Bot("shop"), "c1")
	d := ledger(t, n, s.ID)[0]
	var said []string
	for _, o := range d.Opinions {
		said = append(said, o.Script+": "+o.Why+" ("+o.Note+")")
	}
	want := []string{"team: to Ann ()", "vip: to Bob (overruled by team)", "least_busy: 0 of 4 places taken (overruled by team)"}
	if d.Answered != "team" || d.Outcome != ann.ID || !slices.Equal(said, want) {
		t.Errorf("%s decided for %s; scripts said %q, want %q", d.Answered, d.Outcome, said, want)
	}
	fates := map[string]core.Fate{}
	for _, c := range d.Candidates {
		fates[c.Agent.Name] = c.Fate
	}
	if fates["Ann"] != core.FateChosen || fates["Bob"] != core.FateNotChosen {
		t.Errorf("the candidates met %v", fates)
	}
}

func TestScriptSaysHowUrgentARequestIs(t *testing.T) {
	onBoth(t, func(t *testing.T, dsn string) {
		rules := map[string]string{
			"plan": `function prioritise(session) if session.context and session.context.plan == "gold" then return "high" end if session.tags.fire then return "urgent" end end`,
			"fire": `function tag(session, message) if message.text:find("fire") then return {"fire", "hot"} end end`,
		}
		n := scripted(t, dsn, rules, coretest.Options{Afterwards: true})
		ask := func(conversation, context string) *core.Session {
			r, err := n.Desk.Request(t.Context(), coretest.Bot("shop"), core.Handoff{ConversationID: conversation, Customer: core.Customer{ExternalID: conversation}, Context: json.RawMessage(context)})
			if err != nil {
				t.Fatal(err)
			}
			return r.Session
		}
		gold, plain := ask("gold", `{"plan":"gold"}`), ask("plain", `{}`)
		if gold.Priority != core.High || plain.Priority != core.Normal {
			t.Errorf("the priorities are %s and %s, want high and normal", gold.Priority, plain.Priority)
		}
		if d := ledger(t, n, gold.ID); len(d) == 0 || d[len(d)-1].Hook != core.HookPrioritise || d[len(d)-1].Outcome != "high" || d[len(d)-1].Session != gold.ID {
			t.Errorf("the ledger says %s", asJSON(t, d))
		}
		if _, err := n.Desk.Post(t.Context(), coretest.Bot("shop"), plain.ID, desk.Message{ClientID: "1", Text: "there is a fire"}); err != nil {
			t.Fatal(err)
		}
		coretest.Until(t, "the message is tagged and the chat urgent", func() bool {
			s, err := n.Session(t.Context(), plain.ID)
			return err == nil && slices.Equal(s.Tags, []string{"fire", "hot"}) && s.Priority == core.Urgent
		})
		tags := 0
		for _, e := range n.Log(t, plain.ID) {
			if e.Type() == core.EventTagAdded {
				tags++
			}
		}
		if tags != 2 {
			t.Errorf("the log has %d tags, want 2", tags)
		}
	})
}

func TestAutomaticReplyReachesWhoWaitsAndNobodyElse(t *testing.T) {
	rules := map[string]string{"reply": `function reply(session, message) return "You said: " .. message.text end`}
	n := scripted(t, "sqlite::memory:", rules, coretest.Options{Afterwards: true})
	bot := coretest.Bot("shop")
	waiting := n.Request(t, bot, "c1")
	ann := n.Agent(t, "Ann", 2)
	had := n.Active(t, bot, "c2", ann)
	for _, s := range []*core.Session{had, waiting} {
		if _, err := n.Desk.Post(t.Context(), bot, s.ID, desk.Message{ClientID: "1", Text: "hello"}); err != nil {
			t.Fatal(err)
		}
	}
	said := func(s *core.Session) (texts []string) {
		for _, e := range n.Log(t, s.ID) {
			if p, ok := e.Data.(*core.Posted); ok && p.Author.Role == core.System {
				texts = append(texts, p.Text)
			}
		}
		return texts
	}
	coretest.Until(t, "who waits is answered", func() bool { return slices.Equal(said(waiting), []string{"You said: hello"}) })
	if got := said(had); len(got) != 0 {
		t.Errorf("whom an agent talks to was answered %q", got)
	}
}

func TestOverflowGoesOnlyToAnotherQueueThatThereIs(t *testing.T) {
	for _, c := range []struct{ says, want, note string }{
		{`"orders"`, "orders", ""},
		{`"nowhere"`, "", `there is no queue "nowhere"`},
		{`"general"`, "", "the chat waits in that queue already"},
		{`nil`, "", ""},
	} {
		n := scripted(t, "sqlite::memory:", map[string]string{"full": "function overflow() return " + c.says + " end"}, coretest.Options{})
		if _, err := n.MakeQueue(t.Context(), core.Desk, "orders"); err != nil {
			t.Fatal(err)
		}
		answer, d := n.Desk.AskOverflow(t.Context(), n.Request(t, coretest.Bot("shop"), "c1"))
		if answer.Queue != c.want || d.Outcome != c.want || d.Opinions[0].Note != c.note || d.Opinions[0].Error != nil {
			t.Errorf("a script that says %s came to %q and %s", c.says, answer.Queue, asJSON(t, d))
		}
	}
}

func TestAfterHoursAnswersInTheCustomersLanguage(t *testing.T) {
	n := scripted(t, "sqlite::memory:", map[string]string{
		"night": `function after_hours(session, schedule) if session.channel == "phone" then return "Call back " .. schedule.next_open.text end end`,
	}, coretest.Options{})
	schedule := core.CaseSchedule{Reason: "closed", Timezone: "Europe/Berlin", Ask: core.AskEmail, NextOpen: &core.CaseOpen{Unix: 1781510400, Text: "am Montag um 9:00"}}
	german := &core.Session{ID: "ses_1", Language: "de", Queue: core.Ref{ID: "que_1", Name: "general"}}
	if answer, d := n.Desk.AskAfterHours(t.Context(), german, schedule); d.Answered != "after_hours" || answer.Ask != "email" || !answer.Ticket || !strings.Contains(answer.Text, "am Montag um 9:00 wieder da") {
		t.Errorf("the built-in script answered %+v by %s", answer, d.Answered)
	}
	phone := &core.Session{ID: "ses_2", Channel: "phone", Queue: german.Queue}
	if answer, d := n.Desk.AskAfterHours(t.Context(), phone, schedule); d.Answered != "night" || answer.Text != "Call back am Montag um 9:00" || len(d.Opinions) != 2 || d.Opinions[1].Note != "overruled by night" {
		t.Errorf("a script of one's own answered %+v by %s", answer, asJSON(t, d))
	}
}
