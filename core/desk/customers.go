package desk

import (
	"context"

	"baton/core"
)

// maxPhone bounds a telephone number, as people write them.
const maxPhone = 64

// Customer gives a customer to somebody who may read a session of his; any other is missing.
func (d *Desk) Customer(ctx context.Context, by core.Actor, id string) (core.Customer, error) {
	if err := d.mayKnow(ctx, by, id); err != nil {
		return core.Customer{}, err
	}
	return d.people.Customer(ctx, id)
}

// mayKnow says whether there is a session of the customer that the actor may read.
func (d *Desk) mayKnow(ctx context.Context, by core.Actor, customer string) error {
	page, _, err := d.reader.Sessions(ctx, core.SessionFilter{Customers: []string{customer}, Within: d.Reach(by), Limit: 1})
	if err == nil && len(page) == 0 {
		err = core.Missing()
	}
	return err
}

// ChangeCustomer changes how a customer can be reached, also in his open sessions. Name and address of a verified
// customer are what the host page vouches for: changing them is a Conflict.
func (d *Desk) ChangeCustomer(ctx context.Context, by core.Actor, id string, c core.CustomerChange) (core.Customer, error) {
	if err := checkContact(&c); err != nil {
		return core.Customer{}, err
	}
	if err := d.mayKnow(ctx, by, id); err != nil {
		return core.Customer{}, err
	}
	is, err := d.people.ChangeCustomer(ctx, by, id, func(was core.Customer) (core.Customer, error) {
		if was.Verified && (c.Name != nil && *c.Name != was.Name || c.Email != nil && *c.Email != was.Email) {
			return was, core.Refuse(core.Conflict, "the page vouches for the name and address of this customer; they are changed there")
		}
		return was.Contact(either(c.Name, was.Name), either(c.Email, was.Email), either(c.Phone, was.Phone)), nil
	})
	if err != nil {
		return is, err
	}
	return is, d.spreadContact(ctx, by, is)
}

func either(said *string, known string) string {
	if said != nil {
		return *said
	}
	return known
}

// spreadContact writes what is known of a customer now into his open sessions.
func (d *Desk) spreadContact(ctx context.Context, by core.Actor, is core.Customer) error {
	open := []core.Status{core.StatusPending, core.StatusWaiting, core.StatusActive}
	page, _, err := d.reader.Sessions(ctx, core.SessionFilter{Customers: []string{is.ID}, Statuses: open, Limit: sessionsOfOne})
	if err != nil {
		return err
	}
	known := func(s *core.Session) bool {
		return !s.Open() || s.Customer.Name == is.Name && s.Customer.Email == is.Email && s.Customer.Phone == is.Phone
	}
	for _, s := range page {
		if known(s) {
			continue
		}
		_, err := d.store.Change(ctx, by, s.ID, func(s *core.Session, tx core.Tx) error {
			if !known(s) {
				customer := s.Customer.Contact(is.Name, is.Email, is.Phone)
				tx.Emit(by.Ref(), &core.Updated{Customer: &customer})
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// sessionsOfOne is more open sessions than one customer has.
const sessionsOfOne = 500

func checkContact(c *core.CustomerChange) error {
	if c.Name != nil && *c.Name != "" {
		name, err := core.CheckName("/name", *c.Name)
		if err != nil {
			return err
		}
		c.Name = &name
	}
	if c.Email != nil && *c.Email != "" {
		email := core.CleanEmail(*c.Email)
		if err := core.CheckEmail("/email", email); err != nil {
			return err
		}
		c.Email = &email
	}
	if c.Phone != nil {
		phone := core.CleanName(*c.Phone)
		if len(phone) > maxPhone || !core.Plain(*c.Phone) {
			return core.RefuseField("/phone", "a telephone number has at most %d bytes of UTF-8", maxPhone)
		}
		c.Phone = &phone
	}
	return nil
}

// Tags counts the tags of the sessions in the actor's queues, or of all sessions for those who read all.
func (d *Desk) Tags(ctx context.Context, by core.Actor) ([]core.TagCount, error) {
	return d.dir.Tags(ctx, d.Reach(by))
}
