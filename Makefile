# Everything a developer types. `make` alone lists it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Packages without the tests of whole systems.
UNIT = $(shell go list ./... | grep -v '/test/\(e2e\|whmcs\|postgres\)')
# Those that wait for minutes begin first, so that they do not stand alone at the end.
SLOW = metalease/internal/server metalease/activities/panel metalease/internal/control metalease/internal/cli
RACE ?=
# Every tool comes at the version that tools/lint/go.mod pins.
LINT_TOOL = go tool -modfile=tools/lint/go.mod
# Called when needed only: it may build for minutes.
TEMPORAL = $$(tools/temporal-cli.sh)

# A checkout that belongs to another user (CI) makes git refuse, and the stamp of a test binary is of no use.
bench demo dev lint record-histories test test-unit test-deploy test-whmcs test-e2e test-postgres: export GOFLAGS := $(GOFLAGS) -buildvcs=false

.PHONY: help
help: ## list the commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## the two-minute tour: Temporal, both simulators, worker, gateway, four orders
	@TEMPORAL_CLI="$(TEMPORAL)" && export TEMPORAL_CLI && exec go run ./cmd/demo

.PHONY: dev
dev: ## the same set, left running, with its addresses
	@TEMPORAL_CLI="$(TEMPORAL)" && export TEMPORAL_CLI && exec go run ./cmd/demo --dev

.PHONY: test
test: test-unit test-deploy test-php test-whmcs test-e2e ## all tests

.PHONY: test-unit
test-unit: ## unit tests, workflow tests with skipped time, clients and command line against simulators and a real Temporal
	TEMPORAL_CLI="$(TEMPORAL)" && export TEMPORAL_CLI && go test $(RACE) $(SLOW) $(filter-out $(SLOW),$(UNIT))

# Not from the cache: it does not see files outside the module of the test.
.PHONY: test-deploy
test-deploy: ## docker-compose.yml, what it mounts, the scripts, the rules of lint, docs/openapi.json
	tools/temporal_cli_test.sh
	cd tools/lint && go test -count=1 ./...
	cd tools/release && go test -count=1 ./...
	cd deploy/composetest && go test -count=1 ./...
	cd test/openapi && go test -count=1 ./...

.PHONY: test-php
test-php: ## the WHMCS module alone: syntax, style, units, its pages
	tools/php-tests.sh

.PHONY: test-whmcs
test-whmcs: ## the WHMCS module in a WHMCS host for tests, with gateway, worker, Temporal and dcimsim
	TEMPORAL_CLI="$(TEMPORAL)" && export TEMPORAL_CLI && go test $(RACE) -count=1 -timeout 20m ./test/whmcs/...

.PHONY: test-e2e
test-e2e: ## end-to-end tests on a real Temporal server
	TEMPORAL_CLI="$(TEMPORAL)" && export TEMPORAL_CLI && go test $(RACE) -count=1 -timeout 30m ./test/e2e/...

# Not part of `make test`: it wants root and Debian's PostgreSQL, and its first run builds the server.
.PHONY: test-postgres
test-postgres: ## the same on PostgreSQL: two Temporal servers, two workers, two gateways, kills, a restore, an upgrade
	TEMPORAL_CLI="$(TEMPORAL)" && TEMPORAL_SERVER="$$(tools/temporal-server.sh)" && export TEMPORAL_CLI TEMPORAL_SERVER && \
	  go test $(RACE) -v -count=1 -timeout 20m ./test/postgres/...

.PHONY: bench
bench: ## what an order costs: ROW=name,name or all, COUNT=20, INSTALL=20m, WITHIN=30m, STORE=postgres, JSON=file; docs/performance.md
	TEMPORAL_CLI="$(TEMPORAL)" && export TEMPORAL_CLI && \
	  if [[ "$(STORE)" == postgres ]]; then TEMPORAL_SERVER="$$(tools/temporal-server.sh)" && export TEMPORAL_SERVER; fi && \
	  go run ./test/bench --row "$(ROW)" --store "$(STORE)" --json "$(JSON)" --install-time "$(or $(INSTALL),0s)" \
	  --count "$(or $(COUNT),0)" --within "$(or $(WITHIN),0s)"

# Takes about two minutes. What was recorded before and is in no release is replaced.
.PHONY: record-histories
record-histories: ## record one history of each phase and workflow type, from a real server
	TEMPORAL_CLI="$(TEMPORAL)" && export TEMPORAL_CLI && METALEASE_HISTORIES="$(CURDIR)/workflows/testdata/histories" \
	  go test -v -count=1 -timeout 10m -run '^TestHistoriesAreRecorded$$' ./test/e2e
	go test -count=1 -run '^TestHistories' ./workflows

.PHONY: lint
lint: ## gofmt, go vet, staticcheck, and the rules of tools/lint/rules.go
	@unformatted=$$(gofmt -l $$(git ls-files --cached --others --exclude-standard '*.go')) && \
	  if [[ -n $$unformatted ]]; then echo "not formatted with gofmt:" $$unformatted >&2; exit 1; fi
	go vet ./...
	cd deploy/composetest && go vet ./...
	cd test/openapi && go vet ./...
	cd tools/release && go vet ./...
	cd tools/lint && go vet ./... && go build -trimpath -o $(CURDIR)/bin/tools/lint .
	go vet -vettool=$(CURDIR)/bin/tools/lint ./...
	$(LINT_TOOL) staticcheck ./...

.PHONY: check
check: lint ## lint, and all tests with the race detector: what CI runs
	$(MAKE) --no-print-directory test RACE=-race

.PHONY: build
build: ## static binaries in bin/
	version=$$(tools/version.sh) && CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X metalease/internal/version.number=$$version" -o bin/ ./worker ./starter ./cmd/...

.PHONY: module
module: ## the WHMCS module as a zip in dist/, to unpack in a WHMCS root
	@tools/module-zip.sh

.PHONY: release
release: ## programs for each platform, module, bill of materials, licences and checksums in dist/VERSION/, built twice
	@tools/release.sh --twice

.PHONY: clean
clean: ## remove bin/ and dist/ (the built Temporal stays in the user's cache)
	rm -rf bin dist
