#!/usr/bin/env bash
# with-postgres.sh COMMAND [ARGUMENT...]
# Runs a command beside a PostgreSQL cluster of its own, made for it and removed after it. The cluster listens on a
# private Unix socket only, so it cannot meet a server that already runs. It does not flush to disk (fsync=off) and lies in
# memory where there is room: it is for tests of behaviour; durability is tested elsewhere. With ENTREPOT_POSTGRES_FSYNC=on
# it lies on the disk and flushes, for benchmarks.
#
# The command finds it in ENTREPOT_TEST_POSTGRES; the role `postgres` may create databases.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if (($# == 0)); then
    complain "usage: scripts/with-postgres.sh COMMAND [ARGUMENT...]"
    exit 2
fi
if ! bin="$(find_postgres_bin)"; then
    complain "no PostgreSQL server programs (initdb, pg_ctl) found: run scripts/install-test-needs.sh"
    exit 1
fi

# PostgreSQL refuses to run as root, so root hands the cluster to an ordinary account.
as_server=()
if [[ "$(id -u)" == 0 ]]; then
    server_account=postgres
    id "$server_account" >/dev/null 2>&1 || server_account=nobody
    if has setpriv; then
        as_server=(setpriv "--reuid=$server_account" "--regid=$(id -gn "$server_account")" --clear-groups)
    else
        as_server=(runuser -u "$server_account" --)
    fi
fi

# Short: a socket's path may not exceed 107 bytes; and in a place that the server's account reaches. A disk that is busy with
# what was just built holds even unflushed writes up, for longer than a statement of a page may take.
place=/tmp
if [[ "${ENTREPOT_POSTGRES_FSYNC:-off}" == off ]] && [[ "$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)" -gt 6000000 ]]; then
    place=/dev/shm
fi
cluster="$(mktemp -d "$place/entrepot-pg.XXXXXX")"
started=no

as_server_in_cluster() (
    cd "$cluster"
    # An empty array expands to nothing, also under `set -u` of older shells.
    exec ${as_server[@]+"${as_server[@]}"} env HOME="$cluster" LC_ALL=C "$@"
)

clean_up() {
    local status=$?
    trap - EXIT
    if [[ "$started" == yes ]]; then
        as_server_in_cluster "$bin/pg_ctl" -D "$cluster/data" -m immediate -w stop >/dev/null 2>&1 || true
    fi
    rm -rf -- "$cluster"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

mkdir "$cluster/socket"
if [[ "$(id -u)" == 0 ]]; then chown -R "$server_account" "$cluster"; fi
# The command may run under another account than the server.
chmod 755 "$cluster" "$cluster/socket"

show_log_and_stop() {
    complain "PostgreSQL did not start:"
    tail -n 30 "$cluster"/*.log >&2 || true
    exit 1
}

flush="-c fsync=off -c full_page_writes=off"
if [[ "${ENTREPOT_POSTGRES_FSYNC:-off}" == on ]]; then
    flush="-c fsync=on -c synchronous_commit=on -c shared_buffers=256MB -c max_wal_size=2GB"
fi

as_server_in_cluster "$bin/initdb" -D "$cluster/data" -U postgres --auth=trust --encoding=UTF8 --no-locale --no-sync \
    >"$cluster/initdb.log" 2>&1 || show_log_and_stop
started=yes
as_server_in_cluster "$bin/pg_ctl" -D "$cluster/data" -l "$cluster/data/server.log" -w -t 60 \
    -o "-c listen_addresses='' -c unix_socket_directories='$cluster/socket' -c max_connections=200 $flush" \
    start >"$cluster/start.log" 2>&1 || show_log_and_stop

export ENTREPOT_TEST_POSTGRES="postgres://postgres@localhost/postgres?host=$cluster/socket"
"$@"
