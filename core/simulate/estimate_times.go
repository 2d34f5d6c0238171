package simulate

import (
	"cmp"
	"math"
	"slices"

	"baton/core/stats"
)

// handleOf gives how long agents had chats.
func handleOf(facts []*stats.Fact) []float64 {
	var values []float64
	for _, f := range facts {
		if answered(f) {
			values = append(values, seconds(f.Handled()))
		}
	}
	slices.Sort(values)
	return thinned(values)
}

// thinned gives as many values as a plan keeps, each for as many of the given ones. They stand in order.
func thinned(sorted []float64) []float64 {
	n := min(len(sorted), valuesKept)
	kept := make([]float64, n)
	for i := range kept {
		part := sorted[i*len(sorted)/n : (i+1)*len(sorted)/n]
		kept[i] = rounded(mean(part), 1)
	}
	return kept
}

// patienceOf estimates how long people wait before they go away (Kaplan and Meier): whoever was answered would have
// waited longer, nobody knows how much. Beyond the longest wait people leave as they did before it, on average.
func patienceOf(facts []*stats.Fact) Patience {
	type wait struct {
		ms   int64
		gone bool
	}
	var waits []wait
	var all float64
	var left int
	for _, f := range facts {
		switch {
		case abandoned(f):
			waits = append(waits, wait{f.EndedAt - came(f), true})
			left++
		case answered(f):
			waits = append(waits, wait{f.JoinedAt - came(f), false})
		default:
			waits = append(waits, wait{f.EndedAt - came(f), false})
		}
		all += seconds(waits[len(waits)-1].ms)
	}
	if left == 0 {
		return Patience{}
	}
	slices.SortFunc(waits, func(a, b wait) int { return cmp.Compare(a.ms, b.ms) })
	stays, shown := 1.0, 0.0
	p := Patience{Mean: rounded(all/float64(left), 1)}
	for i, w := range waits {
		if !w.gone {
			continue
		}
		stays *= 1 - 1/float64(len(waits)-i)
		after := rounded(seconds(w.ms), 1)
		if n := len(p.Gone); n > 0 && after <= p.Gone[n-1].After {
			p.Gone[n-1].Share = rounded(1-stays, 4)
		} else if 1-stays >= shown && after > 0 {
			p.Gone = append(p.Gone, Gone{After: after, Share: rounded(1-stays, 4)})
			shown += 1.0 / pointsKept / 4
		}
	}
	return p
}

func seconds(ms int64) float64 { return float64(ms) / 1000 }

func rounded(x float64, digits int) float64 {
	scale := math.Pow10(digits)
	return math.Round(x*scale) / scale
}
