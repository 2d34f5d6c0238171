// Package live is the socket: it keeps the open connections, takes their frames to the desk in the order they
// were read, and tells everybody who may know what the store has committed. The truth is the log; a connection
// that misses something reads it there, so nothing here is ever waited for by the committer.
//
// The hub's loops are those of Run. A connection has one goroutine, which reads, and a second one only while
// something waits to be written.
package live
