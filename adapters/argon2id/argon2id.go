// Package argon2id makes passwords into hashes that are slow to guess: Argon2id with 19 MiB, two passes and one
// lane, as OWASP advises. So many sign-ins at once cannot take the machine's memory: only as many hashes are made
// at a time as there are processors.
package argon2id

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"

	"baton/core/access"
)

const (
	memory    = 19 * 1024 // KiB
	passes    = 2
	lanes     = 1
	saltBytes = 16
	hashBytes = 32
)

// Config says how much a guess is to cost.
type Config struct {
	Memory uint32 // KiB; 19 MiB when 0
}

// Hasher hashes and verifies passwords. Its methods may be called by many at once.
type Hasher struct {
	memory uint32
	turns  chan struct{}
}

var _ access.Hasher = (*Hasher)(nil)

// New makes a Hasher.
func New(c Config) *Hasher {
	if c.Memory == 0 {
		c.Memory = memory
	}
	return &Hasher{memory: c.Memory, turns: make(chan struct{}, runtime.GOMAXPROCS(0))}
}

// Hash makes a hash of a password with a salt of its own, as a PHC string: $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH.
// It waits for its turn, and gives up when ctx ends before.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("make a salt: %w", err)
	}
	p := phc{memory: h.memory, passes: passes, lanes: lanes, salt: salt, sum: make([]byte, hashBytes)}
	sum, err := h.sum(ctx, p, password)
	if err != nil {
		return "", err
	}
	p.sum = sum
	return p.String(), nil
}

// Verify says whether a hash was made from this password. An empty hash takes as long and is false. A text that
// is no hash of Argon2id is an error.
func (h *Hasher) Verify(ctx context.Context, hash, password string) (bool, error) {
	p := phc{memory: h.memory, passes: passes, lanes: lanes, salt: make([]byte, saltBytes), sum: make([]byte, hashBytes)}
	if hash != "" {
		var err error
		if p, err = parse(hash); err != nil {
			return false, err
		}
	}
	sum, err := h.sum(ctx, p, password)
	if err != nil {
		return false, err
	}
	same := subtle.ConstantTimeCompare(sum, p.sum) == 1
	return same && hash != "", nil
}

func (h *Hasher) sum(ctx context.Context, p phc, password string) ([]byte, error) {
	select {
	case h.turns <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
	defer func() { <-h.turns }()
	return argon2.IDKey([]byte(password), p.salt, p.passes, p.memory, p.lanes, uint32(len(p.sum))), nil
}

// phc is a hash in the parts of its text.
type phc struct {
	memory, passes uint32
	lanes          uint8
	salt, sum      []byte
}

func (p phc) String() string {
	text := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.memory, p.passes, p.lanes, text(p.salt), text(p.sum))
}

var errNoHash = errors.New("this is no hash of a password")

// What a kept hash may ask of the machine; more means that it was tampered with.
const (
	mostMemory = 1 << 20 // KiB
	mostPasses = 64
	mostBytes  = 128
)

func parse(hash string) (phc, error) {
	var p phc
	var version int
	var rest string
	n, err := fmt.Sscanf(hash, "$argon2id$v=%d$m=%d,t=%d,p=%d$%s", &version, &p.memory, &p.passes, &p.lanes, &rest)
	if err != nil || n != 5 || version != argon2.Version {
		return p, errNoHash
	}
	salt, sum, _ := strings.Cut(rest, "$")
	var errSalt, errSum error
	p.salt, errSalt = base64.RawStdEncoding.DecodeString(salt)
	p.sum, errSum = base64.RawStdEncoding.DecodeString(sum)
	if errSalt != nil || errSum != nil || !p.sane() {
		return p, errNoHash
	}
	return p, nil
}

func (p phc) sane() bool {
	return p.memory > 0 && p.memory <= mostMemory && p.passes > 0 && p.passes <= mostPasses && p.lanes > 0 &&
		len(p.salt) >= 8 && len(p.salt) <= mostBytes && len(p.sum) >= 16 && len(p.sum) <= mostBytes
}
