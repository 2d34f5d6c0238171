package lua

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"gopkg.in/yaml.v3"

	"baton/core"
	"baton/core/scripting"
)

// readSection reads a section of YAML into a part of a case, over what stands there. A field that does not exist is
// an error with its line; first is the line of the file on which the section begins.
func readSection(name string, data []byte, first int, target any) error {
	var node yaml.Node
	if err := yaml.Unmarshal(data, &node); err != nil {
		return fmt.Errorf("section %s (from line %d): %w", name, first, err)
	}
	if len(node.Content) == 0 {
		return nil // an empty section changes nothing
	}
	root := node.Content[0]
	if agents, ok := target.(*[]*core.CaseAgent); ok {
		return readAgents(root, first, agents)
	}
	return decodeNode(name, root, first, target)
}

func decodeNode(name string, node *yaml.Node, first int, target any) error {
	if err := checkFields(name, node, reflect.TypeOf(target), first); err != nil {
		return err
	}
	var plain any
	if err := node.Decode(&plain); err != nil {
		return fmt.Errorf("line %d: section %s: %w", first+node.Line-1, name, err)
	}
	data, err := json.Marshal(plain)
	if err == nil {
		err = json.Unmarshal(data, target)
	}
	if err != nil {
		return fmt.Errorf("line %d: section %s: %w", first+node.Line-1, name, err)
	}
	return nil
}

// readAgents reads a list of agents. What one leaves out is as with the sample's agent of that id, or its first.
func readAgents(node *yaml.Node, first int, agents *[]*core.CaseAgent) error {
	if node.Kind != yaml.SequenceNode {
		return fmt.Errorf("line %d: agents are a list", first+node.Line-1)
	}
	*agents = []*core.CaseAgent{}
	for _, item := range node.Content {
		var named struct{ ID, Name string }
		if err := item.Decode(&named); err != nil || named.ID == "" {
			return fmt.Errorf("line %d: an agent has an id", first+item.Line-1)
		}
		agent := sampleAgent(named.ID)
		if err := decodeNode("agents", item, first, agent); err != nil {
			return err
		}
		*agents = append(*agents, agent)
	}
	return nil
}

func sampleAgent(id string) *core.CaseAgent {
	agents := scripting.Sample(core.HookAssign).Agents
	for _, a := range agents {
		if a.ID == id {
			return a
		}
	}
	agents[0].Name = id
	return agents[0]
}

// checkFields finds fields in YAML that a type does not have.
func checkFields(path string, node *yaml.Node, t reflect.Type, first int) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case node.Kind == yaml.AliasNode:
		return fmt.Errorf("line %d: a test has no aliases", first+node.Line-1)
	case node.Kind == yaml.SequenceNode && t.Kind() == reflect.Slice:
		for _, item := range node.Content {
			if err := checkFields(path, item, t.Elem(), first); err != nil {
				return err
			}
		}
	case node.Kind == yaml.MappingNode && t.Kind() == reflect.Struct:
		return checkStruct(path, node, t, first)
	}
	return nil
}

func checkStruct(path string, node *yaml.Node, t reflect.Type, first int) error {
	fields := map[string]reflect.Type{}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		fields[name] = t.Field(i).Type
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := node.Content[i]
		field, known := fields[key.Value]
		if !known {
			return fmt.Errorf("line %d: %s has no field %q", first+key.Line-1, path, key.Value)
		}
		if err := checkFields(path+"."+key.Value, node.Content[i+1], field, first); err != nil {
			return err
		}
	}
	return nil
}

// appendYAML writes a part of a case as YAML, with the fields in the order in which its JSON has them.
func appendYAML(v any) ([]byte, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var node yaml.Node
	if err := yaml.Unmarshal(data, &node); err != nil { // JSON is YAML, and keeps its order so
		return nil, err
	}
	block(&node, 0)
	var out bytes.Buffer
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if err := e.Encode(&node); err != nil {
		return nil, err
	}
	return out.Bytes(), e.Close()
}

// block lets the outermost levels stand on lines of their own.
func block(node *yaml.Node, depth int) {
	if node.Kind == yaml.MappingNode && depth < 2 || node.Kind == yaml.SequenceNode && depth < 2 {
		node.Style &^= yaml.FlowStyle
	}
	for _, child := range node.Content {
		if child.Kind == yaml.ScalarNode {
			child.Style = 0
		}
		block(child, depth+1)
	}
}
