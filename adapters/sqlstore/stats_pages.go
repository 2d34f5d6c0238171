package sqlstore

import (
	"context"
	"errors"

	"github.com/uptrace/bun"

	"baton/core/stats"
)

// pageRow is a day's sums by one dimension.
type pageRow struct {
	bun.BaseModel `bun:"table:stats_days,alias:d"`

	Zone      string `bun:"zone,pk"`
	Dimension string `bun:"dimension,pk"`
	QueueID   string `bun:"queue_id,pk"`
	Day       string `bun:"day,pk"`
	Data      []byte `bun:"data"`
}

func (r *pageRow) place() stats.Place {
	return stats.Place{Zone: r.Zone, Dimension: stats.Dimension(r.Dimension), Queue: r.QueueID, Day: stats.Day(r.Day)}
}

func writePages(ctx context.Context, tx bun.Tx, pages map[stats.Place][]byte) error {
	rows := make([]*pageRow, 0, statsAtOnce)
	flush := func() error {
		if len(rows) == 0 {
			return nil
		}
		_, err := tx.NewInsert().Model(&rows).On("CONFLICT (zone, dimension, queue_id, day) DO UPDATE").Set("data = excluded.data").Exec(ctx)
		rows = rows[:0]
		return err
	}
	for place, data := range pages {
		if len(data) == 0 {
			_, err := tx.NewRaw("DELETE FROM stats_days WHERE zone = ? AND dimension = ? AND queue_id = ? AND day = ?", place.Zone, string(place.Dimension), place.Queue, string(place.Day)).Exec(ctx)
			if err != nil {
				return err
			}
			continue
		}
		rows = append(rows, &pageRow{Zone: place.Zone, Dimension: string(place.Dimension), QueueID: place.Queue, Day: string(place.Day), Data: data})
		if len(rows) == statsAtOnce {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// Pages reads pages. See stats.Ledger.
func (s *Store) Pages(ctx context.Context, places []stats.Place) (map[stats.Place][]byte, error) {
	pages := make(map[stats.Place][]byte, len(places))
	for len(places) > 0 {
		n := min(len(places), statsAtOnce)
		wanted := make([][]any, n)
		for i, p := range places[:n] {
			wanted[i] = []any{p.Zone, string(p.Dimension), p.Queue, string(p.Day)}
		}
		var rows []pageRow
		// The values stand in a table of their own: a list of tuples behind IN makes SQLite read everything.
		err := s.read.NewRaw("WITH w (zone, dimension, queue_id, day) AS (VALUES ?) SELECT d.* FROM w JOIN stats_days d"+
			" ON d.zone = w.zone AND d.dimension = w.dimension AND d.queue_id = w.queue_id AND d.day = w.day", bun.List(tuples(wanted))).Scan(ctx, &rows)
		if err != nil {
			return nil, wrap(err, "read pages of the roll-up")
		}
		for i := range rows {
			pages[rows[i].place()] = rows[i].Data
		}
		places = places[n:]
	}
	return pages, nil
}

// tuples makes of each row what bun writes in brackets.
func tuples(rows [][]any) []any {
	list := make([]any, len(rows))
	for i, row := range rows {
		list[i] = bun.Tuple(row)
	}
	return list
}

// PagesOn reads the pages of days. It looks at the places of all days, since only repairs ask for it: an index for it
// would tempt the planner where a period is read. See stats.Ledger.
func (s *Store) PagesOn(ctx context.Context, zone string, on stats.Stretch) (map[stats.Place][]byte, error) {
	var rows []pageRow
	if err := s.read.NewRaw("SELECT * FROM stats_days WHERE zone = ? AND day >= ? AND day <= ?", zone, string(on.From), string(on.To)).Scan(ctx, &rows); err != nil {
		return nil, wrap(err, "read the pages of some days")
	}
	pages := make(map[stats.Place][]byte, len(rows))
	for i := range rows {
		pages[rows[i].place()] = rows[i].Data
	}
	return pages, nil
}

// PagesFrom reads the pages of a dimension, column by column as lists are read. See stats.Live.
func (s *Store) PagesFrom(ctx context.Context, zone string, of stats.Dimension, queues []string, on ...stats.Stretch) (pages []stats.Page, err error) {
	q := s.read.NewSelect().Model((*pageRow)(nil)).Column("queue_id", "day", "data").Where("zone = ?", zone).Where("dimension = ?", string(of))
	if queues == nil {
		q = q.Where("queue_id > ''")
	} else {
		q = oneOf(q, "queue_id", queues)
	}
	rows, err := q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
		for _, s := range on {
			q = q.WhereOr("day >= ? AND day <= ?", string(s.From), string(s.To))
		}
		return q
	}).Rows(ctx)
	if err != nil {
		return nil, wrap(err, "read the pages of days")
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		p := stats.Page{Place: stats.Place{Zone: zone, Dimension: of}}
		if err := rows.Scan(&p.Queue, &p.Day, &p.Data); err != nil {
			return nil, wrap(err, "read a page")
		}
		pages = append(pages, p)
	}
	return pages, rows.Err()
}
