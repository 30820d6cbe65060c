#!/usr/bin/env bash
# Lists the tests too long for `make test` (marked #[ignore = "torture: ..."]) and how to start each.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

found=0
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
    say "$name: $reason"
    say "   scripts/with-postgres.sh cargo test --release $where $name -- --ignored --nocapture"
    found=$((found + 1))
done < <(grep -rnE '^ *#\[ignore *= *"' --include='*.rs' src tests migrations 2>/dev/null || true)

say "$found long-running test(s)"
