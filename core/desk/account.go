package desk

import (
	"context"

	"baton/core"
)

// Accounts keeps whose desk this is.
type Accounts interface {
	Account(ctx context.Context) (core.Account, error)
	// ChangeAccount changes what is named and gives the account as it is then.
	ChangeAccount(ctx context.Context, by core.Actor, change core.AccountChange) (core.Account, error)
}

// Account gives whose desk this is.
func (d *Desk) Account(ctx context.Context) (core.Account, error) { return d.dir.Account(ctx) }

// ChangeAccount gives the account another name, time zone or schedule; an empty name takes it away.
func (d *Desk) ChangeAccount(ctx context.Context, by core.Actor, change core.AccountChange) (core.Account, error) {
	if change.Name != nil && *change.Name != "" {
		name, err := core.CheckName("/name", *change.Name)
		if err != nil {
			return core.Account{}, err
		}
		change.Name = &name
	}
	if change.TimeZone != nil {
		if err := core.CheckTimeZone("/time_zone", *change.TimeZone); err != nil {
			return core.Account{}, err
		}
	}
	return d.dir.ChangeAccount(ctx, by, change)
}

// Limits are the bounds that a browser tells of before it sends something.
type Limits struct {
	TextBytes   int
	CapacityMax int
}

// Limits gives the bounds that hold here.
func (d *Desk) Limits() Limits {
	return Limits{TextBytes: d.cfg.TextBytes, CapacityMax: d.cfg.CapacityMax}
}
