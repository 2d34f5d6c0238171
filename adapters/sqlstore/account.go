package sqlstore

import (
	"context"
	"encoding/json"

	"github.com/uptrace/bun"

	"baton/core"
)

// The keys of the settings that make the account.
const (
	accountNameKey = "account_name"
	timeZoneKey    = "time_zone"
)

// Account gives whose desk this is; before the set-up it has no name and is in UTC.
func (s *Store) Account(ctx context.Context) (core.Account, error) { return readAccount(ctx, s.read) }

// ChangeAccount changes what is named and gives the account as it is then.
func (s *Store) ChangeAccount(ctx context.Context, by core.Actor, change core.AccountChange) (core.Account, error) {
	var is core.Account
	var moved []string
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) (err error) {
		details := map[string]any{}
		for key, value := range map[string]*string{accountNameKey: change.Name, timeZoneKey: change.TimeZone} {
			if value == nil {
				continue
			}
			details[key] = *value
			if err := saveSetting(ctx, tx, key, *value); err != nil {
				return err
			}
		}
		if change.Schedule != nil {
			details["schedule"] = *change.Schedule
			if moved, err = s.setDefault(ctx, tx, *change.Schedule); err != nil {
				return err
			}
		}
		if is, err = readAccount(ctx, tx); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "settings.changed", "", details)
	})
	if err != nil {
		return is, wrap(err, "change the settings")
	}
	if len(moved) > 0 {
		s.tell([]core.Change{{Queues: moved}})
	}
	return is, nil
}

func readAccount(ctx context.Context, db bun.IDB) (core.Account, error) {
	account := core.Account{TimeZone: "UTC"}
	var rows []struct{ Key, Value, ScheduleID, ScheduleName string }
	err := db.NewRaw("SELECT '' AS key, '' AS value, id AS schedule_id, name AS schedule_name FROM schedules WHERE is_default"+
		" UNION ALL SELECT key, value, '', '' FROM settings WHERE key IN (?, ?)", accountNameKey, timeZoneKey).Scan(ctx, &rows)
	if err != nil {
		return account, wrap(err, "read the settings")
	}
	for _, row := range rows {
		into := &account.Name
		switch row.Key {
		case "":
			account.Schedule = core.Ref{ID: row.ScheduleID, Name: row.ScheduleName}
			continue
		case timeZoneKey:
			into = &account.TimeZone
		}
		if err := json.Unmarshal([]byte(row.Value), into); err != nil {
			return account, wrap(err, "read the setting "+row.Key)
		}
	}
	return account, nil
}

func saveAccount(ctx context.Context, tx bun.IDB, account core.Account) error {
	if err := saveSetting(ctx, tx, accountNameKey, account.Name); err != nil {
		return err
	}
	return saveSetting(ctx, tx, timeZoneKey, account.TimeZone)
}

// saveSetting writes one setting as JSON.
func saveSetting(ctx context.Context, tx bun.IDB, key, value string) error {
	data, err := json.Marshal(value)
	if err != nil {
		return wrap(err, "write the setting "+key)
	}
	_, err = tx.NewRaw("INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, string(data)).Exec(ctx)
	return wrap(err, "write the setting "+key)
}
