package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"
)

func TestConfigFileHoldsEveryOptionWithItsDefault(t *testing.T) {
	fromFile, _, err := Load(Source{File: "../../config.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	defaults := load(t, "", nil)
	written := keysOf(t, "../../config.yaml")
	for i, o := range options(fromFile) {
		if !written[o.path] {
			t.Errorf("config.yaml does not mention %s", o.path)
		}
		want := options(defaults)[i].value
		if empty(o.value) && empty(want) {
			continue
		}
		if !reflect.DeepEqual(o.value.Interface(), want.Interface()) {
			t.Errorf("config.yaml says %s: %v, but the default is %v", o.path, o.value, want)
		}
	}
}

// empty says whether the value is a list or map without entries, nil or not.
func empty(v reflect.Value) bool {
	return (v.Kind() == reflect.Slice || v.Kind() == reflect.Map) && v.Len() == 0
}

func keysOf(t *testing.T, file string) map[string]bool {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var sections map[string]map[string]any
	if err := yaml.Unmarshal(content, &sections); err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for section, options := range sections {
		for name := range options {
			keys[section+"."+name] = true
		}
	}
	return keys
}

func TestEveryOptionCanBeSetByItsEnvironmentName(t *testing.T) {
	samples := map[string]string{
		"server.addr": "0.0.0.0:1", "server.public_url": "https://chat.example.com", "server.trusted_proxies": "10.0.0.1",
		"database.dsn": "sqlite:x.db", "database.migrate": "off", "agents.team_visibility": "own",
		"widget.origins": "https://a.example", "widget.identity_keys": "main=abc", "log.level": "debug", "log.format": "json",
	}
	for _, o := range options(Defaults()) {
		sample := samples[o.path]
		if sample == "" {
			sample = map[reflect.Type]string{
				reflect.TypeFor[time.Duration](): "7s", reflect.TypeFor[Size](): "7777", reflect.TypeFor[int](): "7",
				reflect.TypeFor[string](): "seven",
			}[o.value.Type()]
		}
		c := load(t, "", []string{o.env() + "=" + sample})
		default_, set := find(options(load(t, "", nil)), o.path), find(options(c), o.path)
		if reflect.DeepEqual(default_.value.Interface(), set.value.Interface()) {
			t.Errorf("%s=%s left %s at %v", o.env(), sample, o.path, set.value)
		}
	}
}

func TestLaterSourcesWin(t *testing.T) {
	file := "offers: {expire_after: 1s, again_after: 1s, missed_limit: 1}"
	path := write(t, file)
	c, _, err := Load(Source{
		File:    path,
		Environ: []string{"BATON_OFFERS_EXPIRE_AFTER=2s", "BATON_OFFERS_AGAIN_AFTER=2s"},
		Set:     map[string]string{"offers.expire_after": "3s"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := (Offers{ExpireAfter: 3 * time.Second, AgainAfter: 2 * time.Second, MissedLimit: 1}); c.Offers != want {
		t.Errorf("flags win over the environment and that over the file: got %+v, want %+v", c.Offers, want)
	}
}

func TestWrongOptionsSayWhatWouldBeRight(t *testing.T) {
	for name, row := range map[string]struct {
		file    string
		environ []string
		want    string
	}{
		"a misspelt option": {
			file: "server:\n  addr: :1\noffers:\n  expires_after: 3s\n",
			want: "config.yaml:4: there is no option offers.expires_after; did you mean offers.expire_after?",
		},
		"a misspelt section":  {file: "ofers:\n  x: 1\n", want: "config.yaml:1: there is no option ofers; did you mean offers?"},
		"nothing like it":     {file: "zzzzzzzzzzzz: 1\n", want: "config.yaml:1: there is no option zzzzzzzzzzzz"},
		"an option twice":     {file: "log:\n  level: info\n  level: warn\n", want: "config.yaml:3: log.level is there twice; keep one"},
		"a value for a group": {file: "log: info\n", want: "config.yaml:1: log holds several options; write them indented below it"},
		"a group for a value": {file: "log:\n  level: {a: b}\n", want: "config.yaml:2: log.level is one value, not a list or a group of options"},
		"no duration":         {file: "offers:\n  expire_after: soon\n", want: `config.yaml:2: offers.expire_after is "soon"; write a duration such as 500ms, 30s or 5m`},
		"a duration without unit": {
			environ: []string{"BATON_OFFERS_EXPIRE_AFTER=30"},
			want:    `BATON_OFFERS_EXPIRE_AFTER: offers.expire_after is "30"; write a duration such as 500ms, 30s or 5m`,
		},
		"too short": {environ: []string{"BATON_AGENTS_GONE_AFTER=1ms"}, want: `BATON_AGENTS_GONE_AFTER: agents.gone_after is "1ms"; write 1s or more`},
		"no number": {environ: []string{"BATON_LIMITS_CALLS=many"}, want: `BATON_LIMITS_CALLS: limits.calls is "many"; write a whole number`},
		"no size":   {environ: []string{"BATON_LIMITS_TEXT=16 apples"}, want: `BATON_LIMITS_TEXT: limits.text is "16 apples"; write a size such as 512, 256KiB or 20MB`},
		"no choice": {environ: []string{"BATON_LOG_LEVEL=loud"}, want: `BATON_LOG_LEVEL: log.level is "loud"; write debug or info or warn or error`},
		"no address": {
			environ: []string{"BATON_SERVER_ADDR=8080"},
			want:    `BATON_SERVER_ADDR: server.addr is "8080"; write host and port such as 127.0.0.1:8080 or :8080`,
		},
		"no network": {
			environ: []string{"BATON_SERVER_TRUSTED_PROXIES=10.0.0.1,proxy"},
			want:    "server.trusted_proxies is \"[10.0.0.1 proxy]\"; write addresses or networks such as 10.0.0.1 or 10.0.0.0/8",
		},
		"an origin with a path": {
			environ: []string{"BATON_WIDGET_ORIGINS=https://a.example/shop"},
			want:    "write origins such as https://shop.example.com, without a path",
		},
		"a wrong database, which may hold a password": {
			environ: []string{"BATON_DATABASE_DSN=mysql://root:hunter2@db"},
			want:    "BATON_DATABASE_DSN: database.dsn is not what it should be; write sqlite:PATH or postgres://user:password@host:5432/name",
		},
		"a variable that is missing": {
			file: "server:\n  public_url: ${BATON_HOST}\n",
			want: "config.yaml:2: server.public_url: the environment has no BATON_HOST, which ${BATON_HOST} asks for",
		},
		"a secret's file that is missing": {
			environ: []string{"BATON_DATABASE_DSN=file:/nowhere/dsn"},
			want:    "BATON_DATABASE_DSN: database.dsn: reading the secret: open /nowhere/dsn: no such file or directory",
		},
		"no YAML": {file: "server: [\n", want: "config.yaml: yaml: line"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := Load(Source{File: write(t, row.file), Environ: row.environ})
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("got  %v\nwant %s", err, row.want)
			}
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the refusal shows a password: %v", err)
			}
		})
	}
}

func TestAllProblemsAreToldAtOnce(t *testing.T) {
	_, _, err := Load(Source{File: write(t, "log: {level: loud}\nlimits: {calls: 0}\n")})
	if err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("two wrong options must be two lines, got: %v", err)
	}
}

func TestSecretsComeFromEnvironmentOrFile(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("from a file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := load(t, "widget:\n  identity_keys:\n    a: ${SECRET}\n    b: file:"+secret+"\n    c: pa$$word\n", []string{"SECRET=from the environment"})
	want := map[string]string{"a": "from the environment", "b": "from a file", "c": "pa$$word"}
	if !reflect.DeepEqual(c.Widget.IdentityKeys, want) {
		t.Errorf("got %q, want %q", c.Widget.IdentityKeys, want)
	}
}

func TestListsAndPairsInOneLine(t *testing.T) {
	for _, environ := range [][]string{
		{"BATON_WIDGET_ORIGINS=https://a.example, https://b.example", "BATON_WIDGET_IDENTITY_KEYS=one=x,two=y=z"},
		{"BATON_WIDGET_ORIGINS=[https://a.example, https://b.example]", "BATON_WIDGET_IDENTITY_KEYS={one: x, two: y=z}"},
	} {
		c := load(t, "", environ)
		if want := []string{"https://a.example", "https://b.example"}; !reflect.DeepEqual(c.Widget.Origins, want) {
			t.Errorf("%s: got %q", environ[0], c.Widget.Origins)
		}
		if want := map[string]string{"one": "x", "two": "y=z"}; !reflect.DeepEqual(c.Widget.IdentityKeys, want) {
			t.Errorf("%s: got %q", environ[1], c.Widget.IdentityKeys)
		}
	}
}

func TestTheDatabaseIsInTheDataFolder(t *testing.T) {
	if got, want := load(t, "", nil).Database.DSN, "sqlite:data/baton.db"; got != want {
		t.Errorf("by default: got %s, want %s", got, want)
	}
	if got, want := load(t, "data: {dir: /srv/baton}", nil).Database.DSN, "sqlite:/srv/baton/baton.db"; got != want {
		t.Errorf("elsewhere: got %s, want %s", got, want)
	}
}

func TestOnlyANamedFileMustExist(t *testing.T) {
	t.Chdir(t.TempDir())
	if _, _, err := Load(Source{}); err != nil {
		t.Errorf("without config.yaml Baton starts with its defaults, got %v", err)
	}
	if _, _, err := Load(Source{File: "other.yaml"}); err == nil || !strings.Contains(err.Error(), "other.yaml") {
		t.Errorf("a missing file that was named must be an error that names it, got %v", err)
	}
}

func TestVariablesThatNameNoOptionAreReported(t *testing.T) {
	_, unknown, err := Load(Source{File: write(t, ""), Environ: []string{
		"BATON_SERVER_ADR=x", "BATON_SERVER_ADDR=:1", "BATON_PROOF=1", "BATON_TEST_POSTGRES=y", "PATH=z",
	}})
	if err != nil || !reflect.DeepEqual(unknown, []string{"BATON_SERVER_ADR"}) {
		t.Errorf("got %q, %v; want only BATON_SERVER_ADR", unknown, err)
	}
}

func TestSizesReadAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]Size{"0": 0, "512": 512, "512B": 512, "256KiB": 256 << 10, "20 MB": 20e6, "1GiB": 1 << 30} {
		if got, err := ParseSize(text); err != nil || got != want {
			t.Errorf("%q: got %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "-1", "1.5MiB", "MiB", "99999999999TiB"} {
		if got, err := ParseSize(text); err == nil {
			t.Errorf("%q was read as %d", text, got)
		}
	}
}

func load(t *testing.T, file string, environ []string) *Config {
	t.Helper()
	c, _, err := Load(Source{File: write(t, file), Environ: environ})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func write(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
