package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net"
	"net/netip"
	"path/filepath"
	"strings"
	"time"
	_ "time/tzdata" // time zones, for machines that have none

	"baton/adapters/api"
	"baton/adapters/argon2id"
	"baton/adapters/blob"
	"baton/adapters/ics"
	"baton/adapters/jwt"
	"baton/adapters/live"
	"baton/adapters/schedule"
	"baton/adapters/sketch"
	"baton/adapters/sqlstore"
	"baton/adapters/web"
	"baton/cmd/config"
	"baton/core"
	"baton/core/access"
	"baton/core/desk"
	"baton/core/hours"
	"baton/core/routing"
	"baton/core/scripting"
	"baton/core/simulate"
	"baton/core/stats"
)

// closeRestarting is the close code that tells clients to come back: the server is restarting.
const closeRestarting = 1012

// house is the server with all its parts put together. Nothing of it has been started.
type house struct {
	store      *sqlstore.Store
	access     *access.Access
	dispatcher *desk.Dispatcher
	keeper     *desk.Keeper
	sweeper    *desk.Sweeper
	afterwards *desk.Afterwards
	rollup     *stats.Rollup
	scripts    *scripting.Library
	jobs       *schedule.Runner
	hub        *live.Hub
	api        *api.Server
	log        *slog.Logger

	simulations *simulate.Bench
}

func newAccess(store *sqlstore.Store, c *config.Config) *access.Access {
	identity := jwt.New(jwt.Config{Keys: c.Widget.IdentityKeys})
	return access.New(store, argon2id.New(argon2id.Config{}), identity, access.Config{CapacityMax: c.Agents.CapacityMax})
}

func newDesk(store *sqlstore.Store, c *config.Config) *desk.Desk {
	d := desk.New(store, store, store, store, deskConfig(c))
	d.UseHours(hours.NewBook(store))
	d.UsePace(store, store)
	return d
}

func deskConfig(c *config.Config) desk.Config {
	return desk.Config{
		OfferExpiresAfter: c.Offers.ExpireAfter, OfferAgainAfter: c.Offers.AgainAfter, MissedLimit: c.Offers.MissedLimit,
		GoneAfter: c.Agents.GoneAfter, CapacityMax: c.Agents.CapacityMax, OwnOnly: c.Agents.TeamVisibility == "own",
		TranscriptLines: c.Limits.TranscriptLines, TextBytes: int(c.Limits.Text),
	}
}

// build puts the parts together. What one adapter needs of another it gets here, as a port of core.
func build(ctx context.Context, store *sqlstore.Store, c *config.Config, log *slog.Logger) (*house, error) {
	d := newDesk(store, c)
	h := &house{
		store: store, access: newAccess(store, c), log: log, scripts: newLibrary(store, c, log), afterwards: desk.NewAfterwards(d, log),
		dispatcher: desk.NewDispatcher(d, store, log, routing.LeastBusy{}), keeper: desk.NewKeeper(d, store, store, log),
	}
	h.hub = live.New(d, store, h.access, nodesOf(store, c), log, liveConfig(c))
	if err := h.scripts.Reload(ctx); err != nil {
		return nil, err
	}
	d.UseScripts(desk.ScriptRules{Scripts: h.scripts, Store: store, Ledger: store})
	h.simulations = simulate.NewBench(store, h.scripts, deskConfig(c), log)
	store.Follow(h.hub)
	store.Follow(h.dispatcher)
	store.Follow(h.afterwards)
	figures, err := h.countFigures()
	if err != nil {
		return nil, err
	}
	secret, err := store.Secret(ctx, "api")
	if err != nil {
		return nil, err
	}
	files, err := openFiles(ctx, store, c)
	if err != nil {
		return nil, err
	}
	h.sweeper = desk.NewSweeper(store, files, log)
	h.jobs = schedule.New(store, log, d.Switching(store), h.rollup.Nightly())
	pages, err := web.New(web.Config{FrameOrigins: widgetOrigins(c)})
	if err != nil {
		return nil, err
	}
	h.api, err = api.New(api.Deps{
		Desk: d, Access: h.access, Directory: store, Blobs: files, Sockets: h.hub, Typist: h.hub, Scripts: h.scripts, ICS: readICS, Figures: figures, Simulations: h.simulations, Pages: pages,
		Secret: secret, Ready: h.ready, Gauges: h.gauges(), Log: log,
	}, apiConfig(c))
	return h, err
}

// readICS reads the closures of an .ics file, without those that are over now.
func readICS(text string) (hours.Import, error) { return ics.Read(text, time.Now()) }

// countFigures makes what counts ended sessions, and what answers from that.
func (h *house) countFigures() (*stats.Figures, error) {
	newSketch, err := sketch.New()
	if err != nil {
		return nil, err
	}
	h.rollup = stats.NewRollup(h.store, newSketch, h.log)
	h.store.Follow(h.rollup)
	return stats.NewFigures(h.store, h.rollup, newSketch), nil
}

// openFiles opens the folder of attached files, which belongs to this database.
func openFiles(ctx context.Context, store *sqlstore.Store, c *config.Config) (*blob.Folder, error) {
	owner, err := store.Secret(ctx, "files")
	if err != nil {
		return nil, err
	}
	known := sha256.Sum256(owner)
	return blob.Open(blob.Config{Dir: filepath.Join(c.Data.Dir, "files"), DiskFree: int64(c.Limits.DiskFree), Owner: hex.EncodeToString(known[:])})
}

// nodesOf gives what other servers on the same database write, or nil when there can be none.
func nodesOf(store *sqlstore.Store, c *config.Config) live.Nodes {
	if onSQLite(c) {
		return nil
	}
	return store
}

func onSQLite(c *config.Config) bool { return strings.HasPrefix(c.Database.DSN, "sqlite:") }

func liveConfig(c *config.Config) live.Config {
	return live.Config{
		Build: version, FrameBytes: int(c.Limits.Frame), Connections: c.Limits.Connections, Pings: c.Limits.Pings,
		CustomerMessages: c.Limits.CustomerMessages, CustomerBurst: c.Limits.CustomerBurst,
		AgentMessages: c.Limits.AgentMessages, AgentBurst: c.Limits.AgentBurst,
		Nodes: !onSQLite(c),
	}
}

func apiConfig(c *config.Config) api.Config {
	return api.Config{
		PublicURL: c.Server.PublicURL, TrustedProxies: networks(c.Server.TrustedProxies), WidgetOrigins: widgetOrigins(c), Version: version,
		JSONBody: int64(c.Limits.JSONBody), HandoffBody: int64(c.Limits.HandoffBody),
		Attachment: int64(c.Limits.Attachment), Storage: int64(c.Limits.Storage),
		CustomerMessages: c.Limits.CustomerMessages, CustomerBurst: c.Limits.CustomerBurst,
		AgentMessages: c.Limits.AgentMessages, AgentBurst: c.Limits.AgentBurst,
		Calls: c.Limits.Calls, CallsBurst: c.Limits.CallsBurst, Visitors: c.Limits.Visitors, Connections: c.Limits.Connections,
	}
}

// networks reads addresses and networks that the configuration has checked; one address is a network of one.
func networks(texts []string) []netip.Prefix {
	var list []netip.Prefix
	for _, text := range texts {
		if prefix, err := netip.ParsePrefix(text); err == nil {
			list = append(list, prefix)
		} else if addr, err := netip.ParseAddr(text); err == nil {
			list = append(list, netip.PrefixFrom(addr, addr.BitLen()))
		}
	}
	return list
}

// ready says why the server cannot serve now; nil when it can.
func (h *house) ready(ctx context.Context) error {
	if _, _, err := h.store.Nodes(ctx); err != nil {
		return core.Overloaded().Because(err)
	}
	return nil
}

func (h *house) gauges() []api.Gauge {
	return []api.Gauge{
		{Name: "baton_connections", Help: "Sockets that are open.", Value: func() float64 { return float64(h.hub.Connections()) }},
		{Name: "baton_connections_cut_off", Help: "Sockets that were closed because they did not read.", Value: func() float64 { return float64(h.hub.CutOff()) }},
		{Name: "baton_script_events_dropped", Help: "Events that no script was asked about because too many waited.", Value: func() float64 { return float64(h.afterwards.Dropped()) }},
		{Name: "baton_sessions_stranded", Help: "Open sessions without an owner or a deadline; must be 0.", Value: func() float64 { return float64(h.keeper.Stranded()) }},
	}
}

// run serves on the listener until ctx ends. The sockets are closed first, so that their clients come back to the
// next server; then HTTP ends, then what works on the store, and the store when all is written.
func (h *house) run(ctx context.Context, listener net.Listener, announce func(context.Context) error) error {
	serve := func(ctx context.Context) error {
		if err := announce(ctx); err != nil {
			return err
		}
		return h.api.Run(ctx, listener)
	}
	report := func(err error) { h.log.Warn("sweeping credentials", "error", err) }
	return runInOrder(ctx,
		[]part{{"sockets", h.closeSockets}},
		[]part{{"HTTP", h.whenReady(serve)}},
		[]part{
			{"dispatcher", h.whenReady(h.dispatcher.Run)},
			{"keeper", h.whenReady(h.keeper.Run)},
			{"sweeper", h.whenReady(h.sweeper.Run)},
			{"jobs", h.whenReady(h.jobs.Run)},
			{"scripts", h.scripts.Run},
			{"scripts afterwards", h.whenReady(h.afterwards.Run)},
			{"figures", h.whenReady(h.rollup.Keep)},
			{"simulations", h.simulations.Run},
			{"hub", h.hub.Run},
			{"access", func(ctx context.Context) error { return h.access.Run(ctx, report) }},
		},
		[]part{{"store", h.store.Run}},
	)
}

// closeSockets waits for the end and then closes all sockets.
func (h *house) closeSockets(ctx context.Context) error {
	<-ctx.Done()
	h.hub.Close(closeRestarting)
	return nil
}

// whenReady runs a part once the store takes commands.
func (h *house) whenReady(run func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		select {
		case <-h.store.Ready():
			return run(ctx)
		case <-ctx.Done():
			return nil
		}
	}
}
