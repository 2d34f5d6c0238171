.DEFAULT_GOAL := help
.PHONY: help run build test proof check bench demo fmt lint release

# Versions come from git by the next line, so that a clone that git distrusts still builds.
export GOFLAGS := $(GOFLAGS) -buildvcs=false

VERSION   ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
FLAGS      = -ldflags "-s -w -X baton/cmd/cli.version=$(VERSION)"
FOLDERS    = adapters cmd core migrations plugins scripts .ci/tests
PLATFORMS ?= linux/amd64 linux/arm64 darwin/amd64 darwin/arm64

help: ## say what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

run: build ## build and serve on http://127.0.0.1:8080, with SQLite in ./data
	bin/baton serve

build: ## write bin/baton, with the interface when npm is there
	@.ci/web build
	CGO_ENABLED=0 go build $(FLAGS) -o bin/baton ./cmd/baton

test: ## run all tests; PostgreSQL is found, or installed from Debian's package
	.ci/test

proof: ## run the tests with their full counts (100 kills instead of 20, ...); takes long
	.ci/postgres
	BATON_PROOF=1 go run ./.ci/tests -count=1 -vet=off -timeout 120m ./...

check: ## formatting, vet, lint, known vulnerabilities
	.ci/check

bench: ## measure and print the figures of the README
	go run ./cmd/bench

demo: build ## a server, a bot, customers and agents at work, told in the terminal
	bin/baton demo

fmt: ## format the code
	gofmt -w -s $(FOLDERS)
	.ci/web fmt

lint: ## golangci-lint only
	$$(go -C .ci/lint tool -n golangci-lint) run ./...

release: ## static binaries for all platforms and their checksums, in dist/
	@.ci/web build
	rm -rf dist && mkdir dist
	@for platform in $(PLATFORMS); do \
	  name=baton-$(VERSION)-$$(echo $$platform | tr / -); echo $$name; \
	  CGO_ENABLED=0 GOOS=$${platform%/*} GOARCH=$${platform#*/} go build -trimpath $(FLAGS) -o dist/$$name ./cmd/baton || exit 1; \
	done
	cd dist && sha256sum * > SHA256SUMS
