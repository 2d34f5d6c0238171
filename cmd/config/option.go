package config

import (
	"reflect"
	"strings"
)

// option is one value of a Config, found by the name that people write.
type option struct {
	path  string
	tag   reflect.StructTag
	value reflect.Value
}

// options lists every option of c, in the order of its fields.
func options(c *Config) []*option {
	return optionsOf(reflect.ValueOf(c).Elem(), "")
}

func optionsOf(section reflect.Value, prefix string) []*option {
	var list []*option
	for i := range section.NumField() {
		field, value := section.Type().Field(i), section.Field(i)
		path := prefix + field.Tag.Get("yaml")
		if value.Kind() == reflect.Struct {
			list = append(list, optionsOf(value, path+".")...)
			continue
		}
		list = append(list, &option{path: path, tag: field.Tag, value: value})
	}
	return list
}

// env is the option's name in the environment.
func (o *option) env() string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(o.path, ".", "_"))
}

// envPrefix starts the name of every option in the environment.
const envPrefix = "BATON_"

// secret says whether the value must not be shown.
func (o *option) secret() bool { return o.tag.Get("secret") != "" }

// find gives the option of this name, or nil.
func find(list []*option, path string) *option {
	for _, o := range list {
		if o.path == path {
			return o
		}
	}
	return nil
}

// section says whether options begin with this name.
func section(list []*option, path string) bool {
	for _, o := range list {
		if strings.HasPrefix(o.path, path+".") {
			return true
		}
	}
	return false
}

// nearest gives the name most like the one that was written, or "" when none is close.
func nearest(written string, names []string) string {
	best, distance := "", len(written)/3+2
	for _, name := range names {
		if d := editDistance(written, name); d < distance {
			best, distance = name, d
		}
	}
	return best
}

// editDistance counts the letters to insert, drop or change to make b of a.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
