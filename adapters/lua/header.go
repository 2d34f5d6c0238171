package lua

import (
	"regexp"
	"strconv"
	"strings"

	"baton/core"
	"baton/core/scripting"
)

var headerLine = regexp.MustCompile(`^(title|kind|order|state|hook):\s*(.*)$`)

// readHeader reads the comments that a script begins with. What it cannot read it takes for words about the script.
func readHeader(text string) scripting.Header {
	h := scripting.Header{Kind: scripting.Rule, Order: 100}
	var about []string
	for line := range strings.Lines(text) {
		comment, ok := strings.CutPrefix(strings.TrimSpace(line), "--")
		if !ok {
			break
		}
		comment = strings.TrimSpace(strings.TrimLeft(comment, "-"))
		key := headerLine.FindStringSubmatch(comment)
		if key == nil || !setHeader(&h, key[1], strings.TrimSpace(key[2])) {
			about = append(about, comment)
		}
	}
	h.About = strings.TrimSpace(strings.Join(about, "\n"))
	return h
}

func setHeader(h *scripting.Header, key, value string) bool {
	switch key {
	case "title":
		h.Title = value
	case "kind":
		if value != string(scripting.Rule) && value != string(scripting.Strategy) {
			return false
		}
		h.Kind = scripting.Kind(value)
	case "order":
		order, err := strconv.Atoi(value)
		if err != nil {
			return false
		}
		h.Order = order
	case "state":
		if value != "on" && value != "off" {
			return false
		}
		h.Off = value == "off"
	case "hook":
		h.Hook = core.Hook(value)
	}
	return true
}
