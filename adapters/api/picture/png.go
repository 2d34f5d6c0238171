package picture

import (
	"encoding/binary"
	"hash/crc32"
)

const pngMagic = "\x89PNG\r\n\x1a\n"

// A chunk of a PNG is its length, its name, its data and a checksum.
const (
	pngHead = 8
	pngSum  = 4
)

// pngKept says which chunks make the picture, its colours and its movement. All others are notes, or belong to the
// program that made it.
func pngKept(name string) bool {
	switch name {
	case "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP", "mDCV", "cLLI", "bKGD", "pHYs", "acTL", "fcTL", "fdAT":
		return true
	}
	return false
}

func pngStart(c *Cleaned) error {
	c.give(len(pngMagic))
	c.step = pngChunk
	return nil
}

func pngChunk(c *Cleaned) error {
	b, err := c.need(pngHead)
	if err != nil {
		return err
	}
	size, name := int64(binary.BigEndian.Uint32(b)), string(b[4:])
	switch {
	case name == "eXIf" && size <= maxExif:
		c.drop(pngHead)
		exif, err := c.whole(size)
		if err != nil {
			return err
		}
		if side, needed := c.turn(exif); needed {
			c.pngWrite(name, tiff(side))
		}
		return c.skip(pngSum)
	case !pngKept(name):
		c.drop(pngHead)
		return c.skip(size + pngSum)
	case name == "IEND":
		c.step = func(*Cleaned) error { return errDone }
	}
	c.give(pngHead)
	c.copy = size + pngSum
	return nil
}

func (c *Cleaned) pngWrite(name string, data []byte) {
	c.ready = binary.BigEndian.AppendUint32(c.ready, uint32(len(data)))
	begin := len(c.ready)
	c.ready = append(append(c.ready, name...), data...)
	c.ready = binary.BigEndian.AppendUint32(c.ready, crc32.ChecksumIEEE(c.ready[begin:]))
}
