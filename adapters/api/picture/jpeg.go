package picture

import (
	"encoding/binary"
	"errors"
	"io"
)

// The markers of a JPEG that matter here.
const (
	markSOF0  = 0xc0 // the size of the picture, up to markSOF15 but for three that are something else
	markDHT   = 0xc4
	markJPG   = 0xc8
	markDAC   = 0xcc
	markSOF15 = 0xcf
	markRST0  = 0xd0
	markRST7  = 0xd7
	markStart = 0xd8
	markEnd   = 0xd9
	markScan  = 0xda
	markApp0  = 0xe0
	markApp15 = 0xef
	markNote  = 0xfe
	markTEM   = 0x01
)

func jpegStart(c *Cleaned) error {
	c.give(2)
	c.step = jpegSegment
	return nil
}

// jpegSegment takes the next segment: pictures have many, and some hold what the sender never saw.
func jpegSegment(c *Cleaned) error {
	mark, err := c.jpegMark()
	if err != nil {
		return err
	}
	switch {
	case mark == markEnd:
		c.give(2)
		c.step = func(*Cleaned) error { return errDone }
		return nil
	case mark == markStart, mark == markTEM, mark >= markRST0 && mark <= markRST7:
		c.give(2)
		return nil
	}
	b, err := c.need(4)
	if err != nil {
		return err
	}
	size := int64(binary.BigEndian.Uint16(b[2:])) - 2
	switch {
	case size < 0:
		return damaged(nil)
	case mark >= markApp0 && mark <= markApp15, mark == markNote:
		c.drop(4)
		return c.jpegApp(mark, size)
	case mark == markScan:
		c.step = jpegScan
	case mark >= markSOF0 && mark <= markSOF15 && mark != markDHT && mark != markJPG && mark != markDAC:
		if b, err = c.need(9); err != nil {
			return err
		}
		if err := fits(int(binary.BigEndian.Uint16(b[7:])), int(binary.BigEndian.Uint16(b[5:]))); err != nil {
			return err
		}
	}
	c.give(4)
	c.copy = size
	return nil
}

// jpegMark gives the next marker without taking it. What stands before it is no part of the picture.
func (c *Cleaned) jpegMark() (byte, error) {
	for {
		b, err := c.need(2)
		if err != nil {
			return 0, err
		}
		if b[0] == 0xff && b[1] != 0xff && b[1] != 0 {
			return b[1], nil
		}
		c.drop(1)
	}
}

// jpegApp keeps of what programs add: which side is up, and what it takes to get the colours right.
func (c *Cleaned) jpegApp(mark byte, size int64) error {
	switch {
	case mark == markApp0 && size >= 14 && c.begins("JFIF\x00"):
		b, err := c.whole(size)
		if err != nil {
			return err
		}
		c.jpegWrite(mark, append(b[:12:12], 0, 0)) // without the thumbnail
		return nil
	case mark == markApp0+1 && c.begins("Exif\x00\x00"):
		b, err := c.whole(size)
		if err != nil {
			return err
		}
		if side, needed := c.turn(b[min(6, len(b)):]); needed {
			c.jpegWrite(mark, append([]byte("Exif\x00\x00"), tiff(side)...))
		}
		return nil
	case mark == markApp0+2 && c.begins("ICC_PROFILE\x00"):
		c.ready = binary.BigEndian.AppendUint16(append(c.ready, 0xff, mark), uint16(size+2))
		c.copy = size
		return nil
	case mark == markApp0+14 && size >= 12 && c.begins("Adobe"):
		b, err := c.whole(size)
		if err != nil {
			return err
		}
		c.jpegWrite(mark, b[:12])
		return nil
	}
	return c.skip(size)
}

func (c *Cleaned) jpegWrite(mark byte, payload []byte) {
	c.ready = binary.BigEndian.AppendUint16(append(c.ready, 0xff, mark), uint16(len(payload)+2))
	c.ready = append(c.ready, payload...)
}

// jpegScan gives out what was drawn, up to the next segment. Many programs show a picture that was cut off in here,
// so it is only given its end.
func jpegScan(c *Cleaned) error {
	_, err := c.in.Peek(2)
	if errors.Is(err, io.EOF) {
		c.ready = append(c.ready, 0xff, markEnd)
		c.step = func(*Cleaned) error { return errDone }
		return nil
	}
	if err != nil {
		return err
	}
	b, _ := c.in.Peek(c.in.Buffered())
	for i := range len(b) - 1 {
		if next := b[i+1]; b[i] == 0xff && next != 0 && next != 0xff && (next < markRST0 || next > markRST7) {
			c.give(i)
			c.step = jpegSegment
			return nil
		}
	}
	c.give(len(b) - 1) // the last byte may be the first of a marker
	return nil
}
