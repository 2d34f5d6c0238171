package cli

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// diary is a part that writes down when it was told to end and when it had.
type diary struct {
	mu    sync.Mutex // guards lines
	lines []string
}

func (d *diary) part(name string, takes time.Duration, err error) part {
	return part{name: name, run: func(ctx context.Context) error {
		if err != nil {
			return err
		}
		<-ctx.Done()
		d.write(name + " ends")
		time.Sleep(takes)
		d.write(name + " ended")
		return nil
	}}
}

func (d *diary) write(line string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, line)
}

func TestStagesEndInOrder(t *testing.T) {
	want := []string{"hub ends", "hub ended", "http ends", "http ended", "store ends", "store ended"}
	for name, broken := range map[string]error{"by SIGTERM": nil, "when a part fails": errors.New("the disk is gone")} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var d diary
				ctx, cancel := context.WithCancel(t.Context())
				last := []part{d.part("store", time.Second, nil)}
				if broken == nil {
					time.AfterFunc(time.Minute, cancel)
				} else {
					last = append(last, d.part("disk", 0, broken))
				}
				err := runInOrder(ctx, []part{d.part("hub", 3*time.Second, nil)}, []part{d.part("http", time.Second, nil)}, last)
				cancel()
				if !errors.Is(err, broken) {
					t.Errorf("got the error %v, want %v", err, broken)
				}
				if !slices.Equal(d.lines, want) {
					t.Errorf("got  %q\nwant %q", d.lines, want)
				}
			})
		})
	}
}
