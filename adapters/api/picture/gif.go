package picture

import "encoding/binary"

// What a block of a GIF begins with.
const (
	gifFrame     = 0x2c
	gifExtension = 0x21
	gifEnd       = 0x3b

	gifControl = 0xf9 // how long a frame is shown
	gifProgram = 0xff // what a program adds

	gifHead      = 13 // of the file: magic, size, flags
	gifFrameHead = 10
)

// gifColours is how long the table of colours is that these flags announce.
func gifColours(flags byte) int64 {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&0x07 + 1)
}

func gifStart(c *Cleaned) error {
	b, err := c.need(gifHead)
	if err != nil {
		return err
	}
	c.copy = gifHead + gifColours(b[10])
	c.step = gifBlock
	return nil
}

func gifBlock(c *Cleaned) error {
	b, err := c.need(1)
	if err != nil {
		return err
	}
	switch b[0] {
	case gifEnd:
		c.give(1)
		c.step = func(*Cleaned) error { return errDone }
		return nil
	case gifFrame:
		if b, err = c.need(gifFrameHead); err != nil {
			return err
		}
		at := func(i int) int { return int(binary.LittleEndian.Uint16(b[i:])) }
		if err := fits(at(1)+at(5), at(3)+at(7)); err != nil {
			return err
		}
		c.copy = gifFrameHead + gifColours(b[9]) + 1 // and how the pixels are packed
		c.step = gifParts
		return nil
	case gifExtension:
		return c.gifExtension()
	}
	return damaged(nil)
}

// gifExtension keeps what makes frames follow one another.
func (c *Cleaned) gifExtension() error {
	b, err := c.need(2)
	if err != nil {
		return err
	}
	if b[1] == gifControl {
		c.give(2)
		c.step = gifParts
		return nil
	}
	if b[1] == gifProgram {
		const name = 14 // with the two bytes above and its length
		if b, err = c.need(name); err != nil {
			return err
		}
		if id := string(b[3:]); id == "NETSCAPE2.0" || id == "ANIMEXTS1.0" {
			c.give(name)
			c.step = gifParts
			return nil
		}
	}
	c.drop(2)
	return c.gifSkip()
}

// gifParts gives out the next part of a block; an empty one is the last.
func gifParts(c *Cleaned) error {
	b, err := c.need(1)
	if err != nil {
		return err
	}
	if b[0] == 0 {
		c.step = gifBlock
	}
	c.copy = 1 + int64(b[0])
	return nil
}

// gifSkip takes all parts of a block.
func (c *Cleaned) gifSkip() error {
	for {
		b, err := c.need(1)
		if err != nil {
			return err
		}
		n := int64(b[0])
		if err := c.skip(1 + n); err != nil || n == 0 {
			return err
		}
	}
}
