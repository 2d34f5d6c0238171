package access_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"baton/core"
	"baton/core/access"
)

func TestNobodyMakesAnybodyMorePowerfulThanHimself(t *testing.T) {
	roles := core.StaffRoles
	onBoth(t, func(t *testing.T, h *house) {
		h.user(t, "last@example.org", core.Owner)
		for byRank, by := range roles {
			actor := core.Actor{Role: by, ID: "agt_by"}
			for wantRank, want := range roles {
				name := fmt.Sprintf("%s.%s@example.org", by, want)
				_, err := h.AddUser(t.Context(), actor, access.UserRequest{Email: "new." + name, Name: "New", Role: want, Password: password})
				if may := byRank <= 1 && wantRank >= byRank; may != (err == nil) {
					t.Errorf("%s adding an %s gave %v", by, want, err)
				}
			}
		}
		for wasRank, was := range roles {
			target := h.user(t, string(was)+"@example.org", was)
			for byRank, by := range roles {
				actor, name, capacity := core.Actor{Role: by, ID: "agt_by"}, "Renamed", 3
				_, err := h.ChangeUser(t.Context(), actor, target.ID, access.UserChange{Name: &name})
				if may := byRank <= 1 && wasRank >= byRank; may != (err == nil) {
					t.Errorf("%s renaming an %s gave %v", by, was, err)
				}
				_, err = h.ChangeUser(t.Context(), actor, target.ID, access.UserChange{Capacity: &capacity})
				if may := byRank <= 2 && wasRank >= byRank; may != (err == nil) {
					t.Errorf("%s changing the capacity of an %s gave %v", by, was, err)
				}
				if byRank == 0 {
					continue
				}
				owner := core.Owner
				_, err = h.ChangeUser(t.Context(), actor, target.ID, access.UserChange{Role: &owner})
				refused(t, err, core.Forbidden, fmt.Sprintf("%s making an %s the owner", by, was))
			}
		}
	})
}

func TestLastOwnerStays(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		yes, agent := true, core.AgentRole
		one := h.user(t, "one@example.org", core.Owner)
		_, err := h.ChangeUser(t.Context(), core.Desk, one.ID, access.UserChange{Disabled: &yes})
		refused(t, err, core.Conflict, "disabling the only owner")
		_, err = h.ChangeUser(t.Context(), core.Desk, one.ID, access.UserChange{Role: &agent})
		refused(t, err, core.Conflict, "demoting the only owner")
		two, other := h.user(t, "two@example.org", core.Owner), h.again(t)
		counts := atOnce(2, func(i int) error {
			_, err := []*house{h, other}[i].ChangeUser(t.Context(), core.Desk, []string{one.ID, two.ID}[i], access.UserChange{Role: &agent})
			return err
		})
		if counts[""] != 1 || counts[core.Conflict] != 1 {
			t.Errorf("two owners who step down at once ended as %v, want one to stay", counts)
		}
	})
}

func TestUserIsAnAgentInGeneralAndOffline(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.user(t, " Ann@Example.org", core.AgentRole)
		general, err := h.store.Queue(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		if ann.Status != core.Offline || ann.Capacity != 4 || len(ann.Queues) != 1 || ann.Queues[0] != general.ID || ann.Email != "ann@example.org" {
			t.Errorf("a new user is %+v, want an agent in general, offline, with capacity 4", ann)
		}
		_, err = h.AddUser(t.Context(), core.Desk, access.UserRequest{Email: "ANN@example.org", Name: "Ann", Role: core.AgentRole, Password: password})
		refused(t, err, core.Conflict, "the same address in capitals")
	})
}

func TestFieldsThatAreNotAcceptableAreNamed(t *testing.T) {
	h := open(t, "sqlite::memory:", &clock{})
	good := access.UserRequest{Email: "ann@example.org", Name: "Ann", Role: core.AgentRole, Password: password}
	for pointer, spoil := range map[string][]func(*access.UserRequest){
		"/email": {
			func(r *access.UserRequest) { r.Email = "" }, func(r *access.UserRequest) { r.Email = "ann" },
			func(r *access.UserRequest) { r.Email = "Ann <ann@example.org>" }, func(r *access.UserRequest) { r.Email = "a\x00b@example.org" },
			func(r *access.UserRequest) { r.Email = strings.Repeat("a", 250) + "@example.org" },
		},
		"/name": {
			func(r *access.UserRequest) { r.Name = " " }, func(r *access.UserRequest) { r.Name = "\u200b\u202e" },
			func(r *access.UserRequest) { r.Name = "\xff" }, func(r *access.UserRequest) { r.Name = strings.Repeat("n", 201) },
		},
		"/role": {func(r *access.UserRequest) { r.Role = "" }, func(r *access.UserRequest) { r.Role = core.BotRole }, func(r *access.UserRequest) { r.Role = core.System }},
	} {
		for _, change := range spoil {
			r := good
			change(&r)
			_, err := h.AddUser(t.Context(), core.Desk, r)
			if refusal := (*core.Error)(nil); !errors.As(err, &refusal) || len(refusal.Fields) != 1 || refusal.Fields[0].Pointer != pointer {
				t.Errorf("%+v gave %v, want a refusal that points at %s", r, err, pointer)
			}
		}
	}
	odd := good
	odd.Name = "A\u200bn\u202en\t"
	if u, err := h.AddUser(t.Context(), core.Desk, odd); err != nil || u.Name != "Ann" {
		t.Errorf("a name with hidden characters became %+v (%v), want Ann", u, err)
	}
}
