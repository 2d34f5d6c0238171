package sqlstore

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"baton/adapters/sqlstore/sqltest"
	"baton/core"
	"baton/core/access"
)

// hire adds an agent to the store.
func hire(t *testing.T, s *Store, email string) *core.Agent {
	t.Helper()
	a, err := s.AddUser(t.Context(), core.Desk, access.NewUser{
		ID: core.NewID(core.AgentPrefix), Email: email, Name: "Ann", Role: core.AgentRole, PasswordHash: "x", At: time.Now(),
	})
	if err != nil {
		t.Fatalf("add %s: %v", email, err)
	}
	return a
}

// changes are what a follower was told.
type changes struct {
	mu  sync.Mutex // guards all
	all []core.Change
}

func (c *changes) Follow(told []core.Change) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = append(c.all, told...)
}

// agents are the ids of agents that the follower was told of, since it was asked last.
func (c *changes) agents() (ids []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, change := range c.all {
		ids = append(ids, change.Agents...)
	}
	c.all = nil
	return ids
}

func TestWhatAnAgentSaysOfHimselfIsKeptAndTold(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		told := new(changes)
		s.Follow(told)
		ann := hire(t, s, "ann@example.org")
		told.agents()
		available, three, name := core.Available, 3, "Ann Smith"
		is, err := s.SetStatus(t.Context(), ann.ID, core.AgentChange{Status: &available, Capacity: &three, Name: &name})
		if err != nil {
			t.Fatal(err)
		}
		if is.Status != core.Available || is.Capacity != 3 || is.Name != name || is.Rev != ann.Rev+1 || time.Since(is.SeenAt) > time.Minute {
			t.Errorf("the agent is %+v, want available and seen, with capacity 3, another name and the next rev", is)
		}
		if got := told.agents(); !slices.Equal(got, []string{ann.ID}) {
			t.Errorf("followers were told of %v, want of the agent once", got)
		}
		read, err := s.Agent(t.Context(), ann.ID)
		if err != nil || fmt.Sprint(read) != fmt.Sprint(is) {
			t.Errorf("read again the agent is %+v (%v), want %+v", read, err, is)
		}
		offline := core.Offline
		is, err = s.SetStatus(t.Context(), ann.ID, core.AgentChange{Status: &offline})
		if err != nil || is.Status != core.Offline || is.Capacity != 3 {
			t.Errorf("offline the agent is %+v (%v)", is, err)
		}
		if _, err := s.SetStatus(t.Context(), "agt_nobody", core.AgentChange{Status: &offline}); core.KindOf(err) != core.NotFound {
			t.Errorf("an agent who is not there gave %v, want not found", err)
		}
	})
}

func TestSignsOfLifeNeverGoBackAndAReturnIsTold(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		told := new(changes)
		s.Follow(told)
		ann, bob := hire(t, s, "ann@example.org"), hire(t, s, "bob@example.org")
		told.agents()
		seen := func(at time.Time, ids ...string) {
			t.Helper()
			if err := s.Seen(t.Context(), ids, at); err != nil {
				t.Fatal(err)
			}
		}
		noon := time.UnixMilli(1_800_000_000_000).UTC()
		seen(noon, ann.ID, bob.ID, "agt_nobody")
		if got := told.agents(); len(got) != 2 {
			t.Errorf("two who came back were told as %v", got)
		}
		seen(noon.Add(15*time.Second), ann.ID)
		seen(noon, ann.ID)
		seen(noon)
		if got := told.agents(); len(got) != 0 {
			t.Errorf("an agent who had been there all the time was told as %v", got)
		}
		a, err := s.Agent(t.Context(), ann.ID)
		if err != nil || !a.SeenAt.Equal(noon.Add(15*time.Second)) || a.Rev != ann.Rev+1 {
			t.Errorf("the agent was seen at %v with rev %d (%v), want 15 s past noon and one change", a.SeenAt, a.Rev, err)
		}
		seen(noon.Add(2*time.Minute), ann.ID)
		if got := told.agents(); !slices.Equal(got, []string{ann.ID}) {
			t.Errorf("an agent who had been gone was told as %v", got)
		}
	})
}

func TestQueuesAreFoundByNameOrIDAndCountTheirPlaces(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		ann := hire(t, s, "ann@example.org")
		hire(t, s, "offline@example.org")
		available := core.Available
		if _, err := s.SetStatus(t.Context(), ann.ID, core.AgentChange{Status: &available}); err != nil {
			t.Fatal(err)
		}
		billing, err := s.MakeQueue(t.Context(), core.Desk, "billing")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.MakeQueue(t.Context(), core.Desk, "billing"); core.KindOf(err) != core.Conflict {
			t.Errorf("a second queue of one name gave %v, want a conflict", err)
		}
		for _, name := range []string{"billing", billing.ID} {
			if q, err := s.Queue(t.Context(), name); err != nil || q.ID != billing.ID {
				t.Errorf("the queue %s is %+v (%v)", name, q, err)
			}
		}
		states, err := s.Queues(t.Context(), time.Now().Add(-time.Minute))
		if err != nil || len(states) != 2 || states[0].Name != "billing" || states[1].Name != General {
			t.Fatalf("the queues are %v (%v), want billing and general", states, err)
		}
		if g := states[1]; g.Agents != 1 || g.Free != 4 || g.Waiting != 0 || !g.OldestWaitingSince.IsZero() {
			t.Errorf("general is %+v, want one agent with four free places and nobody waiting", g)
		}
		if later, err := s.Queues(t.Context(), time.Now().Add(time.Minute)); err != nil || later[1].Agents != 0 || later[1].Free != 0 {
			t.Errorf("with all agents gone general is %+v (%v), want no places", later[1], err)
		}
		rename := func(id, name string) (*core.Queue, error) {
			return s.ChangeQueue(t.Context(), core.Desk, id, core.QueueChange{Name: &name})
		}
		renamed, err := rename(billing.ID, "invoices")
		if err != nil || renamed.Name != "invoices" || renamed.Rev != billing.Rev+1 {
			t.Errorf("renamed the queue is %+v (%v)", renamed, err)
		}
		if _, err := rename(billing.ID, General); core.KindOf(err) != core.Conflict {
			t.Errorf("a taken name gave %v, want a conflict", err)
		}
		if _, err := rename(states[1].ID, "other"); core.KindOf(err) != core.Conflict {
			t.Errorf("renaming general gave %v, want a conflict", err)
		}
		if _, err := s.Queue(t.Context(), "billing"); core.KindOf(err) != core.NotFound {
			t.Errorf("the old name gave %v, want not found", err)
		}
	})
}

func TestCustomerOfABotIsOnePerExternalID(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		said := core.Customer{ExternalID: "u1", Name: "Ann", Attributes: map[string]any{"plan": "free", "city": "Bonn"}, ID: "cus_forged", Verified: true}
		first, err := s.CustomerOfBot(t.Context(), "bot_a", said)
		if err != nil || first.ID == "cus_forged" || first.Verified {
			t.Fatalf("the customer is %+v (%v), want a new one that nobody has verified", first, err)
		}
		ids := make([]string, 8)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				c, err := s.CustomerOfBot(t.Context(), "bot_a", core.Customer{ExternalID: "u1", Email: "ann@example.org", Attributes: map[string]any{"plan": "paid"}})
				if err != nil {
					t.Error(err)
				}
				ids[i] = c.ID
			})
		}
		wg.Wait()
		if slices.ContainsFunc(ids, func(id string) bool { return id != first.ID }) {
			t.Errorf("one person came as %v, want %s each time", ids, first.ID)
		}
		c, err := s.Customer(t.Context(), first.ID)
		if err != nil || c.Name != "Ann" || c.Email != "ann@example.org" || c.Attributes["plan"] != "paid" || c.Attributes["city"] != "Bonn" {
			t.Errorf("the customer is %+v (%v), want what was said last over what was known", c, err)
		}
		other, err := s.CustomerOfBot(t.Context(), "bot_b", said)
		if err != nil || other.ID == first.ID {
			t.Errorf("another bot's u1 is %s (%v), want another person", other.ID, err)
		}
		one, err1 := s.CustomerOfBot(t.Context(), "bot_a", core.Customer{Name: "X"})
		two, err2 := s.CustomerOfBot(t.Context(), "bot_a", core.Customer{Name: "X"})
		if err := errors.Join(err1, err2); err != nil || one.ID == two.ID {
			t.Errorf("two without an external id are %s and %s (%v), want two people", one.ID, two.ID, err)
		}
		changed, err := s.ChangeCustomer(t.Context(), core.Desk, c.ID, func(was core.Customer) (core.Customer, error) {
			is := was.Contact("Anna", "", "+49 30 1")
			is.ID, is.ExternalID, is.Verified = "cus_other", "u2", true
			return is, nil
		})
		read, readErr := s.Customer(t.Context(), c.ID)
		if err := errors.Join(err, readErr); err != nil || fmt.Sprint(changed) != fmt.Sprint(read) {
			t.Errorf("the change gave %+v, and %+v is read (%v)", changed, read, err)
		}
		if read.ID != c.ID || read.Name != "Anna" || read.Email != "" || read.Phone != "+49 30 1" || read.ExternalID != "u1" || read.Verified || read.Attributes["plan"] != "paid" {
			t.Errorf("changed the customer is %+v, want another name and number and the same person", read)
		}
		if _, err := s.ChangeCustomer(t.Context(), core.Desk, "cus_nobody", nil); core.KindOf(err) != core.NotFound {
			t.Errorf("changing nobody gave %v", err)
		}
	})
}

func TestSigningKeysAreTheSameOnEveryNode(t *testing.T) {
	for name, dsn := range map[string]string{"file": fileDSN(t), "postgres": sqltest.DSN(t)} {
		t.Run(name, func(t *testing.T) {
			nodes := []*Store{openTest(t, dsn), openTest(t, dsn), openTest(t, dsn)}
			keys := make([][]byte, 9)
			var wg sync.WaitGroup
			for i := range keys {
				wg.Go(func() {
					var err error
					if keys[i], err = nodes[i%3].Secret(t.Context(), "links"); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			for _, key := range keys {
				if len(key) != 32 || !bytes.Equal(key, keys[0]) {
					t.Fatalf("the nodes have the keys %x, want one of 256 bits", keys)
				}
			}
			other, err := nodes[0].Secret(t.Context(), "cursors")
			if err != nil || bytes.Equal(other, keys[0]) {
				t.Errorf("another name has the same key (%v)", err)
			}
			if again, err := openTest(t, dsn).Secret(t.Context(), "links"); err != nil || !bytes.Equal(again, keys[0]) {
				t.Errorf("after a restart the key is %x (%v), want %x", again, err, keys[0])
			}
		})
	}
}

func TestAttachmentsBelongToTheirSession(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		by := core.Actor{Role: core.CustomerRole, ID: "cus_a"}
		one := core.Attachment{ID: "att_one", Name: "a.png", Type: "image/png", Size: 5 << 30, Width: 3, Height: 4}
		two := core.Attachment{ID: "att_two", Name: "b.pdf", Type: "application/pdf", Size: 7}
		foreign := core.Attachment{ID: "att_foreign", Name: "c.txt", Type: "text/plain", Size: 1}
		err := errors.Join(s.AddAttachment(t.Context(), by, "ses_a", one, lots, nil), s.AddAttachment(t.Context(), by, "ses_a", two, lots, nil), s.AddAttachment(t.Context(), by, "ses_b", foreign, lots, nil))
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.AttachmentsOf(t.Context(), "ses_a", []string{two.ID, foreign.ID, "att_none", one.ID})
		if err != nil || !slices.Equal(got, []core.Attachment{two, one}) {
			t.Errorf("the files of the session are %v (%v), want its own in the order asked for", got, err)
		}
		if a, session, err := s.Attachment(t.Context(), one.ID); err != nil || a != one || session != "ses_a" {
			t.Errorf("the file is %v of %s (%v)", a, session, err)
		}
		if _, _, err := s.Attachment(t.Context(), "att_none"); core.KindOf(err) != core.NotFound {
			t.Errorf("a file that is not there gave %v, want not found", err)
		}
	})
}
