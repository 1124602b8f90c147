#!/usr/bin/env bash
# Opens the desk on the demo street; without a display, or with --walkthrough, drives the walk-through.
# With --pair: two desks that share a central; without a display, the walk-through over both, line cut.
set -euo pipefail
cd "$(dirname "$0")/.."
demo=${ONEWINDOW_DEMO:-${XDG_DATA_HOME:-$HOME/.local/share}/onewindow-desk-street}
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

pair=(.venv/bin/python packaging/demo_central.py)

walk_pair() {
    local folder=.demo/pair
    # Begun anew each time: the story counts its cases.
    if [ -d "$folder/postgres" ]; then .venv/bin/python packaging/private_postgres.py destroy "$folder/postgres"; fi
    rm -rf "$folder"
    mkdir -p "$folder"
    echo "no window is opened: two desks share their cases, and their line is cut in the middle"
    QT_QPA_PLATFORM=offscreen "${private[@]}" .demo/secret-service \
        "${pair[@]}" --relay "$folder" .venv/bin/onewindow-desk --walkthrough-pair "$folder"
    echo "the papers and screenshots are in $(realpath "$folder"):"
    find "$folder" -name '*.png' -o -path '*/papers-*/*.pdf' -o -name 'summary.json' | sort
}

open_pair() {
    echo "two desks and their central are kept in $demo-pair; sign in as wang here, as li there"
    "${private[@]}" "$demo-pair/secret-service" "${pair[@]}" "$demo-pair" bash -c '
        .venv/bin/onewindow-desk --folder "$1/desk-1" & .venv/bin/onewindow-desk --folder "$1/desk-2"; wait
    ' bash "$demo-pair"
}

if [ "${1:-}" = --pair ]; then
    if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then walk_pair; else open_pair; fi
    exit
fi
if [ "${1:-}" = --walkthrough ] || [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    walk
    exit
fi
echo "the demo street is kept in $demo"
if has_secret_service; then
    exec .venv/bin/onewindow-desk --demo "$demo"
fi
"${private[@]}" "$demo/secret-service" .venv/bin/onewindow-desk --demo "$demo"
