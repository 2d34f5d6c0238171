package sqlstore

import (
	"testing"

	"baton/core"
	"baton/core/coretest"
)

// A message that a customer left is found again although its row is lost: the log has it.
func TestTicketsAreMadeAnewFromTheLog(t *testing.T) {
	eachStore(t, func(t *testing.T, dsn string) {
		n, s, _ := startFaulty(t, dsn)
		bot := coretest.Bot("shop")
		session := n.Request(t, bot, "c1")
		id := core.NewID(core.RecordPrefix)
		_, err := s.Change(t.Context(), core.Desk, session.ID, func(_ *core.Session, tx core.Tx) error {
			tx.Emit(core.Desk.Ref(), &core.TicketMade{ID: id, Email: "ann@example.org", Text: "please call me"})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		before, err := s.Records(t.Context(), session.Customer.ID, 10)
		if err != nil || len(before) != 1 || before[0].ID != id {
			t.Fatalf("the records are %+v (%v), want the ticket %s", before, err, id)
		}
		if _, err := s.write.Exec("DELETE FROM records"); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, err := s.Rebuild(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		after, err := s.Records(t.Context(), session.Customer.ID, 10)
		if err != nil || len(after) != 1 || after[0] != before[0] || after[0].Kind != core.RecordTicket {
			t.Errorf("after the rebuild the records are %+v (%v), want %+v", after, err, before)
		}
	})
}
