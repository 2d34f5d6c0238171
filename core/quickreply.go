package core

// QuickReply is a text that agents insert by its shortcut. {{first_name}} and other names in double braces are
// filled in where it is inserted.
type QuickReply struct {
	ID       string
	Owner    string // the agent whose own it is; empty for the team's
	Queue    *Ref   // a reply of the team may be for one queue; nil is for all
	Shortcut string // unique among the owner's, or the team's
	Title    string
	Text     string
	Language string
	Used     int64 // how often it was inserted
	Rev      int64 // grows with each change but of Used
}

// Team says whether the reply belongs to the team.
func (r QuickReply) Team() bool { return r.Owner == "" }
