package stats

import (
	"context"

	"baton/core"
)

// Agents says what each agent did.
type Agents struct {
	Period
	Data []AgentLine `json:"data" doc:"Who had most chats first"`
}

// AgentLine is one agent's work in a period.
type AgentLine struct {
	Agent         core.Ref `json:"agent"`
	Chats         Number   `json:"chats"`
	Active        int64    `json:"active" doc:"Open chats of the period that he has now"`
	FirstResponse Timing   `json:"first_response" doc:"From when he joined to his first message"`
	Handle        Timing   `json:"handle" doc:"How long he had a chat"`
	Worked        float64  `json:"worked" doc:"Seconds within the period in which he had chats, summed over the chats"`
	Occupancy     *float64 `json:"occupancy" doc:"Worked, by the time in which he was available or busy; null when he never was, or when only some queues are asked for"`
	States        InStates `json:"states"`
	Offered       int64    `json:"offered"`
	Missed        int64    `json:"missed"`
	Declined      int64    `json:"declined"`
	Messages      int64    `json:"messages"`
	Rating        Ratings  `json:"rating"`
	Days          []int64  `json:"days" doc:"His chats on each day of the period so far"`
}

// InStates is how long an agent was what, in seconds.
type InStates struct {
	Available float64 `json:"available"`
	Busy      float64 `json:"busy"`
	Away      float64 `json:"away"`
	Gone      float64 `json:"gone" doc:"He had not signed off and gave no sign of life"`
}

// Agents gives what each agent did in a period, and how long he was in each state.
func (f *Figures) Agents(ctx context.Context, a Ask) (*Agents, error) {
	x, err := f.open(ctx, a)
	if err != nil {
		return nil, err
	}
	var work, was page
	var chats map[Day]map[string]int64
	var open map[string]int64
	var names map[string]string
	err = together(
		func() (err error) { work, chats, err = f.work(ctx, x); return err },
		func() (err error) { was, err = f.states(ctx, x); return err },
		func() (err error) { open, err = f.opens(ctx, x, GroupAgent); return err },
		func() (err error) { names, err = f.store.Names(ctx); return err },
	)
	if err != nil {
		return nil, err
	}
	for _, agents := range []map[string]bool{keysOf(was), keysOf(open)} {
		for id := range agents {
			if id != "" {
				work.at(id)
			}
		}
	}
	answer := &Agents{Period: x.Period, Data: make([]AgentLine, 0, len(work))}
	for id, b := range work {
		line := x.agentLine(core.Ref{ID: id, Name: names[id]}, b, was.at(id))
		line.Active = open[id]
		for _, day := range x.days {
			line.Days = append(line.Days, chats[day][id])
		}
		answer.Data = append(answer.Data, line)
	}
	sortLines(answer.Data, func(l *AgentLine) int64 { return l.Chats.N }, func(l *AgentLine) string { return l.Agent.Name + l.Agent.ID })
	return answer, nil
}

func keysOf[V any](m map[string]V) map[string]bool {
	keys := make(map[string]bool, len(m))
	for key := range m {
		keys[key] = true
	}
	return keys
}

// work adds up what agents did, and gives the chats of each day.
func (f *Figures) work(ctx context.Context, x *period) (page, map[Day]map[string]int64, error) {
	list, err := f.store.PagesFrom(ctx, x.p.Zone, byAgent, x.asked(), Stretch{x.From, x.To})
	if err != nil {
		return nil, nil, err
	}
	sum, chats, before := page{}, map[Day]map[string]int64{}, map[string]int64{}
	for _, p := range list {
		if err := sum.merge(p.Data, nil); err != nil {
			return nil, nil, err
		}
		if chats[p.Day] == nil {
			chats[p.Day] = map[string]int64{}
		}
		for id, b := range sum {
			if n := b.counts[answered]; n != before[id] {
				chats[p.Day][id] += n - before[id]
				before[id] = n
			}
		}
	}
	return sum, chats, nil
}

func (x *period) agentLine(agent core.Ref, b, was *bucket) AgentLine {
	line := AgentLine{
		Agent: agent, Chats: Number{b.counts[answered], x.link("handled_by", agent.ID)}, FirstResponse: b.timing(firstResponse), Handle: b.timing(handle),
		Worked: seconds(b.counts[worked]), Offered: b.counts[offered], Missed: b.counts[missed], Declined: b.counts[declined], Messages: b.counts[fromAgent],
		Rating: b.ratings(x.link("agent", agent.ID, "is", IsRated)),
		States: InStates{seconds(was.counts[available]), seconds(was.counts[busy]), seconds(was.counts[away]), seconds(was.counts[gone])},
	}
	if len(x.queues) == 0 {
		line.Occupancy = share(b.counts[worked], was.counts[available]+was.counts[busy])
	}
	return line
}
