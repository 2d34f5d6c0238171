package hours

import (
	"context"
	"time"

	"baton/core"
)

// Daily says when something is due that is to happen once on every day of a zone's calendar, at a time such as 02:30. A
// time that the clock jumps over is the moment after the gap, and of two the first.
type Daily struct {
	zone   *time.Location
	minute int
}

// NewDaily reads zone and time, or says which of them there is not.
func NewDaily(zone, at string) (*Daily, error) {
	if err := core.CheckTimeZone("/time_zone", zone); err != nil {
		return nil, err
	}
	minute, err := parseClock(at)
	if err != nil {
		return nil, core.RefuseField("/at", "%v", err)
	}
	location, err := time.LoadLocation(zone)
	return &Daily{zone: location, minute: minute}, err
}

// Due are the moments after one and until another, in order. It fits core.Job.
func (d *Daily) Due(_ context.Context, after, until time.Time) ([]time.Time, error) {
	var due []time.Time
	for on := dayOf(after.In(d.zone).Date()) - reach; on <= dayOf(until.In(d.zone).Date())+reach; on++ {
		at := moment(d.zone, on, d.minute, first)
		if at.After(after) && !at.After(until) && (len(due) == 0 || at.After(due[len(due)-1])) {
			due = append(due, at)
		}
	}
	return due, nil
}
