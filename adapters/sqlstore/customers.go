package sqlstore

import (
	"context"
	"encoding/json"
	"time"

	"github.com/uptrace/bun"

	"baton/core"
	"baton/core/access"
)

// customerRow is a customer as it is kept. Issuer and subject are set for those whom a host page vouched for.
type customerRow struct {
	bun.BaseModel `bun:"table:customers,alias:c"`

	ID         string `bun:"id,pk"`
	BotID      string `bun:"bot_id"`
	ExternalID string `bun:"external_id"`
	Name       string `bun:"name"`
	Email      string `bun:"email"`
	Phone      string `bun:"phone"`
	Locale     string `bun:"locale"`
	TimeZone   string `bun:"time_zone"`
	Verified   bool   `bun:"verified"`
	Attributes string `bun:"attributes"`
	Issuer     string `bun:"issuer"`
	Subject    string `bun:"subject"`
	CreatedAt  int64  `bun:"created_at"`
}

func newCustomer(c core.Customer, bot string, at time.Time) (*customerRow, error) {
	row := &customerRow{ID: c.ID, BotID: bot, ExternalID: c.ExternalID, CreatedAt: at.UnixMilli()}
	if row.ID == "" {
		row.ID = core.NewID(core.CustomerPrefix)
	}
	return row, row.take(c)
}

// take writes what is known of the customer into the row.
func (r *customerRow) take(c core.Customer) error {
	if c.Attributes == nil {
		c.Attributes = map[string]any{}
	}
	attributes, err := json.Marshal(c.Attributes)
	r.Name, r.Email, r.Phone, r.Locale, r.TimeZone, r.Verified, r.Attributes = c.Name, c.Email, c.Phone, c.Locale, c.TimeZone, c.Verified, string(attributes)
	return wrap(err, "write the attributes of a customer")
}

func (r *customerRow) customer() (core.Customer, error) {
	c := core.Customer{
		ID: r.ID, ExternalID: r.ExternalID, Name: r.Name, Email: r.Email, Phone: r.Phone, Locale: r.Locale, TimeZone: r.TimeZone, Verified: r.Verified,
	}
	err := json.Unmarshal([]byte(r.Attributes), &c.Attributes)
	if len(c.Attributes) == 0 {
		c.Attributes = nil
	}
	return c, wrap(err, "read the attributes of "+r.ID)
}

// Customer gives the customer of this id; it is NotFound when there is none.
func (s *Store) Customer(ctx context.Context, id string) (core.Customer, error) {
	row := new(customerRow)
	if err := s.read.NewSelect().Model(row).Where("id = ?", id).Scan(ctx); err != nil {
		return core.Customer{}, found(err, "read a customer")
	}
	return row.customer()
}

// CustomerOfBot gives the bot's customer of this external id, made when it is new, with what the bot says of him
// now laid over what was known. Without an external id it is a new customer each time.
func (s *Store) CustomerOfBot(ctx context.Context, bot string, said core.Customer) (core.Customer, error) {
	said.ID, said.Verified = "", false
	row, err := newCustomer(said, bot, time.Now())
	if err != nil {
		return core.Customer{}, err
	}
	err = s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		result, err := tx.NewInsert().Model(row).On("CONFLICT DO NOTHING").Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 1 {
			return err
		}
		return s.overlay(ctx, tx, row, said)
	})
	if err != nil {
		return core.Customer{}, wrap(err, "keep a customer")
	}
	return row.customer()
}

// overlay reads the customer that is there already and writes what is said of him now.
func (s *Store) overlay(ctx context.Context, tx bun.Tx, row *customerRow, said core.Customer) error {
	query := "SELECT * FROM customers WHERE bot_id = ? AND external_id = ?" + s.dialect.forUpdate()
	if err := tx.NewRaw(query, row.BotID, row.ExternalID).Scan(ctx, row); err != nil {
		return err
	}
	known, err := row.customer()
	if err != nil {
		return err
	}
	if err := row.take(known.With(said)); err != nil {
		return err
	}
	_, err = tx.NewUpdate().Model(row).WherePK().Exec(ctx)
	return err
}

// ChangeCustomer asks decide what becomes of the newest picture of a customer; who he is stays as it was.
func (s *Store) ChangeCustomer(ctx context.Context, by core.Actor, id string, decide func(was core.Customer) (core.Customer, error)) (core.Customer, error) {
	row := new(customerRow)
	err := s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := tx.NewRaw("SELECT * FROM customers WHERE id = ?"+s.dialect.forUpdate(), id).Scan(ctx, row); err != nil {
			return found(err, "read a customer")
		}
		was, err := row.customer()
		if err != nil {
			return err
		}
		is, err := decide(was)
		if err != nil {
			return err
		}
		is.Verified = was.Verified
		if err := row.take(is); err != nil {
			return err
		}
		if _, err := tx.NewUpdate().Model(row).Column("name", "email", "phone", "locale", "time_zone", "attributes").WherePK().Exec(ctx); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "customer.changed", id, nil)
	})
	if err != nil {
		return core.Customer{}, wrap(err, "change a customer")
	}
	return row.customer()
}

// hostPage is who vouches for verified customers: the operator's own pages, by whichever of their keys.
const hostPage = "page"

// AddVisitor keeps a visitor's token and makes its customer, or finds the one who was verified before.
func (s *Store) AddVisitor(ctx context.Context, v access.NewVisitor) (core.Customer, error) {
	row, err := newCustomer(v.Customer, "", v.At)
	if err != nil {
		return core.Customer{}, err
	}
	signedBy := ""
	err = s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		insert := tx.NewInsert().Model(row)
		if v.Claims != nil {
			// The token remembers the key that signed for it; the person outlives the keys, which are rotated.
			signedBy, row.Issuer, row.Subject = v.Claims.Issuer, hostPage, v.Claims.Subject
			// What the page does not claim is left as it is known.
			insert = insert.On("CONFLICT (issuer, subject) WHERE subject <> '' DO UPDATE").
				Set("name = CASE WHEN excluded.name <> '' THEN excluded.name ELSE c.name END").
				Set("email = CASE WHEN excluded.email <> '' THEN excluded.email ELSE c.email END").
				Set("locale = CASE WHEN excluded.locale <> '' THEN excluded.locale ELSE c.locale END").
				Set("time_zone = CASE WHEN excluded.time_zone <> '' THEN excluded.time_zone ELSE c.time_zone END").
				Returning("*")
		}
		if _, err := insert.Exec(ctx); err != nil {
			return err
		}
		_, err := tx.NewRaw("INSERT INTO visitor_tokens (id, hash, customer_id, issuer, created_at, used_at) VALUES (?, ?, ?, ?, ?, ?)",
			v.ID, v.Hash, row.ID, signedBy, v.At.UnixMilli(), v.At.UnixMilli()).Exec(ctx)
		return err
	})
	if err != nil {
		return core.Customer{}, wrap(err, "keep a visitor")
	}
	return row.customer()
}
