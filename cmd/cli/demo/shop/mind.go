package shop

import (
	"regexp"
	"slices"
	"strings"

	"baton/cmd/client"
)

// mind is what the bot makes of a talk. It knows parcels, returns and the gear, and when it is at its wits' end.
type mind struct {
	order    string   // the number that was named
	tried    []string // what was done for the customer
	offered  bool     // a person was offered last
	confused int      // answers in a row that were not found
	unhappy  int      // words that say so
	wants    string   // the customer's first words that say what it is about
	intent   string
}

var orderNumber = regexp.MustCompile(`\b\d{5}\b`)

const greeting = "Hello, I am Tarn's bot. I know about parcels, returns and our gear. What is on your mind?"

// think gives the bot's answer, or why a person should take over.
func (m *mind) think(text string) (reply string, why *client.Reason) {
	said := strings.ToLower(text)
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(said, word) })
	}
	for _, word := range []string{"angry", "ridiculous", "annoy", "nothing", "wrong", "broken", "late", "!!"} {
		m.unhappy += strings.Count(said, word)
	}
	offered := m.offered
	m.offered = false
	if number := orderNumber.FindString(said); number != "" {
		m.order = number
	}
	switch {
	case has("person", "human", "somebody", "agent", "colleague") || offered && has("yes", "please", "sure", "ok"):
		return "", &client.Reason{Code: "customer_request", Text: m.asked()}
	case has("neighbour", "not there", "nothing", "not here", "not arrive", "missing") && m.order != "":
		m.note(text, "parcel_missing")
		m.try("Asked about the neighbours and the safe place")
		m.offered = true
		return "I am sorry. I can't see a second delivery attempt. Shall I bring in a person?", nil
	case has("parcel", "order", "delivery", "where is", "track") || m.order != "" && orderNumber.MatchString(said):
		m.note(text, "parcel_status")
		return m.parcel(), nil
	case has("return", "refund", "send back", "money back"):
		m.note(text, "return")
		m.try("Explained how returns work")
		return "Returns are free for 60 days. Print the label under Delivery & returns, and give the parcel to any carrier.", nil
	case has("thank", "that was all", "bye"):
		return "You are welcome. Good weather to you!", nil
	case has("hello", "hi ", "hey") || said == "hi":
		return greeting, nil
	}
	return m.guess(text, has)
}

// guess looks for one of the shop's things in what was said. What is not understood twice is for a person.
func (m *mind) guess(text string, has func(...string) bool) (reply string, why *client.Reason) {
	for _, it := range items() {
		if name := strings.ToLower(it.Name); has(name, name[strings.LastIndex(name, " ")+1:]) {
			m.note(text, "gear")
			m.try("Gave the facts of the " + it.Name)
			return it.Fact, nil
		}
	}
	if m.wants == "" {
		m.wants, m.intent = text, "other"
	}
	if m.confused++; m.confused > 1 {
		return "", &client.Reason{Code: "low_confidence", Text: "Did not understand twice"}
	}
	return "I am not sure that I understood. Could you put it in other words, or ask for a person?", nil
}

// parcel tells how an order stands.
func (m *mind) parcel() string {
	if m.order == "" {
		return "Tell me the five digits of your order, and I look where it is. They are in our e-mail."
	}
	o := orderOf(m.order)
	m.try("Looked up order " + o.Number)
	last := o.Steps[0]
	for _, s := range o.Steps {
		if s.Done {
			last = s
		}
	}
	if o.Number == "48213" {
		return "Order 48213 was left at your front door on " + last.When + ", with a photo. Could a neighbour have it?"
	}
	return "Order " + o.Number + ": " + strings.ToLower(last.What[:1]) + last.What[1:] + " (" + last.When + "). Next: " + o.Steps[len(o.Steps)-1].What + ", " + o.Steps[len(o.Steps)-1].When + "."
}

// note keeps what the customer wants: the first words that say so, and what they are about.
func (m *mind) note(text, intent string) {
	m.confused = 0
	if m.wants == "" || m.intent == "other" {
		m.wants = text
	}
	m.intent = intent
}

func (m *mind) try(what string) {
	if !slices.Contains(m.tried, what) {
		m.tried = append(m.tried, what)
	}
}

// asked words why the customer wants a person.
func (m *mind) asked() string {
	if len(m.tried) == 0 {
		return "Asked for a person at once"
	}
	return "Asked for a person; the bot could not solve it"
}

// summary says in a sentence what the customer wants.
func (m *mind) summary() string {
	switch {
	case m.intent == "parcel_missing":
		return "Order " + m.order + " is marked as delivered, but nothing is there. Find it, or send a new one."
	case m.wants != "":
		return m.wants
	}
	return "Wants to talk to a person"
}

func (m *mind) subject() string {
	switch m.intent {
	case "parcel_missing":
		return "Missing parcel, order " + m.order
	case "parcel_status":
		if m.order != "" {
			return "Where is order " + m.order
		}
		return "A parcel"
	case "return":
		return "A return"
	case "gear":
		return "About our gear"
	}
	return "A question"
}

// mood is from -1 to 1.
func (m *mind) mood() float64 { return max(-0.9, 0.1-0.36*float64(m.unhappy)) }

// sureness is how well the bot believes to know what it is about.
func (m *mind) sureness() float64 {
	return map[string]float64{"parcel_missing": 0.91, "parcel_status": 0.84, "return": 0.88, "gear": 0.79}[m.intent] + 0.01
}
