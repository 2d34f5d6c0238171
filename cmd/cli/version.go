package cli

import (
	"context"
	"fmt"
	"runtime"

	"baton/adapters/api"
)

// version is what git says this was built from; the linker puts it here and nothing else writes it.
var version = "dev"

func showVersion(_ context.Context, t *terminal, _ *flags) error {
	fmt.Fprintf(t.out, "baton %s (%s %s/%s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}

// showDocument prints what a running server serves as /v1/openapi.json; it needs no server and no database.
func showDocument(_ context.Context, t *terminal, _ *flags) error {
	document, err := api.Document(version)
	if err != nil {
		return fmt.Errorf("make the OpenAPI document: %w", err)
	}
	_, err = t.out.Write(document)
	return err
}
