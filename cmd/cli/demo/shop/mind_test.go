package shop

import (
	"slices"
	"strings"
	"testing"
)

func TestBotKnowsWhatItIsAskedAndWhenAPersonIsNeeded(t *testing.T) {
	for _, row := range []struct {
		name  string
		said  []string
		reply string // part of the last answer, or "" when a person takes over
		code  string
		tried []string
	}{
		{name: "a parcel by number", said: []string{"Where is order 48213?"}, reply: "Tuesday 14:06", tried: []string{"Looked up order 48213"}},
		{name: "a parcel without a number", said: []string{"where is my parcel"}, reply: "five digits"},
		{name: "the number alone, when it was asked for", said: []string{"where is my parcel", "48377"}, reply: "Handed to the carrier"[1:], tried: []string{"Looked up order 48377"}},
		{name: "a parcel that is not there, and yes to a person", said: []string{"Where is order 48213?", "the neighbours have nothing", "Yes please"}, code: "customer_request",
			tried: []string{"Looked up order 48213", "Asked about the neighbours and the safe place"}},
		{name: "yes to nothing", said: []string{"yes"}, reply: "other words"},
		{name: "a person at once", said: []string{"A person, please"}, code: "customer_request"},
		{name: "returns", said: []string{"How do returns work?"}, reply: "60 days", tried: []string{"Explained how returns work"}},
		{name: "the gear", said: []string{"how heavy is the tent"}, reply: "1.9 kg", tried: []string{"Gave the facts of the Ridge tent"}},
		{name: "not understood once", said: []string{"blah"}, reply: "other words"},
		{name: "not understood twice", said: []string{"blah", "bluh"}, code: "low_confidence"},
	} {
		t.Run(row.name, func(t *testing.T) {
			var m mind
			var reply, code string
			for _, text := range row.said {
				answer, why := m.think(text)
				reply, code = answer, ""
				if why != nil {
					code = why.Code
				}
			}
			if code != row.code || row.reply != "" && !strings.Contains(reply, row.reply) {
				t.Errorf("the bot said %q, handing over for %q", reply, code)
			}
			if !slices.Equal(m.tried, row.tried) {
				t.Errorf("it tried %q", m.tried)
			}
		})
	}
}

func TestBotFeelsWhenACustomerIsUpset(t *testing.T) {
	var calm, upset mind
	calm.think("Where is order 48213?")
	upset.think("This is ridiculous, nothing came and it is late!!")
	if calm.mood() <= 0 || upset.mood() >= -0.5 {
		t.Errorf("calm is %v, upset %v", calm.mood(), upset.mood())
	}
}
