package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"

	"baton/cmd/config"
)

// flags are the options and arguments of one command.
type flags struct {
	*flag.FlagSet
	config string
	// options are flags that stand for options of the configuration, by the name of the option.
	options map[string]*string

	email, name, role string
	passwordStdin     bool
	rebuild           bool
	hours             hoursOptions
	demo              demoOptions
	shop              shopOptions
	script            scriptOptions
	simulate          simulateOptions
}

// misuseError says that a command was not called as it wants to be.
type misuseError struct{ text string }

func (e *misuseError) Error() string { return e.text }

func misuse(format string, args ...any) error { return &misuseError{fmt.Sprintf(format, args...)} }

func newFlags(command string) *flags {
	f := &flags{FlagSet: flag.NewFlagSet(command, flag.ContinueOnError), options: map[string]*string{}}
	f.SetOutput(io.Discard)
	f.StringVar(&f.config, "config", "", "")
	return f
}

// option lets a flag stand for an option of the configuration; it wins over file and environment.
func (f *flags) option(name, path string) {
	f.options[path] = f.String(name, "", "")
}

// parse reads flags and this many arguments, in any order; more of them may follow, any number when it is below zero.
func (f *flags) parse(args []string, takes, more int) error {
	var plain []string
	for {
		err := f.FlagSet.Parse(args)
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		if err != nil {
			return misuse("%v", err)
		}
		if f.FlagSet.NArg() == 0 {
			break
		}
		plain, args = append(plain, f.FlagSet.Arg(0)), f.FlagSet.Args()[1:]
	}
	if len(plain) < takes || more >= 0 && len(plain) > takes+more {
		return misuse("it takes %s, not %d", howMany(takes, more), len(plain))
	}
	return f.FlagSet.Parse(append([]string{"--"}, plain...))
}

func howMany(takes, more int) string {
	switch {
	case more == 0:
		return fmt.Sprintf("%d arguments", takes)
	case more < 0:
		return fmt.Sprintf("%d arguments or more", takes)
	}
	return fmt.Sprintf("%d to %d arguments", takes, takes+more)
}

// load reads the configuration, and warns of variables that look like options and are none.
func (f *flags) load(t *terminal) (*config.Config, error) {
	set := map[string]string{}
	for path, value := range f.options {
		if *value != "" {
			set[path] = *value
		}
	}
	c, unknown, err := config.Load(config.Source{File: f.config, Environ: t.environ, Set: set})
	for _, name := range unknown {
		fmt.Fprintf(t.err, "baton: the environment has %s, which names no option\n", name)
	}
	return c, err
}
