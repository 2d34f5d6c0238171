package cli

import (
	"net"
	"net/netip"
	"net/url"

	"baton/cmd/config"
)

// widgetOrigins are the pages that may show the chat. While nobody has named any and this machine alone can reach
// the server, those are the pages that this machine serves, on any port, so that a newcomer can try it.
func widgetOrigins(c *config.Config) []string {
	if len(c.Widget.Origins) > 0 || !reachedFromHereOnly(c) {
		return c.Widget.Origins
	}
	return []string{"http://localhost:*", "http://127.0.0.1:*"}
}

// reachedFromHereOnly says whether the server listens on this machine's own address, and no proxy stands in front of it.
func reachedFromHereOnly(c *config.Config) bool {
	host, _, err := net.SplitHostPort(c.Server.Addr)
	if err != nil || !loopback(host) || len(c.Server.TrustedProxies) > 0 {
		return false
	}
	if c.Server.PublicURL == "" {
		return true
	}
	public, err := url.Parse(c.Server.PublicURL)
	return err == nil && loopback(public.Hostname())
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
