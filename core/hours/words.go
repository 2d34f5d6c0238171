package hours

import (
	"fmt"
	"strings"
	"time"
)

// InWords tells a customer when it opens, in his language as far as Baton speaks it and by the clock of a zone, which
// is named when it may not be his own. It reads after "We are back".
func InWords(opens, now time.Time, zone *time.Location, language string, nameZone bool) string {
	opens, now = opens.In(zone), now.In(zone)
	german := strings.HasPrefix(strings.ToLower(language), "de")
	days := int(dayOf(opens.Date()) - dayOf(now.Date()))
	clock := opens.Format("15:04")
	if german {
		clock += " Uhr"
	}
	if nameZone {
		clock += " (" + zone.String() + ")"
	}
	switch {
	case days == 0 && german:
		return "heute um " + clock
	case days == 0:
		return "today at " + clock
	case days == 1 && german:
		return "morgen um " + clock
	case days == 1:
		return "tomorrow at " + clock
	case german:
		return fmt.Sprintf("am %s, %d. %s, um %s", germanDays[opens.Weekday()], opens.Day(), germanMonths[opens.Month()-1], clock)
	}
	return fmt.Sprintf("on %s at %s", opens.Format("Monday 2 January"), clock)
}

var (
	germanDays   = [...]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"}
	germanMonths = [...]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"}
)
