package cli

import (
	"slices"
	"testing"

	"baton/cmd/config"
)

func TestPagesOfThisMachineMayShowTheChatWhileOnlyThisMachineReachesTheServer(t *testing.T) {
	here := []string{"http://localhost:*", "http://127.0.0.1:*"}
	for _, row := range []struct {
		name, addr, public string
		proxies, origins   []string
		want               []string
	}{
		{name: "as it comes", addr: "127.0.0.1:8080", want: here},
		{name: "by name", addr: "localhost:0", want: here},
		{name: "on IPv6", addr: "[::1]:8080", want: here},
		{name: "with a public URL of this machine", addr: "127.0.0.1:8080", public: "http://localhost:8080", want: here},
		{name: "on all addresses", addr: ":8080"},
		{name: "on all addresses, spelled out", addr: "0.0.0.0:8080"},
		{name: "on the network", addr: "192.168.1.10:8080"},
		{name: "behind a proxy that is named", addr: "127.0.0.1:8080", proxies: []string{"127.0.0.1"}},
		{name: "behind a public name", addr: "127.0.0.1:8080", public: "https://chat.example.com"},
		{name: "with a list of one's own", addr: "127.0.0.1:8080", origins: []string{"https://shop.example.com"}, want: []string{"https://shop.example.com"}},
	} {
		c := config.Defaults()
		c.Server.Addr, c.Server.PublicURL, c.Server.TrustedProxies, c.Widget.Origins = row.addr, row.public, row.proxies, row.origins
		if got := widgetOrigins(c); !slices.Equal(got, row.want) {
			t.Errorf("%s: %q may show the chat, wanted %q", row.name, got, row.want)
		}
	}
}
