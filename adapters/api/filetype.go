package api

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"baton/adapters/api/picture"
	"baton/core"
)

// fileType is a kind of file that is accepted: how its name ends, and what it must hold.
type fileType struct {
	kind       string
	extensions []string
	fits       func(head []byte) bool // by its first bytes
	inside     string                 // for a zip: a file that it must hold
	picture    bool
}

// headBytes is how much of a file is looked at.
const headBytes = 4 << 10

func fileTypes() []fileType {
	return []fileType{
		{kind: "image/png", extensions: []string{".png"}, fits: begins("\x89PNG\r\n\x1a\n"), picture: true},
		{kind: "image/jpeg", extensions: []string{".jpg", ".jpeg"}, fits: begins("\xff\xd8\xff"), picture: true},
		{kind: "image/gif", extensions: []string{".gif"}, fits: begins("GIF87a", "GIF89a"), picture: true},
		{kind: "image/webp", extensions: []string{".webp"}, fits: func(head []byte) bool {
			return len(head) > 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP"
		}, picture: true},
		{kind: "application/pdf", extensions: []string{".pdf"}, fits: begins("%PDF-")},
		{kind: "text/plain", extensions: []string{".txt"}, fits: isText},
		{kind: "text/csv", extensions: []string{".csv"}, fits: isText},
		{kind: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", extensions: []string{".docx"}, fits: begins("PK\x03\x04"), inside: "word/document.xml"},
		{kind: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", extensions: []string{".xlsx"}, fits: begins("PK\x03\x04"), inside: "xl/workbook.xml"},
		{kind: "video/mp4", extensions: []string{".mp4"}, fits: func(head []byte) bool { return len(head) > 12 && string(head[4:8]) == "ftyp" }},
		{kind: "audio/mpeg", extensions: []string{".mp3"}, fits: isMP3},
	}
}

func begins(with ...string) func([]byte) bool {
	return func(head []byte) bool {
		return slices.ContainsFunc(with, func(magic string) bool { return bytes.HasPrefix(head, []byte(magic)) })
	}
}

func isMP3(head []byte) bool {
	// A frame begins with eleven bits set; layer and version that are reserved are none.
	return bytes.HasPrefix(head, []byte("ID3")) ||
		len(head) > 2 && head[0] == 0xff && head[1]&0xe0 == 0xe0 && head[1]&0x06 != 0 && head[1]&0x18 != 0x08
}

// isText takes UTF-8 without control characters; a character that the head cuts in two is not its fault.
func isText(head []byte) bool {
	for i := 0; len(head) == headBytes && i < utf8.UTFMax && !utf8.Valid(head); i++ {
		head = head[:len(head)-1]
	}
	return utf8.Valid(head) && !bytes.ContainsFunc(head, func(r rune) bool {
		return r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\f'
	})
}

// declaredType is what a file says it is: by its name, or by its part of the form when the name does not tell.
func declaredType(name, header string) (string, error) {
	extension := strings.ToLower(path.Ext(name))
	kind, _, err := mime.ParseMediaType(header)
	for _, t := range fileTypes() {
		if slices.Contains(t.extensions, extension) || extension == "" && err == nil && t.kind == kind {
			return t.kind, nil
		}
	}
	return "", core.Refuse(core.Unsupported, "files of this type are not accepted; png, jpeg, gif, webp, pdf, txt, csv, docx, xlsx, mp4 and mp3 are")
}

// inline says whether a file may be shown in the page.
func inline(kind string) bool {
	for _, t := range fileTypes() {
		if t.kind == kind {
			return t.picture
		}
	}
	return false
}

func contentType(kind string) string {
	if strings.HasPrefix(kind, "text/") {
		return kind + "; charset=utf-8"
	}
	return kind
}

// inspect looks into a kept file: it must be what it says it is, and a picture must not be too large to open.
func (s *Server) inspect(ctx context.Context, up upload, a *core.Attachment) (err error) {
	file, err := s.blobs.Open(ctx, up.id)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	head := make([]byte, headBytes)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	types := fileTypes()
	t := types[slices.IndexFunc(types, func(t fileType) bool { return t.kind == up.kind })]
	if !t.fits(head[:n]) {
		return core.Refuse(core.Unsupported, "the file is not what its name says; it should be %s", up.kind)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	switch {
	case t.picture:
		return measure(file, up.turned, a)
	case t.inside != "":
		return holds(file, up.size, t.inside)
	}
	return nil
}

// measure notes how large a picture is when it is shown; one that is turned was kept lying on its side.
func measure(file io.Reader, turned bool, a *core.Attachment) (err error) {
	if a.Width, a.Height, err = picture.Measure(file); turned {
		a.Width, a.Height = a.Height, a.Width
	}
	return err
}

// holds looks for a file in a zip.
func holds(file io.ReadSeeker, size int64, inside string) error {
	at, is := file.(io.ReaderAt)
	if !is {
		at = &seekReader{file}
	}
	archive, err := zip.NewReader(at, size)
	if err == nil && slices.ContainsFunc(archive.File, func(f *zip.File) bool { return f.Name == inside }) {
		return nil
	}
	return core.Refuse(core.Unsupported, "the document is not what its name says").Because(err)
}

// seekReader reads at a place by going there; one caller at a time.
type seekReader struct{ io.ReadSeeker }

// ReadAt reads from offset.
func (r *seekReader) ReadAt(p []byte, offset int64) (int, error) {
	if _, err := r.Seek(offset, io.SeekStart); err != nil {
		return 0, err
	}
	return io.ReadFull(r, p)
}
