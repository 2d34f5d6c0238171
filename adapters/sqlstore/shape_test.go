package sqlstore

import (
	"fmt"
	"strings"
	"testing"

	"baton/adapters/sqlstore/sqltest"
)

func TestBothDialectsHaveTheSameShape(t *testing.T) {
	lite, pg := openTest(t, fileDSN(t)), openTest(t, sqltest.DSN(t))
	a, b := sqliteShape(t, lite), postgresShape(t, pg)
	for what := range a {
		if a[what] != b[what] {
			t.Errorf("%s: SQLite has %q, PostgreSQL has %q", what, a[what], b[what])
		}
	}
	for what := range b {
		if _, ok := a[what]; !ok {
			t.Errorf("%s: PostgreSQL has %q, SQLite does not have it", what, b[what])
		}
	}
	if len(a) < 50 {
		t.Errorf("only %d tables, columns and indexes were compared", len(a))
	}
}

// typeClasses maps the types of both dialects onto what they can hold.
var typeClasses = strings.NewReplacer("bigint", "integer", "smallint", "integer", "bytea", "bytes", "blob", "bytes",
	"double precision", "real")

func sqliteShape(t *testing.T, s *Store) map[string]string {
	t.Helper()
	shape := map[string]string{}
	rows := query(t, s, `SELECT t.name, c.name, lower(c.type), c."notnull", c.pk FROM pragma_table_list t, pragma_table_info(t.name) c
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE 'bun_%'`)
	for _, r := range rows {
		required := r[3] == "1" || r[4] != "0"
		shape["column "+r[0]+"."+r[1]] = fmt.Sprintf("%s required=%v key=%v", typeClasses.Replace(r[2]), required, r[4] != "0")
	}
	rows = query(t, s, `SELECT i.name, t.name, i."unique", i.partial, group_concat(x.name, ',' ORDER BY x.seqno)
		FROM pragma_table_list t, pragma_index_list(t.name) i, pragma_index_info(i.name) x
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE 'bun_%' AND i.origin <> 'pk' GROUP BY 1, 2, 3, 4`)
	for _, r := range rows {
		addIndex(shape, r)
	}
	return shape
}

func postgresShape(t *testing.T, s *Store) map[string]string {
	t.Helper()
	shape := map[string]string{}
	rows := query(t, s, `SELECT c.relname, a.attname, format_type(a.atttypid, NULL), a.attnotnull::text,
		EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY(i.indkey))::text
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relname NOT LIKE 'bun_%'`)
	for _, r := range rows {
		shape["column "+r[0]+"."+r[1]] = fmt.Sprintf("%s required=%v key=%v", typeClasses.Replace(r[2]), r[3] == "true", r[4] == "true")
	}
	rows = query(t, s, `SELECT x.relname, c.relname, i.indisunique::int::text, (i.indpred IS NOT NULL)::int::text,
		(SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(i.indkey::smallint[]) WITH ORDINALITY k(attnum, n)
			JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum)
		FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
		WHERE c.relnamespace = current_schema()::regnamespace AND c.relname NOT LIKE 'bun_%' AND NOT i.indisprimary`)
	for _, r := range rows {
		addIndex(shape, r)
	}
	return shape
}

// addIndex notes an index of name, table, unique, partial and columns. The name of an index that a UNIQUE in a
// table makes is the database's own.
func addIndex(shape map[string]string, r []string) {
	name := r[0]
	if strings.HasPrefix(name, "sqlite_autoindex") || strings.HasSuffix(name, "_key") {
		name = "unique of " + r[1] + " on " + r[4]
	}
	shape["index "+name] = fmt.Sprintf("on %s(%s) unique=%s partial=%s", r[1], r[4], r[2], r[3])
}

func query(t *testing.T, s *Store, text string) [][]string {
	t.Helper()
	rows, err := s.read.QueryContext(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for rows.Next() {
		values, into := make([]string, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		all = append(all, values)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
