package sqlstore

import (
	"context"
	"database/sql"
	"maps"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/driver/pgdriver"
)

const (
	// postgresConnections is how many a node uses for all that is not the committer's.
	postgresConnections = 16
	// postgresBuffer is what a connection reads at once, in bytes: the figures of three months would take a hundred turns
	// with the driver's own 4 KiB.
	postgresBuffer = 64 << 10
)

func (s *Store) openPostgres(ctx context.Context) error {
	if err := s.chooseTLS(ctx); err != nil {
		return err
	}
	connector, err := s.pgConnector(nil)
	if err != nil {
		return err
	}
	pool := sql.OpenDB(connector)
	pool.SetMaxOpenConns(postgresConnections)
	pool.SetMaxIdleConns(postgresConnections)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	s.write = bun.NewDB(pool, pgdialect.New())
	s.read = s.write
	return s.write.PingContext(ctx)
}

// pgConnector makes connections to the store's PostgreSQL. Params are settings of each connection, such as
// lock_timeout (text or int64), on top of those that the DSN names. A connection whose reading or writing failed
// once is closed, so that it never answers a later call with what an earlier one asked for.
func (s *Store) pgConnector(params map[string]any, options ...pgdriver.Option) (*pgdriver.Connector, error) {
	made, err := pgdriver.NewDriver().OpenConnector(s.dsn.url)
	if err != nil {
		return nil, err
	}
	connector := made.(*pgdriver.Connector)
	conf := connector.Config()
	all := maps.Clone(conf.ConnParams)
	if all == nil {
		all = map[string]any{}
	}
	maps.Copy(all, params)
	for _, option := range append(options, pgdriver.WithConnParams(all), pgdriver.WithBufferSize(postgresBuffer)) {
		option(conf)
	}
	if conf.AppName == "" {
		conf.AppName = "baton"
	}
	dial := conf.Dialer
	conf.Dialer = func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return &brittleConn{Conn: conn}, nil
	}
	return connector, nil
}

// chooseTLS settles what the DSN leaves open. Without sslmode (or with allow or prefer) the server is asked, as
// other PostgreSQL clients do: TLS if it has it, else none. A host that is a folder means the socket in it.
func (s *Store) chooseTLS(ctx context.Context) error {
	u, err := url.Parse(s.dsn.url)
	if err != nil {
		return err
	}
	query := u.Query()
	socket := query.Get("host")
	if strings.HasPrefix(socket, "/") {
		if info, err := os.Stat(socket); err == nil && info.IsDir() {
			query.Set("host", filepath.Join(socket, ".s.PGSQL."+portOf(u)))
		}
		query.Set("sslmode", "disable")
	}
	open := map[string]bool{"": true, "allow": true, "prefer": true}[query.Get("sslmode")]
	if open && query.Get("sslrootcert") == "" {
		if query.Set("sslmode", "disable"); s.hasTLS(ctx) {
			query.Set("sslmode", "require")
		}
	}
	u.RawQuery = query.Encode()
	s.dsn.url = u.String()
	return nil
}

// hasTLS says whether the server speaks TLS. Any other trouble shows when the pool connects.
func (s *Store) hasTLS(ctx context.Context) bool {
	connector, err := s.pgConnector(nil)
	if err != nil {
		return true
	}
	conn, err := connector.Connect(ctx)
	if err != nil {
		return !strings.Contains(err.Error(), "SSL is not enabled")
	}
	_ = conn.Close()
	return true
}

func portOf(u *url.URL) string {
	if port := u.Port(); port != "" {
		return port
	}
	return "5432"
}

// brittleConn is a connection that is over after its first failed read or write, a timeout included.
type brittleConn struct {
	net.Conn
	broken atomic.Bool
}

func (c *brittleConn) Read(b []byte) (int, error) {
	if c.broken.Load() {
		return 0, net.ErrClosed
	}
	n, err := c.Conn.Read(b)
	c.endOn(err)
	return n, err
}

func (c *brittleConn) Write(b []byte) (int, error) {
	if c.broken.Load() {
		return 0, net.ErrClosed
	}
	n, err := c.Conn.Write(b)
	c.endOn(err)
	return n, err
}

func (c *brittleConn) endOn(err error) {
	if err != nil && !c.broken.Swap(true) {
		_ = c.Close()
	}
}
