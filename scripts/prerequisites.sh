#!/usr/bin/env bash
# Checks the programs a build needs. Each one that is missing or too old is named with the command that brings it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

RUSTUP="curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y   (then open a new shell)"
NODE_ANYWHERE="Node 20 or newer from https://nodejs.org/en/download"
missing=0

# how_to PACKAGE: the command of this system's package manager.
how_to() {
    local package="$1" sudo=""
    if [[ "$(id -u)" != 0 ]]; then sudo="sudo "; fi
    if has apt-get; then
        say "${sudo}apt-get install -y $package"
    elif has dnf; then
        say "${sudo}dnf install -y $package"
    elif has pacman; then
        say "${sudo}pacman -S --noconfirm $package"
    elif has zypper; then
        say "${sudo}zypper install -y $package"
    elif has apk; then
        say "${sudo}apk add $package"
    elif has brew; then
        say "brew install $package"
    else
        say "install $package with your system's package manager"
    fi
}

miss() {
    complain "missing: $1"
    complain "   get it: $2"
    missing=$((missing + 1))
}

# at_least HAVE WANT: compares dotted versions, numerically, in their first two places.
at_least() {
    local have_major have_minor want_major want_minor rest
    IFS=. read -r have_major have_minor rest <<<"$1.0.0"
    IFS=. read -r want_major want_minor rest <<<"$2.0.0"
    ((have_major > want_major || (have_major == want_major && have_minor >= want_minor)))
}

has git || miss "git" "$(how_to git)"
has make || miss "make" "$(how_to make)"
if ! has cc; then
    if has apt-get; then compiler=build-essential; else compiler=gcc; fi
    miss "cc (a C compiler, for the embedded database)" "$(how_to "$compiler")"
fi

if ! has cargo && [[ -x "$HOME/.cargo/bin/cargo" ]]; then
    miss "cargo in PATH" ". \"\$HOME/.cargo/env\""
elif ! has cargo; then
    miss "cargo >= 1.94" "$RUSTUP"
else
    version="$(cargo --version 2>/dev/null | awk '{print $2}')"
    if ! at_least "${version:-0}" 1.94; then
        if has rustup; then remedy="rustup update stable && rustup default stable"; else remedy="$RUSTUP"; fi
        miss "cargo >= 1.94 (found ${version:-none that runs})" "$remedy"
    fi
fi

if ! has node; then
    miss "node >= 20" "$(how_to nodejs), or $NODE_ANYWHERE"
else
    version="$(node --version 2>/dev/null)"
    at_least "${version#v}" 20.19 || miss "node >= 20.19 (found ${version:-none that runs})" "$NODE_ANYWHERE"
fi
has npm || miss "npm" "$(how_to npm), or $NODE_ANYWHERE"

if ((missing > 0)); then
    complain "Entrepot needs $missing more program(s); see above."
    exit 1
fi
