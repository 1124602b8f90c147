#!/usr/bin/env bash
# Usage: with_secret_service.sh FOLDER COMMAND...
# Runs COMMAND on a session bus of its own with an unlocked Secret Service whose secrets live in FOLDER.
# FOLDER is kept, so that what one run stores the next one finds. The password lies beside the secrets:
# this is for tests and the demo street, never for people's data.
set -euo pipefail
umask 077

folder=$1
shift
mkdir -p "$folder/data"
chmod 700 "$folder"
[ -s "$folder/password" ] || head -c 32 /dev/urandom | base64 -w0 >"$folder/password"

# Sockets need a short path that only we can read.
runtime=$(mktemp -d "${TMPDIR:-/tmp}/owd-XXXXXX")
trap 'rm -rf "$runtime"' EXIT

# The bus complains on stderr where it may not raise its limits; what COMMAND says goes around it.
export OWD_SECRETS=$folder OWD_RUNTIME=$runtime
dbus-run-session -- bash -c '
    set -euo pipefail
    XDG_DATA_HOME=$(realpath "$OWD_SECRETS/data") XDG_RUNTIME_DIR=$OWD_RUNTIME \
        gnome-keyring-daemon --foreground --unlock --components=secrets \
        <"$OWD_SECRETS/password" >/dev/null 2>"$OWD_RUNTIME/log" &
    daemon=$!
    owner=(dbus-send --session --print-reply --dest=org.freedesktop.DBus /org/freedesktop/DBus
           org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets)
    for _ in $(seq 200); do
        "${owner[@]}" | grep -q "boolean true" && break
        kill -0 "$daemon" 2>/dev/null || { cat "$OWD_RUNTIME/log" >&3; exit 1; }
        sleep 0.05
    done
    unset OWD_SECRETS OWD_RUNTIME
    status=0
    "$@" 2>&3 3>&- || status=$?
    kill "$daemon" 2>/dev/null || true
    exit "$status"
' bash "$@" 3>&2 2>"$runtime/bus"
