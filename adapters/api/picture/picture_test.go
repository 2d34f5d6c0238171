package picture_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"baton/adapters/api/picture"
	"baton/core"
)

// secret stands in everything that must not arrive.
const secret = "SECRET 52.5200N 13.4050E"

// drawn is a picture with something on it.
func drawn() *image.Paletted {
	m := image.NewPaletted(image.Rect(0, 0, 64, 40), color.Palette{color.Black, color.White, color.RGBA{R: 200, A: 255}})
	for i := range m.Pix {
		m.Pix[i] = byte(i * i % 3)
	}
	return m
}

func encoded(t testing.TB, encode func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// exif is what a camera writes: where it was, and which side is up.
func exif(order binary.AppendByteOrder, orientation uint16) []byte {
	b := []byte("II*\x00")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		b = []byte("MM\x00*")
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2)
	b = order.AppendUint16(b, 0x010f) // the maker of the camera
	b = order.AppendUint16(b, 2)
	b = order.AppendUint32(b, uint32(len(secret)))
	b = order.AppendUint32(b, 38)
	b = order.AppendUint16(b, 0x0112)
	b = order.AppendUint16(b, 3)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, orientation)
	b = append(b, 0, 0, 0, 0, 0, 0)
	return append(b, secret...)
}

func segment(mark byte, payload string) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xff, mark}, uint16(len(payload)+2)), payload...)
}

func chunk(name, data string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, name...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

func riff(chunks ...string) []byte {
	body := "WEBP" + strings.Join(chunks, "")
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func part(name, data string) string {
	b := string(binary.LittleEndian.AppendUint32([]byte(name), uint32(len(data)))) + data
	return b + strings.Repeat("\x00", len(data)%2)
}

// pixel is a WebP of one pixel without loss.
const pixel = "\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07"

// insert puts something into a file behind its first n bytes.
func insert(file []byte, n int, more ...[]byte) []byte {
	return append(append(bytes.Clone(file[:n]), bytes.Join(more, nil)...), file[n:]...)
}

type sample struct {
	story, kind string
	sent, plain []byte // plain shows the same and has no metadata
}

func samples(t testing.TB, orientation uint16) []sample {
	jpg := encoded(t, func(w io.Writer) error { return jpeg.Encode(w, drawn(), nil) })
	pic := encoded(t, func(w io.Writer) error { return png.Encode(w, drawn()) })
	anim := encoded(t, func(w io.Writer) error {
		return gif.EncodeAll(w, &gif.GIF{Image: []*image.Paletted{drawn(), drawn()}, Delay: []int{5, 5}, LoopCount: 3})
	})
	photo := insert(jpg, 2, segment(0xe0, "JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x01\x01"+secret[:3]), segment(0xe0, "JFXX\x00"+secret),
		segment(0xe1, "Exif\x00\x00"+string(exif(binary.BigEndian, orientation))), segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00"+secret),
		segment(0xe2, "ICC_PROFILE\x00\x01\x01colours"), segment(0xe2, "MPF\x00"+secret), segment(0xed, "Photoshop 3.0\x00"+secret), segment(0xfe, secret))
	const sRGB = 33 // where the chunks behind IHDR begin
	return []sample{
		{"a photo", "image/jpeg", append(photo, "\xff\xd8 a second picture "+secret...), jpg},
		{"a screenshot", "image/png", append(insert(pic, sRGB, chunk("tEXt", "Author\x00"+secret), chunk("eXIf", string(exif(binary.LittleEndian, orientation))),
			chunk("gAMA", "\x00\x00\xb1\x8f"), chunk("iTXt", secret), chunk("tIME", "\x07\xe6\x01\x01\x01\x01\x01"), chunk("prVt", secret)), secret...), pic},
		{"a loop", "image/gif", append(insert(anim, len(anim)-1, []byte("\x21\xfe\x18"+secret+"\x00\x21\xff\x0bXMP DataXMP\x18"+secret+"\x00")), secret...), anim},
		{"a sticker", "image/webp", append(riff(part("VP8X", "\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x00"), part("VP8L", pixel),
			part("EXIF", string(exif(binary.LittleEndian, orientation))), part("XMP ", secret), part("note", secret)), secret...), riff(part("VP8L", pixel))},
	}
}

func clean(t testing.TB, kind string, r io.Reader) (out []byte, turned bool) {
	t.Helper()
	c := picture.Clean(kind, r)
	out, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	return out, c.Turned()
}

// look decodes a picture; of an animation, its first frame.
func look(t testing.TB, file []byte) image.Image {
	t.Helper()
	m, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func same(a, b image.Image) bool {
	if a.Bounds() != b.Bounds() {
		return false
	}
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			if color.RGBAModel.Convert(a.At(x, y)) != color.RGBAModel.Convert(b.At(x, y)) {
				return false
			}
		}
	}
	return true
}

func TestU06PicturesLoseTheirMetadataAndNothingElse(t *testing.T) {
	for _, s := range samples(t, 1) {
		t.Run(s.story, func(t *testing.T) {
			out, turned := clean(t, s.kind, bytes.NewReader(s.sent))
			for _, left := range []string{secret, secret[:3], "Exif\x00", "XMP ", "Photoshop", "JFXX"} {
				if bytes.Contains(out, []byte(left)) {
					t.Errorf("%q is still in it", left)
				}
			}
			if !same(look(t, out), look(t, s.plain)) || turned {
				t.Errorf("it shows something else, or lies on its side: %v", turned)
			}
			slow, _ := clean(t, s.kind, iotest.OneByteReader(bytes.NewReader(s.sent)))
			if !bytes.Equal(slow, out) {
				t.Error("it depends on how the bytes arrive")
			}
			if again, _ := clean(t, s.kind, bytes.NewReader(out)); !bytes.Equal(again, out) {
				t.Error("cleaning it again changes it")
			}
		})
	}
}

func TestU06PlainPicturesStayAsTheyAre(t *testing.T) {
	for _, s := range samples(t, 1) {
		if out, _ := clean(t, s.kind, bytes.NewReader(s.plain)); !bytes.Equal(out, s.plain) {
			t.Errorf("%s without metadata was changed", s.story)
		}
	}
}

func TestU06TurnedPicturesStayUpright(t *testing.T) {
	for orientation := uint16(2); orientation <= 8; orientation++ {
		for _, s := range samples(t, orientation) {
			if s.kind == "image/gif" {
				continue // has no such thing
			}
			out, turned := clean(t, s.kind, bytes.NewReader(s.sent))
			at := bytes.Index(out, []byte("II*\x00"))
			if at < 0 || binary.LittleEndian.Uint16(out[at+18:]) != orientation || bytes.Contains(out, []byte(secret)) {
				t.Errorf("%s with orientation %d lost it, or kept its secret", s.story, orientation)
			}
			if turned != (orientation >= 5) {
				t.Errorf("%s with orientation %d lies on its side: %v", s.story, orientation, turned)
			}
			if !same(look(t, out), look(t, s.plain)) {
				t.Errorf("%s with orientation %d shows something else", s.story, orientation)
			}
		}
	}
}

func TestAnimationsKeepMoving(t *testing.T) {
	s := samples(t, 1)[2]
	out, _ := clean(t, s.kind, bytes.NewReader(s.sent))
	moving, err := gif.DecodeAll(bytes.NewReader(out))
	if err != nil || len(moving.Image) != 2 || moving.LoopCount != 3 || moving.Delay[1] != 5 {
		t.Errorf("the animation became %+v, %v", moving, err)
	}
}

func TestColoursAreKept(t *testing.T) {
	for _, row := range []struct {
		sample int
		colour string
	}{{0, "ICC_PROFILE\x00\x01\x01colours"}, {1, "gAMA\x00\x00\xb1\x8f"}} {
		s := samples(t, 1)[row.sample]
		if out, _ := clean(t, s.kind, bytes.NewReader(s.sent)); !bytes.Contains(out, []byte(row.colour)) {
			t.Errorf("%s lost %q", s.story, row.colour)
		}
	}
}

func TestPhotoThatWasCutOffIsGivenItsEnd(t *testing.T) {
	whole := samples(t, 1)[0].plain
	out, _ := clean(t, "image/jpeg", bytes.NewReader(whole[:len(whole)-20]))
	if !bytes.HasSuffix(out, []byte{0xff, 0xd9}) {
		t.Errorf("it ends with %x", out[len(out)-4:])
	}
}

func TestDamagedPicturesAreRefused(t *testing.T) {
	for _, s := range samples(t, 6) {
		for _, n := range []int{13, 30, len(s.sent) / 8} {
			c := picture.Clean(s.kind, bytes.NewReader(s.sent[:n]))
			if _, err := io.Copy(io.Discard, c); core.KindOf(err) != core.Unsupported {
				t.Errorf("%d bytes of %s: %v", n, s.story, err)
			}
		}
	}
}

func TestWhatIsNoPictureIsReadAsItIs(t *testing.T) {
	for kind, text := range map[string]string{"image/jpeg": "GIF89a and so on", "text/plain": "\xff\xd8", "image/png": "", "image/webp": "x"} {
		if out, _ := clean(t, kind, strings.NewReader(text)); string(out) != text {
			t.Errorf("%q became %q", text, out)
		}
	}
}

func TestTroubleOfTheSenderStaysWhatItIs(t *testing.T) {
	gone := errors.New("gone")
	for _, s := range samples(t, 1) {
		for n := range len(s.sent) {
			c := picture.Clean(s.kind, io.MultiReader(bytes.NewReader(s.sent[:n]), iotest.ErrReader(gone)))
			if _, err := io.Copy(io.Discard, c); err != nil && !errors.Is(err, gone) {
				t.Fatalf("%d bytes of %s: %v", n, s.story, err)
			}
		}
	}
}

func FuzzCleaningEndsAndGrowsNothing(f *testing.F) {
	kinds := map[string]byte{}
	for i, s := range samples(f, 6) {
		kinds[s.kind] = byte(i)
		f.Add(byte(i), s.sent)
	}
	f.Fuzz(func(t *testing.T, kind byte, file []byte) {
		for name, n := range kinds {
			if n != kind {
				continue
			}
			var out bytes.Buffer
			n, err := io.Copy(&out, picture.Clean(name, bytes.NewReader(file)))
			if n > int64(len(file))+2 {
				t.Fatalf("%d bytes became %d", len(file), n)
			}
			if err != nil && core.KindOf(err) != core.Unsupported && core.KindOf(err) != core.Invalid {
				t.Fatal(err)
			}
		}
	})
}
