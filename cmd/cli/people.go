package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"baton/adapters/sqlstore"
	"baton/cmd/config"
	"baton/core"
	"baton/core/access"
)

func userFlags(f *flags) {
	f.StringVar(&f.email, "email", "", "")
	f.StringVar(&f.name, "name", "", "")
	f.StringVar(&f.role, "role", string(core.AgentRole), "")
	f.BoolVar(&f.passwordStdin, "password-stdin", false, "")
}

func resetFlags(f *flags) { f.StringVar(&f.email, "email", "", "") }

func addUser(ctx context.Context, t *terminal, f *flags) error {
	if f.email == "" || f.name == "" || !f.passwordStdin {
		return misuse("it needs --email, --name, and --password-stdin with the password on one line of standard input")
	}
	password, err := t.readLine()
	if err != nil {
		return err
	}
	return withAccess(ctx, t, f, func(a *access.Access) error {
		user, err := a.AddUser(ctx, core.Desk, access.UserRequest{Email: f.email, Name: f.name, Role: core.Role(f.role), Password: password})
		if err != nil {
			return err
		}
		fmt.Fprintf(t.out, "%s is %s, %s\n", user.Email, user.ID, user.Role)
		return nil
	})
}

// resetUser shows the link alone on the last line. It is the way back in when the only admin has lost his password.
func resetUser(ctx context.Context, t *terminal, f *flags) error {
	if f.email == "" {
		return misuse("it needs --email")
	}
	return withStore(ctx, t, f, func(store *sqlstore.Store, c *config.Config) error {
		code, expires, err := newAccess(store, c).ResetFor(ctx, core.Desk, f.email)
		if err != nil {
			return err
		}
		addr, err := net.ResolveTCPAddr("tcp", c.Server.Addr)
		if err != nil {
			return fmt.Errorf("read server.addr: %w", err)
		}
		fmt.Fprintf(t.out, "a new password for %s, until %s:\n%s/app/reset#%s\n", f.email, expires.UTC().Format(time.RFC3339), publicURL(c, addr), code)
		return nil
	})
}

// readLine takes one line from standard input, without its end.
func (t *terminal) readLine() (string, error) {
	line, err := bufio.NewReader(t.in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"), nil
}

// addKey shows the new key alone on the last line, so that `baton key add NAME | tail -n 1` is the key.
func addKey(ctx context.Context, t *terminal, f *flags) error {
	return withAccess(ctx, t, f, func(a *access.Access) error {
		secret, key, err := a.MakeKey(ctx, core.Desk, f.Arg(0), nil)
		if err != nil {
			return err
		}
		fmt.Fprintf(t.out, "%s is the key of %s (%s); it is not shown again:\n%s\n", key.ID, key.Bot.Name, key.Bot.ID, secret)
		return nil
	})
}

func listKeys(ctx context.Context, t *terminal, f *flags) error {
	return withAccess(ctx, t, f, func(a *access.Access) error {
		keys, err := a.Keys(ctx, core.Desk)
		for _, k := range keys {
			fmt.Fprintf(t.out, "%-22s %-22s %-20s %s\n", k.ID, k.Bot.ID, k.CreatedAt.UTC().Format(time.RFC3339), k.Bot.Name)
		}
		return err
	})
}

func revokeKey(ctx context.Context, t *terminal, f *flags) error {
	return withAccess(ctx, t, f, func(a *access.Access) error {
		if err := a.RevokeKey(ctx, core.Desk, f.Arg(0)); err != nil {
			return err
		}
		fmt.Fprintf(t.out, "%s is worth nothing any more\n", f.Arg(0))
		return nil
	})
}

// withAccess opens the database and lets do see to people and keys. It works beside a running server.
func withAccess(ctx context.Context, t *terminal, f *flags, do func(*access.Access) error) error {
	return withStore(ctx, t, f, func(store *sqlstore.Store, c *config.Config) error {
		return do(newAccess(store, c))
	})
}
