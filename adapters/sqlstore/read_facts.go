package sqlstore

import (
	"strings"

	"github.com/uptrace/bun"

	"baton/core"
)

// narrowFurther adds the conditions by which a figure opens the sessions behind it.
func narrowFurther(q *bun.SelectQuery, f core.SessionFilter) *bun.SelectQuery {
	q = oneOf(oneOf(q, "bot_id", f.Bots), "reason", f.Reasons)
	if len(f.During) > 0 {
		q = q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			for _, d := range f.During {
				q = q.WhereOr("created_at >= ? AND created_at < ?", millis(d.From), millis(d.To))
			}
			return q
		})
	}
	conditions, args := factConditions(f)
	if len(conditions) == 0 {
		return q
	}
	return q.Where("EXISTS (SELECT 1 FROM session_facts f WHERE f.session_id = s.id AND "+strings.Join(conditions, " AND ")+")", args...)
}

// factConditions are those on what is counted of a session.
func factConditions(f core.SessionFilter) (conditions []string, args []any) {
	if len(f.Outcomes) > 0 {
		conditions, args = append(conditions, "f.outcome IN (?)"), append(args, bun.List(f.Outcomes))
	}
	if len(f.Scores) > 0 {
		conditions, args = append(conditions, "f.score IN (?)"), append(args, bun.List(f.Scores))
	}
	for _, mark := range f.Marks {
		conditions, args = append(conditions, "f.marks LIKE ?"), append(args, "%|"+mark+"|%")
	}
	for _, list := range []struct {
		column, before string
		members        []string
	}{{"agents", "", f.HandledBy}, {"marks", markOffered, f.WasOffered}, {"marks", markPassed, f.PassedBy}, {"overflowed", "", f.OverflowedFrom}} {
		var either []string
		for _, member := range list.members {
			either, args = append(either, "f."+list.column+` LIKE ? ESCAPE '\'`), append(args, "%|"+likeLiteral(list.before+member)+"|%")
		}
		if len(either) > 0 {
			conditions = append(conditions, "("+strings.Join(either, " OR ")+")")
		}
	}
	return conditions, args
}
