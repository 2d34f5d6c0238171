package simulate_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"baton/core/coretest"
	"baton/core/simulate"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.Abs(got-want) > within {
		t.Errorf("%s is %.3f, made with %.3f", what, got, want)
	}
}

func TestAPlanIsWhatThePastWasMadeWith(t *testing.T) {
	source := coretest.FourWeeks("2026-09-07")
	p, err := simulate.Estimate(t.Context(), source, simulate.Period{From: "2026-09-07", To: "2026-10-04"}, source.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	if p.From != "2026-09-07" || p.Days != 28 || len(p.Queues) != 2 || p.Queues[1].Name != "empty" || len(p.Queues[1].Arrivals) != 0 {
		t.Fatalf("the plan is of %s, %d days and %d queues", p.From, p.Days, len(p.Queues))
	}
	near(t, "the number of chats", p.Expected(), float64(len(source.Facts)), 1)
	q := p.Queues[0]
	var handle float64
	for _, v := range q.Handle {
		handle += v / float64(len(q.Handle))
	}
	near(t, "the mean time of a chat", handle, 300, 15)
	gone := map[bool]float64{}
	for _, g := range q.Patience.Gone {
		if g.After <= 60 {
			gone[true] = g.Share
		}
	}
	near(t, "the share of those who would not wait a minute", gone[true], 1-math.Exp(-60.0/240), 0.04)
	near(t, "the patience beyond what was seen", q.Patience.Mean, 240, 30)
	if len(q.Kinds) != 2 || q.Kinds[0].Language != "en" || math.Abs(q.Kinds[1].Share/(q.Kinds[0].Share+q.Kinds[1].Share)-0.25) > 0.03 {
		t.Errorf("the kinds are %+v", q.Kinds)
	}
	for _, s := range p.Answers.Seconds {
		near(t, "the time to accept", s, 4, 0)
	}
	agentsOfThePast(t, p)
	m := p.Measured
	if m.Chats != len(source.Facts) || m.Answered < 500 || m.Wait.P50 < 40 || m.Wait.P50 > 65 || m.Abandoned < 0.15 || m.Abandoned > 0.27 {
		t.Errorf("measured is %+v of %d", m, len(source.Facts))
	}
}

func agentsOfThePast(t *testing.T, p *simulate.Plan) {
	t.Helper()
	if len(p.Agents) != 2 {
		t.Fatalf("there are %d agents, and a viewer is none", len(p.Agents))
	}
	ada, ben := p.Agents[0], p.Agents[1]
	if len(ada.Shifts) != 1 || strings.Join(ada.Shifts[0].Days, " ") != "mon tue wed thu fri" || ada.Shifts[0].From != "09:00" || ada.Shifts[0].To != "17:00" ||
		ada.Shifts[0].Works != 0 || ada.Shifts[0].Present != 0 || ada.Capacity != 3 || ada.Skills[0] != "refund" {
		t.Errorf("Ada is %+v", ada)
	}
	if len(ben.Shifts) != 1 || strings.Join(ben.Shifts[0].Days, " ") != "mon" || ben.Shifts[0].To != "13:00" || ben.Shifts[0].Works != 0.5 || ben.Shifts[0].Busy != 1 {
		t.Errorf("Ben is %+v", ben)
	}
	if *ben.Missed != 1 || *ada.Missed != 0 {
		t.Errorf("Ada missed %v of her offers, and Ben %v", *ada.Missed, *ben.Missed)
	}
}

// TestThePresentIsSimulatedAsItWas estimates a plan from what a simulation of a known plan would have left behind, and
// has it simulate itself.
func TestThePresentIsSimulatedAsItWas(t *testing.T) {
	source := coretest.FourWeeks("2026-09-07")
	p, err := simulate.Estimate(t.Context(), source, simulate.Period{}, source.Now)
	if err != nil {
		t.Fatal(err)
	}
	r := run(t, compared(t, p, nil))
	if len(r.Error) != 4 || r.Error[0].Figure != "wait_p50" || r.Error[0].Measured != p.Measured.Wait.P50 {
		t.Fatalf("the error on the present is %+v", r.Error)
	}
	near(t, "the number of chats a day", r.Error[3].Simulated.Mean, r.Error[3].Measured, 1)
}

func TestTooLittleIsKnown(t *testing.T) {
	source := coretest.FourWeeks("2026-09-07")
	for _, row := range []struct {
		in   simulate.Period
		says string
	}{
		{simulate.Period{From: "2026-10-03", To: "2026-10-04"}, "0 chats were answered"},
		{simulate.Period{From: "2026-10-03", To: "2026-10-02"}, "which is after"},
		{simulate.Period{From: "soon"}, "is a date"},
		{simulate.Period{From: "2020-01-01"}, "at most 366 days"},
	} {
		if _, err := simulate.Estimate(t.Context(), source, row.in, source.Now); err == nil || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%+v: %v", row.in, err)
		}
	}
}

func TestAYoungServerDoesNotExpectTheWorld(t *testing.T) {
	source := coretest.FourWeeks("2026-09-07")
	source.Facts = source.Facts[:60]
	for i, f := range source.Facts { // sixty chats within a minute
		moved := source.Facts[0].CreatedAt + int64(i)*1000 - f.CreatedAt
		for _, at := range []*int64{&f.CreatedAt, &f.JoinedAt, &f.EndedAt} {
			if *at > 0 {
				*at += moved
			}
		}
	}
	now := time.UnixMilli(source.Facts[59].CreatedAt + 1000)
	p, err := simulate.Estimate(t.Context(), source, simulate.Period{}, now)
	if err != nil {
		t.Fatal(err)
	}
	if p.Days != 1 || len(p.Queues[0].Arrivals) != 1 || p.Expected() != 60 {
		t.Errorf("it expects %.0f chats in %d days: %+v", p.Expected(), p.Days, p.Queues[0].Arrivals)
	}
}
