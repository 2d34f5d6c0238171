package cli

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"

	"baton/core/simulate"
)

// show prints what a simulation came to: the variants side by side, who did what, and how far the simulation of the
// present is from what really was.
func show(w io.Writer, r *simulate.Result, p *simulate.Plan) {
	days := "days"
	if r.From == r.To {
		days = "day"
	}
	fmt.Fprintf(w, "%s to %s (%d %s, %s), %d runs with seed %d\n", r.From, r.To, simulatedDays(r), days, r.TimeZone, r.Runs, r.Seed)
	for _, n := range r.Notes {
		fmt.Fprintln(w, n)
	}
	fmt.Fprintln(w)
	showVariants(w, r)
	for _, v := range r.Variants[1:] {
		showChange(w, v)
	}
	if len(p.Queues) > 1 {
		showQueues(w, r)
	}
	showAgents(w, r)
	showScripts(w, r)
	showError(w, r, p)
}

func simulatedDays(r *simulate.Result) int {
	n := 1
	for d := r.From; d < r.To; d = d.Plus(1) {
		n++
	}
	return n
}

// columns prints a table whose columns stand under each other.
func columns(w io.Writer, rows [][]string) {
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(table, strings.Join(row, "\t"))
	}
	_ = table.Flush() // a failed write to a person's terminal has nobody left to be told of
}

func showVariants(w io.Writer, r *simulate.Result) {
	head := []string{""}
	for _, v := range r.Variants {
		head = append(head, v.Name())
	}
	rows := [][]string{head}
	add := func(name string, cell func(v *simulate.Simulated) string) {
		row := []string{name}
		for i := range r.Variants {
			row = append(row, cell(&r.Variants[i]))
		}
		rows = append(rows, row)
	}
	add("chats in a run", func(v *simulate.Simulated) string { return number(v.Chats) })
	add("answered", func(v *simulate.Simulated) string { return number(v.Answered) })
	add("abandoned", func(v *simulate.Simulated) string { return percent(v.Abandoned) })
	add("wait, mean", func(v *simulate.Simulated) string { return duration(v.Wait.Mean) })
	add("wait, p50", func(v *simulate.Simulated) string { return duration(v.Wait.P50) })
	add("wait, p90", func(v *simulate.Simulated) string { return duration(v.Wait.P90) })
	add("wait, p99", func(v *simulate.Simulated) string { return duration(v.Wait.P99) })
	add("never answered", func(v *simulate.Simulated) string { return percent(v.Unserved) })
	columns(w, rows)
	fmt.Fprintln(w, "± is how far the mean of very many runs may be from the figure, with 95 % certainty.")
}

// showChange says in words what a variant does to the present.
func showChange(w io.Writer, v simulate.Simulated) {
	c := v.Change
	fmt.Fprintf(w, "\n%s\n", v.About())
	fmt.Fprintf(w, "  half of the customers wait %s\n", changed(c.P50, duration, "longer", "shorter"))
	fmt.Fprintf(w, "  the longest waits, one in ten, are %s\n", changed(c.P90, duration, "longer", "shorter"))
	if !c.Abandoned.Sure {
		fmt.Fprintln(w, "  about as many customers give up as before")
		return
	}
	fmt.Fprintf(w, "  %s of all customers give up\n", changed(c.Abandoned, percent, "more", "fewer"))
}

// changed words a difference: "12 s ± 3 s shorter". What may be chance is none.
func changed(d simulate.Difference, figure func(simulate.Spread) string, more, less string) string {
	size := d.Spread
	size.Mean = math.Abs(size.Mean)
	switch {
	case !d.Sure:
		return "about as before"
	case d.Mean < 0:
		return figure(size) + " " + less
	}
	return figure(size) + " " + more
}

func showQueues(w io.Writer, r *simulate.Result) {
	fmt.Fprintln(w)
	rows := [][]string{{"queue"}}
	for i, v := range r.Variants {
		rows[0] = append(rows[0], v.Name()+": chats", "p50", "p90", "abandoned")
		for n, q := range v.Queues {
			if i == 0 {
				rows = append(rows, []string{q.Name})
			}
			rows[n+1] = append(rows[n+1], fmt.Sprintf("%.0f", q.Chats.Mean), span(q.Wait.P50.Mean), span(q.Wait.P90.Mean), fmt.Sprintf("%.1f %%", q.Abandoned.Mean*100))
		}
	}
	columns(w, rows)
}

func showAgents(w io.Writer, r *simulate.Result) {
	fmt.Fprintln(w)
	rows := [][]string{{"agent"}}
	at := map[string]int{}
	for i, v := range r.Variants {
		rows[0] = append(rows[0], v.Name()+": chats", "load", "idle")
		for _, a := range v.Agents {
			if at[a.Name] == 0 {
				at[a.Name] = len(rows)
				rows = append(rows, []string{a.Name})
			}
			row := rows[at[a.Name]]
			for len(row) < 1+3*i {
				row = append(row, "")
			}
			rows[at[a.Name]] = append(row, fmt.Sprintf("%.0f", a.Chats), fmt.Sprintf("%.1f of %d", a.Load, a.Capacity), fmt.Sprintf("%.0f %%", a.Idle*100))
		}
	}
	columns(w, rows)
	fmt.Fprintln(w, "load: chats at once while there; idle: the part of that time without any.")
}

// showScripts tells of scripts that went wrong, and of those that were never asked.
func showScripts(w io.Writer, r *simulate.Result) {
	for _, v := range r.Variants {
		for _, s := range v.Scripts {
			if s.Failed > 0 && s.Error != nil {
				fmt.Fprintf(w, "\n%s: the script %s failed %d times, the first time in line %d: %s\n", v.Name(), s.Name, s.Failed, s.Error.Line, s.Error.Message)
			}
		}
	}
}

func showError(w io.Writer, r *simulate.Result, p *simulate.Plan) {
	fmt.Fprintln(w)
	if len(r.Error) == 0 {
		fmt.Fprintln(w, "The plan has no measured figures, so nothing says how far the simulation is from the truth.")
		return
	}
	fmt.Fprintf(w, "How far the simulation of the present is from what really was, %s to %s:\n", p.Measured.From, p.Measured.To)
	rows := [][]string{{"", "measured", "simulated", "off by"}}
	for _, d := range r.Error {
		name, figure := deviationWords(d)
		off := ""
		if d.Off != nil {
			off = fmt.Sprintf("%+.0f %%", *d.Off*100)
		}
		rows = append(rows, []string{name, figure(simulate.Spread{Mean: d.Measured}), figure(d.Simulated), off})
	}
	columns(w, rows)
}

func deviationWords(d simulate.Deviation) (name string, figure func(simulate.Spread) string) {
	switch d.Figure {
	case "wait_p50":
		return "wait, p50", duration
	case "wait_p90":
		return "wait, p90", duration
	case "abandoned":
		return "abandoned", percent
	}
	return "chats a day", number
}

// withSpread writes a figure with what it may be off by.
func withSpread(s simulate.Spread, text func(float64) string) string {
	if s.PlusMinus == nil {
		return text(s.Mean)
	}
	return text(s.Mean) + " ± " + text(*s.PlusMinus)
}

func number(s simulate.Spread) string {
	return withSpread(s, func(x float64) string {
		if s.Mean < 10 {
			return fmt.Sprintf("%.1f", x)
		}
		return fmt.Sprintf("%.0f", x)
	})
}

func percent(s simulate.Spread) string {
	return withSpread(s, func(x float64) string { return fmt.Sprintf("%.1f %%", x*100) })
}

func duration(s simulate.Spread) string { return withSpread(s, span) }

// span writes seconds for people.
func span(seconds float64) string {
	switch {
	case seconds < 10:
		return fmt.Sprintf("%.1f s", seconds)
	case seconds < 120:
		return fmt.Sprintf("%.0f s", seconds)
	case seconds < 2*3600:
		return fmt.Sprintf("%.1f min", seconds/60)
	}
	return fmt.Sprintf("%.1f h", seconds/3600)
}
