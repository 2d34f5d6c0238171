package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"runtime/debug"
	"strings"

	"baton/adapters/sqlstore"
	"baton/cmd/config"
)

func serveFlags(f *flags) { f.option("addr", "server.addr") }

// serve runs the server until ctx ends or a part of it fails. The first line of its output says where it
// listens; it is written when requests are answered.
func serve(ctx context.Context, t *terminal, f *flags) error {
	c, err := f.load(t)
	if err != nil {
		return err
	}
	log := newLog(t.err, c.Log)
	slog.SetDefault(log)
	collectLess()
	store, err := sqlstore.Open(ctx, sqlstore.Config(c.Database))
	if err != nil {
		return err
	}
	err = serveOn(ctx, t, store, c, log)
	log.Info("the server has ended")
	return errors.Join(err, store.Close())
}

// collectLess lets the heap grow to three times what is in use before it is collected, unless GOGC says otherwise. A
// desk holds some ten megabytes, so this costs little memory; collecting at twice took a tenth of a busy server's time.
func collectLess() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200)
	}
}

// serveOn serves what is in the store, which nobody else's server may do at the same time on a SQLite file.
func serveOn(ctx context.Context, t *terminal, store *sqlstore.Store, c *config.Config, log *slog.Logger) (err error) {
	release, err := store.Serve(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	h, err := build(ctx, store, c, log)
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Server.Addr)
	if err != nil {
		return fmt.Errorf("listen on server.addr: %w", err)
	}
	announce := func(ctx context.Context) error { return t.announce(ctx, h, listener.Addr(), c) }
	return h.run(ctx, listener, announce)
}

// announce says where the server listens and, while there is nobody in the team, how to make its owner.
func (t *terminal) announce(ctx context.Context, h *house, addr net.Addr, c *config.Config) error {
	code, err := h.access.SetUpCode(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "listening on http://%s\n", addr)
	if code != "" {
		fmt.Fprintf(t.out, "set up your team: %s/setup#%s\n", publicURL(c, addr), code)
	}
	return nil
}

// publicURL is how a browser reaches the server.
func publicURL(c *config.Config, addr net.Addr) string {
	if c.Server.PublicURL != "" {
		return strings.TrimSuffix(c.Server.PublicURL, "/")
	}
	tcp, ok := addr.(*net.TCPAddr)
	if ok && tcp.IP.IsUnspecified() {
		return fmt.Sprintf("http://localhost:%d", tcp.Port)
	}
	return "http://" + addr.String()
}
