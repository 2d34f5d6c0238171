package config

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Size is a number of bytes, written as 512, 256KiB, 20MB or the like.
type Size int64

// The units of a Size.
const (
	KiB Size = 1 << 10
	MiB Size = 1 << 20
	GiB Size = 1 << 30
)

// sizeUnits are tried in order, so that a longer name comes before one it ends with.
var sizeUnits = [...]struct {
	name  string
	bytes Size
}{
	{"KiB", KiB}, {"MiB", MiB}, {"GiB", GiB}, {"TiB", 1 << 40},
	{"kB", 1e3}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"B", 1},
}

// ParseSize reads a Size as people write it.
func ParseSize(text string) (Size, error) {
	number, unit := text, Size(1)
	for _, u := range sizeUnits {
		if rest, ok := strings.CutSuffix(text, u.name); ok {
			number, unit = strings.TrimSpace(rest), u.bytes
			break
		}
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 0 || n > int64(1<<62)/int64(unit) {
		return 0, fmt.Errorf("%q is no size", text)
	}
	return Size(n) * unit, nil
}

// String gives the size in the largest unit that divides it.
func (s Size) String() string {
	for _, u := range [...]struct {
		name  string
		bytes Size
	}{{"GiB", GiB}, {"MiB", MiB}, {"KiB", KiB}} {
		if s != 0 && s%u.bytes == 0 {
			return strconv.FormatInt(int64(s/u.bytes), 10) + u.name
		}
	}
	return strconv.FormatInt(int64(s), 10)
}

// put reads text into the option, or says what would be right instead.
func (o *option) put(text string) (want string) {
	switch target := o.value.Addr().Interface().(type) {
	case *string:
		return o.putWord(target, text)
	case *int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return "a whole number"
		}
		return o.putNumber(int64(n), strconv.Itoa)
	case *Size:
		n, err := ParseSize(text)
		if err != nil {
			return "a size such as 512, 256KiB or 20MB"
		}
		return o.putNumber(int64(n), func(n int) string { return Size(n).String() })
	case *time.Duration:
		d, err := time.ParseDuration(text)
		if err != nil {
			return "a duration such as 500ms, 30s or 5m"
		}
		return o.putNumber(int64(d), func(n int) string { return time.Duration(n).String() })
	case *[]string:
		*target = splitList(text)
		return ""
	case *map[string]string:
		return putPairs(target, splitList(text))
	default:
		panic(fmt.Sprintf("config: option %s is of a type that cannot be written: %T", o.path, target))
	}
}

func (o *option) putWord(target *string, text string) (want string) {
	if words := strings.Fields(o.tag.Get("oneof")); len(words) > 0 && !slices.Contains(words, text) {
		return strings.Join(words, " or ")
	}
	*target = text
	return ""
}

// putNumber keeps n unless it is under the least that the option allows.
func (o *option) putNumber(n int64, show func(int) string) (want string) {
	if least, ok := o.tag.Lookup("min"); ok {
		floor := option{path: o.path, value: reflect.New(o.value.Type()).Elem()}
		if want := floor.put(least); want != "" {
			panic("config: the least value of " + o.path + " must be " + want)
		}
		if n < floor.value.Int() {
			return show(int(floor.value.Int())) + " or more"
		}
	}
	o.value.SetInt(n)
	return ""
}

// splitList takes a list apart that was written in one line, with commas.
func splitList(text string) []string {
	var list []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

func putPairs(target *map[string]string, pairs []string) (want string) {
	m := make(map[string]string, len(pairs))
	for _, pair := range pairs {
		at := strings.IndexAny(pair, "=:")
		if at < 1 {
			return "pairs such as first=secret,second=secret"
		}
		m[pair[:at]] = strings.TrimSpace(pair[at+1:])
	}
	*target = m
	return ""
}
