package api

import (
	"context"

	"baton/core"
	"baton/core/scripting"
)

type (
	// Script is where one script stands.
	Script struct {
		Name       string               `json:"name"`
		Title      string               `json:"title"`
		About      string               `json:"about"`
		Kind       scripting.Kind       `json:"kind" enum:"rule,strategy" doc:"A rule is asked of every chat, a strategy where a queue names it"`
		Order      int                  `json:"order" doc:"Its place among the rules, the smallest first"`
		Hooks      []core.Hook          `json:"hooks"`
		On         bool                 `json:"on" doc:"Whether it is asked"`
		State      scripting.State      `json:"state" enum:",on,off" doc:"Overrules what the script says of itself"`
		Layer      scripting.Layer      `json:"layer" doc:"Where what is in force comes from: built in, on disk, published; empty when nothing is"`
		Hash       string               `json:"hash" doc:"Of the source in force"`
		Version    int                  `json:"version" doc:"The published version in force, or 0"`
		Hidden     []scripting.Layer    `json:"hidden" doc:"Layers below the one in force"`
		Broken     []BrokenLayer        `json:"broken" doc:"Layers that are not in force because they do not compile"`
		HasDraft   bool                 `json:"has_draft"`
		Trial      *Trial               `json:"trial" doc:"A draft that is tried beside it"`
		TrialEnded string               `json:"trial_ended" doc:"Why the last canary was taken back by itself"`
		Figures    scripting.Figures    `json:"figures" doc:"How it fared on this server since it is in force"`
		Source     *string              `json:"source,omitempty" doc:"What is in force; only when one script is read"`
		Draft      *Draft               `json:"draft,omitempty" doc:"Only when one script is read"`
		Problems   []core.ScriptProblem `json:"problems,omitempty" doc:"What a check finds in the source in force"`
	}
	// BrokenLayer says why a layer is not in force.
	BrokenLayer struct {
		Layer scripting.Layer   `json:"layer"`
		Error *core.ScriptError `json:"error"`
	}
	// Draft is what an admin is writing.
	Draft struct {
		Source string     `json:"source"`
		Rev    int64      `json:"rev" doc:"To be sent with the next save"`
		By     string     `json:"by"`
		At     *core.Time `json:"at"`
	}
	// Trial is a draft beside the live script, in its shadow or as a canary.
	Trial struct {
		Mode  core.Mode `json:"mode" enum:"shadow,canary"`
		Share int       `json:"share" doc:"Percent of the chats that a canary decides on"`
		Since core.Time `json:"since"`
	}
	// ScriptVersion is a published source.
	ScriptVersion struct {
		Version   int       `json:"version"`
		Hash      string    `json:"hash"`
		Author    string    `json:"author"`
		Reason    string    `json:"reason"`
		CreatedAt core.Time `json:"created_at"`
		Source    string    `json:"source"`
	}
	// ByName picks a script.
	ByName struct {
		Name string `path:"name" maxLength:"40"`
	}

	scriptOutput   struct{ Body *Script }
	versionOutput  struct{ Body *ScriptVersion }
	saveDraftInput struct {
		ByName
		Body struct {
			Source string `json:"source" doc:"Empty takes the draft away"`
			Rev    int64  `json:"rev" doc:"Of the draft that was read; 0 when there was none"`
		}
	}
	draftOutput      struct{ Body *Draft }
	checkScriptInput struct {
		Body struct {
			Name   string `json:"name,omitempty"`
			Source string `json:"source"`
		}
	}
	checkScriptOutput struct {
		Body struct {
			Problems []core.ScriptProblem `json:"problems"`
		}
	}
	publishInput struct {
		ByName
		Body struct {
			Source string `json:"source"`
			Reason string `json:"reason" doc:"Why it changes, in a line"`
		}
	}
	rollBackInput struct {
		ByName
		Body struct {
			Version int    `json:"version"`
			Reason  string `json:"reason,omitempty"`
		}
	}
	changeScriptInput struct {
		ByName
		Body struct {
			State scripting.State `json:"state" enum:",on,off"`
		}
	}
	referenceOutput struct {
		Body struct {
			Entries []scripting.Entry `json:"entries"`
		}
	}
)

func scriptHandlers() handlers {
	return handlers{
		"listScripts":     typed((*Server).listScripts),
		"readScript":      typed((*Server).readScript),
		"scriptReference": typed((*Server).scriptReference),
		"saveDraft":       typed((*Server).saveDraft),
		"checkScript":     typed((*Server).checkScript),
		"publishScript":   typed((*Server).publishScript),
		"rollBackScript":  typed((*Server).rollBackScript),
		"withdrawScript":  typed((*Server).withdrawScript),
		"changeScript":    typed((*Server).changeScript),
		"listVersions":    typed((*Server).listVersions),
	}
}

func viewScript(st scripting.Standing) *Script {
	v := &Script{
		Name: st.Name, Title: st.Header.Title, About: st.Header.About, Kind: st.Header.Kind, Order: st.Header.Order, Hooks: st.Hooks, On: st.On,
		State: st.State, Layer: st.Layer, Hash: st.Hash, Hidden: st.Hidden, Broken: []BrokenLayer{}, Figures: st.Figures,
	}
	if v.Title == "" {
		v.Title = st.Name
	}
	if v.Hooks == nil {
		v.Hooks = []core.Hook{}
	}
	if v.Hidden == nil {
		v.Hidden = []scripting.Layer{}
	}
	for _, layer := range []scripting.Layer{scripting.Published, scripting.OnDisk, scripting.BuiltIn} {
		if wrong := st.Broken[layer]; wrong != nil {
			v.Broken = append(v.Broken, BrokenLayer{Layer: layer, Error: wrong})
		}
	}
	if k := st.Kept; k != nil {
		v.HasDraft = k.Draft != ""
		v.TrialEnded = k.Trial.Ended
		if st.Layer == scripting.Published {
			v.Version = k.Live.Number
		}
		if k.Trial.Mode != "" {
			v.Trial = &Trial{Mode: k.Trial.Mode, Share: k.Trial.Share, Since: core.Time(k.Trial.Since)}
		}
	}
	return v
}

func viewDraft(k *scripting.Kept) *Draft {
	d := &Draft{}
	if k != nil {
		d.Source, d.Rev, d.By = k.Draft, k.DraftRev, k.DraftBy
		if !k.DraftAt.IsZero() {
			at := core.Time(k.DraftAt)
			d.At = &at
		}
	}
	return d
}

func viewVersion(v *scripting.Version) *ScriptVersion {
	return &ScriptVersion{Version: v.Number, Hash: v.Hash, Author: v.Author, Reason: v.Reason, CreatedAt: core.Time(v.CreatedAt), Source: v.Source}
}

func (s *Server) listScripts(_ context.Context, in *Page) (*listOutput[*Script], error) {
	return paged(s.sign, "scripts", *in, s.scripts.List(), func(st scripting.Standing) string { return st.Name }, viewScript)
}

func (s *Server) readScript(_ context.Context, in *ByName) (*scriptOutput, error) {
	st, err := s.scripts.Script(in.Name)
	if err != nil {
		return nil, err
	}
	v := viewScript(st)
	v.Source, v.Draft, v.Problems = &st.Source, viewDraft(st.Kept), st.Warned
	return &scriptOutput{Body: v}, nil
}

func (s *Server) scriptReference(context.Context, *empty) (*referenceOutput, error) {
	out := &referenceOutput{}
	out.Body.Entries = s.scripts.Reference()
	return out, nil
}

func (s *Server) saveDraft(ctx context.Context, in *saveDraftInput) (*draftOutput, error) {
	kept, err := s.scripts.SaveDraft(ctx, actorOf(ctx), in.Name, in.Body.Source, in.Body.Rev)
	if err != nil {
		return nil, err
	}
	return &draftOutput{Body: viewDraft(kept)}, nil
}

func (s *Server) checkScript(_ context.Context, in *checkScriptInput) (*checkScriptOutput, error) {
	out := &checkScriptOutput{}
	out.Body.Problems = s.scripts.Check(in.Body.Name, in.Body.Source)
	if out.Body.Problems == nil {
		out.Body.Problems = []core.ScriptProblem{}
	}
	return out, nil
}

func (s *Server) publishScript(ctx context.Context, in *publishInput) (*versionOutput, error) {
	version, _, err := s.scripts.Publish(ctx, actorOf(ctx), in.Name, in.Body.Source, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return &versionOutput{Body: viewVersion(version)}, nil
}

func (s *Server) rollBackScript(ctx context.Context, in *rollBackInput) (*versionOutput, error) {
	version, _, err := s.scripts.RollBack(ctx, actorOf(ctx), in.Name, in.Body.Version, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return &versionOutput{Body: viewVersion(version)}, nil
}

func (s *Server) withdrawScript(ctx context.Context, in *ByName) (*struct{}, error) {
	return nil, s.scripts.Withdraw(ctx, actorOf(ctx), in.Name)
}

func (s *Server) changeScript(ctx context.Context, in *changeScriptInput) (*scriptOutput, error) {
	if err := s.scripts.SetState(ctx, actorOf(ctx), in.Name, in.Body.State); err != nil {
		return nil, err
	}
	return s.readScript(ctx, &in.ByName)
}

func (s *Server) listVersions(ctx context.Context, in *struct {
	ByName
	Page
}) (*listOutput[*ScriptVersion], error) {
	if _, err := s.scripts.Script(in.Name); err != nil {
		return nil, err
	}
	versions, err := s.scripts.Versions(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	out := &listOutput[*ScriptVersion]{Body: List[*ScriptVersion]{Data: []*ScriptVersion{}}}
	for _, v := range versions {
		out.Body.Data = append(out.Body.Data, viewVersion(v))
	}
	return out, nil
}
