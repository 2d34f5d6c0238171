package core

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"sync"
	"time"
)

// Prefixes of the ids that Baton gives out. An id is opaque text; ids of one kind sort by time.
const (
	SessionPrefix    = "ses_"
	MessagePrefix    = "msg_"
	AgentPrefix      = "agt_"
	QueuePrefix      = "que_"
	BotPrefix        = "bot_"
	CustomerPrefix   = "cus_"
	AttachmentPrefix = "att_"
	NotePrefix       = "not_"
	KeyPrefix        = "key_"
	LoginPrefix      = "log_"
	QuickReplyPrefix = "qr_"
	InvitePrefix     = "inv_"
	RecordPrefix     = "rec_"
)

// crockford is base32 in alphabetical order, so that encoded ids sort like the bytes they stand for.
var crockford = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

var ids idClock

// idClock makes 80-bit ids: 45 bits of milliseconds and 35 random bits that only grow within a millisecond,
// so two ids of one process never meet and ids of two processes meet once in 34 billion per millisecond.
type idClock struct {
	mu   sync.Mutex // guards last and tail
	last uint64
	tail uint64
}

// NewID gives a new id with this prefix. It never gives the same id twice.
func NewID(prefix string) string {
	const tailBits = 35
	ids.mu.Lock()
	now := uint64(time.Now().UnixMilli())
	if now > ids.last {
		ids.last, ids.tail = now, random64()>>(64-tailBits+1)
	} else if ids.tail++; ids.tail >= 1<<tailBits {
		ids.last, ids.tail = ids.last+1, 0
	}
	ms, tail := ids.last, ids.tail
	ids.mu.Unlock()
	var b [10]byte
	hi := ms<<19 | tail>>16
	binary.BigEndian.PutUint64(b[:8], hi)
	binary.BigEndian.PutUint16(b[8:], uint16(tail))
	return prefix + crockford.EncodeToString(b[:])
}

// NewUnguessableID gives an id of 128 random bits, for things that are reached by knowing their name.
func NewUnguessableID(prefix string) string {
	var b [16]byte
	read(b[:])
	return prefix + crockford.EncodeToString(b[:])
}

// NewSecret gives a new 256-bit secret with this prefix, as a caller keeps it. Store only its hash.
func NewSecret(prefix string) string {
	var b [32]byte
	read(b[:])
	return prefix + crockford.EncodeToString(b[:])
}

func random64() uint64 {
	var b [8]byte
	read(b[:])
	return binary.BigEndian.Uint64(b[:])
}

func read(b []byte) {
	// crypto/rand never fails on the systems that Go supports: it ends the process instead.
	_, _ = rand.Read(b)
}
