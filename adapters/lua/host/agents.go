package host

import (
	"slices"

	glua "github.com/yuin/gopher-lua"

	"baton/adapters/lua/sandbox"
	"baton/core"
)

// agents keeps the tables of agents from one case to the next and writes only what has changed: a thousand tables made
// for each question would take longer than most answers.
type agents struct {
	known map[string]*agent
	last  []*agent // in the order of the last list
	table *glua.LTable
}

// agent is one as he was last seen.
type agent struct {
	seen  core.CaseAgent
	table *glua.LTable
}

// list gives the agents of a case as a frozen list.
func (a *agents) list(vm *sandbox.VM, offered []*core.CaseAgent) *glua.LTable {
	if a.known == nil || len(a.known) > 2*len(offered)+1000 {
		*a = agents{known: make(map[string]*agent, len(offered))}
	}
	same := a.table != nil && len(offered) == len(a.last)
	a.last = slices.Grow(a.last[:min(len(a.last), len(offered))], len(offered))[:len(offered)]
	for i, c := range offered {
		known := a.last[i]
		if known == nil || known.seen.ID != c.ID {
			known, same = a.find(vm, c), false
			a.last[i] = known
		}
		known.refresh(vm, c)
	}
	if !same {
		a.table = vm.L.CreateTable(len(a.last), 0)
		for i, known := range a.last {
			a.table.RawSetInt(i+1, known.table)
		}
		vm.Freeze(a.table)
	}
	return a.table
}

func (a *agents) find(vm *sandbox.VM, c *core.CaseAgent) *agent {
	known := a.known[c.ID]
	if known == nil {
		known = &agent{table: vm.Freeze(vm.L.CreateTable(0, 12))}
		known.seen = core.CaseAgent{ID: c.ID, Active: -1, Capacity: -1, Load: -1, QueueRank: -1, LastAssignedS: -2, OnlineS: -2}
		known.table.RawSetString("id", glua.LString(c.ID))
		known.table.RawSetString("name", glua.LString(""))
		a.known[c.ID] = known
	}
	return known
}

// refresh writes the fields that are not as they were. Most are.
func (a *agent) refresh(vm *sandbox.VM, c *core.CaseAgent) {
	was, f := &a.seen, fields{a.table}
	if was.Name != c.Name {
		was.Name = c.Name
		f.value("name", glua.LString(c.Name))
	}
	if was.Status != c.Status {
		was.Status = c.Status
		f.value("status", glua.LString(c.Status))
	}
	refreshNumber(f, "active", &was.Active, c.Active)
	refreshNumber(f, "capacity", &was.Capacity, c.Capacity)
	refreshNumber(f, "load", &was.Load, c.Load)
	refreshNumber(f, "queue_rank", &was.QueueRank, c.QueueRank)
	refreshNumber(f, "last_assigned_s", &was.LastAssignedS, c.LastAssignedS)
	refreshNumber(f, "online_s", &was.OnlineS, c.OnlineS)
	refreshList(vm, f, "skills", &was.Skills, c.Skills)
	refreshList(vm, f, "languages", &was.Languages, c.Languages)
}

func refreshNumber[N int | int64](f fields, name string, was *N, is N) {
	if *was != is {
		*was = is
		f.number(name, int64(is))
	}
}

func refreshList(vm *sandbox.VM, f fields, name string, was *[]string, is []string) {
	if *was != nil && slices.Equal(*was, is) {
		return
	}
	*was = append([]string{}, is...)
	f.value(name, vm.List(is))
}
