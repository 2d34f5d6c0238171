package core

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxName and MaxEmail are how many bytes the name of a person or a company and an e-mail address may have.
const (
	MaxName  = 200
	MaxEmail = 254
)

// CheckName is CleanName; a name that is empty then, too long or no text that both databases keep alike is refused
// at this pointer.
func CheckName(pointer, name string) (string, error) {
	clean := CleanName(name)
	if clean == "" || len(clean) > MaxName || !Plain(name) {
		return "", RefuseField(pointer, "a name has 1 to %d bytes of UTF-8", MaxName)
	}
	return clean, nil
}

// Plain says whether both databases keep a text as it is.
func Plain(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }

// CleanEmail writes an address as it is kept: capital letters do not make another person.
func CleanEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// CheckEmail refuses, at this pointer, what is no e-mail address or has more than the address in it.
func CheckEmail(pointer, email string) error {
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email || len(email) > MaxEmail || !Plain(email) || CleanName(email) != email {
		return RefuseField(pointer, "this is not an e-mail address")
	}
	return nil
}

// IsLanguageTag says whether a text looks like a language tag, such as en or pt-BR.
func IsLanguageTag(text string) bool {
	const maxLocale, maxPart = 35, 8
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '-' || r == '_' }) {
		if len(part) > maxPart {
			return false
		}
	}
	letters := func(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
	odd := func(r rune) bool { return !letters(r) && (r < '0' || r > '9') && r != '-' && r != '_' }
	return len(text) >= 2 && len(text) <= maxLocale && letters(rune(text[0])) && !strings.ContainsFunc(text, odd)
}

// cut shortens a text to at most n bytes, between two characters as a reader sees them: a flag, an emoji with its
// skin tone or a letter with its accents stays whole. One that is itself longer than n is left out.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for at := n; at > 0; at-- {
		if !utf8.RuneStart(text[at]) {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at:])
		if breaks(before, after) {
			return text[:at]
		}
	}
	return ""
}

// breaks says whether two runes surely belong to different characters. Where the rules of Unicode need more than
// two runes to tell, it says no.
func breaks(before, after rune) bool {
	const joiner = '\u200d'
	switch {
	case before == joiner, joins(after):
		return false
	case before == '\r' && after == '\n':
		return false
	case isFlagPart(before) && isFlagPart(after):
		return false
	case unicode.Is(unicode.Hangul, before) && unicode.Is(unicode.Hangul, after) && (isJamo(before) || isJamo(after)):
		return false
	case unicode.Is(unicode.M, before) && unicode.Is(unicode.Lo, after): // a conjunct of an Indic script
		return false
	}
	return true
}

// joins says whether a rune belongs to the character before it.
func joins(r rune) bool {
	const joiner, skinFirst, skinLast, tagFirst, tagLast = '\u200d', '\U0001f3fb', '\U0001f3ff', '\U000e0020', '\U000e007f'
	return unicode.Is(unicode.M, r) || r == joiner || r >= skinFirst && r <= skinLast || r >= tagFirst && r <= tagLast
}

func isFlagPart(r rune) bool { return r >= '\U0001f1e6' && r <= '\U0001f1ff' }

func isJamo(r rune) bool { return r < '\uac00' || r > '\ud7a3' }
