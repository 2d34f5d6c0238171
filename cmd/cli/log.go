package cli

import (
	"io"
	"log/slog"

	"baton/cmd/config"
)

// newLog writes to standard error as the configuration asks for. A line cannot be forged from inside: both
// formats quote what is not plain.
func newLog(w io.Writer, c config.Log) *slog.Logger {
	levels := map[string]slog.Level{"debug": slog.LevelDebug, "warn": slog.LevelWarn, "error": slog.LevelError}
	options := &slog.HandlerOptions{Level: levels[c.Level]} // info is the zero level
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
