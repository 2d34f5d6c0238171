package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// socket is a WebSocket client that costs little, so that the figures are those of the server: it reads frames
// without copying and masks with zeros, which the protocol allows.
type socket struct {
	conn net.Conn
	in   *bufio.Reader
	mu   sync.Mutex // guards out: pongs are written beside what the measurement sends
	out  []byte
	got  atomic.Int64 // events that reached the reader of listen
	lost atomic.Pointer[error]
}

const (
	readBuffer  = 1 << 10
	dialWithin  = 20 * time.Second
	portsPerIP  = 8000 // connections from one loopback address
	opText      = 1
	opClose     = 8
	opPing      = 9
	opPong      = 10
	zeroMaskLen = 4
)

// dial opens the n-th socket of a measurement. Many sockets come from several loopback addresses, so that the
// ports of one do not run out.
func dial(addr, path, token string, n int) (*socket, error) {
	from := &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(1+n/portsPerIP))}
	conn, err := (&net.Dialer{LocalAddr: from, Timeout: dialWithin}).Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	s := &socket{conn: conn, in: bufio.NewReaderSize(conn, readBuffer)}
	if err := s.upgrade(addr, path, token); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return s, nil
}

func (s *socket) upgrade(addr, path, token string) error {
	if err := s.conn.SetDeadline(time.Now().Add(dialWithin)); err != nil {
		return err
	}
	request := "GET " + path + " HTTP/1.1\r\nHost: " + addr + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
	if token != "" {
		request += "Authorization: Bearer " + token + "\r\n"
	}
	if _, err := io.WriteString(s.conn, request+"\r\n"); err != nil {
		return err
	}
	answer, err := http.ReadResponse(s.in, nil) //nolint:bodyclose // an upgraded connection has no body
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusSwitchingProtocols {
		return fmt.Errorf("open a socket: %s", answer.Status)
	}
	return s.conn.SetDeadline(time.Time{})
}

// send writes one frame.
func (s *socket) send(op byte, payload []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := append(s.out[:0], 0x80|op)
	if n := len(payload); n < 126 {
		b = append(b, 0x80|byte(n))
	} else {
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(n))
	}
	b = append(b, make([]byte, zeroMaskLen)...)
	s.out = append(b, payload...)
	_, err := s.conn.Write(s.out)
	return err
}

// next gives the next text frame; it is good until the next call. Pings are answered.
func (s *socket) next(into []byte) ([]byte, error) {
	for {
		op, size, err := s.head()
		if err != nil {
			return into, err
		}
		into = append(into[:0], make([]byte, size)...)
		if _, err := io.ReadFull(s.in, into); err != nil {
			return into, err
		}
		switch op {
		case opText:
			return into, nil
		case opPing:
			err = s.send(opPong, into)
		case opClose:
			err = fmt.Errorf("the server closed the socket: %q", into)
		}
		if err != nil {
			return into, err
		}
	}
}

func (s *socket) head() (op byte, size int, err error) {
	head, err := s.in.Peek(2)
	if err != nil {
		return 0, 0, err
	}
	op, size, length := head[0]&0x0f, int(head[1]&0x7f), 2
	switch size {
	case 126:
		length = 4
	case 127:
		length = 10
	}
	if head, err = s.in.Peek(length); err != nil {
		return 0, 0, err
	}
	switch length {
	case 4:
		size = int(binary.BigEndian.Uint16(head[2:]))
	case 10:
		size = int(binary.BigEndian.Uint64(head[2:]))
	}
	_, err = s.in.Discard(length)
	return op, size, err
}

// The beginnings of the frames that are waited for.
var (
	frameOK      = []byte(`{"type":"ok"`)
	frameEvent   = []byte(`{"type":"event"`)
	frameOffer   = []byte(`{"type":"offer",`)
	frameProblem = []byte(`{"type":"problem"`)
)

// await reads until a frame begins like this. A problem is an error.
func (s *socket) await(begin, buf []byte) ([]byte, error) {
	for {
		frame, err := s.next(buf)
		if err != nil {
			return frame, err
		}
		if bytes.HasPrefix(frame, begin) {
			return frame, nil
		}
		if bytes.HasPrefix(frame, frameProblem) {
			return frame, fmt.Errorf("the server answered %s", frame)
		}
		buf = frame
	}
}

// listen counts the events that come, until the socket is closed.
func (s *socket) listen() {
	buf := make([]byte, 0, readBuffer)
	for {
		frame, err := s.next(buf)
		if err != nil {
			s.lost.Store(&err)
			return
		}
		if bytes.HasPrefix(frame, frameEvent) {
			s.got.Add(1)
		}
		buf = frame
	}
}

func (s *socket) close() { _ = s.conn.Close() }
