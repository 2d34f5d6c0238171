package api

import (
	"context"
	"net/http"

	"baton/core"
	"baton/core/desk"
	"baton/core/simulate"
)

type (
	simulateInput struct {
		Body struct {
			From   string            `json:"from,omitempty" doc:"The first day whose figures are taken; 27 days before the last one when missing" example:"2026-10-20"`
			To     string            `json:"to,omitempty" doc:"The last day, included; yesterday when missing"`
			Script *SimulationScript `json:"script,omitempty" doc:"Another text of a script, to be tried beside the present"`
			Agents int               `json:"agents,omitempty" minimum:"-100" maximum:"100" doc:"How many agents more, or below 0 fewer, to be tried beside the present"`
			Queue  string            `json:"queue,omitempty" doc:"The name of the queue in which they work; all when missing"`
			Days   int               `json:"days,omitempty" minimum:"0" maximum:"366" doc:"How many days are simulated at most; those of the period when missing"`
			Seed   uint64            `json:"seed,omitempty" doc:"The same seed gives the same result again"`
		}
	}
	// SimulationScript is a script with another text.
	SimulationScript struct {
		Name   string `json:"name"`
		Source string `json:"source"`
	}
	simulateOutput struct {
		Body struct {
			ID string `json:"id"`
		}
	}
	// Simulation is where a simulation stands.
	Simulation struct {
		ID       string             `json:"id"`
		State    simulate.State     `json:"state" enum:"running,done,failed"`
		Progress float64            `json:"progress" doc:"0 to 1"`
		Result   *simulate.Result   `json:"result" doc:"Null until it is done"`
		Error    *SimulationFailure `json:"error" doc:"Null unless it failed"`
	}
	// SimulationFailure says why there is no result.
	SimulationFailure struct {
		Code   core.Kind `json:"code"`
		Detail string    `json:"detail"`
	}
	simulationOutput struct{ Body *Simulation }
)

func simulationHandlers() handlers {
	return handlers{
		"startSimulation": typed((*Server).startSimulation),
		"readSimulation":  typed((*Server).readSimulation),
	}
}

func simulationRoutes() []Route {
	const group = "Scripts"
	return []Route{
		{ID: "startSimulation", Method: post, Path: "/v1/simulations", Act: desk.ActReadScripts, Group: group, Status: http.StatusAccepted, Body: jsonBody,
			Text: "Simulate the desk as it is, from the figures of a period, and beside it another text of a script or other staffing. It is done in the background, within half a minute, one at a time; nothing is kept."},
		{ID: "readSimulation", Method: get, Path: "/v1/simulations/{id}", Act: desk.ActReadScripts, Group: group, Status: ok,
			Text: "How far a simulation is, and what it came to. It is forgotten after an hour."},
	}
}

func (s *Server) startSimulation(_ context.Context, in *simulateInput) (*simulateOutput, error) {
	b := &in.Body
	q := simulate.Question{Period: simulate.Period{From: b.From, To: b.To}, Agents: b.Agents, Queue: b.Queue, Days: b.Days, Seed: max(1, b.Seed)}
	if b.Script != nil {
		q.Script, q.Source = b.Script.Name, b.Script.Source
	}
	id, err := s.simulations.Start(q)
	if err != nil {
		return nil, err
	}
	out := &simulateOutput{}
	out.Body.ID = id
	return out, nil
}

func (s *Server) readSimulation(_ context.Context, in *One) (*simulationOutput, error) {
	at, err := s.simulations.Look(in.ID)
	if err != nil {
		return nil, err
	}
	v := &Simulation{ID: at.ID, State: at.State, Progress: at.Progress, Result: at.Result}
	if at.Err != nil {
		v.Error = &SimulationFailure{Code: at.Err.Kind, Detail: at.Err.Error()}
	}
	return &simulationOutput{Body: v}, nil
}
