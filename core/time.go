package core

import "time"

// Time is a time as callers see it.
type Time time.Time

// MarshalText writes the time in UTC with milliseconds.
func (t Time) MarshalText() ([]byte, error) { return AppendTime(nil, time.Time(t)), nil }

// AppendText is MarshalText into b.
func (t Time) AppendText(b []byte) ([]byte, error) { return AppendTime(b, time.Time(t)), nil }

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

// AppendTime adds the time to b as callers see it: RFC 3339 in UTC with milliseconds. The format without them is the
// one that the standard library is quick with, and lists are full of times.
func AppendTime(b []byte, t time.Time) []byte {
	t = t.UTC()
	b = t.AppendFormat(b, time.RFC3339)
	ms := t.Nanosecond() / int(time.Millisecond)
	return append(b[:len(b)-1], '.', '0'+byte(ms/100), '0'+byte(ms/10%10), '0'+byte(ms%10), 'Z')
}
