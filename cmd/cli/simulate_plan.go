package cli

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"baton/core/simulate"
)

// planHead stands at the head of a written plan.
const planHead = `# A plan for baton simulate: who asks when, how long chats take, how long people wait, and who is there.
# Times are seconds, times of day those of time_zone; SCRIPTS.md explains it. Change it and run
#   baton simulate --plan THIS FILE
`

// writePlan writes a plan as a file that is not there yet.
func writePlan(file string, p *simulate.Plan) error {
	var text bytes.Buffer
	text.WriteString(planHead)
	out := yaml.NewEncoder(&text)
	out.SetIndent(2)
	if err := out.Encode(p); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	if _, err := f.Write(text.Bytes()); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

// readPlan reads a plan, as YAML or JSON, and checks it. An error names the line.
func readPlan(file string) (*simulate.Plan, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	p := &simulate.Plan{Days: 7, From: "2026-01-05", TimeZone: "UTC"}
	in := yaml.NewDecoder(bytes.NewReader(data))
	in.KnownFields(true)
	if err := in.Decode(p); err != nil {
		return nil, fmt.Errorf("%s: %s", file, plainly(err))
	}
	if err := p.Check(); err != nil {
		pointer, text, ok := pointed(err)
		if !ok {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		return nil, fmt.Errorf("%s: line %d: %s", file, lineOf(data, pointer), text)
	}
	return p, nil
}

var (
	unknownField = regexp.MustCompile(`field (\S+) not found in type \S+`)
	wrongType    = regexp.MustCompile("cannot unmarshal !!(\\S+) (`.*`) into (\\S+)")
)

// plainly says what is wrong with a file without the words of the library that reads it.
func plainly(err error) string {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	text = strings.TrimPrefix(text, "unmarshal errors:\n")
	text = unknownField.ReplaceAllString(text, "there is no field $1 here")
	text = wrongType.ReplaceAllStringFunc(text, func(found string) string {
		parts := wrongType.FindStringSubmatch(found)
		return parts[2] + " is no " + kindWord(parts[3])
	})
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Join(lines, "; ")
}

func kindWord(kind string) string {
	switch {
	case strings.HasPrefix(kind, "[]"):
		return "list"
	case strings.HasPrefix(kind, "int"), strings.HasPrefix(kind, "float"):
		return "number"
	case kind == "string":
		return "text"
	}
	return "part with fields"
}

// lineOf gives the line of a part of a file, or of the nearest part around it that is there.
func lineOf(data []byte, pointer string) int {
	var document yaml.Node
	if err := yaml.Unmarshal(data, &document); err != nil || len(document.Content) == 0 {
		return 1
	}
	node := document.Content[0]
	line := node.Line
	for _, part := range strings.Split(strings.Trim(pointer, "/"), "/") {
		if node = child(node, part); node == nil {
			break
		}
		line = node.Line
	}
	return line
}

func child(node *yaml.Node, part string) *yaml.Node {
	if n, err := strconv.Atoi(part); err == nil && node.Kind == yaml.SequenceNode && n < len(node.Content) {
		return node.Content[n]
	}
	for i := 0; i+1 < len(node.Content) && node.Kind == yaml.MappingNode; i += 2 {
		if node.Content[i].Value == part {
			return node.Content[i+1]
		}
	}
	return nil
}
