package cli

import (
	"context"
	"fmt"
	"os"
	"time"

	"baton/cmd/cli/demo"
)

// demoOptions are the flags of `baton demo`.
type demoOptions struct {
	time time.Duration
	seed uint64
	fast bool
	keep string
}

func demoFlags(f *flags) {
	f.DurationVar(&f.demo.time, "for", time.Minute, "")
	f.Uint64Var(&f.demo.seed, "seed", 1, "")
	f.BoolVar(&f.demo.fast, "fast", false, "")
	f.StringVar(&f.demo.keep, "keep", "", "")
}

// showDemo tells in the terminal how a server, a bot, customers and agents do the whole job.
func showDemo(ctx context.Context, t *terminal, f *flags) error {
	if f.demo.time <= 0 {
		return misuse("--for takes a time such as 60s")
	}
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	return demo.Run(ctx, demo.Config{
		Program: program, For: f.demo.time, Seed: f.demo.seed, Fast: f.demo.fast, Keep: f.demo.keep,
		Out: t.out, Err: t.err, Colour: t.colours(),
	})
}

// playPart is a process of the demo, which starts it itself: bot, customers or agents.
func playPart(ctx context.Context, t *terminal, f *flags) error {
	return demo.Play(ctx, f.Arg(0), t.in, t.out)
}

// colours says whether the output is a terminal whose user has not asked for plain text.
func (t *terminal) colours() bool {
	file, ok := t.out.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
