package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"baton/cmd/cli/demo/shop"
	"baton/core"
	"baton/core/access"
)

// shopOptions are the flags of `baton shop`.
type shopOptions struct{ server, addr, key, identity string }

func shopFlags(f *flags) {
	f.StringVar(&f.shop.server, "server", "", "")
	f.StringVar(&f.shop.addr, "addr", "127.0.0.1:0", "")
	f.StringVar(&f.shop.key, "key", "", "")
	f.StringVar(&f.shop.identity, "identity", "", "")
}

// showShop serves the example page until ctx ends. The first line of its output says where. Without a key it makes
// one for its bot, and revokes it at its end.
func showShop(ctx context.Context, t *terminal, f *flags) error {
	server, err := f.shopServer(t)
	if err != nil {
		return err
	}
	kid, secret, _ := strings.Cut(f.shop.identity, ":")
	if f.shop.identity != "" && (kid == "" || secret == "") {
		return misuse("--identity takes KID:SECRET, a key of widget.identity_keys")
	}
	if f.shop.key != "" {
		return t.serveShop(ctx, f.shop.addr, shop.Config{Server: server, Key: f.shop.key, IdentityID: kid, IdentityKey: secret})
	}
	return withAccess(ctx, t, f, func(a *access.Access) error {
		key, made, err := shopKey(ctx, a)
		if err != nil {
			return err
		}
		err = t.serveShop(ctx, f.shop.addr, shop.Config{Server: server, Key: key, IdentityID: kid, IdentityKey: secret})
		return errors.Join(err, a.RevokeKey(context.WithoutCancel(ctx), core.Desk, made.ID))
	})
}

func (t *terminal) serveShop(ctx context.Context, addr string, c shop.Config) error {
	s, err := shop.New(c)
	if err != nil {
		return err
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return misuse("--addr takes host and port such as 127.0.0.1:0")
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("listen on --addr: %w", err)
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "the shop is at http://%s\n", net.JoinHostPort(reachable(host), port))
	return s.Run(ctx, listener)
}

// reachable is the name by which this machine reaches who listens on a host.
func reachable(host string) string {
	if host == "" || host == "0.0.0.0" || host == "::" {
		return "localhost"
	}
	return host
}

// shopServer is where the server is: as the flag says, or where the configuration has it listen.
func (f *flags) shopServer(t *terminal) (string, error) {
	address := f.shop.server
	if address == "" {
		c, err := f.load(t)
		if err != nil {
			return "", err
		}
		address = c.Server.PublicURL
		if host, port, err := net.SplitHostPort(c.Server.Addr); address == "" && err == nil {
			address = "http://" + net.JoinHostPort(reachable(host), port)
		}
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.Port() == "0" {
		return "", misuse("--server takes the address of a running server, such as http://127.0.0.1:8080")
	}
	return u.Scheme + "://" + u.Host, nil
}

// shopBot is the name of the bot in the example page.
const shopBot = "Example shop"

// shopKey makes a key for the shop's bot. A bot has two at most, so those of shops that were killed go first.
func shopKey(ctx context.Context, a *access.Access) (secret string, made access.Key, err error) {
	keys, err := a.Keys(ctx, core.Desk)
	if err != nil {
		return "", made, err
	}
	var old []access.Key
	for _, k := range keys {
		if k.Bot.Name == shopBot {
			old = append(old, k)
		}
	}
	for ; len(old) > 1; old = old[1:] {
		if err := a.RevokeKey(ctx, core.Desk, old[0].ID); err != nil {
			return "", made, err
		}
	}
	return a.MakeKey(ctx, core.Desk, shopBot, nil)
}
