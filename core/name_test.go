package core

import "testing"

func TestI06NamesLoseWhatIsNotSeen(t *testing.T) {
	for _, row := range []struct{ story, sent, kept string }{
		{"an override that turns the rest around", "Ann \u202egpj.exe", "Ann gpj.exe"},
		{"isolates and marks of direction", "\u2066Ann\u2069\u200e\u200f \u061cLee\u202a\u202b\u202c\u202d", "Ann Lee"},
		{"spaces without width", "Ad\u200bmin\ufeff\u2060", "Admin"},
		{"a soft hyphen", "Ad\u00admin", "Admin"},
		{"a joiner between Latin letters", "Ad\u200dmi\u200cn", "Admin"},
		{"a joiner at the ends", "\u200dAnn\u200c", "Ann"},
		{"two joiners in a row", "می\u200c\u200cخواهم", "می\u200cخواهم"},
		{"letters that show nothing", "Ann\u3164\u115f\u1160\uffa0\u034f", "Ann"},
		{"tags that hide a text", "Ann\U000e0041\U000e0042\U000e007f", "Ann"},
		{"control characters and line ends", "Ann\x07\r\nLee\u2028Fox\u2029", "Ann  Lee Fox"},
		{"nothing that is seen", "\u202e\u200b\u3164 ", ""},
		{"a plain name", "  Zoë Ångström-Müller  ", "Zoë Ångström-Müller"},
		{"Arabic", "محمد عبد الله", "محمد عبد الله"},
		{"Hebrew", "משה כהן", "משה כהן"},
		{"Persian, which needs a non-joiner", "علی\u200cرضا", "علی\u200cرضا"},
		{"Sinhala, which needs a joiner", "ශ්\u200dරී", "ශ්\u200dරී"},
		{"Hindi with a joiner", "क्\u200dष", "क्\u200dष"},
		{"a number with its sign in Arabic", "\u0600123", "\u0600123"},
		{"a family", "👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"},
		{"a doctor with a skin tone", "👩🏽\u200d⚕\ufe0f", "👩🏽\u200d⚕\ufe0f"},
		{"a rainbow flag", "🏳\ufe0f\u200d🌈", "🏳\ufe0f\u200d🌈"},
		{"a heart on fire", "❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"},
		{"a kanji with its variant", "辻\U000e0100", "辻\U000e0100"},
	} {
		if got := CleanName(row.sent); got != row.kept {
			t.Errorf("%s: %+q became %+q, want %+q", row.story, row.sent, got, row.kept)
		}
		if again := CleanName(row.kept); again != row.kept {
			t.Errorf("%s: cleaning %+q again gives %+q", row.story, row.kept, again)
		}
	}
}
