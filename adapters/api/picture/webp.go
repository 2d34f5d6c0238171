package picture

import (
	"bytes"
	"encoding/binary"
)

// The head of a WebP and of each of its chunks, and the flag in VP8X that says there is XMP.
const (
	webpHead = 12
	webpPart = 8
	webpXMP  = 0x04
)

// webp is where the cleaning of a WebP stands. The length of the whole comes first, so nothing is taken out: what must
// go is overwritten.
type webp struct{ left int64 }

func webpStart(c *Cleaned) error {
	b, err := c.need(webpHead)
	if err != nil {
		return err
	}
	w := &webp{left: int64(binary.LittleEndian.Uint32(b[4:])) - 4}
	c.give(webpHead)
	c.step = w.chunk
	return nil
}

func (w *webp) chunk(c *Cleaned) error {
	if w.left < webpPart {
		if w.left > 0 {
			return damaged(nil)
		}
		return errDone
	}
	b, err := c.need(webpPart)
	if err != nil {
		return err
	}
	name, size := string(b[:4]), int64(binary.LittleEndian.Uint32(b[4:]))
	padded := size + size%2
	if w.left -= webpPart + padded; w.left < 0 {
		return damaged(nil)
	}
	switch name {
	case "EXIF":
		return c.webpExif(size, padded)
	case "VP8X":
		if size < 10 {
			return damaged(nil)
		}
		if _, err := c.need(webpPart + 1); err != nil {
			return err
		}
		c.give(webpPart + 1)
		c.ready[webpPart] &^= webpXMP
		c.copy = padded - 1
		return nil
	case "VP8 ", "VP8L", "ANMF", "ICCP", "ANIM", "ALPH":
		if err := c.webpFits(name, size); err != nil {
			return err
		}
		c.give(webpPart)
		c.copy = padded
		return nil
	}
	c.drop(webpPart)
	c.ready = binary.LittleEndian.AppendUint32(append(c.ready, "JUNK"...), uint32(size))
	c.zeros = padded
	return c.skip(padded)
}

// webpExif overwrites EXIF with which side is up.
func (c *Cleaned) webpExif(size, padded int64) error {
	c.give(webpPart)
	if c.zeros = padded; size < tiffBytes || size > maxExif {
		return c.skip(padded)
	}
	exif, err := c.whole(padded)
	side, _ := c.turn(bytes.TrimPrefix(exif, []byte("Exif\x00\x00")))
	c.ready = append(c.ready, tiff(side)...)
	c.zeros -= tiffBytes
	return err
}

// webpFits looks at the size that a frame gives itself, whatever the head of the file says.
func (c *Cleaned) webpFits(name string, size int64) error {
	const least = 12
	if size < least {
		return nil
	}
	b, err := c.need(webpPart + least)
	if err != nil {
		return err
	}
	b = b[webpPart:]
	switch name {
	case "VP8 ":
		return fits(int(binary.LittleEndian.Uint16(b[6:])&0x3fff), int(binary.LittleEndian.Uint16(b[8:])&0x3fff))
	case "VP8L":
		bits := binary.LittleEndian.Uint32(b[1:])
		return fits(int(bits&0x3fff)+1, int(bits>>14&0x3fff)+1)
	case "ANMF":
		three := func(i int) int { return int(b[i]) | int(b[i+1])<<8 | int(b[i+2])<<16 }
		return fits(three(6)+1, three(9)+1)
	}
	return nil
}
