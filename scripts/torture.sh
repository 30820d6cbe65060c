#!/usr/bin/env bash
# torture.sh full|smoke|sabotage|list: the proofs too long for `make test`.
#   full    every long test, then every fault rig at full size; hours. Writes TORTURE.md.
#   smoke   every fault rig at the size for a release candidate; at most 25 minutes on two cores. Writes TORTURE.md.
#   sabotage  each wall of the product is taken away in turn; the suites that stand before it must turn red.
#   list    the long tests (marked #[ignore = "torture: ..."]) and how to start each; the rigs.
# Further arguments go to the rigs: scripts/torture.sh smoke --only F1,F2 --seed 7
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

# long_tests: prints one line a long test: name, reason and the command that starts it, separated by tabs.
long_tests() {
    local file line reason name suite where
    while IFS=: read -r file line reason; do
        name="$(sed -n "$line,$((line + 6))p" "$file" | sed -nE 's/^ *(async )?fn ([a-z0-9_]+).*/\2/p' | head -n 1)"
        case "$file" in
            tests/*)
                suite="${file#tests/}"
                suite="${suite%%/*}"
                where="--test ${suite%.rs}"
                ;;
            src/domain/tests/*)
                suite="${file#src/domain/tests/}"
                suite="${suite%%/*}"
                where="-p entrepot-domain --test ${suite%.rs}"
                ;;
            src/domain/*) where="-p entrepot-domain --lib" ;;
            *) where="--lib" ;;
        esac
        reason="$(sed -E 's/.*"(torture: *)?(.*)".*/\2/' <<<"$reason")"
        printf '%s\t%s\t%s\n' "$name" "$reason" \
            "scripts/with-postgres.sh cargo test --release --locked $where $name -- --ignored --nocapture"
    done < <(grep -rnE '^ *#\[ignore *= *"' --include='*.rs' src tests migrations 2>/dev/null || true)
    printf '%s\t%s\t%s\n' doubt.spec.ts \
        "every form fifty times over double clicks, reloads, lost connections and sessions that ran out" \
        "env REPEAT=50 npm run e2e --prefix frontend -- doubt"
}

list() {
    local name reason command found=0
    while IFS=$'\t' read -r name reason command; do
        say "$name: $reason"
        say "   $command"
        found=$((found + 1))
    done < <(long_tests)
    say "$found long-running test(s); the fault rigs:"
    cargo test --quiet --locked --features torture --test torture -- --list
}

run_long_tests() {
    local name reason command failed=0
    while IFS=$'\t' read -r name reason command; do
        printf '\n=== %s: %s\n' "$name" "$reason"
        # The command is made of words without blanks; it reads nothing from this list.
        # shellcheck disable=SC2086
        $command </dev/null || failed=$((failed + 1))
    done < <(long_tests)
    say "long tests: $failed failed"
    ((failed == 0))
}

# `full` takes every wall with the whole of its suite, anything else every second wall.
sabotage() {
    local all=()
    if [[ "${1:-}" == full ]]; then all=(-- --include-ignored); fi
    scripts/with-postgres.sh cargo test --locked --features torture --test access_sabotage --test races_sabotage ${all[@]+"${all[@]}"}
}

what="${1:-smoke}"
if (($# > 0)); then shift; fi
case "$what" in
    list) list ;;
    sabotage) sabotage "$@" ;;
    smoke) cargo test --locked --features torture --test torture -- smoke --report TORTURE.md "$@" ;;
    full)
        status=0
        run_long_tests || status=1
        sabotage full || status=1
        cargo test --release --locked --features torture --test torture -- full --report TORTURE.md "$@" || status=1
        exit "$status"
        ;;
    *)
        complain "usage: scripts/torture.sh full|smoke|sabotage|list [--only F1,F2] [--seed N]"
        exit 2
        ;;
esac
