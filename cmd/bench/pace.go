package main

import (
	"errors"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// pace sends so many messages a second, spread over all pairs and never waiting for an answer, and gives how long
// each answer took, the quickest first.
func (f *fleet) pace(perSecond int, length time.Duration) ([]time.Duration, error) {
	acked, got := f.counts()
	n := int(length.Seconds() * float64(perSecond))
	sent := make([]chan time.Time, len(f.pairs))
	took := make([][]time.Duration, len(f.pairs))
	var readers errgroup.Group
	for i, p := range f.pairs {
		sent[i] = make(chan time.Time, n/len(f.pairs)+1)
		readers.Go(func() (err error) {
			took[i], err = p.time(sent[i])
			return err
		})
	}
	err := f.sendPaced(n, time.Second/time.Duration(perSecond), sent)
	for _, c := range sent {
		close(c)
	}
	err = errors.Join(err, readers.Wait(), f.settle(got-acked))
	all := slices.Concat(took...)
	slices.Sort(all)
	return all, err
}

// sendPaced sends n messages, one each pause. Whoever was held up catches up at once.
func (f *fleet) sendPaced(n int, pause time.Duration, sent []chan time.Time) error {
	began := time.Now()
	for k := range n {
		time.Sleep(time.Until(began.Add(time.Duration(k) * pause)))
		i := k % len(f.pairs)
		p := f.pairs[i]
		frame := p.message(f.mark)
		sent[i] <- time.Now()
		if err := p.from.send(opText, frame); err != nil {
			return err
		}
	}
	return nil
}

// time reads the answers to what is sent.
func (p *pair) time(sent <-chan time.Time) ([]time.Duration, error) {
	var took []time.Duration
	buf := make([]byte, 0, readBuffer)
	for at := range sent {
		frame, err := p.from.await(frameOK, buf)
		if err != nil {
			return took, err
		}
		took = append(took, time.Since(at))
		p.acked.Add(1)
		buf = frame
	}
	return took, nil
}

// quantile gives the value below which this part of a sorted list lies.
func quantile(sorted []time.Duration, part float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(part*float64(len(sorted))))]
}

func median[T int | float64 | time.Duration](list []T) T {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}
