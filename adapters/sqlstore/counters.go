package sqlstore

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"baton/core"
	"baton/core/stats"
)

const (
	// countEvery is how often counters are written on PostgreSQL, where an upsert in each batch costs a tenth of it. What
	// a dead node had not written yet the nightly repair counts from the log.
	countEvery = time.Second
	// countedMessages begins the name of a counter of messages; the author's role follows.
	countedMessages = "messages."
)

// counterRow is what one node counted in a quarter of an hour.
type counterRow struct {
	Quarter int64
	Name    string
	N       int64
}

// role is whose messages are counted.
func (r counterRow) role() core.Role { return core.Role(strings.TrimPrefix(r.Name, countedMessages)) }

// counterKey is what a counter counts: the messages of a role in a quarter of an hour.
type counterKey struct {
	quarter int64
	role    core.Role
}

// counters are how many messages the batch adds, in the order in which rows are locked.
func (b *batch) counters() []counterRow {
	if b.uncounted {
		return nil
	}
	counts := map[counterKey]int64{}
	for _, st := range b.order {
		countEvents(counts, st.events)
	}
	return counterRows(counts)
}

func countEvents(counts map[counterKey]int64, events []*core.Event) {
	for _, e := range events {
		if role, counted := stats.CountsAs(e); counted {
			counts[counterKey{stats.QuarterOf(e.At.UnixMilli()), role}]++
		}
	}
}

func counterRows(counts map[counterKey]int64) []counterRow {
	rows := make([]counterRow, 0, len(counts))
	for k, n := range counts {
		rows = append(rows, counterRow{k.quarter, countedMessages + string(k.role), n})
	}
	slices.SortFunc(rows, func(x, y counterRow) int {
		return cmp.Or(cmp.Compare(x.Quarter, y.Quarter), strings.Compare(x.Name, y.Name))
	})
	return rows
}

// tally is what this node counted and has not written yet.
type tally struct {
	mu     sync.Mutex // guards counts
	counts map[counterKey]int64
	flush  sync.RWMutex // held while they are written, and by those who read what is written and what is not
}

func (t *tally) add(rows []counterRow) {
	if len(rows) == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.counts == nil {
		t.counts = map[counterKey]int64{}
	}
	for _, r := range rows {
		t.counts[counterKey{r.Quarter, r.role()}] += r.N
	}
}

// take gives what was counted, and forgets it.
func (t *tally) take() []counterRow {
	t.mu.Lock()
	defer t.mu.Unlock()
	rows := counterRows(t.counts)
	t.counts = nil
	return rows
}

// look gives what was counted.
func (t *tally) look() []counterRow {
	t.mu.Lock()
	defer t.mu.Unlock()
	return counterRows(t.counts)
}

// Uncounted lets messages go uncounted, so that what counting costs can be measured. It must be called before Run.
func (s *Store) Uncounted() { s.engine.uncounted = true }

// flushCounters writes what was counted since the last time.
func (s *Store) flushCounters(ctx context.Context) error {
	s.engine.tally.flush.Lock()
	defer s.engine.tally.flush.Unlock()
	rows := s.engine.tally.take()
	if len(rows) == 0 {
		return nil
	}
	quarters, counts, names := make([]int64, len(rows)), make([]int64, len(rows)), make([]string, len(rows))
	for i, r := range rows {
		quarters[i], names[i], counts[i] = r.Quarter, r.Name, r.N
	}
	_, err := s.write.ExecContext(ctx, "INSERT INTO counters (quarter, name, node, n) SELECT r.quarter, r.name, ?::text, r.n"+
		" FROM unnest(?::bigint[], ?::text[], ?::bigint[]) AS r(quarter, name, n)"+
		" ON CONFLICT (quarter, name, node) DO UPDATE SET n = counters.n + excluded.n", s.engine.node, intArray(quarters), textArray(names), intArray(counts))
	if err != nil {
		s.engine.tally.add(rows)
	}
	return wrap(err, "write the counters")
}

// Counted sums the counters of messages. See stats.Ledger.
func (s *Store) Counted(ctx context.Context, in stats.Span) (map[core.Role]int64, error) {
	from, to := stats.QuarterOf(in.From), stats.QuarterOf(in.To)
	var rows []counterRow
	s.engine.tally.flush.RLock()
	defer s.engine.tally.flush.RUnlock()
	pending := s.engine.tally.look()
	err := s.read.NewRaw("SELECT name, sum(n) AS n FROM counters WHERE quarter >= ? AND quarter < ? AND name LIKE 'messages.%' GROUP BY name", from, to).Scan(ctx, &rows)
	if err != nil {
		return nil, wrap(err, "sum the counters")
	}
	for _, r := range pending {
		if r.Quarter >= from && r.Quarter < to {
			rows = append(rows, r)
		}
	}
	counted := map[core.Role]int64{}
	for _, r := range rows {
		counted[r.role()] += r.N
	}
	return counted, nil
}

// Recount sets the counters of messages of whole quarters. See stats.Ledger.
func (s *Store) Recount(ctx context.Context, in stats.Span, counts map[stats.Quarter]int64) error {
	byKey := make(map[counterKey]int64, len(counts))
	for q, n := range counts {
		byKey[counterKey{q.Number, q.Role}] = n
	}
	rows := counterRows(byKey)
	// What is still to be written of those quarters is in the log, and must not be added to what is counted from it.
	if err := s.flushCounters(ctx); err != nil {
		return err
	}
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewRaw("DELETE FROM counters WHERE quarter >= ? AND quarter < ? AND name LIKE 'messages.%'", stats.QuarterOf(in.From), stats.QuarterOf(in.To)).Exec(ctx)
		for at := 0; err == nil && at < len(rows); at += statsAtOnce {
			part := make([]countersRow, 0, statsAtOnce)
			for _, r := range rows[at:min(at+statsAtOnce, len(rows))] {
				part = append(part, countersRow{Quarter: r.Quarter, Name: r.Name, N: r.N})
			}
			_, err = tx.NewInsert().Model(&part).Exec(ctx)
		}
		return err
	})
	return wrap(err, "write the counters anew")
}

// countersRow is a counter as it is kept; one without a node was counted from the log.
type countersRow struct {
	bun.BaseModel `bun:"table:counters"`

	Quarter int64  `bun:"quarter,pk"`
	Name    string `bun:"name,pk"`
	Node    string `bun:"node,pk"`
	N       int64  `bun:"n"`
}
