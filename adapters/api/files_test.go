package api_test

import (
	"archive/zip"
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"testing"

	"baton/adapters/api"
	"baton/core"
	"baton/core/desk"
)

// upload sends a form with a session and a file.
func (h *house) upload(t testing.TB, by caller, session, name, kind string, data []byte, headers ...string) answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("session", session); err != nil {
		t.Fatal(err)
	}
	head := textproto.MIMEHeader{}
	head.Set("Content-Disposition", `form-data; name="file"; filename="`+strings.ReplaceAll(name, `"`, `\"`)+`"`)
	head.Set("Content-Type", kind)
	part, err := form.CreatePart(head)
	if err == nil {
		_, err = part.Write(data)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return h.sendForm(t, by, form.FormDataContentType(), body.Bytes(), headers...)
}

func (h *house) sendForm(t testing.TB, by caller, kind string, body []byte, headers ...string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.url+"/v1/attachments", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if by.token != "" {
		r.Header.Set("Authorization", "Bearer "+by.token)
	}
	return h.send(t, r)
}

func picture(t testing.TB, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func archive(t testing.TB, inside string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	if _, err := w.Create(inside); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFileGoesInAndOutBySignedLink(t *testing.T) {
	h := open(t, nil)
	bot, visitor := h.bot(t, "shop"), h.visitor(t)
	s := h.chat(t, bot, visitor, "")
	data := picture(t, 3, 2)
	a := h.upload(t, visitor, s.ID, "C:\\pics\\ho\u202elid\"ay.png", "image/png", data).want(t, "upload", 201)
	if a.JSON["width"] != 3.0 || a.JSON["height"] != 2.0 || a.JSON["type"] != "image/png" || a.JSON["size"] != float64(len(data)) {
		t.Errorf("the attachment is %s", a.text)
	}
	if name := a.JSON["name"].(string); strings.ContainsRune(name, '‮') || strings.Contains(name, `\`) && strings.Contains(name, "pics") {
		t.Errorf("the file is called %q", name)
	}
	id := a.JSON["id"].(string)
	h.call(t, visitor, "POST", "/v1/sessions/"+s.ID+"/messages", `{"client_id":"1","attachments":["`+id+`"]}`).want(t, "message with the file", 201)
	link := h.call(t, bot, "GET", "/v1/attachments/"+id, "").want(t, "read", 302).header.Get("Location")
	got := h.call(t, caller{}, "GET", link, "").want(t, "follow", 200)
	if got.text != string(data) || got.header.Get("Content-Type") != "image/png" || !strings.HasPrefix(got.header.Get("Content-Disposition"), "inline") {
		t.Errorf("the file came as %v with %d bytes", got.header, len(got.text))
	}
}

func TestZ11LinksCannotBeForgedAndIDsNotGuessed(t *testing.T) {
	h := open(t, nil)
	bot, visitor := h.bot(t, "shop"), h.visitor(t)
	s := h.chat(t, bot, visitor, "")
	id := h.upload(t, bot, s.ID, "a.txt", "text/plain", []byte("one")).want(t, "upload", 201).JSON["id"].(string)
	other := h.upload(t, bot, s.ID, "b.txt", "text/plain", []byte("two")).want(t, "upload", 201).JSON["id"].(string)
	if len(strings.TrimPrefix(id, core.AttachmentPrefix)) < 26 {
		t.Errorf("%s has less than 128 bits", id)
	}
	link := h.call(t, bot, "GET", "/v1/attachments/"+id, "").want(t, "read", 302).header.Get("Location")
	h.call(t, caller{}, "GET", link, "").want(t, "the link itself", 200)
	for what, forged := range map[string]string{
		"for another file":  strings.Replace(link, id, other, 1),
		"for longer":        strings.Replace(link, "expires=", "expires=1", 1),
		"without signature": link[:strings.Index(link, "&signature")],
		"expired":           "/v1/attachments/" + id + "/file?expires=1&signature=x",
		"without expiry":    "/v1/attachments/" + id + "/file?" + link[strings.Index(link, "signature"):],
	} {
		h.call(t, bot, "GET", forged, "").want(t, "a link "+what, 404, "not_found")
	}
}

func TestU01NothingThatAPageCouldRunIsTakenOrShown(t *testing.T) {
	h := open(t, nil)
	bot, visitor := h.bot(t, "shop"), h.visitor(t)
	s := h.chat(t, bot, visitor, "")
	evil := `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>`
	for name, kind := range map[string]string{"a.svg": "image/svg+xml", "a.html": "text/html", "a.xhtml": "application/xhtml+xml", "a": "text/html", "a.exe": "image/png"} {
		h.upload(t, visitor, s.ID, name, kind, []byte(evil)).want(t, name, 415, "unsupported_type")
	}
	id := h.upload(t, visitor, s.ID, "a.txt", "text/html", []byte(evil)).want(t, "as text", 201).JSON["id"].(string)
	link := h.call(t, bot, "GET", "/v1/attachments/"+id, "").want(t, "read", 302).header.Get("Location")
	got := h.call(t, caller{}, "GET", link, "").want(t, "follow", 200)
	for name, want := range map[string]string{
		"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff", "Content-Disposition": `attachment; filename=a.txt`,
		"Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
	} {
		if got.header.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, got.header.Get(name), want)
		}
	}
	id = h.upload(t, visitor, s.ID, "a.png", "image/png", picture(t, 1, 1)).want(t, "a picture", 201).JSON["id"].(string)
	link = h.call(t, bot, "GET", "/v1/attachments/"+id, "").want(t, "read", 302).header.Get("Location")
	got = h.call(t, caller{}, "GET", link, "").want(t, "follow", 200)
	if policy := got.header.Get("Content-Security-Policy"); policy != "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'" {
		t.Errorf("a picture that is shown in a tab may do %q", policy)
	}
}

func TestU02ContentMustFitTheType(t *testing.T) {
	h := open(t, nil)
	bot, visitor := h.bot(t, "shop"), h.visitor(t)
	s := h.chat(t, bot, visitor, "")
	for _, row := range []struct {
		name string
		data string
		want int
	}{
		{"a.png", string(picture(t, 1, 1)), 201},
		{"a.png", "<script>alert(1)</script>", 415},
		{"a.jpg", string(picture(t, 1, 1)), 415},
		{"a.png", "\x89PNG\r\n\x1a\nrest", 415},
		{"a.gif", "GIF89a", 415},
		{"a.pdf", "%PDF-1.7\n", 201},
		{"a.pdf", "PK\x03\x04", 415},
		{"a.txt", "größe\n", 201},
		{"a.txt", "\xff\xfe\x00", 415},
		{"a.csv", "a,b\n1,2\n", 201},
		{"a.docx", string(archive(t, "word/document.xml")), 201},
		{"a.xlsx", string(archive(t, "word/document.xml")), 415},
		{"a.docx", "PK\x03\x04 broken", 415},
		{"a.mp4", "\x00\x00\x00\x18ftypmp42rest", 201},
		{"a.mp3", "ID3\x04", 201},
		{"a.mp3", "RIFF", 415},
		{"A.TXT", "upper case", 201},
		{"a.txt", "", 422},
	} {
		before := h.files.count()
		a := h.upload(t, visitor, s.ID, row.name, "application/octet-stream", []byte(row.data)).want(t, row.name+" with "+clip(row.data), row.want)
		if kept := h.files.count() - before; kept != map[bool]int{true: 1}[a.status == 201] {
			t.Errorf("%s: %d files were kept", row.name, kept)
		}
	}
}

func TestU05PictureOverFortyMegapixelsIsRefused(t *testing.T) {
	h := open(t, nil)
	bot, visitor := h.bot(t, "shop"), h.visitor(t)
	s := h.chat(t, bot, visitor, "")
	h.upload(t, visitor, s.ID, "big.png", "image/png", picture(t, 8000, 5001)).want(t, "a large picture", 422, "invalid")
}

func TestU06WhereAPhotoWasTakenDoesNotArrive(t *testing.T) {
	h := open(t, nil)
	bot, visitor := h.bot(t, "shop"), h.visitor(t)
	s := h.chat(t, bot, visitor, "")
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 30, 20)), nil); err != nil {
		t.Fatal(err)
	}
	const exif = "\xff\xe1\x00\x2cExif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00at home now"
	sent := photo.String()[:2] + exif[:46] + photo.String()[2:]
	a := h.upload(t, visitor, s.ID, "me.jpg", "image/jpeg", []byte(sent)).want(t, "upload", 201)
	if a.JSON["width"] != 20.0 || a.JSON["height"] != 30.0 {
		t.Errorf("the photo, which is turned, is described as %s", a.text)
	}
	link := h.call(t, bot, "GET", "/v1/attachments/"+a.JSON["id"].(string), "").want(t, "read", 302).header.Get("Location")
	got := h.call(t, caller{}, "GET", link, "").want(t, "follow", 200)
	if strings.Contains(got.text, "at home") || len(got.text) != int(a.JSON["size"].(float64)) || !strings.Contains(got.text, "Exif") {
		t.Errorf("%d bytes arrived, of which are said to be %v, or which side is up was lost", len(got.text), a.JSON["size"])
	}
}

func TestU07FilesBeyondTheQuotaAre507InWords(t *testing.T) {
	h := open(t, func(c *api.Config, _ *api.Deps) { c.Storage = 200 << 10 })
	bot, visitor := h.bot(t, "shop"), h.visitor(t)
	s := h.chat(t, bot, visitor, "")
	hundred := bytes.Repeat([]byte("x"), 100<<10)
	h.upload(t, visitor, s.ID, "a.txt", "text/plain", hundred).want(t, "the first 100 KiB", 201)
	h.upload(t, visitor, s.ID, "b.txt", "text/plain", append(hundred, "y"...)).want(t, "a little too much", 507, "storage_full")
	h.upload(t, visitor, s.ID, "c.txt", "text/plain", hundred).want(t, "the other 100 KiB", 201)
	refused := h.upload(t, visitor, s.ID, "d.txt", "text/plain", []byte("x")).want(t, "one byte more", 507, "storage_full")
	if !strings.Contains(refused.JSON["detail"].(string), "no room for more files") || strings.Contains(refused.text, "limits.") {
		t.Errorf("the sender is told %s", refused.text)
	}
	if !strings.Contains(h.log.String(), "limits.storage") {
		t.Error("the log does not say what filled up")
	}
	if h.files.count() != 2 {
		t.Errorf("%d files are kept, want two", h.files.count())
	}
	h.call(t, visitor, "POST", "/v1/sessions/"+s.ID+"/messages", `{"client_id":"1","text":"no room?"}`).want(t, "a message meanwhile", 201)
}

func TestUploadIsBoundAndForWhoMayWriteThere(t *testing.T) {
	h := open(t, nil)
	bot, visitor, agent := h.bot(t, "shop"), h.visitor(t), h.person(t, "Berta", core.AgentRole)
	s := h.held(t, bot, visitor, agent)
	h.upload(t, agent, s.ID, "a.txt", "text/plain", []byte("x")).want(t, "by the owner", 201)
	h.upload(t, h.person(t, "Carl", core.Supervisor), s.ID, "a.txt", "text/plain", []byte("x")).want(t, "by who does not have it", 409, "not_owner")
	h.upload(t, visitor, s.ID, "a.txt", "text/plain", bytes.Repeat([]byte("x"), 20<<20+1)).want(t, "too large", 413, "too_large")
	h.call(t, visitor, "POST", "/v1/attachments", `{"session":"x"}`).want(t, "JSON", 415, "unsupported_type")
	if _, err := h.Desk.End(t.Context(), agent.Actor, s.ID, desk.End{}); err != nil {
		t.Fatal(err)
	}
	before := h.files.count()
	h.upload(t, visitor, s.ID, "a.txt", "text/plain", []byte("x")).want(t, "after the end", 409, "session_ended")
	if h.files.count() != before {
		t.Error("a refused file was kept")
	}
}
