package cli

import (
	"context"
	"fmt"
	"runtime"
)

// version is what git says this was built from; the linker puts it here and nothing else writes it.
var version = "dev"

func showVersion(_ context.Context, t *terminal, _ *flags) error {
	fmt.Fprintf(t.out, "baton %s (%s %s/%s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}
