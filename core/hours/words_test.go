package hours

import (
	"testing"
	"time"
)

func TestAnOpeningIsToldInTheCustomersWordsAndByHisClock(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 27, 21, 0, 0, 0, berlin) // a Friday
	for _, c := range []struct {
		opens    time.Time
		zone     *time.Location
		language string
		name     bool
		want     string
	}{
		{now.Add(time.Hour), berlin, "en", false, "today at 22:00"},
		{now.Add(time.Hour), berlin, "de-AT", true, "heute um 22:00 Uhr (Europe/Berlin)"},
		{now.Add(12 * time.Hour), berlin, "", true, "tomorrow at 09:00 (Europe/Berlin)"},
		{now.Add(60 * time.Hour), berlin, "en", false, "on Monday 30 November at 09:00"},
		{now.Add(60 * time.Hour), tokyo, "de", false, "am Montag, 30. November, um 17:00 Uhr"},
		{now.Add(60 * time.Hour), berlin, "fr", false, "on Monday 30 November at 09:00"},
	} {
		if got := InWords(c.opens, now, c.zone, c.language, c.name); got != c.want {
			t.Errorf("in %q it opens %q, want %q", c.language, got, c.want)
		}
	}
}
