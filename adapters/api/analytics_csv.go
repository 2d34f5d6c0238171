package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"baton/core"
	"baton/core/stats"
)

// csvType is what tables are sent as.
const csvType = "text/csv; charset=utf-8"

// exportWithin is how long a list of all sessions of a period may take.
const exportWithin = writeTimeout

func csvHandlers() handlers {
	all := handlers{"exportSessions": raw((*Server).exportSessions)}
	for id, answer := range csvAnswers() {
		all[id] = raw(func(s *Server, ctx context.Context, c huma.Context) error { return s.sendTable(ctx, c, answer) })
	}
	return all
}

// tabled is an answer that can be written as a table.
type tabled interface{ Table() stats.Table }

// csvAnswers are the tables by their routes.
func csvAnswers() map[string]func(*stats.Figures, context.Context, stats.Ask, string) (tabled, error) {
	return map[string]func(*stats.Figures, context.Context, stats.Ask, string) (tabled, error){
		"exportSummary":     tableOf((*stats.Figures).Summary),
		"exportDaily":       tableOf((*stats.Figures).Daily),
		"exportAgents":      tableOf((*stats.Figures).Agents),
		"exportQueues":      tableOf((*stats.Figures).Queues),
		"exportRatings":     tableOf((*stats.Figures).Ratings),
		"exportHeatmap":     tableOf((*stats.Figures).Heatmap),
		"exportScripts":     tableOf((*stats.Figures).Scripts),
		"exportDefinitions": func(*stats.Figures, context.Context, stats.Ask, string) (tabled, error) { return definitions{}, nil },
		"exportBreakdown": func(f *stats.Figures, ctx context.Context, a stats.Ask, by string) (tabled, error) {
			return f.Breakdown(ctx, a, by)
		},
	}
}

type definitions struct{}

// Table has a line for each definition.
func (definitions) Table() stats.Table { return stats.DefinitionsTable() }

func tableOf[T tabled](answer func(*stats.Figures, context.Context, stats.Ask) (T, error)) func(*stats.Figures, context.Context, stats.Ask, string) (tabled, error) {
	return func(f *stats.Figures, ctx context.Context, a stats.Ask, _ string) (tabled, error) {
		return answer(f, ctx, a)
	}
}

// askOf reads the question of a route that answers with a table, as strictly as others are read.
func (s *Server) askOf(ctx context.Context, c huma.Context) (ask stats.Ask, by string, err error) {
	in, takesBy, takesQueue := Asked{}, callOf(ctx).route.ID == "exportBreakdown", callOf(ctx).route.ID != "exportScripts"
	for name, value := range humafiber.Unwrap(c).Context().QueryArgs().All() {
		switch text := string(value); {
		case string(name) == "from":
			in.From = text
		case string(name) == "to":
			in.To = text
		case string(name) == "queue" && takesQueue:
			in.Queue = append(in.Queue, strings.Split(text, ",")...)
		case string(name) == "by" && takesBy:
			by = text
		default:
			return ask, "", core.RefuseField(clip(string(name)), "there is no parameter of this name")
		}
	}
	ask, err = s.ask(ctx, in)
	return ask, by, err
}

func (s *Server) sendTable(ctx context.Context, c huma.Context, answer func(*stats.Figures, context.Context, stats.Ask, string) (tabled, error)) error {
	ask, by, err := s.askOf(ctx, c)
	if err != nil {
		return err
	}
	shown, err := answer(s.figures, ctx, ask, by)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	w, t := csv.NewWriter(&text), shown.Table()
	for _, line := range append([][]string{t.Header}, t.Lines...) {
		if err := w.Write(harmless(line)); err != nil {
			return err
		}
	}
	w.Flush()
	c.SetHeader("Content-Disposition", attachmentNamed(callOf(ctx).route.Path))
	return send(c, csvType, text.Bytes())
}

// attachmentNamed lets browsers save an answer under the last part of its path.
func attachmentNamed(path string) string {
	return `attachment; filename="baton-` + path[strings.LastIndex(path, "/")+1:] + `"`
}

// harmless keeps spreadsheets from reading what people called something as a formula.
func harmless(line []string) []string {
	for i, cell := range line {
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			line[i] = "'" + cell
		}
	}
	return line
}

// exportSessions sends the sessions of a period as they are read, so that it does not matter how many they are. When
// something goes wrong on the way, the connection breaks off: nobody takes a part for the whole.
func (s *Server) exportSessions(ctx context.Context, c huma.Context) error {
	ask, _, err := s.askOf(ctx, c)
	if err != nil {
		return err
	}
	if err := s.figures.Check(ctx, ask); err != nil {
		return err
	}
	c.SetHeader("Content-Type", csvType)
	c.SetHeader("Content-Disposition", attachmentNamed(callOf(ctx).route.Path))
	c.SetStatus(http.StatusOK)
	humafiber.Unwrap(c).Context().Response.SetBodyStream(s.export(context.WithoutCancel(ctx), ask), -1)
	return nil
}

// export is a table that is read line by line, and made no faster than that.
type export struct {
	next   func() ([]string, error, bool)
	stop   func()
	cancel context.CancelFunc
	buffer bytes.Buffer
	csv    *csv.Writer
}

func (s *Server) export(ctx context.Context, ask stats.Ask) *export {
	ctx, cancel := context.WithTimeout(ctx, exportWithin)
	x := &export{cancel: cancel}
	x.csv = csv.NewWriter(&x.buffer)
	x.next, x.stop = iter.Pull2(func(yield func([]string, error) bool) {
		if !yield(stats.SessionsHeader(), nil) {
			return
		}
		err := s.figures.Sessions(ctx, ask, func(line []string) error {
			if !yield(line, nil) {
				return errStopped
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStopped) {
			s.log.Error("an export broke off", "error", err)
			yield(nil, err)
		}
	})
	return x
}

var errStopped = errors.New("nobody reads on")

// exportChunk is how much of a table is made at once.
const exportChunk = 16 << 10

// Read makes lines until there is enough to give.
func (x *export) Read(p []byte) (int, error) {
	for x.buffer.Len() < exportChunk {
		line, err, more := x.next()
		if err != nil {
			return 0, err
		}
		if !more {
			break
		}
		if err := x.csv.Write(harmless(line)); err != nil {
			return 0, err
		}
		x.csv.Flush()
	}
	if x.buffer.Len() == 0 {
		return 0, io.EOF
	}
	return x.buffer.Read(p)
}

// Close ends the reading.
func (x *export) Close() error {
	x.stop()
	x.cancel()
	return nil
}

// analyticsParams documents the parameters of the tables.
func analyticsParams(route *Route) []*huma.Param {
	if route.Group != analyticsGroup || !strings.HasSuffix(route.Path, ".csv") || route.ID == "exportDefinitions" {
		return nil
	}
	param := func(name, doc string) *huma.Param {
		return &huma.Param{Name: name, In: "query", Description: doc, Schema: &huma.Schema{Type: huma.TypeString}}
	}
	params := []*huma.Param{
		param("from", "The first day, in the account's time zone; 29 days before the last when missing"), param("to", "The last day, included; today when missing"),
	}
	if route.ID != "exportScripts" {
		params = append(params, param("queue", "Names or ids, separated by commas; all when missing"))
	}
	if route.ID == "exportBreakdown" {
		by := param("by", "What the chats have in common: "+strings.Join(stats.Breakdowns(), ", "))
		by.Required = true
		params = append(params, by)
	}
	return params
}

// spansOf are the times within a period that lie in an hour of a weekday.
func spansOf(from, to time.Time, zone *time.Location, weekday, hour int) []core.During {
	var during []core.During
	for _, span := range stats.HoursBetween(from, to, zone, weekday, hour) {
		during = append(during, core.During{From: time.UnixMilli(span.From), To: time.UnixMilli(span.To)})
	}
	return during
}
