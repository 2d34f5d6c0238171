// Package config is the one place that reads the configuration file and the environment. Every option has a
// default, a place in config.yaml and an environment name made from that place: offers.expire_after is
// BATON_OFFERS_EXPIRE_AFTER. Later sources win: defaults, the file, the environment, flags.
package config

import "time"

// Config is every option of Baton. The yaml tags are the names that people write; oneof, min and secret say
// what a value may be and whether it may be shown.
type Config struct {
	Server   Server   `yaml:"server"`
	Database Database `yaml:"database"`
	Data     Data     `yaml:"data"`
	Offers   Offers   `yaml:"offers"`
	Agents   Agents   `yaml:"agents"`
	Widget   Widget   `yaml:"widget"`
	Scripts  Scripts  `yaml:"scripts"`
	Limits   Limits   `yaml:"limits"`
	Log      Log      `yaml:"log"`
}

// Server says where Baton listens and how the world reaches it.
type Server struct {
	// Addr is host and port to listen on; port 0 takes a free one.
	Addr string `yaml:"addr"`
	// PublicURL is how browsers reach Baton, or empty when that is the address it listens on.
	PublicURL string `yaml:"public_url"`
	// TrustedProxies are the addresses whose forwarded headers count.
	TrustedProxies []string `yaml:"trusted_proxies"`
}

// Database says where the truth is kept.
type Database struct {
	// DSN is sqlite:PATH or postgres://…; Load never leaves it empty.
	DSN string `yaml:"dsn" secret:"true"`
	// Migrate says whether serve brings the tables up to date by itself.
	Migrate string `yaml:"migrate" oneof:"on off"`
}

// Data says where files are kept.
type Data struct {
	Dir string `yaml:"dir"`
}

// Offers says how a waiting chat is offered to agents.
type Offers struct {
	ExpireAfter time.Duration `yaml:"expire_after" min:"100ms"`
	AgainAfter  time.Duration `yaml:"again_after" min:"0s"`
	MissedLimit int           `yaml:"missed_limit" min:"1"`
}

// Agents says what agents may do, and when one counts as gone.
type Agents struct {
	GoneAfter      time.Duration `yaml:"gone_after" min:"1s"`
	TeamVisibility string        `yaml:"team_visibility" oneof:"queue own"`
	CapacityMax    int           `yaml:"capacity_max" min:"1"`
}

// Widget says which pages may show the chat, and whose word about a customer is believed.
type Widget struct {
	Origins      []string          `yaml:"origins"`
	IdentityKeys map[string]string `yaml:"identity_keys" secret:"true"`
}

// Scripts says where Lua scripts are read from besides those that are built in and those that the dashboard published.
type Scripts struct {
	// Dir is a folder of *.lua files; empty is scripts in data.dir. It need not exist.
	Dir string `yaml:"dir"`
}

// Limits is how much of anything is accepted.
type Limits struct {
	JSONBody        Size `yaml:"json_body" min:"1KiB"`
	HandoffBody     Size `yaml:"handoff_body" min:"1KiB"`
	TranscriptLines int  `yaml:"transcript_lines" min:"0"`
	Text            Size `yaml:"text" min:"1"`
	Frame           Size `yaml:"frame" min:"1KiB"`
	Attachment      Size `yaml:"attachment" min:"0"`
	Storage         Size `yaml:"storage" min:"0"`
	DiskFree        Size `yaml:"disk_free" min:"0"`

	CustomerMessages int `yaml:"customer_messages" min:"1"`
	CustomerBurst    int `yaml:"customer_burst" min:"1"`
	AgentMessages    int `yaml:"agent_messages" min:"1"`
	AgentBurst       int `yaml:"agent_burst" min:"1"`
	Pings            int `yaml:"pings" min:"1"`
	Calls            int `yaml:"calls" min:"1"`
	CallsBurst       int `yaml:"calls_burst" min:"1"`
	Visitors         int `yaml:"visitors" min:"1"`
	Connections      int `yaml:"connections" min:"1"`
}

// Log says what is told on standard error, and how.
type Log struct {
	Level  string `yaml:"level" oneof:"debug info warn error"`
	Format string `yaml:"format" oneof:"text json"`
}

// Defaults gives what Baton does when nobody says otherwise.
func Defaults() *Config {
	return &Config{
		Server:   Server{Addr: "127.0.0.1:8080"},
		Database: Database{Migrate: "on"},
		Data:     Data{Dir: "./data"},
		Offers:   Offers{ExpireAfter: 30 * time.Second, AgainAfter: time.Minute, MissedLimit: 3},
		Agents:   Agents{GoneAfter: time.Minute, TeamVisibility: "queue", CapacityMax: 20},
		Limits: Limits{
			JSONBody: 256 * KiB, HandoffBody: MiB, TranscriptLines: 1000, Text: 16 * KiB, Frame: 64 * KiB,
			Attachment: 20 * MiB, Storage: 10 * GiB, DiskFree: 256 * MiB,
			CustomerMessages: 10, CustomerBurst: 40, AgentMessages: 20, AgentBurst: 40, Pings: 60,
			Calls: 100, CallsBurst: 400, Visitors: 60, Connections: 20000,
		},
		Log: Log{Level: "info", Format: "text"},
	}
}
