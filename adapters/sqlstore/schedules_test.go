package sqlstore

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"baton/adapters/sqlstore/sqltest"
	"baton/core"
	"baton/core/access"
	"baton/core/hours"
)

// office is open on Mondays.
func office(name string) hours.Schedule {
	return hours.Schedule{
		Name: name, TimeZone: "Europe/Berlin", Week: []hours.Weekday{{Day: "mon", Spans: []hours.Span{{From: "09:00", To: "17:00"}}}},
		Days: []hours.Day{{Date: "12-25", Name: "Wörld", Closed: true}},
	}
}

func addSchedule(t *testing.T, s *Store, name string) *hours.Kept {
	t.Helper()
	kept, err := s.AddSchedule(t.Context(), core.Desk, office(name))
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

func queueNamed(t *testing.T, s *Store, name string) *core.Queue {
	t.Helper()
	q, err := s.Queue(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestQueuesGoByTheirOwnScheduleOrTheAccounts(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		ctx, told := t.Context(), &changes{}
		general := queueNamed(t, s, "")
		if general.Schedule.Name != "Always open" || general.OwnSchedule {
			t.Errorf("from the start general goes by %+v", general)
		}
		berlin, night := addSchedule(t, s, "Office"), addSchedule(t, s, "Night")
		s.Follow(told)
		q, err := s.ChangeQueue(ctx, core.Desk, general.ID, core.QueueChange{Schedule: &berlin.ID})
		if err != nil || q.Schedule != (core.Ref{ID: berlin.ID, Name: "Office"}) || !q.OwnSchedule || q.Rev != general.Rev+1 {
			t.Errorf("with a schedule of its own general is %+v (%v)", q, err)
		}
		if _, err := s.ChangeAccount(ctx, core.Desk, core.AccountChange{Schedule: &night.ID}); err != nil {
			t.Fatal(err)
		}
		if q := queueNamed(t, s, ""); q.Schedule.ID != berlin.ID || q.Rev != general.Rev+1 {
			t.Errorf("another default changed a queue with its own: %+v", q)
		}
		other, err := s.MakeQueue(ctx, core.Desk, "other")
		if err != nil || other.Schedule.Name != "Night" || other.OwnSchedule {
			t.Errorf("a new queue goes by %+v (%v), want the account's", other, err)
		}
		changed, err := s.ChangeSchedule(ctx, core.Desk, night.ID, func(was *hours.Kept) (hours.Schedule, error) {
			was.Name, was.Days = "Later", nil
			return was.Schedule, nil
		})
		if err != nil || changed.Rev != 2 || changed.Name != "Later" || !changed.Default || len(changed.Days) != 0 {
			t.Errorf("the changed schedule is %+v (%v)", changed, err)
		}
		if q := queueNamed(t, s, "other"); q.Rev != other.Rev+1 || q.ScheduleRev != 2 || q.Schedule.Name != "Later" {
			t.Errorf("after a change of its schedule the queue is %+v, want a new revision", q)
		}
		if n := told.ofQueue(other.ID); n != 2 {
			t.Errorf("the queue was told of %d times, want as it was made and as its hours changed", n)
		}
		none := ""
		if q, err := s.ChangeQueue(ctx, core.Desk, general.ID, core.QueueChange{Schedule: &none}); err != nil || q.Schedule.ID != night.ID {
			t.Errorf("without its own general goes by %+v (%v)", q, err)
		}
	})
}

// ofQueue counts how often a queue was told of by itself.
func (c *changes) ofQueue(id string) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, change := range c.all {
		for _, q := range change.Queues {
			if q == id && change.Session == nil {
				n++
			}
		}
	}
	return n
}

func TestScheduleInUseIsNotRemoved(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		kept, free := addSchedule(t, s, "Office"), addSchedule(t, s, "Free")
		for _, name := range []string{"billing", "general"} {
			if name != General {
				if _, err := s.MakeQueue(ctx, core.Desk, name); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := s.ChangeQueue(ctx, core.Desk, queueNamed(t, s, name).ID, core.QueueChange{Schedule: &kept.ID}); err != nil {
				t.Fatal(err)
			}
		}
		always := alwaysOpen
		for id, want := range map[string]string{kept.ID: "Office is in use by billing, general", always: "without one of their own"} {
			if err := s.RemoveSchedule(ctx, core.Desk, id); core.KindOf(err) != core.Conflict || !strings.Contains(err.Error(), want) {
				t.Errorf("removing %s gave %v, want: %s", id, err, want)
			}
		}
		if err := s.RemoveSchedule(ctx, core.Desk, free.ID); err != nil {
			t.Errorf("a free schedule is not removed: %v", err)
		}
		if err := s.RemoveSchedule(ctx, core.Desk, free.ID); core.KindOf(err) != core.NotFound {
			t.Errorf("a removed schedule is removed again: %v", err)
		}
		list, err := s.Schedules(ctx)
		if err != nil || len(list) != 2 || list[1].Queues[0].Name != "billing" || list[1].Days[0].Name != "Wörld" {
			t.Errorf("there are %+v (%v)", list, err)
		}
		if _, err := s.AddSchedule(ctx, core.Desk, office("Office")); core.KindOf(err) != core.Conflict {
			t.Errorf("a taken name gave %v", err)
		}
		missing := "sch_missing"
		for _, err := range []error{
			errOf(s.ChangeQueue(ctx, core.Desk, queueNamed(t, s, "").ID, core.QueueChange{Schedule: &missing})),
			errOf(s.ChangeAccount(ctx, core.Desk, core.AccountChange{Schedule: &missing})),
		} {
			if core.KindOf(err) != core.Invalid {
				t.Errorf("a schedule that is not there gave %v", err)
			}
		}
		var lines int
		if err := s.read.NewRaw("SELECT count(*) FROM audit WHERE action IN ('schedule.made', 'schedule.removed')").Scan(ctx, &lines); err != nil || lines != 3 {
			t.Errorf("the audit log has %d lines (%v), want two made and one removed", lines, err)
		}
	})
}

func TestSetUpPutsTheUntouchedScheduleIntoTheAccountsZone(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		if err := s.KeepSetUpCode(t.Context(), "code", time.Now(), time.Time{}); err != nil {
			t.Fatal(err)
		}
		_, err := s.SetUp(t.Context(), "code", core.Account{TimeZone: "Asia/Tokyo"}, access.NewUser{ID: "agt_x", Email: "x@example.org", Name: "Olga", Role: core.Owner, At: time.Now()},
			access.NewLogin{ID: "log_x", Hash: "x", Agent: "agt_x", Generation: 1, At: time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		if kept, err := s.Schedule(t.Context(), alwaysOpen); err != nil || kept.TimeZone != "Asia/Tokyo" || len(kept.Week) != 7 {
			t.Errorf("the schedule is %+v (%v)", kept, err)
		}
	})
}

func TestScheduleThatIsGivenAndRemovedAtOnceIsNeverGone(t *testing.T) {
	dsn := sqltest.DSN(t)
	nodes := []*Store{openTest(t, dsn), openTest(t, dsn)}
	queue := queueNamed(t, nodes[0], "").ID
	for round := range 10 {
		kept := addSchedule(t, nodes[0], fmt.Sprint("Office ", round))
		race(t, nodes, func(s *Store, i int) error {
			if i%2 == 0 {
				return s.RemoveSchedule(t.Context(), core.Desk, kept.ID)
			}
			return errOf(s.ChangeQueue(t.Context(), core.Desk, queue, core.QueueChange{Schedule: &kept.ID}))
		})
		queueNamed(t, nodes[0], "") // is not there when its schedule is not
	}
}

func TestRunIsClaimedOnceAndLostOnesAreRetakenOnce(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		ctx, now := t.Context(), time.Date(2026, 5, 5, 9, 0, 0, 0, time.UTC)
		if last, err := s.LastRun(ctx, "j", now); err != nil || !last.Equal(now) {
			t.Errorf("a job without a run had its last at %v (%v), want now", last, err)
		}
		due := now.Add(time.Hour)
		for i, want := range []bool{true, false} {
			if mine, err := s.ClaimRun(ctx, "j", due); err != nil || mine != want {
				t.Errorf("claim %d of a run gave %v (%v)", i+1, mine, err)
			}
		}
		if mine, err := s.ClaimRun(ctx, "other", due); err != nil || !mine {
			t.Errorf("another job's run at the same time is not free: %v", err)
		}
		if last, err := s.LastRun(ctx, "j", due.Add(-time.Second)); err != nil || !last.Equal(now) {
			t.Errorf("before that run the last was at %v (%v)", last, err)
		}
		if lost, err := s.LostRuns(ctx, "j"); err != nil || len(lost) != 0 {
			t.Errorf("a run that is under way is lost: %v (%v)", lost, err)
		}
		if err := s.EndRun(ctx, "j", due, false); err != nil {
			t.Fatal(err)
		}
		if lost, err := s.LostRuns(ctx, "j"); err != nil || len(lost) != 1 || !lost[0].Equal(due) {
			t.Errorf("after a failure there are the lost runs %v (%v)", lost, err)
		}
		for i, want := range []bool{true, false} {
			if mine, err := s.RetakeRun(ctx, "j", due); err != nil || mine != want {
				t.Errorf("retaking %d gave %v (%v)", i+1, mine, err)
			}
		}
		if err := s.EndRun(ctx, "j", due, true); err != nil {
			t.Fatal(err)
		}
		if _, err := s.write.ExecContext(ctx, "UPDATE job_runs SET due_at = due_at - ?", (800 * 24 * time.Hour).Milliseconds()); err != nil {
			t.Fatal(err)
		}
		if err := s.sweepRuns(ctx); err != nil {
			t.Fatal(err)
		}
		var left int
		if err := s.read.NewRaw("SELECT count(*) FROM job_runs WHERE job = 'j'").Scan(ctx, &left); err != nil || left != 1 {
			t.Errorf("after the sweep there are %d runs (%v), want the newest alone", left, err)
		}
	})
}
