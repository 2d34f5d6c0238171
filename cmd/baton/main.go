// Command baton is the live agent handoff desk: one program with the server and what an operator needs beside it.
package main

import (
	"os"

	"baton/cmd/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:]))
}
