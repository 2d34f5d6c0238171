package api

import (
	"context"
	"net/url"

	"baton/core"
)

type (
	noteInput struct {
		One
		Body struct {
			Text string `json:"text"`
		}
	}
	tagInput struct {
		One
		Tag string `path:"tag"`
	}
)

func noteHandlers() handlers {
	return handlers{
		"addNote":   typed((*Server).addNote),
		"addTag":    typed((*Server).addTag),
		"removeTag": typed((*Server).removeTag),
	}
}

func (s *Server) addNote(ctx context.Context, in *noteInput) (*sentOutput, error) {
	id, seq, err := s.desk.Note(ctx, actorOf(ctx), in.ID, in.Body.Text)
	if err != nil {
		return nil, hide(err)
	}
	return &sentOutput{Body: SentAnswer{ID: id, Seq: seq}}, nil
}

func (s *Server) addTag(ctx context.Context, in *tagInput) (*empty, error) {
	tag, err := in.tag()
	if err != nil {
		return nil, err
	}
	return nil, hide(s.desk.Tag(ctx, actorOf(ctx), in.ID, tag))
}

func (s *Server) removeTag(ctx context.Context, in *tagInput) (*empty, error) {
	tag, err := in.tag()
	if err != nil {
		return nil, err
	}
	return nil, hide(s.desk.Untag(ctx, actorOf(ctx), in.ID, tag))
}

// tag reads the tag out of the path, where it is escaped. Paths are matched as they were sent, so that no
// escaping leads to another route.
func (in *tagInput) tag() (string, error) {
	tag, err := url.PathUnescape(in.Tag)
	if err != nil {
		return "", core.RefuseField("tag", "the tag is not escaped as a part of a path is")
	}
	return tag, nil
}
