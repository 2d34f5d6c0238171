package picture

import "encoding/binary"

// upright is the orientation of a picture that is shown as it is stored; those from sideways on lie on their side.
const (
	upright  = 1
	sideways = 5
	most     = 8
)

// tiffBytes is the length of what tiff makes, and maxExif the largest EXIF that is looked into.
const (
	tiffBytes = 26
	maxExif   = 64 << 10
)

// orientation finds in EXIF data which side of the picture is up. It is upright when the data does not say, or makes
// no sense.
func orientation(exif []byte) int {
	var order binary.ByteOrder = binary.LittleEndian
	if len(exif) < 8 {
		return upright
	}
	if exif[0] == 'M' {
		order = binary.BigEndian
	}
	at := uint64(order.Uint32(exif[4:]))
	if at+2 > uint64(len(exif)) {
		return upright
	}
	const tag, entry = 0x0112, 12
	list := exif[at+2:]
	for range order.Uint16(exif[at:]) {
		if len(list) < entry {
			break
		}
		if found := order.Uint16(list[8:]); order.Uint16(list) == tag && found >= upright && found <= most {
			return int(found)
		}
		list = list[entry:]
	}
	return upright
}

// tiff makes EXIF data that says which side is up and nothing else.
func tiff(orientation int) []byte {
	return []byte{
		'I', 'I', 42, 0, 8, 0, 0, 0, // little endian, and where the list is
		1, 0, // with one entry:
		0x12, 0x01, 3, 0, 1, 0, 0, 0, byte(orientation), 0, 0, 0, // orientation, one short number
		0, 0, 0, 0, // no other list
	}
}

// turn takes note of EXIF data and says whether the picture needs it to be shown as it is meant.
func (c *Cleaned) turn(exif []byte) (side int, needed bool) {
	side = orientation(exif)
	c.turned = side >= sideways
	return side, side != upright
}
