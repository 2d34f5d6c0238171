package api

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"baton/core"
	"baton/core/desk"
)

// newHuma makes what reads, checks and documents the typed routes.
func newHuma(app *fiber.App, version string) huma.API {
	doc := &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{
			Title: "Baton", Version: version,
			Description: "From a chatbot to the right person, and back. Times are RFC 3339 in UTC; ids are opaque. " +
				"Unknown fields of requests are refused; tolerate unknown fields of answers. Every POST of a bot may carry an " +
				"Idempotency-Key: where something is kept, a repeat gets the first answer again; elsewhere it has no effect.",
		},
		Components: &huma.Components{SecuritySchemes: map[string]*huma.SecurityScheme{
			"token":  {Type: "http", Scheme: "bearer", Description: "hs_… of a login, hk_… of a bot, hv_… of a customer"},
			"cookie": {Type: "apiKey", In: "cookie", Name: loginCookie, Description: "A login in a browser"},
		}},
	}
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	registry.RegisterTypeAlias(reflect.TypeFor[core.Time](), reflect.TypeFor[time.Time]())
	doc.Components.Schemas = registry
	config := huma.Config{
		OpenAPI: doc, Formats: map[string]huma.Format{jsonType: format(), "json": format()}, DefaultFormat: jsonType,
		RejectUnknownQueryParameters: true, Transformers: []huma.Transformer{explain},
	}
	return humafiber.New(app, config)
}

// explain turns what huma says about a request into a problem of ours.
func explain(c huma.Context, _ string, v any) (any, error) {
	found, is := v.(*huma.ErrorModel)
	if !is {
		return v, nil
	}
	call := callOf(c.Context())
	return call.server.invalid(call, found), nil
}

// operation documents a route.
func (s *Server) operation(route *Route) huma.Operation {
	op := huma.Operation{
		OperationID: route.ID, Method: route.Method, Path: route.Path, Tags: []string{route.Group}, Summary: firstSentence(route.Text),
		Description: route.Text + whoMay(s.rules[route.Act]), DefaultStatus: route.Status, MaxBodyBytes: -1, BodyReadTimeout: -1,
		Responses: map[string]*huma.Response{"default": {
			Description: "A problem",
			Content:     map[string]*huma.MediaType{problemType: {Schema: s.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "")}},
		}},
	}
	if !slices.Contains(s.rules[route.Act].Roles, desk.Nobody) {
		op.Security = []map[string][]string{{"token": {}}, {"cookie": {}}}
	}
	if route.Keyed {
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: "Idempotency-Key", In: "header", Description: "Of a bot: a repeat gets the first answer again, for two days",
			Schema: &huma.Schema{Type: huma.TypeString},
		})
	}
	op.Parameters = append(op.Parameters, analyticsParams(route)...)
	s.documentRaw(route, &op)
	return op
}

// documentRaw describes the routes that huma cannot look into.
func (s *Server) documentRaw(route *Route, op *huma.Operation) {
	schemas := s.huma.OpenAPI().Components.Schemas
	id := &huma.Param{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}}
	if route.Group == analyticsGroup && route.OtherTypes {
		op.Responses["200"] = &huma.Response{Description: "A table", Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}}}
	}
	switch route.ID {
	case "readMe":
		op.Responses["200"] = jsonResponse(&huma.Schema{OneOf: []*huma.Schema{
			schemas.Schema(reflect.TypeFor[AgentMe](), true, ""), schemas.Schema(reflect.TypeFor[CustomerMe](), true, ""),
			schemas.Schema(reflect.TypeFor[BotMe](), true, ""),
		}})
	case "uploadAttachment":
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{
			Type: huma.TypeObject, Required: []string{"session", "file"}, Properties: map[string]*huma.Schema{
				"session": {Type: huma.TypeString, Description: "Send it before the file"},
				"file":    {Type: huma.TypeString, ContentEncoding: "binary"},
			},
		}}}}
		op.Responses["201"] = jsonResponse(schemas.Schema(reflect.TypeFor[core.Attachment](), true, ""))
	case "readAttachment":
		op.Parameters = append(op.Parameters, id)
		op.Responses["302"] = &huma.Response{Description: "The link is in Location"}
	case "followAttachment":
		text := &huma.Schema{Type: huma.TypeString}
		op.Parameters = append(op.Parameters, id, &huma.Param{Name: "expires", In: "query", Required: true, Schema: text},
			&huma.Param{Name: "signature", In: "query", Required: true, Schema: text})
		op.Responses["200"] = &huma.Response{Description: "The file"}
	case "requestHandoff":
		op.Responses["200"] = jsonResponse(schemas.Schema(reflect.TypeFor[HandoffAnswer](), true, ""))
		op.Responses["200"].Description = "The session that was open already"
	case "openSocket":
		op.Responses["101"] = &huma.Response{Description: "A WebSocket that speaks baton.v1"}
	}
}

func jsonResponse(schema *huma.Schema) *huma.Response {
	return &huma.Response{Description: "OK", Content: map[string]*huma.MediaType{jsonType: {Schema: schema}}}
}

func firstSentence(text string) string {
	first, _, _ := strings.Cut(text, ". ")
	return strings.TrimSuffix(first, ".")
}

// whoMay says in words what the policy says.
func whoMay(rule desk.Rule) string {
	if slices.Contains(rule.Roles, desk.Nobody) {
		return "\n\nFor everybody."
	}
	names := make([]string, len(rule.Roles))
	for i, role := range rule.Roles {
		names[i] = string(role)
	}
	text := "\n\nFor " + strings.Join(names, ", ") + "."
	if rule.Scope != "" {
		text += " A bot's key that is narrowed needs the scope " + rule.Scope + "."
	}
	return text
}

// makeDocuments writes the OpenAPI document and its readable form, once all routes are in it.
func (s *Server) makeDocuments() error {
	doc := s.huma.OpenAPI()
	loosen(doc)
	var err error
	if s.document, err = doc.MarshalJSON(); err != nil {
		return err
	}
	s.manual, err = manual(doc)
	return err
}

// loosen makes the schemas of answers say what answers are: there may be more fields than are named, parts that
// are not for a caller are absent, what a pointer names may be null, and lists never are.
func loosen(doc *huma.OpenAPI) {
	schemas := doc.Components.Schemas
	delete(schemas.Map(), "ErrorModel")
	delete(schemas.Map(), "ErrorDetail")
	asked := map[string]bool{}
	for _, item := range doc.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op != nil && op.RequestBody != nil {
				for _, media := range op.RequestBody.Content {
					follow(schemas, media.Schema, asked)
				}
			}
		}
	}
	for name, schema := range schemas.Map() {
		if asked[name] {
			continue
		}
		schema.AdditionalProperties = nil
		t := schemas.TypeFromRef("#/components/schemas/" + name)
		if t == nil || t.Kind() != reflect.Struct {
			continue
		}
		schema.Required = slices.DeleteFunc(schema.Required, func(field string) bool { return partial(t, field) })
		for field, property := range schema.Properties {
			switch {
			case property.Type == huma.TypeArray:
				property.Nullable = false
			case !nullable(t, field):
			case property.Ref != "":
				schema.Properties[field] = &huma.Schema{AnyOf: []*huma.Schema{{Ref: property.Ref}, {Type: "null"}}, Description: property.Description}
			default:
				property.Nullable = true
			}
		}
	}
}

// follow collects the names of the schemas that a schema leads to.
func follow(schemas huma.Registry, schema *huma.Schema, names map[string]bool) {
	if schema == nil {
		return
	}
	if name := strings.TrimPrefix(schema.Ref, "#/components/schemas/"); schema.Ref != "" && !names[name] {
		names[name] = true
		follow(schemas, schemas.SchemaFromRef(schema.Ref), names)
	}
	follow(schemas, schema.Items, names)
	for _, property := range schema.Properties {
		follow(schemas, property, names)
	}
}

// fieldNamed finds the field that JSON calls so, and whether it stands in an embedded part.
func fieldNamed(t reflect.Type, name string) (field reflect.StructField, embedded, found bool) {
	for _, f := range reflect.VisibleFields(t) {
		if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag == name && f.IsExported() {
			return f, len(f.Index) > 1, true
		}
	}
	return field, false, false
}

// partial says whether a field stands in a part that may be absent.
func partial(t reflect.Type, name string) bool {
	f, embedded, found := fieldNamed(t, name)
	return found && embedded && t.Field(f.Index[0]).Type.Kind() == reflect.Pointer
}

// nullable says whether a field is null when there is nothing to say; one that is left out then never is.
func nullable(t reflect.Type, name string) bool {
	f, _, found := fieldNamed(t, name)
	return found && f.Type.Kind() == reflect.Pointer && !strings.Contains(f.Tag.Get("json"), ",omit")
}
