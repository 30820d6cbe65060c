# Shared by the other scripts; source it, do not run it.
# shellcheck shell=bash

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
TARGET_DIR="${CARGO_TARGET_DIR:-$ROOT/target}"

say() { printf '%s\n' "$*"; }
complain() { printf '%s\n' "$*" >&2; }
has() { command -v "$1" >/dev/null 2>&1; }

# find_postgres_bin: prints the folder of the PostgreSQL server programs, newest version first; fails when there is none.
find_postgres_bin() {
    local folder
    while IFS= read -r folder; do
        if [[ -x "$folder/initdb" && -x "$folder/pg_ctl" ]]; then
            say "$folder"
            return 0
        fi
    done < <(
        if has initdb; then dirname "$(command -v initdb)"; fi
        ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin 2>/dev/null | sort -rV
    )
    return 1
}

# find_chromium: prints the path of a Chromium or Chrome; fails when there is none. CHROMIUM overrides the search.
find_chromium() {
    local candidate
    if [[ -n "${CHROMIUM:-}" && -x "$CHROMIUM" ]]; then
        say "$CHROMIUM"
        return 0
    fi
    for candidate in chromium chromium-browser google-chrome google-chrome-stable chrome; do
        if has "$candidate" && "$candidate" --version >/dev/null 2>&1; then
            command -v "$candidate"
            return 0
        fi
    done
    for candidate in "$HOME"/.cache/ms-playwright/chromium-*/chrome-linux*/chrome \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
        "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
        if [[ -x "$candidate" ]]; then
            say "$candidate"
            return 0
        fi
    done
    return 1
}

# has_chinese_font: whether pages in Chinese can be drawn.
has_chinese_font() {
    if has fc-list; then
        [[ -n "$(fc-list :lang=zh family 2>/dev/null | head -n 1)" ]]
    else
        compgen -G '/usr/share/fonts/*/noto/*CJK*' >/dev/null
    fi
}
