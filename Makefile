# Entrepot: the commands a person needs. Continuous integration uses the same names.
#
#   make run     check prerequisites, build what changed, start with the demo market
#   make test    everything: format, lints, unit tests, both databases, browser journeys
#
# Variables:  make run DB=postgres://... PORT=9000    make bench PARTS=http-read,ledger

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
BINARY := $(TARGET_DIR)/release/entrepot
CARGO_BUILD := cargo build --release --locked --bin entrepot

FRONTEND_SOURCES := $(shell find frontend -type f \
	-not -path '*/node_modules/*' -not -path 'frontend/dist/*' -not -path '*/.vite/*' \
	-not -path '*/test-results/*' -not -path '*/playwright-report/*' \
	-not -name '*.test.ts' -not -name '*.test.tsx' -not -name '*.tsbuildinfo' \
	-not -name 'playwright.config.ts' 2>/dev/null | sed 's/ /\\ /g')

SERVE := serve --demo $(if $(DB),--database '$(DB)') $(if $(PORT),--listen '127.0.0.1:$(PORT)')

.PHONY: help prerequisites run build frontend test check dev bench e2e torture torture-smoke schemathesis clean

help:
	@echo 'make run      build what changed and start Entrepot with the demo market  [DB=url] [PORT=number]'
	@echo 'make build    the release binary, frontend inside'
	@echo 'make test     every test; installs PostgreSQL and Chromium for them where it may'
	@echo 'make check    format, lints and frontend checks; no tests'
	@echo 'make dev      server and frontend with reload  [DB=url] [PORT=number]'
	@echo 'make e2e      the browser journeys alone'
	@echo 'make bench    the benchmarks  [PARTS=http-read,search,matching,http-write,mixed,ledger,clock,papers,world,boot,web,postgres]'
	@echo 'make torture  every long test and every fault rig at full size; hours. scripts/torture.sh list names them'
	@echo 'make torture-smoke  every fault rig, for a release candidate; 25 minutes at most'
	@echo 'make schemathesis  the server against its own API document, as each role  [SIZE=full]'
	@echo 'make clean    remove everything built'

prerequisites:
	@scripts/prerequisites.sh

# --- building: the frontend first, because the server embeds it ---

frontend/node_modules/.stamp: frontend/package-lock.json frontend/package.json | prerequisites
	npm ci --prefix frontend
	@touch $@

frontend/dist/.stamp: frontend/node_modules/.stamp $(FRONTEND_SOURCES) | prerequisites
	npm run build --prefix frontend
	@touch $@

frontend: frontend/dist/.stamp

build: prerequisites frontend/dist/.stamp
	@$(CARGO_BUILD)

run: build
	@exec $(BINARY) $(SERVE)

dev: prerequisites frontend/dist/.stamp
	@scripts/dev.sh $(SERVE)

# --- proving ---

test: prerequisites
	@scripts/install-test-needs.sh
	@scripts/test.sh

check: prerequisites frontend/dist/.stamp
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	npm run check --prefix frontend

e2e: prerequisites
	@scripts/install-test-needs.sh
	@scripts/test.sh journeys

# Builds the server it measures itself: with the suite's own dependencies it would be built twice otherwise.
bench: prerequisites frontend/dist/.stamp
	cargo build --release --locked -q -p entrepot-domain --example world_bench
	cargo bench --locked --bench suite -- $(PARTS)

torture: prerequisites frontend/dist/.stamp
	@scripts/install-test-needs.sh
	@scripts/torture.sh full

torture-smoke: prerequisites frontend/dist/.stamp
	@scripts/install-test-needs.sh
	@scripts/torture.sh smoke

# The server against its own OpenAPI document, as each role; SIZE=full takes half an hour. Needs the Python package index once.
schemathesis: prerequisites frontend/dist/.stamp
	cargo build --locked --bin entrepot --features torture
	scripts/schemathesis.sh $(or $(SIZE),smoke)

clean:
	cargo clean
	rm -rf frontend/dist frontend/node_modules frontend/test-results frontend/playwright-report
