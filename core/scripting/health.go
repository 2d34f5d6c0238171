package scripting

import (
	"slices"
	"sync"
	"time"

	"baton/core"
)

const (
	// breakAfter is how many failures in a row make a script rest for restFor; then it has one trial.
	breakAfter = 5
	restFor    = 30 * time.Second
	// costsKept is how many of the newest calls its figures are made of.
	costsKept = 512
	// canaryFails is how many failures take a canary back.
	canaryFails = 3
)

// health knows how all programs fare on this node.
type health struct {
	mu sync.Mutex // guards of
	of map[version]*pulse
}

// version is a script as it is asked in one way.
type version struct {
	name, hash string
	mode       core.Mode
}

// pulse is how one version of a script fares.
type pulse struct {
	mu     sync.Mutex // guards the rest
	row    int        // failures in a row
	rests  time.Time  // until then
	asked  int64
	failed int64
	costs  []cost // a ring
}

type cost struct{ steps, micros int64 }

func (h *health) pulse(p Program, mode core.Mode) *pulse {
	key := version{p.Name(), p.Version(), mode}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.of[key] == nil {
		h.of[key] = new(pulse)
	}
	return h.of[key]
}

// may says whether the script is asked now. After its rest one call is let through, and the others wait for what
// comes of it.
func (p *pulse) may() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.row < breakAfter {
		return true
	}
	now := time.Now()
	if now.Before(p.rests) {
		return false
	}
	p.rests = now.Add(restFor)
	return true
}

// note takes in an opinion, and says whether the script rests from now on.
func (p *pulse) note(o *core.Opinion) (rests bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	if len(p.costs) < costsKept {
		p.costs = append(p.costs, cost{o.Steps, o.Micros})
	} else {
		p.costs[p.asked%costsKept] = cost{o.Steps, o.Micros}
	}
	if o.Error == nil {
		p.row = 0
		return false
	}
	p.failed++
	p.row++
	if p.row < breakAfter {
		return false
	}
	p.rests = time.Now().Add(restFor)
	return p.row == breakAfter
}

// Figures are how a script fared on this node since it is in force.
type Figures struct {
	Asked     int64 `json:"asked"`
	Failed    int64 `json:"failed"`
	StepsP50  int64 `json:"steps_p50"`
	StepsP99  int64 `json:"steps_p99"`
	MicrosP50 int64 `json:"micros_p50"`
	MicrosP99 int64 `json:"micros_p99"`
	// Rests says that the script is not asked now, after failures in a row.
	Rests bool `json:"rests"`
}

func (p *pulse) figures() Figures {
	p.mu.Lock()
	defer p.mu.Unlock()
	f := Figures{Asked: p.asked, Failed: p.failed, Rests: p.row >= breakAfter && time.Now().Before(p.rests)}
	steps, micros := make([]int64, len(p.costs)), make([]int64, len(p.costs))
	for i, c := range p.costs {
		steps[i], micros[i] = c.steps, c.micros
	}
	f.StepsP50, f.StepsP99 = quantiles(steps)
	f.MicrosP50, f.MicrosP99 = quantiles(micros)
	return f
}

func quantiles(list []int64) (p50, p99 int64) {
	if len(list) == 0 {
		return 0, 0
	}
	slices.Sort(list)
	return list[len(list)/2], list[len(list)*99/100]
}

// failures is how often the program failed since it is known here.
func (p *pulse) failures() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.failed
}
