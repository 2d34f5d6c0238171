package client

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
)

// SetUp makes the owner with the one-time code.
func (c *Client) SetUp(ctx context.Context, code, email, name, password string) (login Login, err error) {
	in := map[string]string{"code": code, "email": email, "name": name, "password": password, "time_zone": "UTC"}
	_, err = c.Do(ctx, http.MethodPost, "/v1/setup", in, &login)
	return login, err
}

// SignIn gives the token of a person of the team.
func (c *Client) SignIn(ctx context.Context, email, password string) (login Login, err error) {
	_, err = c.Do(ctx, http.MethodPost, "/v1/login", map[string]string{"email": email, "password": password}, &login)
	return login, err
}

// Visit starts as a customer of the page.
func (c *Client) Visit(ctx context.Context, name string) (v Visitor, err error) {
	_, err = c.Do(ctx, http.MethodPost, "/v1/visitors", map[string]string{"name": name}, &v)
	return v, err
}

// MakeKey makes a key for the bot of this name.
func (c *Client) MakeKey(ctx context.Context, bot string) (k Key, err error) {
	_, err = c.Do(ctx, http.MethodPost, "/v1/keys", map[string]string{"name": bot}, &k)
	return k, err
}

// MakeQueue makes a queue.
func (c *Client) MakeQueue(ctx context.Context, name string) (q Queue, err error) {
	_, err = c.Do(ctx, http.MethodPost, "/v1/queues", map[string]string{"name": name}, &q)
	return q, err
}

// Agents lists the team, up to 500 people.
func (c *Client) Agents(ctx context.Context) ([]Agent, error) {
	var list struct {
		Data []Agent `json:"data"`
	}
	_, err := c.Insist(ctx, http.MethodGet, "/v1/agents?limit=500", nil, &list)
	return list.Data, err
}

// ChangeAgent changes the named parts of an agent.
func (c *Client) ChangeAgent(ctx context.Context, id string, parts map[string]any) (a Agent, err error) {
	_, err = c.Do(ctx, http.MethodPatch, "/v1/agents/"+id, parts, &a)
	return a, err
}

// Be says that I am available, busy, away or offline.
func (c *Client) Be(ctx context.Context, status string) (a Agent, err error) {
	_, err = c.Insist(ctx, http.MethodPut, "/v1/me", map[string]string{"status": status}, &a)
	return a, err
}

// Me is the customer who calls.
func (c *Client) Me(ctx context.Context) (me Me, err error) {
	_, err = c.Insist(ctx, http.MethodGet, "/v1/me", nil, &me)
	return me, err
}

// Handoff asks for a person. With a key it may be repeated: all repeats together make one session.
func (c *Client) Handoff(ctx context.Context, h Handoff, key string) (answer HandoffAnswer, status int, err error) {
	if key == "" {
		status, err = c.Do(ctx, http.MethodPost, "/v1/handoffs", h, &answer)
		return answer, status, err
	}
	status, err = c.Insist(ctx, http.MethodPost, "/v1/handoffs", h, &answer, "Idempotency-Key", key)
	return answer, status, err
}

// Availability is how a request for a queue would fare now.
func (c *Client) Availability(ctx context.Context, queue string) (a Availability, err error) {
	_, err = c.Insist(ctx, http.MethodGet, "/v1/availability?queue="+url.QueryEscape(queue), nil, &a)
	return a, err
}

// Session reads a session.
func (c *Client) Session(ctx context.Context, id string) (s Session, err error) {
	_, err = c.Insist(ctx, http.MethodGet, "/v1/sessions/"+id, nil, &s)
	return s, err
}

// Sessions lists all sessions that the query finds.
func (c *Client) Sessions(ctx context.Context, query url.Values) ([]Session, error) {
	var all []Session
	for after := ""; ; {
		var list struct {
			Data []Session `json:"data"`
			Next *string   `json:"next"`
		}
		page := url.Values{"limit": {"500"}}
		for name, values := range query {
			page[name] = values
		}
		if after != "" {
			page.Set("after", after)
		}
		if _, err := c.Insist(ctx, http.MethodGet, "/v1/sessions?"+page.Encode(), nil, &list); err != nil {
			return nil, err
		}
		all = append(all, list.Data...)
		if list.Next == nil {
			return all, nil
		}
		after = *list.Next
	}
}

// Events reads all events after seq that the caller may see.
func (c *Client) Events(ctx context.Context, session string, after int64) ([]Entry, error) {
	var all []Entry
	for {
		var list struct {
			Data []Entry `json:"data"`
			Next *int64  `json:"next"`
		}
		path := "/v1/sessions/" + session + "/events?limit=500&after=" + strconv.FormatInt(after, 10)
		if _, err := c.Insist(ctx, http.MethodGet, path, nil, &list); err != nil {
			return nil, err
		}
		all = append(all, list.Data...)
		if list.Next == nil {
			return all, nil
		}
		after = *list.Next
	}
}

// Post says something, however often it must be repeated; the client id of m makes that safe.
func (c *Client) Post(ctx context.Context, session string, m Message) (sent Sent, err error) {
	m.Session = ""
	_, err = c.Insist(ctx, http.MethodPost, "/v1/sessions/"+session+"/messages", m, &sent)
	return sent, err
}

// Act does one of the acts on a session that answer with it: accept, decline, assign, transfer, takeover, end,
// reopen, rating. In may be nil.
func (c *Client) Act(ctx context.Context, session, act string, in any) (s Session, err error) {
	_, err = c.Do(ctx, http.MethodPost, "/v1/sessions/"+session+"/"+act, in, &s)
	return s, err
}

// Note leaves a remark for colleagues.
func (c *Client) Note(ctx context.Context, session, text string) (sent Sent, err error) {
	_, err = c.Do(ctx, http.MethodPost, "/v1/sessions/"+session+"/notes", map[string]string{"text": text}, &sent)
	return sent, err
}

// Tag puts a tag on a session.
func (c *Client) Tag(ctx context.Context, session, tag string) error {
	_, err := c.Do(ctx, http.MethodPut, "/v1/sessions/"+session+"/tags/"+url.PathEscape(tag), nil, nil)
	return err
}

// Read says up to which seq my side has read.
func (c *Client) Read(ctx context.Context, session string, seq int64) error {
	_, err := c.Do(ctx, http.MethodPost, "/v1/sessions/"+session+"/read", map[string]int64{"seq": seq}, nil)
	return err
}

// Upload sends a file of this type for a session; its id goes into a message.
func (c *Client) Upload(ctx context.Context, session, name, kind string, content []byte) (a Attachment, err error) {
	body := &bytes.Buffer{}
	form := multipart.NewWriter(body)
	if err := form.WriteField("session", session); err != nil {
		return a, err
	}
	part, err := form.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {fmt.Sprintf(`form-data; name="file"; filename=%q`, name)}, "Content-Type": {kind},
	})
	if err != nil {
		return a, err
	}
	if _, err := io.Copy(part, bytes.NewReader(content)); err != nil {
		return a, err
	}
	if err := form.Close(); err != nil {
		return a, err
	}
	_, err = c.send(ctx, http.MethodPost, "/v1/attachments", body, &a, []string{"Content-Type", form.FormDataContentType()})
	return a, err
}

// Download reads a file that was sent in a session.
func (c *Client) Download(ctx context.Context, id string) (content []byte, err error) {
	_, err = c.Do(ctx, http.MethodGet, "/v1/attachments/"+id, nil, &content)
	return content, err
}
