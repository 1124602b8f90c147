#!/usr/bin/env bash
# Opens the desk on the demo street; without a display, or with --walkthrough, drives the walk-through.
set -euo pipefail
cd "$(dirname "$0")/.."
demo=${ONEWINDOW_DEMO:-${XDG_DATA_HOME:-$HOME/.local/share}/onewindow-desk-demo}
private=(bash packaging/with_secret_service.sh)

# Whether the session already has a Secret Service, running or ready to start.
has_secret_service() {
    [ -n "${DBUS_SESSION_BUS_ADDRESS:-}" ] &&
        dbus-send --session --print-reply --dest=org.freedesktop.DBus /org/freedesktop/DBus \
            org.freedesktop.DBus.ListActivatableNames 2>/dev/null | grep -q '"org.freedesktop.secrets"'
}

walk() {
    local papers=.demo/walkthrough
    rm -rf "$papers"
    mkdir -p "$papers"
    echo "no window is opened: walking through the main job, which takes some seconds"
    QT_QPA_PLATFORM=offscreen "${private[@]}" .demo/secret-service .venv/bin/onewindow-desk --walkthrough "$papers"
    echo "the papers and screenshots are in $(realpath "$papers"):"
    find "$papers" -name '*.pdf' -o -name '*.png' -o -name 'summary.json' | sort
}

if [ "${1:-}" = --walkthrough ] || [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    walk
    exit
fi
echo "the demo street is kept in $demo"
if has_secret_service; then
    exec .venv/bin/onewindow-desk --demo "$demo"
fi
"${private[@]}" "$demo/secret-service" .venv/bin/onewindow-desk --demo "$demo"
