package core

import "time"

// RecordTicket is the kind of a record that a customer's message for later made.
const RecordTicket = "ticket"

// Record is something that is known of a customer beside his chats.
type Record struct {
	ID        string
	Kind      string
	Session   string
	Email     string
	Text      string
	CreatedAt time.Time
}
