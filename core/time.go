package core

import "time"

// timeLayout is how every time is written: RFC 3339 in UTC with milliseconds.
const timeLayout = "2006-01-02T15:04:05.000Z07:00"

// Time is a time as callers see it.
type Time time.Time

// MarshalText writes the time in UTC with milliseconds.
func (t Time) MarshalText() ([]byte, error) { return AppendTime(nil, time.Time(t)), nil }

// UnmarshalText reads what MarshalText wrote.
func (t *Time) UnmarshalText(text []byte) error {
	parsed, err := time.Parse(time.RFC3339, string(text))
	*t = Time(parsed)
	return err
}

// CheckTimeZone refuses, at this pointer, a name that is no time zone of the IANA database.
func CheckTimeZone(pointer, name string) error {
	if _, err := time.LoadLocation(name); err != nil || name == "" || name == "Local" {
		return RefuseField(pointer, "there is no time zone %q; use a name like Europe/Berlin", name)
	}
	return nil
}

// AppendTime adds the time to b as callers see it.
func AppendTime(b []byte, t time.Time) []byte { return t.UTC().AppendFormat(b, timeLayout) }
