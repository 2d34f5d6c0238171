// Package picture takes out of pictures what their sender did not mean to send: where and when they were taken, with
// which device, by whom, and thumbnails of what they showed before they were cut. The picture itself is not decoded
// or encoded again, and never held in memory whole.
package picture

import (
	"bufio"
	"bytes"
	"errors"
	"image"
	_ "image/gif"  // to read a GIF's size
	_ "image/jpeg" // to read a JPEG's size
	_ "image/png"  // to read a PNG's size
	"io"

	_ "golang.org/x/image/webp" // to read a WebP's size

	"baton/core"
)

// MaxPixels is how many pixels a picture may have. One that has more takes gigabytes when a browser opens it.
const MaxPixels = 40_000_000

// Cleaned reads a picture without its metadata. What is kept is what it takes to show it as it is meant: colours, and
// which side is up.
type Cleaned struct {
	in     *bufio.Reader
	step   func(*Cleaned) error // reads on, and leaves what came of it in the fields below
	ready  []byte               // is given out first,
	copy   int64                // then so much of in as it is,
	zeros  int64                // then so many zeros
	err    error
	turned bool
}

// peekBytes is how far a step looks ahead.
const peekBytes = 4 << 10

// Clean reads a picture of one of the types image/jpeg, image/png, image/gif and image/webp without its metadata. A
// refusal of Read says that the picture is damaged or too large. What does not begin as that type says, and other
// types, are read as they are.
func Clean(kind string, r io.Reader) *Cleaned {
	c := &Cleaned{in: bufio.NewReaderSize(r, peekBytes)}
	for _, f := range [...]struct {
		kind, magic string
		first       func(*Cleaned) error
	}{
		{"image/jpeg", "\xff\xd8", jpegStart}, {"image/png", pngMagic, pngStart}, {"image/gif", "GIF8", gifStart}, {"image/webp", "RIFF", webpStart},
	} {
		if head, _ := c.in.Peek(len(f.magic)); f.kind == kind && string(head) == f.magic {
			c.step = f.first
		}
	}
	return c
}

// Turned says whether the picture is shown with width and height exchanged. It is known once all is read.
func (c *Cleaned) Turned() bool { return c.turned }

// Read reads on.
func (c *Cleaned) Read(p []byte) (n int, err error) {
	if c.step == nil {
		return c.in.Read(p)
	}
	for {
		switch {
		case len(p) == 0:
			return 0, nil
		case len(c.ready) > 0:
			n = copy(p, c.ready)
			c.ready = c.ready[n:]
			return n, nil
		case c.copy > 0:
			n, err = c.in.Read(p[:min(int64(len(p)), c.copy)])
			c.copy -= int64(n)
			if n > 0 {
				return n, nil
			}
			c.err = err
		case c.zeros > 0:
			n = int(min(int64(len(p)), c.zeros))
			clear(p[:n])
			c.zeros -= int64(n)
			return n, nil
		case c.err == nil:
			c.ready = c.ready[:0]
			c.err = c.step(c)
			continue
		}
		if c.err != nil {
			return 0, told(c.err)
		}
	}
}

// errDone ends a picture; what comes behind it is no part of it.
var errDone = errors.New("the picture has ended")

// told says what the end of a picture means to who sent it.
func told(err error) error {
	switch {
	case errors.Is(err, errDone):
		return io.EOF
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return damaged(err)
	}
	return err
}

func damaged(cause error) error {
	return core.Refuse(core.Unsupported, "the picture is damaged").Because(cause)
}

// need gives the next n bytes without taking them; n is at most peekBytes.
func (c *Cleaned) need(n int) ([]byte, error) {
	b, err := c.in.Peek(n)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return b, err
}

// give takes n bytes that were seen by need, and gives them out.
func (c *Cleaned) give(n int) {
	b, _ := c.in.Peek(n)
	c.ready = append(c.ready, b...)
	c.drop(n)
}

// drop takes n bytes that were seen by need.
func (c *Cleaned) drop(n int) { _, _ = c.in.Discard(n) }

// skip takes n bytes that nobody has seen yet.
func (c *Cleaned) skip(n int64) error {
	_, err := io.CopyN(io.Discard, c.in, n)
	return err
}

// whole takes n bytes into memory, which the caller has found to be few.
func (c *Cleaned) whole(n int64) ([]byte, error) {
	b := make([]byte, n)
	_, err := io.ReadFull(c.in, b)
	return b, err
}

// Measure reads the size of a picture without opening it. It is refused when it is damaged or too large.
func Measure(r io.Reader) (width, height int, err error) {
	found, _, err := image.DecodeConfig(r)
	if err != nil || found.Width <= 0 || found.Height <= 0 {
		return 0, 0, damaged(err)
	}
	return found.Width, found.Height, fits(found.Width, found.Height)
}

// fits refuses a picture of too many pixels.
func fits(width, height int) error {
	if int64(width)*int64(height) > MaxPixels {
		return core.RefuseField("/file", "the picture has %d × %d pixels, more than %d million", width, height, MaxPixels/1_000_000)
	}
	return nil
}

// begins says whether the next bytes are these.
func (c *Cleaned) begins(with string) bool {
	b, _ := c.in.Peek(len(with))
	return bytes.Equal(b, []byte(with))
}
