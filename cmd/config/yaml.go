package config

import (
	"fmt"
	"reflect"
	"strings"

	"gopkg.in/yaml.v3"
)

// readYAML takes the options out of a file. A key that names no option is a problem, so that a typo cannot
// silently leave a default in place.
func (l *loader) readYAML(file string, content []byte) {
	var doc yaml.Node
	if err := yaml.Unmarshal(content, &doc); err != nil {
		l.problem("%s: %w", file, err)
		return
	}
	if len(doc.Content) > 0 {
		l.readSection(file, "", doc.Content[0])
	}
}

func (l *loader) readSection(file, path string, node *yaml.Node) {
	if node.Kind != yaml.MappingNode {
		if node.Tag != "!!null" {
			l.problem("%s:%d: %s holds several options; write them indented below it", file, node.Line, orTop(path))
		}
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], resolve(node.Content[i+1])
		name := strings.TrimPrefix(path+"."+key.Value, ".")
		where := fmt.Sprintf("%s:%d", file, key.Line)
		if seen[name] {
			l.problem("%s: %s is there twice; keep one", where, name)
			continue
		}
		seen[name] = true
		if o := find(l.options, name); o != nil {
			l.readOption(o, where, value)
		} else if section(l.options, name) {
			l.readSection(file, name, value)
		} else {
			l.problem("%s: there is no option %s%s", where, name, l.suggestion(name))
		}
	}
}

// resolve follows an alias to what it stands for.
func resolve(node *yaml.Node) *yaml.Node {
	for node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	return node
}

func orTop(path string) string {
	if path == "" {
		return "the file"
	}
	return path
}

// readOption reads a scalar, a list or a map as the option's type asks for. Each part may name the
// environment or, for a secret, a file.
func (l *loader) readOption(o *option, where string, node *yaml.Node) {
	switch target := o.value.Addr().Interface().(type) {
	case *[]string:
		if node.Kind == yaml.SequenceNode {
			*target = l.parts(o, where, node.Content)
			l.origin[o.path] = where
			return
		}
	case *map[string]string:
		if node.Kind == yaml.MappingNode {
			*target = l.pairs(o, where, node.Content)
			l.origin[o.path] = where
			return
		}
	}
	if node.Kind != yaml.ScalarNode {
		l.problem("%s: %s is one value, not a list or a group of options", where, o.path)
		return
	}
	if node.Tag != "!!null" {
		l.put(o, where, node.Value)
	}
}

// putFlow reads a list or a map that was written as [a, b] or {name: secret} in one line, as the environment
// allows beside commas.
func (l *loader) putFlow(o *option, where, text string) bool {
	var doc yaml.Node
	kind := o.value.Kind()
	flow := kind == reflect.Slice && strings.HasPrefix(text, "[") || kind == reflect.Map && strings.HasPrefix(text, "{")
	if !flow || yaml.Unmarshal([]byte(text), &doc) != nil || len(doc.Content) == 0 {
		return false
	}
	l.readOption(o, where, doc.Content[0])
	return true
}

func (l *loader) parts(o *option, where string, nodes []*yaml.Node) []string {
	var list []string
	for _, node := range nodes {
		list = append(list, l.part(o, where, resolve(node)))
	}
	return list
}

func (l *loader) pairs(o *option, where string, nodes []*yaml.Node) map[string]string {
	m := make(map[string]string, len(nodes)/2)
	for i := 0; i+1 < len(nodes); i += 2 {
		m[nodes[i].Value] = l.part(o, where, resolve(nodes[i+1]))
	}
	return m
}

func (l *loader) part(o *option, where string, node *yaml.Node) string {
	if node.Kind != yaml.ScalarNode {
		l.problem("%s: %s holds plain values, not lists or groups", where, o.path)
		return ""
	}
	text, err := l.expand(o, node.Value)
	if err != nil {
		l.problem("%s: %s: %w", where, o.path, err)
	}
	return text
}

func (l *loader) suggestion(written string) string {
	var names []string
	for _, o := range l.options {
		names = append(names, o.path)
		if group, _, ok := strings.Cut(o.path, "."); ok {
			names = append(names, group)
		}
	}
	if name := nearest(written, names); name != "" {
		return "; did you mean " + name + "?"
	}
	return ""
}
