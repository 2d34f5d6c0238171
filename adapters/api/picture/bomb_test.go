package picture_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"testing"

	"baton/adapters/api/picture"
	"baton/core"
)

// TestU05BombsOfEveryTypeAreRefused sends a few bytes that claim a picture of gigabytes, in the head of the file or
// in one of its frames.
func TestU05BombsOfEveryTypeAreRefused(t *testing.T) {
	s := samples(t, 1)
	jpg, pic, loop := s[0].plain, s[1].plain, s[2].plain
	at := bytes.Index(jpg, []byte{0xff, 0xc0})
	frame := bytes.Index(loop, []byte{0x2c, 0, 0, 0, 0, 64, 0})
	ihdr := append(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, 1<<31-1), 1<<31-1), 8, 2, 0, 0, 0)
	for _, row := range []struct {
		story, kind string
		file        []byte
	}{
		{"a JPEG", "image/jpeg", overwrite(jpg, at+5, 0xff, 0xff, 0xff, 0xff)},
		{"a JPEG without height", "image/jpeg", overwrite(jpg, at+5, 0, 0)},
		{"a JPEG with a second head", "image/jpeg", insert(jpg, at, segment(0xc2, "\x08\xff\xff\xff\xff\x01\x01\x11\x00"))},
		{"a PNG", "image/png", insert(pic[:8], 8, chunk("IHDR", string(ihdr)), chunk("IEND", ""))},
		{"a GIF", "image/gif", overwrite(loop, 6, 0xff, 0xff, 0xff, 0xff)},
		{"a frame of a GIF", "image/gif", overwrite(loop, frame+5, 0xff, 0xff, 0xff, 0xff)},
		{"a WebP's canvas", "image/webp", riff(part("VP8X", "\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff"), part("VP8L", pixel))},
		{"a WebP without loss", "image/webp", riff(part("VP8L", "\x2f\xff\xff\xff\x0f"+pixel[5:]))},
		{"a WebP within a small canvas", "image/webp", riff(part("VP8X", "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"), part("VP8L", "\x2f\xff\xff\xff\x0f"+pixel[5:]))},
		{"a WebP with loss", "image/webp", riff(part("VP8X", "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"), part("VP8 ", "\x10\x00\x00\x9d\x01\x2a\xff\x3f\xff\x3f\x00\x00"))},
		{"a frame of a WebP", "image/webp", riff(part("VP8X", "\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00"), part("ANMF", "\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00"))},
	} {
		clean, err := io.ReadAll(picture.Clean(row.kind, bytes.NewReader(row.file)))
		if err == nil {
			_, _, err = picture.Measure(bytes.NewReader(clean))
		}
		if kind := core.KindOf(err); kind != core.Invalid && kind != core.Unsupported {
			t.Errorf("%s of gigabytes: %v", row.story, err)
		}
	}
}

func overwrite(file []byte, at int, with ...byte) []byte {
	file = bytes.Clone(file)
	copy(file[at:], with)
	return file
}
