package api_test

import (
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"

	"baton/adapters/api"
	"baton/core"
	"baton/core/access"
	"baton/core/desk"
	"baton/core/hours"
	"baton/core/scripting"
	"baton/core/simulate"
)

func routes() []api.Route { return api.Routes() }

// matrix is a house with one caller of each kind, and what they may and may not see.
type matrix struct {
	*house
	callers map[string]caller
	// near belongs to near's bot and visitor and waits in the agent's queue; far to others, in another queue.
	bot, farBot, visitor, farVisitor caller
	agentID                          string
	made                             int
}

func newMatrix(t *testing.T) *matrix {
	m := &matrix{house: open(t, nil), callers: map[string]caller{"nobody": {}}}
	if _, err := m.store.MakeQueue(t.Context(), core.Desk, "far"); err != nil {
		t.Fatal(err)
	}
	m.bot, m.farBot = m.house.bot(t, "near"), m.house.bot(t, "far")
	m.visitor, m.farVisitor = m.house.visitor(t), m.house.visitor(t)
	for _, role := range core.StaffRoles {
		m.callers[string(role)] = m.person(t, string(role), role)
	}
	m.agentID = m.callers["agent"].ID
	m.callers["bot"], m.callers["customer"] = m.bot, m.visitor
	for _, scope := range desk.Scopes() {
		// The second key of the near bot would do for one scope only, so each has a bot of its own; it sees nothing.
		m.callers["bot with "+scope] = m.house.bot(t, "narrow "+scope, scope)
	}
	return m
}

// fresh signs a person in again: what a case did to the last login is over.
func (m *matrix) fresh(t *testing.T, name string) caller {
	c := m.callers[name]
	if c.Login() {
		return m.signIn(t, name+"@example.org")
	}
	return c
}

// object is what a call is about.
type object string

const (
	near    object = "near"
	far     object = "far"
	missing object = "missing"
)

// sees says, from the contract and not from the code, whether a caller may see a session.
func sees(name string, what object) bool {
	switch {
	case what == missing, strings.HasPrefix(name, "bot with "):
		return false
	case what == near:
		return true
	}
	return slices.Contains([]string{"owner", "admin", "supervisor", "viewer"}, name)
}

// session makes a chat of its own for a case.
func (m *matrix) session(t *testing.T, what object) string {
	t.Helper()
	switch what {
	case near:
		return m.chat(t, m.bot, m.visitor, "").ID
	case far:
		return m.chat(t, m.farBot, m.farVisitor, "far").ID
	}
	return "ses_0000000000000000"
}

// request is how a route is called on an object. About says what kind of thing the object is; a route that is
// about nothing is called once.
type request struct {
	about string
	body  string
	query string
}

// requests has a line for every route; the test fails when one is missing.
func requests() map[string]request {
	const aboutSession = "session"
	return map[string]request{
		"setUp":                {body: `{"code":"x","email":"a@example.org","name":"A","password":"0123456789"}`},
		"login":                {body: `{"email":"nobody@example.org","password":"0123456789"}`},
		"logout":               {},
		"readMe":               {},
		"changeMe":             {body: `{"capacity":3}`},
		"changePassword":       {body: `{"old":"` + password + `","new":"` + password + `"}`},
		"makeVisitor":          {body: `{}`},
		"listAgents":           {},
		"readAgent":            {about: "agent"},
		"changeAgent":          {about: "agent", body: `{"skills":["refund"]}`},
		"resetPassword":        {about: "agent"},
		"useReset":             {body: `{"password":"0123456789"}`},
		"makeInvite":           {body: `{"email":"iNUMBER@example.org","role":"agent"}`},
		"listInvites":          {},
		"revokeInvite":         {about: "invite"},
		"acceptInvite":         {body: `{"name":"I","password":"0123456789"}`},
		"lookUpCode":           {body: `{"code":"x"}`},
		"requestHandoff":       {body: `{"conversation_id":"matrix"}`},
		"listSessions":         {},
		"readSession":          {about: aboutSession},
		"listEvents":           {about: aboutSession},
		"acceptSession":        {about: aboutSession},
		"declineSession":       {about: aboutSession, body: `{}`},
		"assignSession":        {about: aboutSession, body: `{"agent_id":"AGENT"}`},
		"transferSession":      {about: aboutSession, body: `{"queue":"far"}`},
		"takeOverSession":      {about: aboutSession, body: `{}`},
		"endSession":           {about: aboutSession, body: `{}`},
		"reopenSession":        {about: aboutSession},
		"updateSession":        {about: aboutSession, body: `{"priority":"high"}`},
		"rateSession":          {about: aboutSession, body: `{"score":3}`},
		"leaveMessage":         {about: aboutSession, body: `{"email":"ann@example.org","text":"x"}`},
		"readAvailability":     {},
		"postMessage":          {about: aboutSession, body: `{"client_id":"m","text":"hi"}`},
		"sendTyping":           {about: aboutSession},
		"markRead":             {about: aboutSession, body: `{"seq":1}`},
		"addNote":              {about: aboutSession, body: `{"text":"n"}`},
		"addTag":               {about: aboutSession},
		"removeTag":            {about: aboutSession},
		"uploadAttachment":     {about: "upload"},
		"readAttachment":       {about: "file"},
		"followAttachment":     {about: "link", query: "?expires=99999999999&signature=forged"},
		"makeSocketTicket":     {},
		"openSocket":           {},
		"listQueues":           {},
		"makeQueue":            {body: `{"name":"NEW"}`},
		"changeQueue":          {about: "queue", body: `{"name":"NEW"}`},
		"listSchedules":        {},
		"makeSchedule":         {body: `{"name":"NEW","time_zone":"UTC"}`},
		"readSchedule":         {about: "schedule"},
		"changeSchedule":       {about: "schedule", body: `{"name":"NEW"}`},
		"removeSchedule":       {about: "schedule"},
		"importSchedule":       {about: "schedule", body: `{"ics":"BEGIN:VCALENDAR\nEND:VCALENDAR\n"}`},
		"probeSchedule":        {about: "schedule"},
		"listKeys":             {},
		"makeKey":              {body: `{"name":"NEW"}`},
		"revokeKey":            {about: "key"},
		"readCustomer":         {about: "customer"},
		"listRecords":          {about: "customer"},
		"changeCustomer":       {about: "customer", body: `{"name":"Ann"}`},
		"listTags":             {},
		"listQuickReplies":     {},
		"makeQuickReply":       {body: `{"scope":"personal","shortcut":"sNUMBER","text":"x"}`},
		"changeQuickReply":     {about: "reply", body: `{"text":"y"}`},
		"removeQuickReply":     {about: "reply"},
		"useQuickReply":        {about: "reply"},
		"readSettings":         {},
		"listSessionDecisions": {about: aboutSession},
		"listAgentDecisions":   {about: "self"},
		"readDecision":         {about: "decision"},
		"scriptReference":      {},
		"checkScript":          {body: `{"source":"function assign() end"}`},
		"listScripts":          {},
		"readScript":           {about: "script"},
		"changeScript":         {about: "script", body: `{"state":"on"}`},
		"withdrawScript":       {about: "script"},
		"saveDraft":            {body: `{"source":"x","rev":0}`},
		"runScript":            {body: `{"source":"function assign() end","hook":"assign"}`},
		"testScript":           {body: `{"source":"function assign() end"}`},
		"listScriptTests":      {about: "script"},
		"keepScriptTest":       {about: "script", body: `{"name":"NEW","decision":"DECISION"}`},
		"removeScriptTest":     {about: "script"},
		"publishScript":        {body: `{"source":"function assign(s, agents) return agents[1].id end","reason":"because"}`},
		"rollBackScript":       {about: "script", body: `{"version":1}`},
		"listVersions":         {about: "script"},
		"startShadow":          {about: "script", body: `{"source":"function assign(s, agents) return agents[1].id end"}`},
		"startCanary":          {about: "script", body: `{"source":"function assign(s, agents) return agents[1].id end","share":5}`},
		"endTrial":             {about: "script"},
		"readTrial":            {about: "script"},
		"listScriptDecisions":  {about: "script"},
		"listScriptErrors":     {about: "script"},
		"startSimulation":      {body: `{"agents":1}`},
		"readSimulation":       {about: "simulation"},
		"readSummary":          {},
		"exportSummary":        {},
		"readDaily":            {},
		"exportDaily":          {},
		"readAgentStats":       {},
		"exportAgents":         {},
		"readQueueStats":       {},
		"exportQueues":         {},
		"readRatings":          {},
		"exportRatings":        {},
		"readHeatmap":          {},
		"exportHeatmap":        {},
		"readBreakdown":        {query: "?by=tag"},
		"exportBreakdown":      {query: "?by=tag"},
		"readScriptStats":      {},
		"exportScripts":        {},
		"readDefinitions":      {},
		"exportDefinitions":    {},
		"exportSessions":       {},
		"changeSettings":       {body: `{"name":"NEW"}`},
		"readWidget":           {},
		"live":                 {}, "ready": {}, "metrics": {}, "openapi": {}, "docs": {},
	}
}

func TestZ01EveryRouteAnswersEveryCallerAsThePolicySays(t *testing.T) {
	m := newMatrix(t)
	rules, cases := desk.Rules(), requests()
	counted := 0
	for _, route := range routes() {
		how, there := cases[route.ID]
		if !there {
			t.Errorf("the matrix does not know how to call %s", route.ID)
			continue
		}
		objects := []object{missing}
		if how.about != "" {
			objects = []object{near, far, missing}
		}
		for name := range m.callers {
			for _, what := range objects {
				counted++
				m.check(t, route, how, rules[route.Act], name, what)
			}
		}
	}
	if len(cases) != len(routes()) {
		t.Errorf("the matrix has %d lines for %d routes", len(cases), len(routes()))
	}
	t.Logf("%d calls", counted)
}

// check makes one call and compares the answer with what table and contract say.
func (m *matrix) check(t *testing.T, route api.Route, how request, rule desk.Rule, name string, what object) {
	t.Helper()
	by := m.fresh(t, name)
	said := fmt.Sprintf("%s by %s on %s", route.ID, name, what)
	got := m.ask(t, by, route, how, what)
	refused := core.KindOf(rule.Admits(by.Actor))
	hidden := how.about != "" && m.hidden(how.about, name, what)
	switch {
	case refused == core.Unauthorized:
		got.want(t, said, http.StatusUnauthorized)
	case refused == core.Forbidden:
		got.want(t, said, http.StatusForbidden, "forbidden")
	case hidden:
		got.want(t, said, http.StatusNotFound, "not_found")
	case got.status == 401 && (rule.Act == desk.ActSetUp || rule.Act == desk.ActSignIn || rule.Act == desk.ActUseLink): // a wrong code or password
	case got.status >= 500, got.status == 403, got.status == 404, got.status == 405, got.status == 400, got.status == 401:
		t.Errorf("%s: got %s, and nothing stands in the way", said, clip(got.String()))
	}
}

// hidden says whether the object must look like a missing one.
func (m *matrix) hidden(about, name string, what object) bool {
	switch about {
	case "session", "file", "upload", "customer", "decision":
		return !sees(name, what)
	case "link":
		return true // a forged signature finds nothing, whoever shows it
	case "reply":
		return what != near // a colleague's own is nobody else's business
	}
	return what == missing
}

// ask makes the call of a route on an object.
func (m *matrix) ask(t *testing.T, by caller, route api.Route, how request, what object) answer {
	t.Helper()
	m.made++
	id := m.objectFor(t, by, how.about, what)
	path := strings.NewReplacer("{id}", id, "{name}", id, "{code}", "x", "{tag}", "vip", "{test}", "x").Replace(route.Path) + how.query
	decision := ""
	if strings.Contains(how.body, "DECISION") {
		decision = m.decision(t, near, id)
	}
	body := strings.NewReplacer("AGENT", m.agentID, "DECISION", decision, "NEW", fmt.Sprintf("new %d", m.made), "NUMBER", fmt.Sprint(m.made)).Replace(how.body)
	if how.about == "upload" {
		return m.upload(t, by, id, "a.txt", "text/plain", []byte("hello"))
	}
	return m.call(t, by, route.Method, path, body)
}

func (m *matrix) objectFor(t *testing.T, by caller, about string, what object) string {
	t.Helper()
	switch about {
	case "":
		return "x" // a code that opens nothing
	case "session", "upload":
		return m.session(t, what)
	case "decision":
		if what == missing {
			return "dec_0000000000000000"
		}
		return m.decision(t, what, "least_busy")
	case "file", "link":
		if what == missing {
			return "att_00000000000000000000000000"
		}
		return m.file(t, what)
	}
	if what == missing {
		return "xxx_0000000000000000"
	}
	if about == "customer" {
		// A person of this case alone: others may have become somebody's in earlier ones.
		bot, queue := m.bot, ""
		if what == far {
			bot, queue = m.farBot, "far"
		}
		return m.chat(t, bot, m.house.visitor(t), queue).Customer.ID
	}
	switch about {
	case "agent":
		return m.agentID
	case "self":
		if by.Login() {
			return by.ID
		}
		return m.agentID
	case "script":
		return m.script(t)
	case "queue":
		q, err := m.store.MakeQueue(t.Context(), core.Desk, fmt.Sprintf("old %d", m.made))
		if err != nil {
			t.Fatal(err)
		}
		return q.ID
	case "schedule":
		kept, err := m.Desk.AddSchedule(t.Context(), core.Desk, hours.Schedule{Name: fmt.Sprintf("old %d", m.made), TimeZone: "UTC"})
		if err != nil {
			t.Fatal(err)
		}
		return kept.ID
	case "invite":
		_, invite, err := m.access.Invite(t.Context(), core.Desk, access.InviteRequest{Email: fmt.Sprintf("old%d@example.org", m.made), Role: core.AgentRole})
		if err != nil {
			t.Fatal(err)
		}
		return invite.ID
	case "simulation":
		return m.simulation()
	case "reply":
		return m.reply(t, by, what)
	case "key":
		_, key, err := m.access.MakeKey(t.Context(), core.Desk, fmt.Sprintf("old %d", m.made), nil)
		if err != nil {
			t.Fatal(err)
		}
		return key.ID
	}
	t.Fatalf("the matrix knows no %s", about)
	return ""
}

// reply keeps a quick reply of the caller's own, or of a colleague.
func (m *matrix) reply(t *testing.T, by caller, what object) string {
	t.Helper()
	owner := by.Actor
	if what == far || !owner.Login() {
		owner = core.Actor{Role: core.AgentRole, ID: "agt_colleague"}
	}
	shortcut, text := fmt.Sprintf("m%d", m.made), "x"
	r, err := m.Desk.AddQuickReply(t.Context(), owner, false, desk.QuickReplyChange{Shortcut: &shortcut, Text: &text})
	if err != nil {
		t.Fatal(err)
	}
	return r.ID
}

// simulation begins one as soon as none runs.
func (m *matrix) simulation() string {
	for {
		if id, err := m.simulations.Start(simulate.Question{Seed: 1}); err == nil {
			return id
		}
		runtime.Gosched()
	}
}

// script publishes a script with a test.
func (m *matrix) script(t *testing.T) string {
	t.Helper()
	name := fmt.Sprintf("script_%d", m.made)
	if _, _, err := m.scripts.Publish(t.Context(), core.Desk, name, "function assign(s, agents) return agents[1].id end", "because"); err != nil {
		t.Fatal(err)
	}
	if err := m.store.PutTest(t.Context(), core.Desk, name, "x", "-- want --\nresult: a1\n"); err != nil {
		t.Fatal(err)
	}
	return name
}

// decision keeps a decision of a script about a near or far session.
func (m *matrix) decision(t *testing.T, what object, script string) string {
	t.Helper()
	d := &core.Decision{
		ID: core.NewID(core.DecisionPrefix), Session: m.session(t, what), Hook: core.HookAssign, Case: scripting.Sample(core.HookAssign),
		Opinions: []core.Opinion{{Script: script, Mode: core.ModeLive, Result: `"a1"`, Answer: core.Answer{Given: true, Agent: "a1"}}},
	}
	_, err := m.store.Change(t.Context(), core.Desk, d.Session, func(s *core.Session, tx core.Tx) error {
		d.Queue = s.Queue.ID
		tx.Record(d)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return d.ID
}

// file uploads a file into a near or far session.
func (m *matrix) file(t *testing.T, what object) string {
	t.Helper()
	by := m.bot
	if what == far {
		by = m.farBot
	}
	a := m.upload(t, by, m.session(t, what), "a.txt", "text/plain", []byte("hello")).want(t, "upload", 201)
	return a.JSON["id"].(string)
}

func TestPolicyCoversEveryActOnce(t *testing.T) {
	seen := map[desk.Act]bool{}
	for _, rule := range desk.Policy() {
		if seen[rule.Act] {
			t.Errorf("%s has two rules", rule.Act)
		}
		seen[rule.Act] = true
	}
	for _, route := range routes() {
		if !seen[route.Act] {
			t.Errorf("%s has no rule for %s", route.ID, route.Act)
		}
	}
}
