package desk

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"baton/core"
)

// checkText refuses what no database keeps alike and what is too long. Optional text may be empty.
func (d *Desk) checkText(pointer, text string, optional bool) error {
	switch {
	case len(text) > d.cfg.TextBytes:
		return core.RefuseField(pointer, "the text has %d bytes, at most %d are accepted", len(text), d.cfg.TextBytes)
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return core.RefuseField(pointer, "the text must be UTF-8 without NUL")
	case !optional && strings.TrimSpace(text) == "":
		return core.RefuseField(pointer, "the text is empty")
	}
	return nil
}

// cleanTag gives a tag as it is kept.
func cleanTag(pointer, tag string) (string, error) {
	clean := core.CleanName(tag)
	switch {
	case strings.TrimSpace(tag) != tag || !utf8.ValidString(tag) || strings.ContainsFunc(tag, func(r rune) bool { return unicode.IsControl(r) || r == '|' || r == ',' }):
		return "", core.RefuseField(pointer, "a tag has no comma, no | and no space at its ends")
	case clean == "" || len(clean) > maxTagBytes:
		return "", core.RefuseField(pointer, "a tag has 1 to %d bytes", maxTagBytes)
	}
	return clean, nil
}

// checkUpdate refuses what is not acceptable, and cleans the subject.
func (d *Desk) checkUpdate(u *Update) error {
	if u.Priority != nil && u.Priority.Rank() < 0 {
		return core.RefuseField("/priority", "priority is low, normal, high or urgent, not %q", *u.Priority)
	}
	if u.Subject != nil {
		if err := d.checkText("/subject", *u.Subject, true); err != nil {
			return err
		}
		clean := core.CleanName(*u.Subject)
		u.Subject = &clean
	}
	return d.checkContext(u.Context)
}

func (d *Desk) checkContext(context json.RawMessage) error {
	if len(context) > d.cfg.ContextBytes {
		return core.RefuseField("/context", "the context has %d bytes, at most %d are accepted", len(context), d.cfg.ContextBytes)
	}
	return nil
}

// endReasons are the words that say how a chat came to its end.
var endReasons = [...]string{"resolved", "unsolved", "spam", "duplicate", "customer_left", "abandoned", "no_answer", "no_agent", "after_hours", "bot", "error"}

func (d *Desk) checkEnd(e End) error {
	if e.Reason != "" && !slices.Contains(endReasons[:], e.Reason) {
		return core.RefuseField("/reason", "reason is one of %s", strings.Join(endReasons[:], ", "))
	}
	if e.ReturnTo != "" && e.ReturnTo != "bot" && e.ReturnTo != "none" {
		return core.RefuseField("/return_to", "return_to is bot or none, not %q", e.ReturnTo)
	}
	if err := d.checkText("/disposition", e.Disposition, true); err != nil {
		return err
	}
	return d.checkText("/summary", e.Summary, true)
}
