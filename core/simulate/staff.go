package simulate

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"baton/core"
)

// staffed gives the agents of a plan with so many more of a queue, or of all with "", or fewer below 0. Who is added is
// like somebody who is there for as long as most are, and who is taken away is such a one; like names them.
func (p *Plan) staffed(more int, queue string) (agents []Agent, like []string, err error) {
	if queue != "" && !p.has(queue) {
		return nil, nil, core.RefuseField("/queue", "there is no queue %q in the plan", queue)
	}
	agents = p.each()
	typical := p.typical(agents, queue)
	switch {
	case len(typical) == 0:
		return nil, nil, core.RefuseField("/agents", "nobody works in %s, so nobody can be added like them or taken away", queueWords(queue))
	case -more >= len(typical):
		return nil, nil, core.RefuseField("/agents", "there are %d agents; %d fewer leave nobody", len(typical), -more)
	case len(agents)+more > mostAgents:
		return nil, nil, core.RefuseField("/agents", "a simulation has at most %d agents", mostAgents)
	}
	for i := range max(more, -more) {
		one := typical[i%len(typical)]
		like = append(like, one.Name)
		if more < 0 {
			agents = slices.DeleteFunc(agents, func(a Agent) bool { return a.Name == one.Name })
			continue
		}
		one.Name = fmt.Sprintf("%s + %d", one.Name, i/len(typical)+1)
		agents = append(agents, one)
	}
	return agents, like, nil
}

func queueWords(queue string) string {
	if queue == "" {
		return "any queue"
	}
	return fmt.Sprintf("the queue %q", queue)
}

// Headcount is how many agents work in a queue, or in all with "".
func (p *Plan) Headcount(queue string) int { return len(p.typical(p.each(), queue)) }

// each gives the agents one by one, those who are alike too.
func (p *Plan) each() []Agent {
	var agents []Agent
	for _, a := range p.Agents {
		for i := range max(1, a.Count) {
			one := a
			one.Count = 0
			if i > 0 {
				one.Name = fmt.Sprintf("%s %d", a.Name, i+1)
			}
			agents = append(agents, one)
		}
	}
	return agents
}

// typical lists the agents of a queue, those first whose hours are nearest to the median.
func (p *Plan) typical(agents []Agent, queue string) []Agent {
	of := slices.DeleteFunc(slices.Clone(agents), func(a Agent) bool {
		return a.weekly() == 0 || queue != "" && !slices.Contains(a.Queues, queue)
	})
	if len(of) == 0 {
		return nil
	}
	slices.SortStableFunc(of, func(a, b Agent) int { return cmp.Compare(a.weekly(), b.weekly()) })
	median := of[len(of)/2].weekly()
	slices.SortStableFunc(of, func(a, b Agent) int { return cmp.Compare(math.Abs(a.weekly()-median), math.Abs(b.weekly()-median)) })
	return of
}
