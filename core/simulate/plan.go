// Package simulate says what would be: a what-if of routing and staffing. A Plan tells how often people ask, how long
// they wait, how long a chat takes and who is there when. Run draws chats from it and lets the real desk, its real
// dispatcher and the real scripts serve them, on a clock that jumps from event to event. Nothing of it is written
// anywhere. Estimate makes a plan of what the statistics know of a period; a simulation draws from what was estimated
// and does not play the chats of that period again.
package simulate

import (
	"slices"
	"time"

	"baton/core"
	"baton/core/stats"
)

// Plan is what is simulated. It can be kept as a file; all times in it are seconds, and times of day are those of the
// time zone.
type Plan struct {
	// From is the first day, and Days how many there are.
	From     stats.Day `json:"from" yaml:"from"`
	Days     int       `json:"days" yaml:"days"`
	TimeZone string    `json:"time_zone" yaml:"time_zone"`
	Queues   []Queue   `json:"queues" yaml:"queues"`
	Agents   []Agent   `json:"agents" yaml:"agents"`
	Answers  Answers   `json:"answers" yaml:"answers"`
	// Measured is what really was in the period that the plan was estimated from; nil in a plan that somebody wrote.
	Measured *Measured `json:"measured,omitempty" yaml:"measured,omitempty"`
}

// Queue is a queue with who asks there.
type Queue struct {
	Name     string `json:"name" yaml:"name"`
	Strategy string `json:"strategy,omitempty" yaml:"strategy,omitempty"`
	// HoldLimit is how long scripts may keep a chat waiting; 60 when nothing is said.
	HoldLimit float64 `json:"hold_limit,omitempty" yaml:"hold_limit,omitempty"`
	Rules     `yaml:",inline"`
	Arrivals  []Rate `json:"arrivals" yaml:"arrivals"`
	// Kinds are what chats are like; without any they are ordinary ones.
	Kinds []Kind `json:"kinds,omitempty" yaml:"kinds,omitempty"`
	// Handle is how long an agent has a chat: values of which each is as likely as the next, and those between them.
	Handle   []float64 `json:"handle" yaml:"handle,flow"`
	Patience Patience  `json:"patience" yaml:"patience"`
}

// Rules are those of the queue's rules that a simulation knows, with queues by their names.
type Rules struct {
	// Ageing is how much earlier a chat counts as come for each step of its priority; 900 when nothing is said, and
	// priorities are strict with 0.
	Ageing      *core.Seconds `json:"ageing,omitempty" yaml:"ageing,omitempty"`
	MaxWait     core.Seconds  `json:"max_wait,omitempty" yaml:"max_wait,omitempty"`
	WhenTooLong *Remedy       `json:"when_too_long,omitempty" yaml:"when_too_long,omitempty"`
	MaxLength   int           `json:"max_length,omitempty" yaml:"max_length,omitempty"`
	WhenTooMany *Remedy       `json:"when_too_many,omitempty" yaml:"when_too_many,omitempty"`
}

// Remedy is what is done then: nothing, overflow, raise, message or end.
type Remedy struct {
	Do    string `json:"do" yaml:"do"`
	Queue string `json:"queue,omitempty" yaml:"queue,omitempty"`
}

// Rate is how many chats come in an hour, between two times of some days.
type Rate struct {
	Days    []string `json:"days,omitempty" yaml:"days,flow,omitempty"` // mon to sun; all when nothing is said
	From    string   `json:"from" yaml:"from"`                          // 09:00
	To      string   `json:"to" yaml:"to"`                              // 17:00; 24:00 is midnight
	PerHour float64  `json:"per_hour" yaml:"per_hour"`
}

// Kind is what a part of the chats of a queue is like.
type Kind struct {
	Share    float64       `json:"share" yaml:"share"` // as a weight beside those of the other kinds
	Priority core.Priority `json:"priority,omitempty" yaml:"priority,omitempty"`
	Channel  string        `json:"channel,omitempty" yaml:"channel,omitempty"`
	Language string        `json:"language,omitempty" yaml:"language,omitempty"`
	Reason   string        `json:"reason,omitempty" yaml:"reason,omitempty"`
	Tags     []string      `json:"tags,omitempty" yaml:"tags,flow,omitempty"`
	Skills   []string      `json:"skills,omitempty" yaml:"skills,flow,omitempty"`
	// Returning is the share of those who were here before.
	Returning float64 `json:"returning,omitempty" yaml:"returning,omitempty"`
}

// Patience is how long people wait before they go away. Gone is how many have gone after how long; whoever has more
// patience than its last line says goes after Mean more, on average, or never when that is 0.
type Patience struct {
	Gone []Gone  `json:"gone,omitempty" yaml:"gone,omitempty"`
	Mean float64 `json:"mean,omitempty" yaml:"mean,omitempty"`
}

// Gone is a point of patience.
type Gone struct {
	After float64 `json:"after" yaml:"after"`
	Share float64 `json:"share" yaml:"share"`
}

// Agent is somebody who answers, or several who are alike.
type Agent struct {
	Name      string   `json:"name" yaml:"name"`
	Count     int      `json:"count,omitempty" yaml:"count,omitempty"` // 1 when nothing is said
	Queues    []string `json:"queues" yaml:"queues,flow"`
	Capacity  int      `json:"capacity" yaml:"capacity"`
	Skills    []string `json:"skills,omitempty" yaml:"skills,flow,omitempty"`
	Languages []string `json:"languages,omitempty" yaml:"languages,flow,omitempty"`
	// Missed and Declined are the shares of his offers; as with all when nothing is said.
	Missed   *float64 `json:"missed,omitempty" yaml:"missed,omitempty"`
	Declined *float64 `json:"declined,omitempty" yaml:"declined,omitempty"`
	Shifts   []Shift  `json:"shifts" yaml:"shifts"`
}

// Shift is when an agent is there.
type Shift struct {
	Days []string `json:"days,omitempty" yaml:"days,flow,omitempty"` // mon to sun; all when nothing is said
	From string   `json:"from" yaml:"from"`
	To   string   `json:"to" yaml:"to"`
	// Works is the share of such days on which he works at all, and Present that of the time between From and To in
	// which he takes chats then. Both are 1 when nothing is said. Busy is the share of that in which he says he is busy.
	Works   float64 `json:"works,omitempty" yaml:"works,omitempty"`
	Present float64 `json:"present,omitempty" yaml:"present,omitempty"`
	Busy    float64 `json:"busy,omitempty" yaml:"busy,omitempty"`
}

// Answers is what becomes of offers.
type Answers struct {
	// Seconds are how long agents take to accept, as Handle is given; at once when nothing is said.
	Seconds  []float64 `json:"seconds,omitempty" yaml:"seconds,flow,omitempty"`
	Missed   float64   `json:"missed,omitempty" yaml:"missed,omitempty"`
	Declined float64   `json:"declined,omitempty" yaml:"declined,omitempty"`
}

// Measured is what the statistics say of a period.
type Measured struct {
	From      stats.Day `json:"from" yaml:"from"`
	To        stats.Day `json:"to" yaml:"to"`
	Days      float64   `json:"days" yaml:"days" doc:"How many days that were, of 24 hours; 1 at least"`
	Chats     int       `json:"chats" yaml:"chats"`
	Answered  int       `json:"answered" yaml:"answered"`
	Abandoned float64   `json:"abandoned" yaml:"abandoned" doc:"The share of the chats"`
	Wait      WaitTimes `json:"wait" yaml:"wait"`
}

// WaitTimes are waits of answered chats, in seconds.
type WaitTimes struct {
	Mean float64 `json:"mean" yaml:"mean"`
	P50  float64 `json:"p50" yaml:"p50"`
	P90  float64 `json:"p90" yaml:"p90"`
	P99  float64 `json:"p99" yaml:"p99"`
}

// weekdays are the days as plans name them, Monday first.
var weekdays = [...]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// on says whether a list of days has this one, 0 for Monday.
func on(days []string, weekday int) bool {
	return len(days) == 0 || slices.Contains(days, weekdays[weekday])
}

// minutes gives a time of day as minutes after midnight; 24:00 is 1440.
func minutes(text string) (n int, ok bool) {
	if text == "24:00" {
		return 24 * 60, true
	}
	t, err := time.Parse("15:04", text)
	return t.Hour()*60 + t.Minute(), err == nil && len(text) == len("15:04")
}

// at gives the moment of a time of day.
func at(day stats.Day, minute int, zone *time.Location) time.Time {
	t, _ := time.Parse(time.DateOnly, string(day))
	return time.Date(t.Year(), t.Month(), t.Day(), 0, minute, 0, 0, zone)
}

// days lists the days of the plan.
func (p *Plan) days() []stats.Day {
	list := make([]stats.Day, p.Days)
	for i := range list {
		list[i] = p.From.Plus(i)
	}
	return list
}

// Expected is how many chats come within the plan's days, on average.
func (p *Plan) Expected() float64 {
	var sum float64
	for _, day := range p.days() {
		for _, q := range p.Queues {
			for _, r := range q.Arrivals {
				from, _ := minutes(r.From)
				to, _ := minutes(r.To)
				if on(r.Days, day.Weekday()) {
					sum += r.PerHour * float64(to-from) / 60
				}
			}
		}
	}
	return sum
}

// orOne is a share that is 1 when nothing is said.
func orOne(share float64) float64 {
	if share == 0 {
		return 1
	}
	return share
}

// weekly is how long an agent is there in a week, in minutes.
func (a *Agent) weekly() (sum float64) {
	for _, s := range a.Shifts {
		from, _ := minutes(s.From)
		to, _ := minutes(s.To)
		n := len(s.Days)
		if n == 0 {
			n = len(weekdays)
		}
		sum += float64((to-from)*n) * orOne(s.Works) * orOne(s.Present)
	}
	return sum
}
