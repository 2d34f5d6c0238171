// Command tests runs go test with the arguments that it is given and tells it shortly: one line a package, the
// whole output of what failed, the reason of what was skipped, the figures that tests measured (lines with "figure: "),
// the slowest tests, and a last line that counts.
// It fails when a test failed, and when none was run.
package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// event is one line of go test -json.
type event struct {
	Action, Package, ImportPath, Test, Output string
	Elapsed                                   float64
}

func (e event) name() string { return e.Package + "." + e.Test }

// slowTest is how many seconds make a test worth a line at the end.
const slowTest = 5

// report is what is known so far.
type report struct {
	output                  map[string]*strings.Builder // of each test that still runs, and of each package
	passed, failed, skipped int
	inPackage               map[string]int
	slow                    []event
	figures                 []string
}

func main() {
	r := &report{output: map[string]*strings.Builder{}, inPackage: map[string]int{}}
	err := r.run(exec.Command("go", append([]string{"test", "-json"}, os.Args[1:]...)...))
	r.close()
	if err != nil || r.failed > 0 || r.passed == 0 {
		os.Exit(1)
	}
}

func (r *report) run(test *exec.Cmd) error {
	test.Stderr = os.Stderr
	lines, err := test.StdoutPipe()
	if err != nil {
		return err
	}
	if err := test.Start(); err != nil {
		return err
	}
	scanner := bufio.NewScanner(lines)
	scanner.Buffer(nil, 64<<20)
	for scanner.Scan() {
		var e event
		if json.Unmarshal(scanner.Bytes(), &e) != nil {
			fmt.Println(scanner.Text())
			continue
		}
		r.take(e)
	}
	return cmp.Or(test.Wait(), scanner.Err())
}

func (r *report) take(e event) {
	switch e.Action {
	case "output":
		r.keep(e)
	case "build-output":
		fmt.Print(e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			r.endPackage(e)
		} else {
			r.endTest(e)
		}
	}
}

func (r *report) keep(e event) {
	if r.output[e.name()] == nil {
		r.output[e.name()] = &strings.Builder{}
	}
	r.output[e.name()].WriteString(e.Output)
}

// said takes out what a test or package printed.
func (r *report) said(e event) string {
	b := r.output[e.name()]
	delete(r.output, e.name())
	if b == nil {
		return ""
	}
	return b.String()
}

func (r *report) endTest(e event) {
	said := r.said(e)
	r.inPackage[e.Package]++
	switch e.Action {
	case "pass":
		r.passed++
		for line := range strings.Lines(said) {
			if _, figure, is := strings.Cut(line, "figure: "); is {
				r.figures = append(r.figures, figure)
			}
		}
	case "skip":
		r.skipped++
		fmt.Print(said)
	case "fail":
		r.failed++
		fmt.Print(said)
	}
	if e.Elapsed >= slowTest {
		r.slow = append(r.slow, e)
	}
}

func (r *report) endPackage(e event) {
	said := r.said(e)
	switch e.Action {
	case "pass":
		fmt.Printf("ok    %-32s %7.1f s %6d tests\n", e.Package, e.Elapsed, r.inPackage[e.Package])
	case "fail":
		// A test that was running when the process died never ended; what it said is the clue.
		for name := range r.output {
			if strings.HasPrefix(name, e.Package+".") {
				fmt.Print(r.output[name].String())
			}
		}
		fmt.Printf("%sFAIL  %-32s %7.1f s\n", said, e.Package, e.Elapsed)
		if r.inPackage[e.Package] == 0 {
			r.failed++
		}
	}
}

func (r *report) close() {
	slices.Sort(r.figures)
	for _, figure := range r.figures {
		fmt.Print("figure  ", figure)
	}
	slices.SortFunc(r.slow, func(a, b event) int { return cmp.Compare(b.Elapsed, a.Elapsed) })
	for _, e := range r.slow[:min(len(r.slow), 10)] {
		fmt.Printf("slow  %-32s %7.1f s %s\n", e.Package, e.Elapsed, e.Test)
	}
	if r.passed+r.failed == 0 {
		fmt.Println("no test was run")
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", r.passed, r.failed, r.skipped)
}
