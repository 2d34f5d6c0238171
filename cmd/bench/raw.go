package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"sync"

	"github.com/fasthttp/websocket"
	contrib "github.com/gofiber/contrib/websocket"
	"github.com/gofiber/fiber/v2"
)

// relay is the limit that durable talk is compared with: the same libraries, an answer to the sender and the
// message to his peer, and nothing else. It runs as a process of its own.
type relay struct {
	mu   sync.Mutex // guards ends
	ends map[string]*end
}

// end is one side of a pair; its lock is for writing, which the peer does too.
type end struct {
	mu   sync.Mutex
	conn *websocket.Conn
}

func (e *end) write(frame []byte) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.conn == nil {
		return nil
	}
	return e.conn.WriteMessage(websocket.TextMessage, frame)
}

// serveRaw serves until the process is ended; the first line of output says where.
func serveRaw(out io.Writer) error {
	r := &relay{ends: map[string]*end{}}
	app := fiber.New(fiber.Config{DisableStartupMessage: true, ReduceMemoryUsage: true, ReadBufferSize: 8 << 10})
	app.Get("/readyz", func(c *fiber.Ctx) error { return c.SendString("ready\n") })
	app.Get("/socket/:side/:pair", contrib.New(func(c *contrib.Conn) {
		r.serve(c.Params("side"), c.Params("pair"), c.Conn)
	}, contrib.Config{ReadBufferSize: 512, WriteBufferSize: 1024, WriteBufferPool: new(sync.Pool)}))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "listening on http://%s\n", listener.Addr())
	return app.Listener(listener)
}

// at gives one side of a pair, which may not be connected yet.
func (r *relay) at(key string) *end {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ends[key] == nil {
		r.ends[key] = new(end)
	}
	return r.ends[key]
}

func (r *relay) serve(side, pair string, conn *websocket.Conn) {
	other := map[string]string{"customer": "agent", "agent": "customer"}[side]
	mine, peer := r.at(side+pair), r.at(other+pair)
	mine.mu.Lock()
	mine.conn = conn
	mine.mu.Unlock()
	defer func() {
		mine.mu.Lock()
		mine.conn = nil
		mine.mu.Unlock()
	}()
	var frame bytes.Buffer
	var event []byte
	for {
		_, reader, err := conn.NextReader()
		if err != nil {
			return
		}
		frame.Reset()
		if _, err := frame.ReadFrom(reader); err != nil {
			return
		}
		event = append(append(append(event[:0], frameEvent...), `,"data":`...), frame.Bytes()...)
		if mine.write([]byte(`{"type":"ok","id":"m","message":"msg_00000000000000000000","seq":1}`)) != nil || peer.write(append(event, '}')) != nil {
			return
		}
	}
}
