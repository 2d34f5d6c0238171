package core

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestI07TextsAreCutBetweenCharactersAsReadersSeeThem(t *testing.T) {
	for _, row := range []struct{ story, whole string }{
		{"a plain letter", "x"},
		{"a letter of two bytes", "é"},
		{"a letter with a combining accent", "e\u0301"},
		{"a family joined to one emoji", "👩\u200d👩\u200d👧\u200d👦"},
		{"a thumb with a skin tone", "👍🏽"},
		{"a flag", "🇩🇪"},
		{"a heart with a variation selector", "❤\ufe0f"},
		{"a Hangul syllable of three jamo", "\u1112\u1161\u11ab"},
		{"a Devanagari conjunct", "क्ष"},
	} {
		text := strings.Repeat("ab ", 5) + row.whole + "tail"
		start := len(text) - len(row.whole) - len("tail")
		for n := start; n <= len(text); n++ {
			got := cut(text, n)
			if len(got) > n || !strings.HasPrefix(text, got) || !utf8.ValidString(got) {
				t.Fatalf("%s: cut to %d bytes gives %q", row.story, n, got)
			}
			if len(got) > start && len(got) < start+len(row.whole) {
				t.Errorf("%s: cut to %d bytes splits it: %q", row.story, n, got)
			}
			if n >= start+len(row.whole) && len(got) < start+len(row.whole) {
				t.Errorf("%s: cut to %d bytes leaves out what has room: %q", row.story, n, got)
			}
		}
	}
}
