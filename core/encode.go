package core

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// Encode gives the data of an event as it is stored and shown to staff. A plain message, which is what nearly
// all events are, is written by hand: it is the hot path of the whole server.
func Encode(data Data) ([]byte, error) {
	if p, ok := data.(*Posted); ok && len(p.Attachments) == 0 {
		if p.Original == nil {
			return p.encode(), nil
		}
		listed := *p
		listed.Attachments = []Attachment{}
		data = &listed
	}
	encoded, err := json.Marshal(data)
	if err != nil {
		return nil, fmt.Errorf("writing the data of %s: %w", data.Type(), err)
	}
	return encoded, nil
}

func (p *Posted) encode() []byte {
	b := make([]byte, 0, 160+len(p.Text))
	b = append(b, `{"id":`...)
	b = AppendString(b, p.ID)
	if p.ClientID != "" {
		b = append(b, `,"client_id":`...)
		b = AppendString(b, p.ClientID)
	}
	b = append(b, `,"author":`...)
	b = AppendActor(b, p.Author)
	b = append(b, `,"text":`...)
	b = AppendString(b, p.Text)
	b = append(b, `,"attachments":[]`...)
	if p.History {
		b = append(b, `,"history":true`...)
	}
	if p.Whisper {
		b = append(b, `,"whisper":true`...)
	}
	return append(b, '}')
}

// AppendActor adds an actor to b as JSON.
func AppendActor(b []byte, a ActorRef) []byte {
	b = append(b, `{"role":`...)
	b = AppendString(b, string(a.Role))
	if a.ID != "" {
		b = append(b, `,"id":`...)
		b = AppendString(b, a.ID)
	}
	if a.Name != "" {
		b = append(b, `,"name":`...)
		b = AppendString(b, a.Name)
	}
	return append(b, '}')
}

const hexDigits = "0123456789abcdef"

// AppendString adds a text to b as a JSON string. Bytes that are not UTF-8 become the replacement character.
func AppendString(b []byte, text string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			if c >= ' ' && c != '"' && c != '\\' {
				i++
				continue
			}
			b = append(b, text[start:i]...)
			b = appendEscape(b, c)
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			b = append(b, text[start:i]...)
			b = append(b, "\ufffd"...)
			start = i + size
		}
		i += size
	}
	b = append(b, text[start:]...)
	return append(b, '"')
}

func appendEscape(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	}
	return append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}
