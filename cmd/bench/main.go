// Command bench measures the real server from outside and prints each figure as a ratio to a limit that was
// measured in the same run, with what is due beside it. It starts what it needs and ends it.
//
//	go run ./cmd/bench [--only NAME] [--quick]   measure; the whole run also writes BENCH.md
//	go run ./cmd/bench --readme                  put the table of BENCH.md into the README
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// rawRelay is the argument that makes this program the server of the raw relay.
const rawRelay = "raw-relay"

// measurement is one part of the run.
type measurement struct {
	name string
	run  func(context.Context, *workshop, *report) error
}

func measurements() []measurement {
	return []measurement{{"talk", measureTalk}, {"offers", measureOffers}, {"scripts", measureScripts}, {"house", measureHouse}, {"numbers", measureNumbers}}
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 1 && args[0] == rawRelay {
		return serveRaw(os.Stdout)
	}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	only := flags.String("only", "", "one measurement: "+names())
	quick := flags.Bool("quick", false, "fewer and shorter rounds")
	readme := flags.Bool("readme", false, "put the table of "+resultsFile+" into "+readmeFile)
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *readme {
		return refreshReadme()
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return measure(ctx, *only, *quick)
}

func names() string {
	var list []string
	for _, m := range measurements() {
		list = append(list, m.name)
	}
	return strings.Join(list, ", ")
}

// measure runs the measurements that are asked for. Only a whole, unhurried run is written down.
func measure(ctx context.Context, only string, quick bool) (err error) {
	say := func(format string, args ...any) { fmt.Printf(format+"\n", args...) }
	w, err := openWorkshop(ctx, quick, say)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(w.dir)) }()
	r := &report{say: say}
	ran := 0
	for _, m := range measurements() {
		if only != "" && only != m.name {
			continue
		}
		ran++
		began := time.Now()
		if err := m.run(ctx, w, r); err != nil {
			return fmt.Errorf("measuring %s: %w", m.name, err)
		}
		say("-- %s took %.0f s", m.name, time.Since(began).Seconds())
	}
	if ran == 0 {
		return fmt.Errorf("there is no measurement %q; there are %s", only, names())
	}
	fmt.Print("\n", r.table())
	if only == "" && !quick {
		return r.write()
	}
	return nil
}

// openWorkshop builds the program as it is shipped and makes a folder for everything else.
func openWorkshop(ctx context.Context, quick bool, say func(string, ...any)) (*workshop, error) {
	build := exec.CommandContext(ctx, "make", "-s", "build")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return nil, fmt.Errorf("make build: %w", err)
	}
	baton, err := filepath.Abs("bin/baton")
	if err != nil {
		return nil, err
	}
	bench, err := os.Executable()
	if err != nil {
		return nil, err
	}
	files, err := raiseDescriptors()
	if err != nil {
		return nil, fmt.Errorf("raise the limit on open files: %w", err)
	}
	dir, err := os.MkdirTemp("", "baton-bench-")
	return &workshop{dir: dir, baton: baton, bench: bench, quick: quick, files: files, say: say}, err
}
