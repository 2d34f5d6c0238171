package api_test

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"baton/core"
)

// BenchmarkListPage reads the first page of the desk's list among many open sessions, by HTTP, from a server that has
// just been started.
func BenchmarkListPage(b *testing.B) {
	const open, writers = 10_000, 100
	dsn := "sqlite:" + filepath.Join(b.TempDir(), "baton.db")
	h := openOn(b, dsn, nil)
	agent := h.person(b, "Ann", core.AgentRole)
	queue, err := h.store.Queue(b.Context(), "general")
	if err != nil {
		b.Fatal(err)
	}
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range open / writers {
				customer := core.Customer{ID: core.NewID(core.CustomerPrefix), Name: fmt.Sprintf("Customer %d-%d", w, i)}
				by := core.ActorRef{Role: core.CustomerRole, ID: customer.ID, Name: customer.Name}
				_, err := h.store.Begin(b.Context(), core.Desk, core.NewID(core.SessionPrefix), func(_ *core.Session, tx core.Tx) error {
					tx.Emit(by, &core.Requested{
						Customer: customer, Queue: queue.Ref(), Channel: "web", Subject: "Where is parcel 48213?", Priority: core.Normal,
						Summary: "The parcel has not come, and the tracking page shows nothing since Monday.", Tried: []string{"tracking"}, Tags: []string{"parcel"},
					}, &core.Posted{ID: core.NewID(core.MessagePrefix), ClientID: "1", Author: by, Text: "Hello there, it is about my order 4711, can you look?"})
					tx.Emit(core.Desk.Ref(), &core.Waiting{})
					return nil
				})
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	h = openOn(b, dsn, nil) // it remembers nothing of the sessions
	page := h.reader(b, agent, "/v1/sessions?status=waiting,pending,active")
	b.ReportAllocs()
	before := processorTime(b)
	for b.Loop() {
		page()
	}
	b.ReportMetric(float64((processorTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
}

// reader reads one path again and again on one connection, at next to no cost of its own.
func (h *house) reader(b *testing.B, by caller, path string) func() {
	b.Helper()
	conn, err := net.Dial("tcp", h.addr)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = conn.Close() })
	request := fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", path, by.token)
	in := bufio.NewReaderSize(conn, 256<<10)
	return func() {
		if _, err := conn.Write(request); err != nil {
			b.Fatal(err)
		}
		length := 0
		for {
			line, err := in.ReadSlice('\n')
			if err != nil {
				b.Fatal(err)
			}
			if rest, is := bytes.CutPrefix(line, []byte("Content-Length: ")); is {
				length, _ = strconv.Atoi(string(bytes.TrimSpace(rest)))
			}
			if len(line) == len("\r\n") {
				break
			}
		}
		if _, err := in.Discard(length); err != nil || length < 10<<10 {
			b.Fatalf("a page of %d bytes, %v", length, err)
		}
	}
}

// processorTime is what this process has used, which tells more than the clock when the machine is busy.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
