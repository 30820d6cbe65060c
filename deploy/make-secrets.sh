#!/usr/bin/env bash
# Makes what docker-compose.yml reads from deploy/secrets: the database's password, the address that holds it, and a
# certificate of our own for trying things out. What is there already stays.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
umask 077
mkdir -p secrets

if [[ ! -e secrets/database_password ]]; then
    head -c 32 /dev/urandom | od -An -vtx1 | tr -d ' \n' >secrets/database_password
fi
if [[ ! -e secrets/database_url ]]; then
    printf 'postgres://entrepot:%s@postgres/entrepot' "$(cat secrets/database_password)" >secrets/database_url
fi
if [[ ! -e secrets/tls_key ]]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 -subj /CN=localhost \
        -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' -keyout secrets/tls_key -out secrets/tls_certificate 2>/dev/null
fi
# Outside of a swarm a secret is a bind mount: the folder is closed to other accounts here, while the accounts of the
# containers, which are nobody here, can read the files they are handed.
chmod 700 secrets && chmod 644 secrets/*
printf 'deploy/secrets is ready; replace tls_certificate and tls_key by real ones before others come in\n'
