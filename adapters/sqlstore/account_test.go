package sqlstore

import (
	"testing"

	"baton/core"
)

func TestAccountIsReadAsItWasWritten(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		always := core.Ref{ID: alwaysOpen, Name: "Always open"}
		want := core.Account{TimeZone: "UTC", Schedule: always}
		if is, err := s.Account(t.Context()); err != nil || is != want {
			t.Errorf("before anybody wrote it the account is %+v (%v), want %+v", is, err, want)
		}
		name, zone, none := "Löwe & Söhne", "Asia/Tokyo", ""
		for _, row := range []struct {
			story  string
			change core.AccountChange
			want   core.Account
		}{
			{"a name", core.AccountChange{Name: &name}, core.Account{Name: name, TimeZone: "UTC"}},
			{"a time zone", core.AccountChange{TimeZone: &zone}, core.Account{Name: name, TimeZone: zone}},
			{"nothing", core.AccountChange{}, core.Account{Name: name, TimeZone: zone}},
			{"no name", core.AccountChange{Name: &none}, core.Account{TimeZone: zone}},
		} {
			row.want.Schedule = always
			changed, err := s.ChangeAccount(t.Context(), core.Desk, row.change)
			if err != nil || changed != row.want {
				t.Errorf("%s made the account %+v (%v), want %+v", row.story, changed, err, row.want)
			}
			if is, err := s.Account(t.Context()); err != nil || is != row.want {
				t.Errorf("after %s the account is read as %+v (%v), want %+v", row.story, is, err, row.want)
			}
		}
	})
}
