package api

import (
	"bytes"
	"context"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/common/expfmt"
)

// metrics are the figures of this server, in a registry of its own.
type metrics struct {
	registry *prometheus.Registry
	calls    *prometheus.CounterVec
	took     *prometheus.HistogramVec
}

func newMetrics(s *Server, gauges []Gauge) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "baton_http_requests_total", Help: "Requests answered, by call and status.",
		}, []string{"call", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "baton_http_request_seconds", Help: "How long requests took, by call.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2, 5, 30},
		}, []string{"call"}),
	}
	m.registry.MustRegister(m.calls, m.took, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	all := append([]Gauge{{Name: "baton_sockets", Help: "Sockets that are open.", Value: func() float64 { return float64(s.room.size()) }}}, gauges...)
	for _, g := range all {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: g.Name, Help: g.Help}, g.Value))
	}
	return m
}

// answered counts a request. The name of the call is ours and never the caller's, so the series are few.
func (m *metrics) answered(call string, status int, took time.Duration) {
	m.calls.WithLabelValues(call, strconv.Itoa(status)).Inc()
	m.took.WithLabelValues(call).Observe(took.Seconds())
}

func (s *Server) showMetrics(_ context.Context, c huma.Context) error {
	families, err := s.metrics.registry.Gather()
	if err != nil {
		return err
	}
	var text bytes.Buffer
	for _, family := range families {
		if _, err := expfmt.MetricFamilyToText(&text, family); err != nil {
			return err
		}
	}
	return send(c, string(expfmt.NewFormat(expfmt.TypeTextPlain)), text.Bytes())
}
