#!/usr/bin/env bash
# dev.sh SERVE-ARGUMENTS...: the server from a debug build, and the frontend with hot reload beside it. Ctrl-C ends both.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

cargo build --bin entrepot

children=()
end_children() {
    trap - EXIT
    local child
    for child in ${children[@]+"${children[@]}"}; do kill "$child" 2>/dev/null || true; done
    wait
}
trap end_children EXIT
trap 'exit 130' INT TERM

"$TARGET_DIR/debug/entrepot" "$@" &
children+=($!)
(cd frontend && exec node node_modules/vite/bin/vite.js) &
children+=($!)

# Either one ending ends the other.
wait -n
