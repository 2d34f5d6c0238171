package hours

import (
	"testing"
	"time"
)

func TestC01DailyJobIsDueOnceOnEveryDayThroughEveryChangeOfTheClock(t *testing.T) {
	for _, zone := range zones() {
		t.Run(zone, func(t *testing.T) {
			clock := watch(t, zone)
			from, to := clock.window()
			for _, at := range []string{"00:00", "00:30", "01:30", "02:00", "02:15", "02:30", "03:00", "12:00", "23:30", "23:59"} {
				daily, err := NewDaily(zone, at)
				if err != nil {
					t.Fatal(err)
				}
				onceADay(t, daily, clock, from, to, minuteOf(at))
			}
		})
	}
}

// onceADay asks again and again, as a runner does every minute, and counts by the dates that the wall shows.
func onceADay(t *testing.T, daily *Daily, clock *slow, from, to int, wall int32) {
	t.Helper()
	pause := 97
	if proof() {
		pause = 7
	}
	due := map[time.Time]bool{}
	for i := from; i+pause < to; i += pause {
		list, err := daily.Due(t.Context(), clock.at(i), clock.at(i+pause))
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range list {
			if due[at.UTC()] {
				t.Fatalf("%v was due twice", at)
			}
			due[at.UTC()] = true
		}
	}
	days := 0
	for on := day(clock.wall[from]/minutesOfDay) + 1; on < day(clock.wall[to-1]/minutesOfDay); on++ {
		days++
		if at := clock.at(clock.find(int32(on)*minutesOfDay+wall, false)); !due[at.UTC()] {
			t.Errorf("nothing was due at %v", at.In(daily.zone))
		}
	}
	if len(due) < days || len(due) > days+2 {
		t.Errorf("on %d days it was due %d times", days, len(due))
	}
}

func TestDayThatSamoaNeverHadHasNoRunOfItsOwn(t *testing.T) {
	daily, err := NewDaily("Pacific/Apia", "09:00")
	if err != nil {
		t.Fatal(err)
	}
	due, err := daily.Due(t.Context(), time.Date(2011, 12, 29, 10, 0, 0, 0, time.UTC), time.Date(2012, 1, 2, 10, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	for i, at := range due {
		t.Logf("%v", at)
		if i > 0 && !at.After(due[i-1]) {
			t.Errorf("%v comes after %v", at, due[i-1])
		}
	}
}
