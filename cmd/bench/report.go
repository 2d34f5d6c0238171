package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

// figure is one line of the table.
type figure struct {
	what  string
	shown string // what was measured
	limit string // the limit measured in the same run, and what it came to
	ratio float64
	// Due is either a ratio (more says that it must be reached, otherwise it must not be passed) or a value that
	// must not be passed.
	due      float64
	more     bool
	value    float64
	dueValue float64
	dueShown string
}

// holds says whether a figure keeps what is due; a figure without a due holds.
func (f *figure) holds() bool {
	switch {
	case f.due > 0 && f.more:
		return f.ratio >= f.due
	case f.due > 0:
		return f.ratio <= f.due
	case f.dueValue > 0:
		return f.value <= f.dueValue
	}
	return true
}

func (f *figure) cells() []string {
	due, verdict := "", ""
	switch {
	case f.due > 0:
		due = fmt.Sprintf("%.2f", f.due)
	case f.dueValue > 0:
		due = f.dueShown
	}
	if due != "" {
		verdict = "yes"
		if !f.holds() {
			verdict = "**no**"
		}
	}
	ratio := ""
	if f.ratio > 0 {
		ratio = fmt.Sprintf("%.2f", f.ratio)
	}
	return []string{f.what, f.shown, ratio, f.limit, due, verdict}
}

// report gathers the figures of one run.
type report struct {
	figures []figure
	say     func(format string, args ...any)
}

func (r *report) add(f figure) {
	r.figures = append(r.figures, f)
	c := f.cells()
	r.say("%-58s %-62s ratio %6s of %-28s due %-8s %s", c[0], c[1], c[2], c[3], c[4], strings.Trim(c[5], "*"))
}

// table is the figures as Markdown.
func (r *report) table() string {
	var b strings.Builder
	b.WriteString("| | measured | ratio | of | due | holds |\n|---|---|---|---|---|---|\n")
	for _, f := range r.figures {
		b.WriteString("| " + strings.Join(f.cells(), " | ") + " |\n")
	}
	return b.String()
}

// The table stands between these lines, in both files.
const (
	resultsFile = "BENCH.md"
	readmeFile  = "README.md"
	tableBegins = "<!-- figures: made by make bench, do not edit -->\n"
	tableEnds   = "<!-- end of figures -->\n"
)

// write keeps the figures in the results file.
func (r *report) write() error {
	text := "# Figures\n\n`make bench` wrote this page. Absolute figures belong to the machine and the minute; ratios are of two\n" +
		"measurements of the same run, and those are what Baton is held to.\n\n" +
		fmt.Sprintf("%s, %s/%s, %d cores shared by server, database and client.\n\n", time.Now().UTC().Format("2 January 2006"), runtime.GOOS, runtime.GOARCH, runtime.NumCPU()) +
		tableBegins + r.table() + tableEnds +
		"\nLimits on floods and on places are raised for the measurement, since it is meant to go over them; nothing else\n" +
		"is changed. SQLite runs with synchronous=FULL and PostgreSQL with fsync, so that each answered message is on the disk.\n"
	return os.WriteFile(resultsFile, []byte(text), 0o644)
}

// refreshReadme copies the table of the results file into the README.
func refreshReadme() error {
	results, err := os.ReadFile(resultsFile)
	if err != nil {
		return err
	}
	_, table, _, err := cutTable(resultsFile, results)
	if err != nil {
		return err
	}
	readme, err := os.ReadFile(readmeFile)
	if err != nil {
		return err
	}
	before, _, after, err := cutTable(readmeFile, readme)
	if err != nil {
		return err
	}
	return os.WriteFile(readmeFile, bytes.Join([][]byte{before, table, after}, nil), 0o644)
}

// cutTable takes a file apart around its table.
func cutTable(file string, text []byte) (before, table, after []byte, err error) {
	begin, end := bytes.Index(text, []byte(tableBegins)), bytes.Index(text, []byte(tableEnds))
	if begin < 0 || end < begin {
		return nil, nil, nil, fmt.Errorf("%s has no place for the figures: it needs the lines %q and %q", file, strings.TrimSpace(tableBegins), strings.TrimSpace(tableEnds))
	}
	begin += len(tableBegins)
	return text[:begin], text[begin:end], text[end:], nil
}
