package reference

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write scripts/meta/baton.lua")

const stubsFile = "../../../scripts/meta/baton.lua"

func TestStubsForEditorsAreThoseOfTheReference(t *testing.T) {
	if *update {
		if err := os.WriteFile(stubsFile, []byte(Stubs()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.ReadFile(stubsFile)
	if err != nil || string(file) != Stubs() {
		t.Errorf("scripts/meta/baton.lua is not what the reference says (%v); run go test ./adapters/lua/reference -update", err)
	}
}

func TestEntriesAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range Entries() {
		if seen[e.Name] {
			t.Errorf("%s is there twice", e.Name)
		}
		seen[e.Name] = true
		if e.Name == "" || e.Doc == "" || !strings.HasSuffix(e.Doc, ".") || e.Since == "" || !strings.HasPrefix(e.Signature, e.Name) {
			t.Errorf("%+v says too little", e)
		}
	}
}

func TestArityComesFromTheSignature(t *testing.T) {
	calls := World().Calls
	for name, want := range map[string][2]int{
		"store.get": {1, 2}, "store.set": {2, 3}, "print": {0, -1}, "time.now": {0, 0}, "select": {1, -1}, "table.insert": {2, 3},
	} {
		if got := calls[name]; got.Least != want[0] || got.Most != want[1] {
			t.Errorf("%s takes %d to %d arguments, not %v", name, got.Least, got.Most, want)
		}
	}
}
