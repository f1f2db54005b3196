# `make` says what there is to make.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help build demo assets tools lint test prove bench clean

# The version is put in below, so go need not ask git, which refuses a clone that somebody else owns.
export GOFLAGS := $(GOFLAGS) -buildvcs=false
# Everything is pure Go. The race detector alone wants a C compiler.
export CGO_ENABLED := 0

VERSION = $(shell git describe --tags --always --dirty 2>/dev/null || echo development)
SOURCES = $(wildcard *.go cmd internal examples tools bench)
RACE    = $(patsubst %,./%,$(wildcard internal/book internal/ledger internal/store internal/desk internal/graph))
# Of web those tests under the race detector in which many ask at once: all of them would take longer than everything else together.
RACED   = WhileWriting|TwoTabs|Kept|Job|WholeRecordIsChecked|Session|SignIn

# For the command line: make test TESTFLAGS=-v, make prove FUZZTIME=10m CHECKS=100000 DISK=10000 PARTS="pages fuzz", make bench BENCH=Fold.
TESTFLAGS =
FUZZTIME  = 1m
CHECKS    = 10000
DISK      = 1000
PARTS     =
BENCH     = .

help: ## This list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

FRONT = internal/web/front

assets: ## The stylesheet and the script of the pages, by npm; without npm, pages are plain
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory $(FRONT)/built/app.css; \
	else echo "npm is missing, so pages will have no style: apt-get install nodejs npm"; fi

$(FRONT)/node_modules/.installed: $(FRONT)/package-lock.json $(FRONT)/package.json
	cd $(FRONT) && rm -rf node_modules && npm ci --loglevel=error --no-audit --no-fund --ignore-scripts && touch node_modules/.installed

$(FRONT)/built/app.css: $(FRONT)/node_modules/.installed $(FRONT)/build.mjs $(wildcard $(FRONT)/styles/*.scss $(FRONT)/script/*.js)
	cd $(FRONT) && node build.mjs

build: assets ## One program without dependencies, bin/plumbline
	go build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o bin/plumbline ./cmd/plumbline

demo: build ## Show the record of the two Harrow documents, on this computer only
	bin/plumbline demo

tools: # What tests need beside Go: installed as root on Debian, else said
	@scripts/setup-test.sh

lint: ## Faults that can be seen without running anything: staticcheck, gosec, govulncheck
	@scripts/lint.sh

test: tools build ## Everything that must pass before a change is committed, in minutes
	@unformatted=$$(gofmt -l $(SOURCES)); [ -z "$$unformatted" ] || { echo "gofmt -w has something to do in:"; echo "$$unformatted"; exit 1; }
	go vet ./...
	@scripts/lint.sh
	go test -timeout 25m $(TESTFLAGS) ./...
	@if scripts/setup-test.sh has race; then set -x; RAPID_CHECKS=10 CGO_ENABLED=1 go test -race -timeout 25m $(TESTFLAGS) $(RACE); \
		RAPID_CHECKS=10 CGO_ENABLED=1 go test -race -timeout 25m -run '$(RACED)' -skip Bounded $(TESTFLAGS) ./internal/web; fi
	bin/plumbline pack test

prove: tools build ## What takes long, part by part: random histories, kill -9, every page in a browser, budgets, load, fuzzing
	@CHECKS=$(CHECKS) DISK=$(DISK) FUZZTIME=$(FUZZTIME) scripts/prove.sh $(PARTS)

bench: ## The figures of the README, with the machine and the commit that they belong to
	@echo "commit   $(VERSION)"
	@echo "machine  $$(uname -srm), $$(nproc) cores, $$(sed -n 's/^model name.*: //p' /proc/cpuinfo 2>/dev/null | sed -n 1p)"
	@echo "memory   $$(sed -n 's/^MemTotal: *//p' /proc/meminfo 2>/dev/null)"
	@echo "go       $$(go env GOVERSION), $$(date -u +%Y-%m-%d)"
	go test -run '^$$' -bench '$(BENCH)' -benchmem -timeout 2h ./...

clean: ## Remove what was built
	rm -rf bin $(FRONT)/node_modules
	find $(FRONT)/built -type f ! -name README -delete
