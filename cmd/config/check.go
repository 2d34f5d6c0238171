package config

import (
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// check is a rule for one option that its type alone does not keep.
type check struct {
	path string
	want func(*Config) string // what would be right instead, or ""
}

func checks() []check {
	return []check{
		{"server.addr", checkAddr},
		{"server.public_url", checkPublicURL},
		{"server.trusted_proxies", checkProxies},
		{"database.dsn", checkDSN},
		{"data.dir", checkDir},
		{"widget.origins", checkOrigins},
		{"widget.identity_keys", checkKeys},
	}
}

func checkAddr(c *Config) string {
	if _, port, err := net.SplitHostPort(c.Server.Addr); err != nil || port == "" {
		return "host and port such as 127.0.0.1:8080 or :8080"
	}
	return ""
}

func checkPublicURL(c *Config) string {
	if c.Server.PublicURL != "" && !isOrigin(strings.TrimSuffix(c.Server.PublicURL, "/")) {
		return "an address such as https://chat.example.com, without a path"
	}
	return ""
}

func checkProxies(c *Config) string {
	for _, proxy := range c.Server.TrustedProxies {
		if _, err := netip.ParsePrefix(proxy); err == nil {
			continue
		}
		if _, err := netip.ParseAddr(proxy); err != nil {
			return "addresses or networks such as 10.0.0.1 or 10.0.0.0/8"
		}
	}
	return ""
}

func checkDSN(c *Config) string {
	for _, scheme := range []string{"sqlite:", "postgres://", "postgresql://"} {
		if rest, ok := strings.CutPrefix(c.Database.DSN, scheme); ok && rest != "" {
			return ""
		}
	}
	return "sqlite:PATH or postgres://user:password@host:5432/name"
}

func checkDir(c *Config) string {
	if c.Data.Dir == "" {
		return "a folder such as ./data"
	}
	return ""
}

func checkOrigins(c *Config) string {
	for _, origin := range c.Widget.Origins {
		if !isOrigin(origin) {
			return "origins such as https://shop.example.com, without a path"
		}
	}
	return ""
}

func checkKeys(c *Config) string {
	for kid, secret := range c.Widget.IdentityKeys {
		if kid == "" || secret == "" {
			return "a name and a secret for each key, such as main: ${WIDGET_SECRET}"
		}
	}
	return ""
}

func isOrigin(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.Scheme+"://"+u.Host == text
}
