// Package cli is the command line of Baton: it reads the configuration, puts the parts of the house together
// and runs one command.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// The statuses that a command ends with.
const (
	exitDone          = 0
	exitFailed        = 1 // refused, or something went wrong; standard error says what
	exitNotUnderstood = 2
)

// Main runs the command that args name and gives the status to exit with. Interrupt and SIGTERM end a command
// in good order.
func Main(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	t := &terminal{in: os.Stdin, out: os.Stdout, err: os.Stderr, environ: os.Environ()}
	return t.run(ctx, args)
}

// errTold fails a command that has said all there is to say.
var errTold = errors.New("told")

// terminal is where a command reads and writes.
type terminal struct {
	in       io.Reader
	out, err io.Writer
	environ  []string
}

// command is one thing that baton does.
type command struct {
	name string // one word or two
	args string // as help shows them
	does string // empty for a command that only baton itself runs
	run  func(ctx context.Context, t *terminal, f *flags) error
	// flags adds what the command understands beside --config.
	flags func(f *flags)
	// takes is how many arguments the command needs, and more how many may follow; below zero is any number.
	takes, more int
}

func commands() []command {
	return []command{
		{name: "serve", args: "[--addr HOST:PORT]", does: "run the server", run: serve, flags: serveFlags},
		{name: "user add", args: "--email E --name N --role R --password-stdin", does: "add a person to the team", run: addUser, flags: userFlags},
		{name: "user reset", args: "--email E", does: "make a link by which somebody sets a new password", run: resetUser, flags: resetFlags},
		{name: "key add", args: "NAME", does: "make a key for a bot; it is shown once", run: addKey, takes: 1},
		{name: "key list", does: "list the keys of all bots", run: listKeys},
		{name: "key revoke", args: "ID", does: "stop a key at once", run: revokeKey, takes: 1},
		{name: "migrate up", does: "bring the database up to date", run: migrateUp},
		{name: "migrate status", does: "say which steps the database has taken", run: migrateStatus},
		{name: "migrate unlock", does: "let go of the lock of a migration that died", run: migrateUnlock},
		{name: "doctor", args: "[--rebuild]", does: "check that Baton can run here", run: doctor, flags: doctorFlags},
		{name: "backup", args: "FILE", does: "copy the SQLite database while everything goes on", run: backup, takes: 1},
		{name: "scripts run", args: "FILE [--hook H] [--input CASE.json]", does: "ask a script, and print its answer as a line of JSON", run: runScript, flags: scriptFlags, takes: 1},
		{name: "scripts check", args: "FILE...", does: "say what is wrong or odd in scripts", run: checkScripts, takes: 1, more: -1},
		{name: "scripts test", args: "[DIR or FILE]", does: "run the tests beside scripts", run: testScripts, more: 1},
		{name: "scripts list", does: "say which scripts are in force, and from where", run: listScripts},
		{name: "scripts eject", args: "NAME", does: "write a built-in script into scripts.dir, to be changed there", run: ejectScript, takes: 1},
		{name: "simulate", args: "[--agents +1] [--script NAME=FILE] [--plan FILE] ...", does: "say what another script or one agent more would change; SCRIPTS.md explains it", run: runSimulation, flags: simulateFlags},
		{name: "hours at", args: "[--queue NAME] [--at TIME] [--priority P] [--language L]", does: "say what would become of a chat at a time", run: hoursAt, flags: hoursFlags},
		{name: "demo", args: "[--for 60s] [--seed N] [--fast] [--keep DIR]", does: "show it all at work: a server, a bot, customers, agents", run: showDemo, flags: demoFlags},
		{name: "shop", args: "[--server URL] [--addr HOST:PORT] [--key KEY]", does: "serve an example page that shows the chat, with a bot of its own", run: showShop, flags: shopFlags},
		{name: "demo-part", run: playPart, takes: 1},
		{name: "openapi", does: "print the OpenAPI document of the API", run: showDocument},
		{name: "version", does: "say which version this is", run: showVersion},
	}
}

func (t *terminal) run(ctx context.Context, args []string) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		t.help(t.out)
		return exitDone
	}
	cmd, rest := find(args)
	if cmd == nil {
		fmt.Fprintf(t.err, "baton: there is no command %q; `baton help` lists them\n", strings.Join(args[:min(2, len(args))], " "))
		return exitNotUnderstood
	}
	return t.conclude(cmd, t.start(ctx, cmd, rest))
}

// find gives the command of the first words and what follows them.
func find(args []string) (*command, []string) {
	for _, cmd := range commands() {
		words := strings.Fields(cmd.name)
		if len(args) >= len(words) && strings.Join(args[:len(words)], " ") == cmd.name {
			return &cmd, args[len(words):]
		}
	}
	return nil, nil
}

func (t *terminal) start(ctx context.Context, cmd *command, args []string) error {
	f := newFlags(cmd.name)
	if cmd.flags != nil {
		cmd.flags(f)
	}
	if err := f.parse(args, cmd.takes, cmd.more); err != nil {
		return err
	}
	return cmd.run(ctx, t, f)
}

// conclude tells what went wrong, if anything did, and gives the status to exit with.
func (t *terminal) conclude(cmd *command, err error) int {
	var misuse *misuseError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errTold):
		return exitFailed
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintf(t.out, "baton %s: %s\n", strings.TrimSpace(cmd.name+" "+cmd.args+" [--config FILE]"), cmd.does)
		return exitDone
	case errors.As(err, &misuse):
		fmt.Fprintf(t.err, "baton %s: %v\nusage: baton %s\n", cmd.name, err, strings.TrimSpace(cmd.name+" "+cmd.args+" [--config FILE]"))
		return exitNotUnderstood
	default:
		fmt.Fprintf(t.err, "baton %s: %v\n", cmd.name, err)
		return exitFailed
	}
}

func (t *terminal) help(w io.Writer) {
	fmt.Fprint(w, "Baton takes a conversation from a bot, finds the right person for it, and hands it back.\n\n")
	for _, cmd := range commands() {
		if cmd.does == "" {
			continue
		}
		fmt.Fprintf(w, "  baton %-55s %s\n", strings.TrimSpace(cmd.name+" "+cmd.args), cmd.does)
	}
	fmt.Fprint(w, "\nEvery command takes --config FILE. Without it config.yaml is read if it is there. Each option has an\n"+
		"environment name too: offers.expire_after is BATON_OFFERS_EXPIRE_AFTER.\n")
}
