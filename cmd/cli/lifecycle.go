package cli

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"
)

// part is something that lives as long as the server: its run returns when ctx has ended and it has too.
type part struct {
	name string
	run  func(ctx context.Context) error
}

// runInOrder runs all parts at once. When ctx ends, or a part fails, the stages end one after the other, in
// the order that they are given: each has ended before the next one is told to. The error is that of the first
// part that failed.
func runInOrder(ctx context.Context, stages ...[]part) error {
	group, failed := errgroup.WithContext(ctx)
	ends := make([]func(), 0, len(stages))
	for _, parts := range stages {
		// A stage must not end with ctx but in its turn.
		stageCtx, cancel := context.WithCancel(context.WithoutCancel(ctx))
		running := &sync.WaitGroup{}
		for _, p := range parts {
			running.Add(1)
			group.Go(func() error {
				defer running.Done()
				if err := p.run(stageCtx); err != nil {
					return fmt.Errorf("%s: %w", p.name, err)
				}
				return nil
			})
		}
		ends = append(ends, func() {
			cancel()
			running.Wait()
		})
	}
	group.Go(func() error {
		<-failed.Done()
		for _, end := range ends {
			end()
		}
		return nil
	})
	return group.Wait()
}
