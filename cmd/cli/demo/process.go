package demo

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// process is one that the demo has started. It is in a process group of its own: Ctrl-C is for the demo, which
// ends its processes in order.
type process struct {
	*exec.Cmd
	name  string
	input io.WriteCloser
	lines chan string   // of standard output, closed at its end
	ended chan struct{} // closed when the process has ended
	err   error         // that it ended with, once ended
}

// start runs the program with these arguments.
func (c *Config) start(name, dir string, env []string, args ...string) (*process, error) {
	p := &process{Cmd: exec.Command(c.Program, args...), name: name, lines: make(chan string, 256), ended: make(chan struct{})}
	p.Dir, p.Env, p.Stderr = dir, append(os.Environ(), env...), c.Err
	p.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var err error
	if p.input, err = p.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.Start(); err != nil {
		return nil, fmt.Errorf("start the %s: %w", name, err)
	}
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			p.lines <- lines.Text()
		}
		close(p.lines)
		p.err = p.Wait()
		close(p.ended)
	}()
	return p, nil
}

// play starts a part and gives it its settings.
func (c *Config) play(role string, s settings) (*process, error) {
	p, err := c.start(role, "", nil, "demo-part", role)
	if err != nil {
		return nil, err
	}
	encoded, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	if _, err := p.input.Write(append(encoded, '\n')); err != nil {
		return nil, errors.Join(fmt.Errorf("tell the %s what to do: %w", role, err), p.kill())
	}
	return p, nil
}

// line waits for the next line that the process prints.
func (p *process) line(within time.Duration) (string, error) {
	select {
	case text, more := <-p.lines:
		if !more {
			<-p.ended
			return "", fmt.Errorf("the %s ended before it was ready: %w", p.name, cmpErr(p.err, io.ErrUnexpectedEOF))
		}
		return text, nil
	case <-time.After(within):
		return "", fmt.Errorf("the %s said nothing for %v", p.name, within)
	}
}

func cmpErr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// finish asks the process to come to an end, and gives it so long to do so.
func (p *process) finish(within time.Duration) error {
	closed := p.input.Close()
	if err := p.await(within); err != nil {
		return errors.Join(err, p.kill())
	}
	if closed != nil && !errors.Is(closed, os.ErrClosed) {
		return closed
	}
	return p.err
}

// end asks with SIGTERM, and kills a process that does not listen.
func (p *process) end() error {
	if err := p.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("end the %s: %w", p.name, err)
	}
	if err := p.await(10 * time.Second); err != nil {
		return errors.Join(err, p.kill())
	}
	return nil
}

// await waits for the end. Whatever the process still prints is taken by whoever reads its lines.
func (p *process) await(within time.Duration) error {
	select {
	case <-p.ended:
		return nil
	case <-time.After(within):
		return fmt.Errorf("the %s did not end within %v", p.name, within)
	}
}

func (p *process) kill() error {
	if err := p.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}
