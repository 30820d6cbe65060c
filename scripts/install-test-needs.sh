#!/usr/bin/env bash
# Brings what the tests need beyond a build: PostgreSQL's server programs, a Chromium, a Chinese font.
# Does nothing when they are there. On Debian and Ubuntu it installs them when it may; elsewhere it says what to install.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

packages=()
names=()

chromium_package() {
    if grep -qi '^ID=ubuntu' /etc/os-release 2>/dev/null; then say chromium-browser; else say chromium; fi
}

look() {
    packages=()
    names=()
    if ! find_postgres_bin >/dev/null; then
        packages+=(postgresql)
        names+=("PostgreSQL server programs (initdb, pg_ctl)")
    fi
    if ! find_chromium >/dev/null; then
        packages+=("$(chromium_package)")
        names+=("Chromium or Google Chrome")
    fi
    if ! has_chinese_font; then
        packages+=(fonts-noto-cjk)
        names+=("a font with Chinese characters")
    fi
}

# tell_and_stop: names what is still missing and how each system gets it.
tell_and_stop() {
    local name
    complain "The tests need what this machine does not have:"
    for name in "${names[@]}"; do complain "   - $name"; done
    complain "Debian, Ubuntu:  sudo apt-get update && sudo apt-get install -y ${packages[*]}"
    complain "Fedora:          sudo dnf install -y postgresql-server chromium google-noto-sans-cjk-fonts"
    complain "Arch:            sudo pacman -S postgresql chromium noto-fonts-cjk"
    complain "macOS:           brew install postgresql@17 && brew install --cask chromium font-noto-sans-cjk"
    complain "A browser elsewhere on the disk is taken from the variable CHROMIUM."
    exit 1
}

look
if ((${#packages[@]} == 0)); then exit 0; fi

as_root=()
if [[ "$(id -u)" != 0 ]]; then
    if ! has sudo || ! sudo -n true 2>/dev/null; then tell_and_stop; fi
    as_root=(sudo -n)
fi
has apt-get || tell_and_stop

say "installing for the tests: ${packages[*]}"
say "(Debian may start a PostgreSQL server of its own with the package; the tests make theirs and never touch it)"
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "${packages[@]}"

look
if ((${#packages[@]} > 0)); then tell_and_stop; fi
