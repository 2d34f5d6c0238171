package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"baton/adapters/api/picture"
	"baton/core"
)

const (
	// linkFor is how long a link to a file is good.
	linkFor = 5 * time.Minute
	// maxFileName bounds the name of a file, and formOverhead what a form has beside the file.
	maxFileName  = 255
	formOverhead = 64 << 10
	// lookAtStored bounds what is done with a file after its bytes have arrived.
	lookAtStored = 10 * time.Second
)

func attachmentHandlers() handlers {
	return handlers{
		"uploadAttachment": raw((*Server).uploadAttachment),
		"readAttachment":   raw((*Server).readAttachment),
		"followAttachment": raw((*Server).followAttachment),
	}
}

// upload is a file on its way in.
type upload struct {
	session string
	id      string // "" until the bytes are kept
	name    string
	kind    string
	size    int64
	turned  bool   // a picture that is shown with width and height exchanged
	digest  string // of the bytes as they came
}

// said tells one upload from another.
func (up upload) said() []byte {
	return []byte(strings.Join([]string{up.session, up.name, up.kind, up.digest}, "\x00"))
}

// uploadAttachment takes a file for a session that the caller may write in. It is kept whole or not at all.
func (s *Server) uploadAttachment(ctx context.Context, c huma.Context) (err error) {
	defer func() {
		if core.KindOf(err) == core.StorageFull {
			s.log.Warn("an attached file found no room", "request_id", callOf(ctx).id, "error", err)
		}
	}()
	up, err := s.receive(ctx, c)
	if up.id == "" {
		if err == nil {
			err = core.RefuseField("/file", "file is missing")
		}
		return err
	}
	var a core.Attachment
	if err == nil {
		a, err = s.keepOnce(ctx, up)
	}
	if a.ID != up.id { // refused, or a repeat of what is kept already
		err = errors.Join(err, s.blobs.Remove(context.WithoutCancel(ctx), up.id))
	}
	if err != nil {
		return err
	}
	c.SetHeader("Content-Type", jsonType)
	c.SetStatus(http.StatusCreated)
	return writeJSON(c.BodyWriter(), a)
}

// keepOnce keeps what has arrived. A repeat of a bot's keyed upload gives the file that was kept first.
func (s *Server) keepOnce(ctx context.Context, up upload) (core.Attachment, error) {
	within, cancel := context.WithTimeout(ctx, lookAtStored)
	defer cancel()
	callOf(ctx).body = up.said()
	return once(within, s, created, func(ctx context.Context) (core.Attachment, error) {
		return s.keepUpload(ctx, up)
	}, func(ctx context.Context, kept *core.Idempotency) (core.Attachment, error) {
		a, _, err := s.dir.Attachment(ctx, kept.Result)
		return a, hide(err)
	})
}

// keepUpload checks what has arrived and writes it down.
func (s *Server) keepUpload(ctx context.Context, up upload) (core.Attachment, error) {
	if up.session == "" {
		return core.Attachment{}, core.RefuseField("/session", "session is missing: a file belongs to one")
	}
	if err := s.mayAttach(ctx, up.session); err != nil {
		return core.Attachment{}, err
	}
	a := core.Attachment{ID: up.id, Name: up.name, Type: up.kind, Size: up.size}
	if err := s.inspect(ctx, up, &a); err != nil {
		return core.Attachment{}, err
	}
	key := callOf(ctx).keyed(created)
	if key != nil {
		key.Session, key.Result = up.session, a.ID
	}
	if err := s.dir.AddAttachment(ctx, actorOf(ctx), up.session, a, s.storage(), key); err != nil {
		return core.Attachment{}, err
	}
	return a, nil
}

// storage is how many bytes all files may have together.
func (s *Server) storage() int64 {
	if s.cfg.Storage > 0 {
		return s.cfg.Storage
	}
	return math.MaxInt64
}

// hasRoom refuses a file of about so many bytes before it is read, when there would be no room for it.
func (s *Server) hasRoom(ctx context.Context, size int64) error {
	stored, err := s.dir.StoredBytes(ctx)
	if err == nil && stored > s.storage()-max(size, 1) {
		return core.NoRoom().Because(fmt.Errorf("all files together have %d bytes, and limits.storage is %d", stored, s.storage()))
	}
	return err
}

// mayAttach says whether the caller may write in this session.
func (s *Server) mayAttach(ctx context.Context, session string) error {
	by := actorOf(ctx)
	found, err := s.desk.Session(ctx, by, session)
	switch {
	case err != nil:
		return hide(err)
	case !found.Open():
		return core.Refuse(core.SessionEnded, "this chat has ended; nothing can be added to it")
	case by.Login() && !found.OwnedBy(by.ID):
		return core.Refuse(core.NotOwner, "you do not have this chat; take it over to send a file")
	}
	return nil
}

// receive reads the form. A file whose session is named first is not read when the caller may not write there.
func (s *Server) receive(ctx context.Context, c huma.Context) (up upload, err error) {
	f := humafiber.Unwrap(c)
	form, err := s.form(f)
	if err == nil {
		err = s.hasRoom(ctx, int64(f.Context().Request.Header.ContentLength())-formOverhead)
	}
	if err != nil {
		return up, err
	}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return up, nil
		}
		if err != nil {
			return up, brokenForm(f, err)
		}
		switch name := part.FormName(); {
		case name == "session" && up.session == "":
			up.session, err = readField(part)
			if err == nil && callOf(ctx).key == "" { // a keyed one may repeat what was allowed then
				err = s.mayAttach(ctx, up.session)
			}
		case name == "file" && up.id == "":
			err = s.receiveFile(ctx, part, &up)
		default:
			err = core.RefuseField("/"+clip(name), "the form has one file and one session")
		}
		if err != nil {
			return up, brokenForm(f, err)
		}
	}
}

// form opens the multipart body, which must keep moving.
func (s *Server) form(f *fiber.Ctx) (*multipart.Reader, error) {
	kind, params, err := mime.ParseMediaType(f.Get(fiber.HeaderContentType))
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return nil, core.Refuse(core.Unsupported, "send the file as multipart/form-data with the fields file and session")
	}
	limit := s.cfg.Attachment + formOverhead
	if int64(f.Context().Request.Header.ContentLength()) > limit {
		return nil, s.tooLarge()
	}
	stream := f.Context().RequestBodyStream()
	if stream == nil {
		return nil, core.RefuseField("/file", "file is missing")
	}
	body := &streamed{f: f.Context(), from: stream, silence: s.cfg.FileSilence, rate: s.cfg.FileRate, limit: limit, began: time.Now()}
	return multipart.NewReader(body, params["boundary"]), nil
}

func (s *Server) tooLarge() error {
	return core.Refuse(core.TooLarge, "the file is larger than %d bytes", s.cfg.Attachment)
}

// brokenForm keeps what is a refusal, and says of anything else that the form did not arrive whole.
func brokenForm(f *fiber.Ctx, err error) error {
	var refusal *core.Error
	if errors.As(err, &refusal) {
		return refusal
	}
	return unreadable(f.Context(), err)
}

// readField reads a short text of the form.
func readField(part *multipart.Part) (string, error) {
	text, err := io.ReadAll(io.LimitReader(part, maxFileName+1))
	if err == nil && (len(text) > maxFileName || !utf8.Valid(text) || slices.Contains(text, 0)) {
		err = core.RefuseField("/"+part.FormName(), "this is at most %d bytes of UTF-8 without NUL", maxFileName)
	}
	return string(text), err
}

// receiveFile keeps the bytes of the file under an id that nobody guesses. Of a picture it keeps what is shown, and
// nothing of where and with what it was taken.
func (s *Server) receiveFile(ctx context.Context, part *multipart.Part, up *upload) error {
	name, err := fileName(part.FileName())
	if err != nil {
		return err
	}
	kind, err := declaredType(name, part.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	id := core.NewUnguessableID(core.AttachmentPrefix)
	digest := sha256.New()
	clean := picture.Clean(kind, &bounded{from: io.TeeReader(part, digest), left: s.cfg.Attachment, full: s.tooLarge()})
	size, err := s.blobs.Put(ctx, id, clean)
	if err != nil {
		return err
	}
	up.id, up.name, up.kind, up.size, up.turned = id, name, kind, size, clean.Turned()
	up.digest = hex.EncodeToString(digest.Sum(nil))
	if size == 0 {
		return core.RefuseField("/file", "the file is empty")
	}
	return nil
}

// bounded reads at most left bytes; one more is an error.
type bounded struct {
	from io.Reader
	left int64
	full error
}

// Read reads on.
func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.from.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, b.full
	}
	return n, err
}

// fileName is the name that people see: no path, and nothing in it that changes how it looks.
func fileName(sent string) (string, error) {
	name := core.CleanName(strings.ReplaceAll(path.Base(strings.ReplaceAll(sent, `\`, "/")), "\ufffd", ""))
	if name == "" || name == "." || name == "/" || len(name) > maxFileName {
		return "", core.RefuseField("/file", "the file needs a name of 1 to %d bytes", maxFileName)
	}
	return name, nil
}

// readAttachment leads a caller who may read the file's session to the file.
func (s *Server) readAttachment(ctx context.Context, c huma.Context) error {
	id := c.Param("id")
	_, session, err := s.dir.Attachment(ctx, id)
	if err == nil {
		_, err = s.desk.Session(ctx, actorOf(ctx), session)
	}
	if err != nil {
		return hide(err)
	}
	until := time.Now().Add(linkFor)
	c.SetHeader("Location", "/v1/attachments/"+id+"/file?expires="+strconv.FormatInt(until.Unix(), 10)+"&signature="+s.sign.link(id, until))
	c.SetStatus(http.StatusFound)
	return nil
}

// followAttachment sends the file to whoever has a good link. Only plain pictures may be shown in the page;
// everything else is saved, and nothing of it is ever run.
func (s *Server) followAttachment(ctx context.Context, c huma.Context) error {
	id := c.Param("id")
	seconds, err := strconv.ParseInt(c.Query("expires"), 10, 64)
	until := time.Unix(seconds, 0)
	if err != nil || !s.sign.goodLink(id, until, c.Query("signature")) || time.Now().After(until) {
		return core.Missing()
	}
	a, _, err := s.dir.Attachment(ctx, id)
	if err != nil {
		return hide(err)
	}
	file, err := s.blobs.Open(context.WithoutCancel(ctx), id)
	if err != nil {
		return hide(err)
	}
	how, styles := "attachment", ""
	if inline(a.Type) {
		how, styles = "inline", " style-src 'unsafe-inline';" // with which browsers center a picture that has a tab to itself
	}
	c.SetHeader("Content-Type", contentType(a.Type))
	c.SetHeader("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": a.Name}))
	c.SetHeader("Content-Security-Policy", "sandbox; default-src 'none';"+styles+" frame-ancestors 'none'")
	c.SetHeader("Cache-Control", "private, max-age=300, immutable")
	c.SetStatus(http.StatusOK)
	humafiber.Unwrap(c).Context().Response.SetBodyStream(file, int(a.Size))
	return nil
}
