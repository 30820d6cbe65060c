#!/usr/bin/env bash
# test.sh [journeys]: every test, in the order in which a mistake is cheapest to find; the first failure ends the run.
# With `journeys`, only what the browser journeys need. The last line counts what passed:
#     entrepot: 412 passed, 0 failed
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

only="${1:-all}"
logs="$(mktemp -d)"
# Where the tests' databases lie: in memory if there is room, for each of their commits waits for the disk otherwise. The fault
# rigs stay on the disk.
scratch="$logs"
if [[ "$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)" -gt 4000000 ]]; then scratch="$(mktemp -d /dev/shm/entrepot.XXXXXX)"; fi
beside=
trap 'if [[ -n "$beside" ]]; then kill "$beside" 2>/dev/null || true; fi; rm -rf -- "$logs" "$scratch"' EXIT

# Nobody steps through what is built here: a build without debug information takes a tenth less.
if [[ "${CI:-}" == true ]]; then export CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=0; fi
export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-auto}"

# Half of a test's time is waiting: for timers, for a database, for the hash of a password in another thread.
export RUST_TEST_THREADS="${RUST_TEST_THREADS:-$((2 * $(nproc 2>/dev/null || echo 2)))}"
# What a test says when it fails must not drown in the frames of its runtime.
export RUST_BACKTRACE="${RUST_TEST_BACKTRACE:-0}"

# plain FILE: the log without terminal colours.
plain() { sed -E $'s/\x1b\\[[0-9;?]*[A-Za-z]//g' "$1"; }

# count FILE PATTERN: sums the first number of each match of the pattern (an extended regular expression).
count() { plain "$1" | { grep -oE "$2" || true; } | { grep -oE '[0-9]+' || true; } | awk '{ sum += $1 } END { print sum + 0 }'; }

# step NAME TITLE COMMAND...: runs one step with a heading, its time, and a log for the counting.
step() {
    local name="$1" title="$2" began=$SECONDS
    shift 2
    printf '\n=== %s\n' "$title"
    if ! "$@" 2>&1 | tee "$logs/$name"; then
        printf '\n=== %s: FAILED after %d s\n' "$title" "$((SECONDS - began))"
        report_failure "$name" "$title"
        exit 1
    fi
    printf -- '--- %s: %d s\n' "$title" "$((SECONDS - began))"
}

report_failure() {
    local failed
    case "$1" in
        rigs) failed="$(count "$logs/rigs" ', [0-9]+ failed$')" ;;
        rust) failed="$(count "$logs/rust" '; [0-9]+ failed')" ;;
        units) failed="$(plain "$logs/units" | sed -nE 's/^ *Tests +([0-9]+) failed.*/\1/p' | tail -n 1)" ;;
        journeys) failed="$(count "$logs/journeys" '^ *[0-9]+ failed')" ;;
        *) failed=1 ;;
    esac
    if [[ "${failed:-0}" == 0 ]]; then failed=1; fi
    say "entrepot: $(total_passed) passed, $failed failed (in: $2)"
}

passed_rust() { if [[ -f "$logs/rust" ]]; then count "$logs/rust" '^test result: .*[.] [0-9]+ passed'; else echo 0; fi; }
# A test that passed at the second try, alone, is told apart as well.
flaky_rust() { if [[ -f "$logs/rust" ]]; then count "$logs/rust" '^second try: [0-9]+ passed'; else echo 0; fi; }
passed_rigs() { if [[ -f "$logs/rigs" ]]; then count "$logs/rigs" '^torture: [0-9]+ passed'; else echo 0; fi; }
passed_units() {
    if [[ ! -f "$logs/units" ]]; then
        echo 0
    else
        # "Tests  1 failed | 41 passed (42)"
        plain "$logs/units" | { grep -E '^ *Tests ' || true; } | { grep -oE '[0-9]+ passed' || true; } | awk '{ n += $1 } END { print n + 0 }'
    fi
}
# A journey that passed at the second try counts as passed and is told apart.
flaky_journeys() { if [[ -f "$logs/journeys" ]]; then count "$logs/journeys" '^ *[0-9]+ flaky'; else echo 0; fi; }
passed_journeys() {
    if [[ -f "$logs/journeys" ]]; then echo $(($(count "$logs/journeys" '^ *[0-9]+ passed') + $(flaky_journeys))); else echo 0; fi
}
total_passed() { echo $(($(passed_rust) + $(flaky_rust) + $(passed_rigs) + $(passed_units) + $(passed_journeys))); }

# require_some NAME COUNT: a suite that ran nothing has proved nothing.
require_some() {
    if [[ "$2" == 0 ]]; then
        say "entrepot: $(total_passed) passed, 1 failed ($1 ran no test)"
        exit 1
    fi
}

# The frontend's steps; they run beside the first build, which for half of its time keeps one processor busy.
frontend_steps() {
    step frontend "Frontend: packages and build" build_frontend
    step frontend-check "Frontend: style, types, both languages" npm run check --prefix frontend
    step units "Frontend: unit tests" npm test --prefix frontend
}

# The server compiles with a placeholder for the pages, and reads them when it runs.
begin_frontend() {
    (frontend_steps) >"$logs/beside" 2>&1 &
    beside=$!
}

end_frontend() {
    local status=0
    wait "$beside" || status=$?
    beside=
    cat "$logs/beside"
    if ((status != 0)); then exit 1; fi
    require_some "frontend unit tests" "$(passed_units)"
}

build_frontend() { make --no-print-directory frontend; }
build_server() { cargo build --locked --bin entrepot; }

journeys() {
    if ! node -e 'process.exit(require("./frontend/package.json").scripts?.e2e ? 0 : 1)'; then
        complain "frontend/package.json has no script \"e2e\": the browser journeys cannot run"
        return 1
    fi
    local chromium
    if ! chromium="$(find_chromium)"; then
        complain "no Chromium found: run scripts/install-test-needs.sh"
        return 1
    fi
    TMPDIR="$scratch" ENTREPOT_BIN="$(cd "$TARGET_DIR" && pwd)/debug/entrepot" CHROMIUM="$chromium" npm run e2e --prefix frontend
}

if [[ "$only" == all ]]; then
    step format "Format of the Rust sources" cargo fmt --all --check
    begin_frontend
    step clippy "Lints of the Rust sources" cargo clippy --workspace --all-targets --locked -- -D warnings
    end_frontend
    step rust "Rust tests, on SQLite and PostgreSQL" scripts/with-postgres.sh env TMPDIR="$scratch" scripts/test-rust.sh
    require_some "Rust tests" "$(passed_rust)"
else
    step frontend "Frontend: packages and build" build_frontend
    step server "Server for the journeys" build_server
fi
# The server that the Rust tests ran beside them, where there were some.
step journeys "Browser journeys" journeys
require_some "browser journeys" "$(passed_journeys)"
if [[ "$only" == all ]]; then
    # Last, because it builds a server of its own, with failpoints, in the place of the one the journeys used.
    step rigs "Fault rigs, a sample" cargo test --locked --features torture --test torture -- ci
    require_some "fault rigs" "$(passed_rigs)"
fi

printf '\nRust %d (%d at the second try), fault rigs %d, frontend units %d, browser journeys %d (%d at the second try); %d s in all\n' \
    $(($(passed_rust) + $(flaky_rust))) "$(flaky_rust)" "$(passed_rigs)" "$(passed_units)" "$(passed_journeys)" "$(flaky_journeys)" "$SECONDS"
say "entrepot: $(total_passed) passed, 0 failed"
