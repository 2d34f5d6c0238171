package api

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	_ "embed" // for the page's template and style
	"encoding/base64"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed docs.html
var manualPage string

//go:embed docs.css
var manualStyle string

// showManual sends the readable form of the OpenAPI document. The page holds all it needs; its style is let
// through by its hash, and nothing else is.
func (s *Server) showManual(_ context.Context, c huma.Context) error {
	hash := sha256.Sum256([]byte(manualStyle))
	c.SetHeader("Content-Security-Policy", "default-src 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(hash[:])+
		"'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	c.SetHeader("Cache-Control", "no-cache")
	return send(c, "text/html; charset=utf-8", s.manual)
}

type (
	manualDoc struct {
		Style    template.CSS
		Title    string
		Version  string
		About    string
		Groups   []manualGroup
		Schemas  []manualSchema
		Problems []meaning
	}
	manualGroup struct {
		Name  string
		Calls []manualCall
	}
	manualCall struct {
		ID, Method, Path, Summary string
		Text                      []string
		Params                    []manualField
		Body                      *manualSchema
		Answers                   []manualAnswer
	}
	manualAnswer struct{ Code, Text, Type string }
	manualSchema struct {
		Name   string
		Fields []manualField
	}
	manualField struct {
		Name, Type, Text string
		Required         bool
	}
)

// Title and Code let the page's template name a problem.
func (m meaning) Title() string { return m.title }

// Code is what programs know it by.
func (m meaning) Code() string { return string(m.kind) }

// Status is that of the answer.
func (m meaning) Status() int { return m.status }

// manual renders the OpenAPI document for people.
func manual(doc *huma.OpenAPI) ([]byte, error) {
	page, err := template.New("docs").Parse(manualPage)
	if err != nil {
		return nil, err
	}
	m := manualDoc{Style: template.CSS(manualStyle), Title: doc.Info.Title, Version: doc.Info.Version, About: doc.Info.Description, Problems: meanings()}
	byGroup := map[string]int{}
	for _, route := range Routes() {
		at, there := byGroup[route.Group]
		if !there {
			at = len(m.Groups)
			byGroup[route.Group] = at
			m.Groups = append(m.Groups, manualGroup{Name: route.Group})
		}
		m.Groups[at].Calls = append(m.Groups[at].Calls, callManual(doc, &route))
	}
	schemas := doc.Components.Schemas.Map()
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		if schemas[name].Type == huma.TypeObject {
			m.Schemas = append(m.Schemas, manualSchema{Name: name, Fields: fieldsOf(schemas[name])})
		}
	}
	var out bytes.Buffer
	if err := page.Execute(&out, m); err != nil {
		return nil, fmt.Errorf("render the documentation: %w", err)
	}
	return out.Bytes(), nil
}

func callManual(doc *huma.OpenAPI, route *Route) manualCall {
	op := operationOf(doc, route)
	c := manualCall{ID: route.ID, Method: route.Method, Path: route.Path, Summary: op.Summary, Text: strings.Split(op.Description, "\n\n")}
	for _, p := range op.Parameters {
		c.Params = append(c.Params, manualField{Name: p.Name + " (" + p.In + ")", Type: typeName(p.Schema), Text: cmp.Or(p.Description, describe(p.Schema)), Required: p.Required})
	}
	if op.RequestBody != nil {
		for kind, media := range op.RequestBody.Content {
			c.Body = &manualSchema{Name: kind, Fields: fieldsOf(resolved(doc, media.Schema))}
		}
	}
	for _, code := range slices.Sorted(maps.Keys(op.Responses)) {
		answer := manualAnswer{Code: code, Text: op.Responses[code].Description}
		for _, media := range op.Responses[code].Content {
			answer.Type = typeName(media.Schema)
		}
		c.Answers = append(c.Answers, answer)
	}
	return c
}

func operationOf(doc *huma.OpenAPI, route *Route) *huma.Operation {
	item := doc.Paths[route.Path]
	return map[string]*huma.Operation{get: item.Get, post: item.Post, put: item.Put, patch: item.Patch, remove: item.Delete}[route.Method]
}

func resolved(doc *huma.OpenAPI, schema *huma.Schema) *huma.Schema {
	if schema != nil && schema.Ref != "" {
		return doc.Components.Schemas.SchemaFromRef(schema.Ref)
	}
	return schema
}

func fieldsOf(schema *huma.Schema) []manualField {
	if schema == nil {
		return nil
	}
	var fields []manualField
	for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
		property := schema.Properties[name]
		fields = append(fields, manualField{Name: name, Type: typeName(property), Text: describe(property), Required: slices.Contains(schema.Required, name)})
	}
	return fields
}

func describe(schema *huma.Schema) string {
	if schema == nil {
		return ""
	}
	text := schema.Description
	values := schema.Enum
	if len(values) == 0 && schema.Items != nil {
		values = schema.Items.Enum
	}
	if len(values) > 0 {
		words := make([]string, len(values))
		for i, value := range values {
			words[i] = fmt.Sprint(value)
		}
		text = strings.TrimSpace(text + " One of " + strings.Join(words, ", ") + ".")
	}
	return text
}

// typeName names a schema in a word or two.
func typeName(schema *huma.Schema) string {
	switch {
	case schema == nil:
		return ""
	case schema.Ref != "":
		return schema.Ref[strings.LastIndex(schema.Ref, "/")+1:]
	case len(schema.AnyOf)+len(schema.OneOf) > 0:
		var names []string
		for _, one := range append(slices.Clone(schema.AnyOf), schema.OneOf...) {
			names = append(names, typeName(one))
		}
		return strings.Join(names, " or ")
	case schema.Type == huma.TypeArray:
		return "list of " + typeName(schema.Items)
	case schema.Format == "date-time":
		return "time"
	case schema.Type == "":
		return "any"
	}
	return schema.Type
}
