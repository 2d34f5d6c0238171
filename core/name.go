package core

import (
	"strings"
	"unicode"
)

// CleanName gives a name, tag or subject as people see it: without what is not seen but changes what is. Characters
// that turn the direction of text, that have no width or are not there at all make one name look like another; line
// ends become spaces. What a script or an emoji needs stays: the joiners between letters of Persian or Hindi, and those
// of a family.
func CleanName(name string) string {
	runes := []rune(name)
	kept := runes[:0]
	for i, r := range runes {
		switch {
		case unicode.In(r, unicode.Zl, unicode.Zp), unicode.IsControl(r) && unicode.IsSpace(r):
			kept = append(kept, ' ')
		case r == widthJoiner || r == widthNonJoiner:
			if len(kept) > 0 && i+1 < len(runes) && needed(r, kept[len(kept)-1], runes[i+1]) {
				kept = append(kept, r)
			}
		case !unseen(r):
			kept = append(kept, r)
		}
	}
	return strings.TrimSpace(string(kept))
}

const (
	widthNonJoiner = '\u200c'
	widthJoiner    = '\u200d'
	emojiSelector  = '\ufe0f'
)

// unseen says whether a rune shows nothing by itself. The signs that Arabic sets under its numbers belong to the same
// category of Unicode and are seen.
func unseen(r rune) bool {
	if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point) {
		return !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
	}
	return false
}

// needed says whether a joiner between two runes changes how they are written, as it should.
func needed(joiner, before, after rune) bool {
	if joiner == widthJoiner && isPictured(after) {
		return isPictured(before) || before == emojiSelector || joins(before)
	}
	scripts := joiningScripts()
	return unicode.In(before, scripts...) && unicode.In(after, scripts...)
}

// isPictured says whether a rune can be a part of an emoji that is made of several.
func isPictured(r rune) bool {
	const firstArrow, lastArrow = '\u2190', '\u21ff'
	return unicode.Is(unicode.So, r) || r >= firstArrow && r <= lastArrow
}

// joiningScripts are those in which letters change with their neighbours.
func joiningScripts() []*unicode.RangeTable {
	return []*unicode.RangeTable{
		unicode.Arabic, unicode.Syriac, unicode.Nko, unicode.Mongolian, unicode.Mandaic, unicode.Adlam, unicode.Hanifi_Rohingya,
		unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada,
		unicode.Malayalam, unicode.Sinhala, unicode.Khmer, unicode.Myanmar, unicode.Balinese, unicode.Javanese,
	}
}
