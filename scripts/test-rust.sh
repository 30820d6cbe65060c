#!/usr/bin/env bash
# test-rust.sh: every Rust test of the workspace. Where at most three failed, these run a second time, alone: a machine that
# stood still for seconds breaks a time limit here and there, a mistake fails again. Who needed it is named in the last lines:
#     second try: 1 passed (goods::a_change_of_many_is_made_once_and_told_row_by_row)
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

log="$(mktemp)"
trap 'rm -f -- "$log"' EXIT
if cargo test --workspace --locked --no-fail-fast 2>&1 | tee "$log"; then exit 0; fi

# Names stand between the last "failures:" of a suite and the empty line after them, suites in cargo's closing words.
mapfile -t names < <(awk '/^failures:$/ { on = 1; next } on && /^    [A-Za-z0-9_:]+$/ { print $1; next } { on = 0 }' "$log" | sort -u)
mapfile -t suites < <(sed -nE 's/^ +`(-p [^`]+)`$/\1/p' "$log" | sort -u)
if ((${#suites[@]} == 0 || ${#names[@]} == 0 || ${#names[@]} > 3)); then exit 1; fi

say ""
say "failed at the first try:"
grep -A 6 -E "^thread '.*' .*panicked at" "$log" || true
for suite in "${suites[@]}"; do
    # shellcheck disable=SC2086 # the words of a suite are arguments
    if ! cargo test --locked $suite -- --exact "${names[@]}" >"$log.again" 2>&1; then
        cat "$log.again"
        rm -f -- "$log.again"
        exit 1
    fi
    if ! grep -qE '^test result: ok[.] [1-9]' "$log.again"; then exit 1; fi
    rm -f -- "$log.again"
done
say "second try: ${#names[@]} passed (${names[*]})"
