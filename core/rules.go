package core

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Seconds is a time as rules name it; 0 is off.
type Seconds int64

// Duration is the time itself.
func (s Seconds) Duration() time.Duration { return time.Duration(s) * time.Second }

// Shown says what customers and bots are told of their place in line. Staff are told all of it.
type Shown string

// What is shown.
const (
	ShowBoth    Shown = "place_and_wait"
	ShowPlace   Shown = "place"
	ShowWait    Shown = "wait"
	ShowWords   Shown = "words" // the wait in a word
	ShowNothing Shown = "nothing"
)

// Place says whether the number of the place is told.
func (s Shown) Place() bool { return s == ShowBoth || s == ShowPlace || s == "" }

// Wait says whether the range of the wait is told.
func (s Shown) Wait() bool { return s == ShowBoth || s == ShowWait || s == "" }

// Remedy is what becomes of a chat that waits too long, or comes into a line that is too long. What scripts say to
// overflow comes before it.
type Remedy struct {
	Do    string  `json:"do" enum:"nothing,overflow,raise,message,end"`
	Queue *string `json:"queue" doc:"The id of the queue that takes it; for overflow"`
}

// The remedies.
const (
	RemedyNothing  = "nothing"
	RemedyOverflow = "overflow" // it goes to another queue
	RemedyRaise    = "raise"    // it becomes one step more urgent
	RemedyMessage  = "message"  // the customer may leave a message, and goes on waiting
	RemedyEnd      = "end"      // it ends, and the customer is told so
)

// Closing is what becomes of those who wait when their queue closes.
type Closing string

// What becomes of them.
const (
	ClosingKeep   Closing = "keep"   // they stay in line
	ClosingTell   Closing = "tell"   // they are told, and kept until the opening
	ClosingTicket Closing = "ticket" // they become tickets, once their address is known
)

// AfterHoursRules say what happens to a chat that comes while nobody is there.
type AfterHoursRules struct {
	Keep     bool              `json:"keep" doc:"It is kept until the opening; otherwise it ends"`
	Reply    bool              `json:"reply" doc:"The customer gets a message by itself"`
	Ask      bool              `json:"ask" doc:"The customer may leave a message with an e-mail address, which becomes a ticket"`
	Drain    bool              `json:"drain" doc:"Nobody is taken in whose wait would outlast the opening, nine times out of ten"`
	NoAgents bool              `json:"no_agents" doc:"Nobody at the desk counts as closed"`
	Texts    map[string]string `json:"texts" nullable:"false" doc:"The message by language; {next_opening} becomes words in the customer's time zone"`
}

// QueueRules say how a queue treats those who wait in it, and those who talk.
type QueueRules struct {
	Show        Shown           `json:"show" enum:"place_and_wait,place,wait,words,nothing" doc:"What customers and bots are told of their place"`
	Ageing      Seconds         `json:"ageing" doc:"Seconds by which each step of priority puts a chat ahead, as if it had come so much earlier; 0: priorities are strict. It counts for chats that come after a change."`
	MaxWait     Seconds         `json:"max_wait" doc:"Seconds after which when_too_long is done; 0: never"`
	WhenTooLong Remedy          `json:"when_too_long"`
	MaxLength   int             `json:"max_length" doc:"Chats in line from which on when_too_many is done to those that come; 0: never"`
	WhenTooMany Remedy          `json:"when_too_many"`
	FirstReply  Seconds         `json:"first_reply" doc:"Seconds in which an agent who has joined must answer, or the chat is taken back; 0: any"`
	IdleWarning Seconds         `json:"idle_warning" doc:"Seconds of a customer's silence after an agent's message, then he is warned; 0: never"`
	IdleClose   Seconds         `json:"idle_close" doc:"Seconds after the warning, then the chat ends; 0: never"`
	Closing     Closing         `json:"closing" enum:"keep,tell,ticket" doc:"What becomes of those who wait when the queue closes"`
	AfterHours  AfterHoursRules `json:"after_hours"`
}

// DefaultRules are those of a new queue.
func DefaultRules() QueueRules {
	nothing := Remedy{Do: RemedyNothing}
	return QueueRules{
		Show: ShowBoth, Ageing: 15 * 60, WhenTooLong: nothing, WhenTooMany: nothing, Closing: ClosingKeep,
		AfterHours: AfterHoursRules{Keep: true, Reply: true, Ask: true, Texts: map[string]string{}},
	}
}

const (
	// mostSeconds bounds the times of rules: a week.
	mostSeconds Seconds = 7 * 24 * 3600
	// mostLine bounds the length of a line.
	mostLine = 100_000
	// mostTextBytes bounds one message of after hours.
	mostTextBytes = 4096
)

// Check refuses rules that make no sense. Whether the queues that they name are there is for the caller.
func (r *QueueRules) Check() error {
	for _, t := range []struct {
		name string
		time Seconds
	}{{"ageing", r.Ageing}, {"max_wait", r.MaxWait}, {"first_reply", r.FirstReply}, {"idle_warning", r.IdleWarning}, {"idle_close", r.IdleClose}} {
		if t.time < 0 || t.time > mostSeconds {
			return RefuseField("/"+t.name, "%s is 0 to %d seconds (a week), not %d", t.name, mostSeconds, t.time)
		}
	}
	if r.MaxLength < 0 || r.MaxLength > mostLine {
		return RefuseField("/max_length", "max_length is 0 to %d chats, not %d", mostLine, r.MaxLength)
	}
	if r.IdleClose > 0 && r.IdleWarning == 0 {
		return RefuseField("/idle_close", "nobody is cut off unwarned; set idle_warning too")
	}
	shown := []Shown{ShowBoth, ShowPlace, ShowWait, ShowWords, ShowNothing}
	if !slices.Contains(shown, r.Show) {
		return RefuseField("/show", "show is one of %v, not %q", shown, r.Show)
	}
	if closing := []Closing{ClosingKeep, ClosingTell, ClosingTicket}; !slices.Contains(closing, r.Closing) {
		return RefuseField("/closing", "closing is one of %v, not %q", closing, r.Closing)
	}
	if err := r.WhenTooLong.check("/when_too_long"); err != nil {
		return err
	}
	if err := r.WhenTooMany.check("/when_too_many"); err != nil {
		return err
	}
	return r.AfterHours.check()
}

func (r Remedy) check(pointer string) error {
	known := []string{RemedyNothing, RemedyOverflow, RemedyRaise, RemedyMessage, RemedyEnd}
	switch {
	case !slices.Contains(known, r.Do):
		return RefuseField(pointer+"/do", "do is one of %s, not %q", strings.Join(known, ", "), r.Do)
	case r.Do == RemedyOverflow && r.Queue == nil:
		return RefuseField(pointer+"/queue", "name the queue that takes over")
	}
	return nil
}

func (a AfterHoursRules) check() error {
	for language, text := range a.Texts {
		pointer := fmt.Sprintf("/after_hours/texts/%s", language)
		switch {
		case !IsLanguageTag(language):
			return RefuseField(pointer, "%q is no language; write a tag such as en or pt-BR", language)
		case len(text) > mostTextBytes:
			return RefuseField(pointer, "the message has %d bytes, at most %d are accepted", len(text), mostTextBytes)
		case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
			return RefuseField(pointer, "the message must be UTF-8 without NUL")
		case strings.TrimSpace(text) == "":
			return RefuseField(pointer, "the message is empty; leave the language out to use the built-in one")
		}
	}
	return nil
}

// Text gives the message in a language: in it, in what it is a kind of, or in English, and which of them it is; empty
// when there is none.
func (a AfterHoursRules) Text(language string) (text, in string) {
	base, _, _ := strings.Cut(language, "-")
	for _, tag := range []string{language, base, "en"} {
		if text := a.Texts[tag]; text != "" {
			return text, tag
		}
	}
	return "", ""
}
