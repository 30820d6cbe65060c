#!/usr/bin/env bash
# schemathesis.sh [smoke|full]: holds the running server against its own OpenAPI document, as nobody and as each role (F15).
#
# Needs Python 3 and, once, the package index (PyPI) for schemathesis; says what is missing. Passes when no role meets a 5xx or
# an answer that the document does not describe, and when a planted fault is found.
#   smoke  6 minutes in all      full  an hour
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

VERSION=4.32.5
VENV="$TARGET_DIR/schemathesis"
size="${1:-smoke}"
case "$size" in
    smoke) examples=4 seconds=25 ;;
    full) examples=200 seconds=330 ;;
    *)
        complain "unknown size \"$size\": smoke or full"
        exit 2
        ;;
esac

install() {
    if [[ -x "$VENV/bin/schemathesis" && "$("$VENV/bin/schemathesis" --version)" == *"$VERSION"* ]]; then return; fi
    if ! python3 -m venv "$VENV" 2>/dev/null; then
        complain "python3 with venv is missing: apt-get install python3-venv"
        exit 1
    fi
    if ! "$VENV/bin/pip" install --quiet "schemathesis==$VERSION"; then
        complain "schemathesis $VERSION could not be fetched from the Python package index; it needs a network once"
        exit 1
    fi
}

work="$(mktemp -d)"
server=""
stop() {
    if [[ -n "$server" ]]; then kill "$server" 2>/dev/null || true; fi
    server=""
}
trap 'stop; rm -rf -- "$work"' EXIT

# start PORT [NAME=VALUE...]: a fresh server with a small demo market.
start() {
    local port="$1" data
    shift
    data="$(mktemp -d "$work/data.XXXX")"
    env "$@" "$BINARY" serve --demo --demo-orders 6 --listen "127.0.0.1:$port" \
        --database "sqlite://$data/entrepot.db" --files "$data/files" >"$data/log" 2>&1 &
    server=$!
    for _ in $(seq 300); do
        if curl --silent --fail --output /dev/null "http://127.0.0.1:$port/ready"; then return; fi
        if ! kill -0 "$server" 2>/dev/null; then break; fi
        sleep 0.2
    done
    complain "the server did not come up:"
    tail -n 20 "$data/log" >&2
    exit 1
}

# signed_in: the access cookie out of an answer's head.
signed_in() { sed -nE 's/^[Ss]et-[Cc]ookie: (__Host-entrepot=[^;]+);.*/\1/p' | tr -d '\r'; }

# post PORT PATH BODY [ARGUMENT...]: sends JSON.
post() {
    local port="$1" path="$2" body="$3"
    shift 3
    curl --silent --fail --output /dev/null --header 'Content-Type: application/json' --data "$body" "$@" \
        "http://127.0.0.1:$port/api/v1$path"
}

# invited PORT INVITER ROLE: the access cookie of somebody new whom a demo user invites into the role.
invited() {
    local port="$1" inviter="$2" role="$3" email="$3@probe.example" ticket=""
    post "$port" /team/invitations "{\"email\":\"$email\",\"role\":\"$role\"}" --header "Cookie: $(cookie "$port" "$inviter")"
    for _ in $(seq 100); do
        ticket="$(cat "$work"/data.*/mail/*.eml 2>/dev/null | tr -d '\r' | awk -v to="To: $email" '
            $0 == to { own = 1 } /^To: / && $0 != to { own = 0 }
            own && match($0, /\/invitation#[0-9a-f]+/) { print substr($0, RSTART + 12, RLENGTH - 12); exit }')"
        if [[ -n "$ticket" ]]; then break; fi
        sleep 0.2
    done
    post "$port" /auth/invitation/accept \
        "{\"token\":\"$ticket\",\"name\":\"Probe $role\",\"password\":\"quiet-harbour-lamp-seventeen\"}" --dump-header - | signed_in
}

# cookie PORT ROLE: the access cookie of a demo user, or of one who is invited.
cookie() {
    case "$2" in
        trader | finance | viewer) invited "$1" buyer "$2" ;;
        support | credit_admin | carrier) invited "$1" admin "$2" ;;
        *) post "$1" /auth/demo "{\"seat\":\"$2\"}" --dump-header - | signed_in ;;
    esac
}

# Streams do not end, and what ends the session or the account of the caller would leave nothing to test.
ENDLESS='/live$|/auth/(sign-out|seat|refresh|demo|sessions|second-factor|password$|step-up)|/admin/users/|/team/\{seat\}'

# probe PORT ROLE [ARGUMENT...]: one role against the whole document.
probe() {
    local port="$1" role="$2" auth=()
    shift 2
    if [[ "$role" != anonymous ]]; then
        local pass
        pass="$(cookie "$port" "$role")"
        if [[ -z "$pass" ]]; then
            complain "nobody could be signed in as $role"
            return 1
        fi
        auth=(--header "Cookie: $pass")
    fi
    "$VENV/bin/schemathesis" --config-file "$work/schemathesis.toml" run "http://127.0.0.1:$port/api/v1/openapi.json" --url "http://127.0.0.1:$port" \
        ${auth[@]+"${auth[@]}"} --exclude-path-regex "$ENDLESS" --max-examples "$examples" --max-time "$seconds" \
        --checks all --exclude-checks "$EXCLUDED" --suppress-health-check all --generation-database none --seed 7 \
        --request-timeout 10 --warnings off --no-color --generation-with-security-parameters false --continue-on-failure "$@"
}

# What the tool expects and this server does otherwise, each on purpose:
#   unsupported_method          an operation that does not exist is 404, whatever the method
#   positive_data_acceptance    a body of the right form may still break a rule between its fields, or be refused to the role
#   missing_required_header     who may not act learns that before the form is judged
EXCLUDED=unsupported_method,allow_header_conformance,positive_data_acceptance,missing_required_header

# How a request that breaks the document may be refused. 414: a query of more than 2,048 bytes is not even read.
cat >"$work/schemathesis.toml" <<'TOML'
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 414, 415, 422, 428, 429]
TOML

install
BINARY="${ENTREPOT_BIN:-$TARGET_DIR/debug/entrepot}"
if [[ ! -x "$BINARY" ]]; then cargo build --locked --bin entrepot --features torture; fi
port="${ENTREPOT_PROBE_PORT:-18473}"

start "$port"
failed=0
for role in anonymous buyer seller trader finance viewer admin support credit_admin teacher carrier; do
    began=$SECONDS
    if probe "$port" "$role" >"$work/$role.log" 2>&1; then
        say "schemathesis as $role: passed ($((SECONDS - began)) s)"
    else
        say "schemathesis as $role: FAILED"
        cat "$work/$role.log"
        failed=1
    fi
done
stop

# The control: an answer in another form than the document's must be found. A build without the feature cannot plant it.
start "$port" ENTREPOT_SABOTAGE=documented_form
if curl --silent --header "Cookie: $(cookie "$port" buyer)" "http://127.0.0.1:$port/api/v1/categories" | grep -q '"items"'; then
    say "schemathesis control: skipped, the server was built without --features torture"
elif probe "$port" buyer --include-path /api/v1/categories >"$work/control.log" 2>&1; then
    say "schemathesis control: FAILED, the planted fault was not found"
    cat "$work/control.log"
    failed=1
else
    say "schemathesis control: the planted fault was found"
fi
stop
exit "$failed"
