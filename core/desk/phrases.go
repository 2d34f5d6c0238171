package desk

import (
	"fmt"
	"strings"
	"time"
)

// phrases are what the desk itself says to customers, where neither a script nor a queue's own text does.
type phrases struct {
	closed, back, noAgents, leaveMessage, sorry string
	stillThere, silent                          string // with a number of minutes
}

var (
	english = phrases{
		closed: "We are closed right now.", back: " We are back %s.", noAgents: "Nobody is at the desk right now.",
		leaveMessage: "It takes longer than we would like. You can go on waiting, or leave a message with your e-mail address: then we answer by mail.",
		sorry:        "We are sorry: nobody can take your chat right now. Please try again later.",
		stillThere:   "Are you still there? This chat closes in %s unless you answer.", silent: "We have closed this chat because we did not hear from you.",
	}
	german = phrases{
		closed: "Wir haben gerade geschlossen.", back: " Wir sind %s wieder da.", noAgents: "Gerade ist niemand da.",
		leaveMessage: "Es dauert länger, als uns lieb ist. Sie können weiter warten oder eine Nachricht mit Ihrer E-Mail-Adresse hinterlassen: Dann antworten wir per Mail.",
		sorry:        "Es tut uns leid: Gerade kann niemand Ihren Chat übernehmen. Bitte versuchen Sie es später noch einmal.",
		stillThere:   "Sind Sie noch da? Dieser Chat wird in %s geschlossen, wenn Sie nicht antworten.", silent: "Wir haben diesen Chat geschlossen, weil wir nichts mehr von Ihnen gehört haben.",
	}
)

// phrasesIn gives them in a language, or in English.
func phrasesIn(language string) phrases {
	if strings.HasPrefix(strings.ToLower(language), "de") {
		return german
	}
	return english
}

// stillThereIn asks a silent customer, and says when his chat ends.
func (p phrases) stillThereIn(d time.Duration) string { return fmt.Sprintf(p.stillThere, p.minutes(d)) }

// minutes writes a time for a customer.
func (p phrases) minutes(d time.Duration) string {
	unit, n := "s", int(d/time.Second)
	if d >= time.Minute {
		unit, n = "min", int((d+30*time.Second)/time.Minute)
	}
	return fmt.Sprintf("%d %s", n, unit)
}
