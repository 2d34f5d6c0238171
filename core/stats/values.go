package stats

import "strconv"

// Number is a figure that counts sessions, with the call that lists them.
type Number struct {
	N    int64  `json:"n"`
	Link string `json:"link" doc:"The call that lists these sessions"`
}

// Timing is how long something took in several sessions, in seconds.
type Timing struct {
	N    int64    `json:"n" doc:"How many sessions were measured"`
	Sum  float64  `json:"sum" doc:"Seconds, all together"`
	Mean *float64 `json:"mean" doc:"Seconds; null when there are none"`
	P50  *float64 `json:"p50,omitempty" doc:"Seconds, exact to one percent"`
	P90  *float64 `json:"p90,omitempty" doc:"Seconds, exact to one percent"`
	P99  *float64 `json:"p99,omitempty" doc:"Seconds, exact to one percent"`
	Link string   `json:"link,omitempty" doc:"The call that lists these sessions"`
}

// behind says which call lists the sessions that were measured.
func (t Timing) behind(link string) Timing {
	t.Link = link
	return t
}

// Ratings are what customers thought.
type Ratings struct {
	N         int64    `json:"n"`
	Mean      *float64 `json:"mean" doc:"Of one to five stars; null when there are none"`
	Satisfied *float64 `json:"satisfied" doc:"The share with four or five stars"`
	Stars     [5]int64 `json:"stars" doc:"How many gave one to five stars"`
	Link      string   `json:"link" doc:"The call that lists these sessions"`
}

// Promises are ranges that customers could be told of their waits, as far as it is known what became of them.
type Promises struct {
	N     int64    `json:"n"`
	Kept  int64    `json:"held" doc:"Waits that ended within the range"`
	Share *float64 `json:"share" doc:"Their share; null when there are none"`
	Link  string   `json:"link" doc:"The call that lists these sessions"`
}

// seconds shows milliseconds.
func seconds(ms int64) float64 { return float64(ms) / 1000 }

// mean is the mean of milliseconds, in seconds and rounded to a millisecond.
func mean(sum, n int64) *float64 {
	if n == 0 {
		return nil
	}
	m := seconds((sum + n/2) / n)
	return &m
}

// share is a part of a whole, rounded to a ten-thousandth.
func share(part, whole int64) *float64 {
	if whole <= 0 {
		return nil
	}
	s := float64((part*10000+whole/2)/whole) / 10000
	return &s
}

// timing shows a time, with quantiles where they were kept.
func (b *bucket) timing(c clock) Timing {
	t := b.times[c]
	shown := Timing{N: t.n, Sum: seconds(t.sum), Mean: mean(t.sum, t.n)}
	if t.spread != nil && t.n > 0 {
		q := t.spread.Quantiles(0.5, 0.9, 0.99)
		values := [...]float64{seconds(q[0]), seconds(q[1]), seconds(q[2])}
		shown.P50, shown.P90, shown.P99 = &values[0], &values[1], &values[2]
	}
	return shown
}

// ratings shows what customers thought.
func (b *bucket) ratings(link string) Ratings {
	r := Ratings{Link: link}
	var sum int64
	for i := range r.Stars {
		n := b.counts[scored+count(i)]
		r.Stars[i], r.N, sum = n, r.N+n, sum+n*int64(i+1)
	}
	if r.N > 0 {
		m := float64((sum*1000+r.N/2)/r.N) / 1000
		r.Mean, r.Satisfied = &m, share(r.Stars[3]+r.Stars[4], r.N)
	}
	return r
}

// volume shows how many messages who wrote.
func (b *bucket) volume() Volume {
	return Volume{Customer: b.counts[fromCustomer], Agent: b.counts[fromAgent], Bot: b.counts[fromBot], System: b.counts[fromSystem]}
}

// figure writes a number for a table.
func figure[T int | int64](n T) string { return strconv.FormatInt(int64(n), 10) }

// decimal writes a number with a fraction for a table; none is empty.
func decimal(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'f', -1, 64)
}
