package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a server that a measurement started.
type process struct {
	cmd  *exec.Cmd
	addr string // host and port
	log  string // the file of its standard error
	took time.Duration
}

const (
	startWithin = time.Minute
	endWithin   = 15 * time.Second
)

// start runs a server, waits until it is ready and notes how long that took. Its first line of output must say
// where it listens.
func start(ctx context.Context, dir string, env []string, name string, args ...string) (*process, error) {
	log, err := os.CreateTemp(dir, "log-")
	if err != nil {
		return nil, err
	}
	defer log.Close()
	p := &process{cmd: exec.Command(name, args...), log: log.Name()}
	p.cmd.Dir, p.cmd.Stderr, p.cmd.Env = dir, log, append(os.Environ(), env...)
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	p.addr = strings.TrimSpace(strings.TrimPrefix(line, "listening on http://"))
	if err == nil {
		err = p.waitReady(ctx)
	}
	p.took = time.Since(began)
	if err != nil {
		text, _ := os.ReadFile(p.log)
		return nil, errors.Join(fmt.Errorf("start %s %s: %w\n%s", name, strings.Join(args, " "), err, text), p.end())
	}
	return p, nil
}

func (p *process) waitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.addr+"/readyz", http.NoBody)
		if err != nil {
			return err
		}
		answer, err := http.DefaultClient.Do(request)
		if err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Millisecond):
		}
	}
}

// end stops the server in good order, or hard when it takes too long.
func (p *process) end() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	kill := time.AfterFunc(endWithin, func() { _ = p.cmd.Process.Kill() })
	defer kill.Stop()
	var exit *exec.ExitError
	if err := p.cmd.Wait(); err != nil && !errors.As(err, &exit) {
		return err
	}
	return nil
}

// tick is the unit of the times in /proc: a hundredth of a second on every Linux.
const tick = 10 * time.Millisecond

// cpuOf is the processor time that a process has used.
func cpuOf(pid int) time.Duration {
	_, own, _ := statOf(pid)
	return own
}

// familyCPU is the processor time of all children of a process, those that have ended included.
func familyCPU(pid int) time.Duration {
	_, _, total := statOf(pid)
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range stats {
		child, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if err != nil {
			continue
		}
		if parent, own, _ := statOf(child); parent == pid {
			total += own
		}
	}
	return total
}

// statOf reads what the kernel counts of a process: its parent, its own processor time and that of its children
// that have ended. All are 0 for a process that is gone.
func statOf(pid int) (parent int, own, ended time.Duration) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0, 0
	}
	// The name of the process, in brackets, may hold spaces; what follows is state, parent and so on.
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	number := func(i int) int {
		n, _ := strconv.Atoi(fields[i])
		return n
	}
	return number(1), time.Duration(number(11)+number(12)) * tick, time.Duration(number(13)+number(14)) * tick
}

// residentBytes is how much memory of a process is in RAM.
func residentBytes(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, is := strings.CutPrefix(line, "VmRSS:"); is {
			kib, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kib << 10
		}
	}
	return 0
}

// raiseDescriptors lets this process and those it starts open as many files as they may, and gives that number.
func raiseDescriptors() (int, error) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 0, err
	}
	limit.Cur = limit.Max
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 0, err
	}
	return int(min(limit.Cur, 1<<20)), nil
}
