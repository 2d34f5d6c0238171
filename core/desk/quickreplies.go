package desk

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"baton/core"
)

// QuickReplies keeps the texts that agents insert by a shortcut. A shortcut that is taken among those of the same
// owner is a Conflict that says by which.
type QuickReplies interface {
	// QuickReplies gives the team's replies and this agent's own, by shortcut.
	QuickReplies(ctx context.Context, agent string) ([]core.QuickReply, error)
	// AddQuickReply is a Conflict, too, when the owner has as many as most already.
	AddQuickReply(ctx context.Context, by core.Actor, r core.QuickReply, most int) (core.QuickReply, error)
	// ChangeQuickReply asks decide what becomes of the newest picture of a reply, which nobody else can change
	// meanwhile; nil removes it.
	ChangeQuickReply(ctx context.Context, by core.Actor, id string, decide func(was core.QuickReply) (is *core.QuickReply, err error)) (core.QuickReply, error)
	// CountQuickReply counts one more use.
	CountQuickReply(ctx context.Context, id string) error
}

// How many replies a team and each of its people may have, and how long a shortcut may be.
const (
	teamReplies   = 2000
	ownReplies    = 500
	shortcutRunes = 32
)

// QuickReplyChange names what is to change about a reply; nil leaves a part as it is, and an empty title, language
// or queue takes it away.
type QuickReplyChange struct {
	Shortcut, Title, Text, Language *string
	Queue                           *string // name or id
}

// QuickReplies gives the actor's own replies, and those of the team for all queues and for his.
func (d *Desk) QuickReplies(ctx context.Context, by core.Actor) ([]core.QuickReply, error) {
	all, err := d.dir.QuickReplies(ctx, by.ID)
	if err != nil {
		return nil, err
	}
	mine := all[:0]
	for _, r := range all {
		if seesReply(by, r) {
			mine = append(mine, r)
		}
	}
	return mine, nil
}

// seesReply says whether a reply exists for this person at all. What is somebody's own is nobody else's business.
func seesReply(by core.Actor, r core.QuickReply) bool {
	if !r.Team() {
		return r.Owner == by.ID
	}
	return r.Queue == nil || by.Leads() || by.Role == core.Viewer || by.In(r.Queue.ID)
}

// AddQuickReply makes a reply of the actor's own, or of the team: that needs the permission.
func (d *Desk) AddQuickReply(ctx context.Context, by core.Actor, team bool, c QuickReplyChange) (core.QuickReply, error) {
	r, most := core.QuickReply{ID: core.NewID(core.QuickReplyPrefix), Owner: by.ID, Rev: 1}, ownReplies
	if team {
		r.Owner, most = "", teamReplies
	}
	if err := mayChangeReply(by, r); err != nil {
		return r, err
	}
	for _, needed := range []**string{&c.Shortcut, &c.Text} {
		if *needed == nil {
			*needed = new(string) // which is refused as empty
		}
	}
	queue, err := d.replyQueue(ctx, c.Queue)
	if err != nil {
		return r, err
	}
	if r, err = d.applyReply(r, c, queue); err != nil {
		return r, err
	}
	return d.dir.AddQuickReply(ctx, by, r, most)
}

// ChangeQuickReply changes a reply of the actor's own, or of the team.
func (d *Desk) ChangeQuickReply(ctx context.Context, by core.Actor, id string, c QuickReplyChange) (core.QuickReply, error) {
	queue, err := d.replyQueue(ctx, c.Queue)
	if err != nil {
		return core.QuickReply{}, err
	}
	return d.dir.ChangeQuickReply(ctx, by, id, func(was core.QuickReply) (*core.QuickReply, error) {
		if err := reachReply(by, was); err != nil {
			return nil, err
		}
		is, err := d.applyReply(was, c, queue)
		return &is, err
	})
}

// RemoveQuickReply removes a reply of the actor's own, or of the team.
func (d *Desk) RemoveQuickReply(ctx context.Context, by core.Actor, id string) error {
	_, err := d.dir.ChangeQuickReply(ctx, by, id, func(was core.QuickReply) (*core.QuickReply, error) {
		return nil, reachReply(by, was)
	})
	return err
}

// UseQuickReply counts that the actor inserted a reply.
func (d *Desk) UseQuickReply(ctx context.Context, by core.Actor, id string) error {
	all, err := d.QuickReplies(ctx, by)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.ID == id {
			return d.dir.CountQuickReply(ctx, id)
		}
	}
	return core.Missing()
}

// reachReply refuses who may not change a reply; one that he does not see is missing.
func reachReply(by core.Actor, r core.QuickReply) error {
	if !seesReply(by, r) {
		return core.Missing()
	}
	return mayChangeReply(by, r)
}

func mayChangeReply(by core.Actor, r core.QuickReply) error {
	if r.Team() && !Allows(by, ActTeamReplies) {
		return core.Refuse(core.Forbidden, "the team's quick replies are for supervisors and above to change; make one of your own instead")
	}
	return nil
}

// replyQueue finds the queue that a reply is to be for; empty is all of them.
func (d *Desk) replyQueue(ctx context.Context, name *string) (*core.Ref, error) {
	if name == nil || *name == "" {
		return nil, nil
	}
	queue, err := d.queue(ctx, "/queue", *name)
	if err != nil {
		return nil, err
	}
	ref := queue.Ref()
	return &ref, nil
}

// applyReply gives the reply as it is after the change.
func (d *Desk) applyReply(r core.QuickReply, c QuickReplyChange, queue *core.Ref) (core.QuickReply, error) {
	if c.Shortcut != nil {
		shortcut, err := checkShortcut(*c.Shortcut)
		if err != nil {
			return r, err
		}
		r.Shortcut = shortcut
	}
	if c.Title != nil {
		if r.Title = core.CleanName(*c.Title); len(r.Title) > core.MaxName || !core.Plain(*c.Title) {
			return r, core.RefuseField("/title", "a title has at most %d bytes of UTF-8", core.MaxName)
		}
	}
	if c.Text != nil {
		if err := d.checkText("/text", *c.Text, false); err != nil {
			return r, err
		}
		r.Text = *c.Text
	}
	if c.Language != nil {
		if *c.Language != "" && !core.IsLanguageTag(*c.Language) {
			return r, core.RefuseField("/language", "language is a language tag like en or pt-BR")
		}
		r.Language = *c.Language
	}
	if c.Queue != nil {
		if queue != nil && !r.Team() {
			return r, core.RefuseField("/queue", "only the team's replies are for one queue")
		}
		r.Queue = queue
	}
	return r, nil
}

// checkShortcut gives a shortcut as it is kept: in lower case and without the slash that it is called by.
func checkShortcut(text string) (string, error) {
	shortcut := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(text), "/"))
	odd := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && r != '-' && r != '_' || r == utf8.RuneError
	}
	if n := utf8.RuneCountInString(shortcut); n < 1 || n > shortcutRunes || strings.ContainsFunc(shortcut, odd) {
		return "", core.RefuseField("/shortcut", "a shortcut has 1 to %d letters, digits, - or _", shortcutRunes)
	}
	return shortcut, nil
}
