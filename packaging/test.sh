#!/usr/bin/env bash
# Every check and every test, in two halves side by side: what is done to stores, central and exchange,
# and all the rest. Arguments go to both. The second half is shown when the first has ended.
set -euo pipefail
cd "$(dirname "$0")/.."

half=(tests/admin tests/central tests/faults tests/store tests/sync)
log=$(mktemp)
trap 'kill "$second" 2>/dev/null || true; rm -f "$log"' EXIT

.venv/bin/python -m pytest -q -p no:cacheprovider "$@" "${half[@]}" >"$log" 2>&1 &
second=$!
status=0
.venv/bin/python -m pytest -q "$@" "${half[@]/#/--ignore=}" || status=$?
wait "$second" || status=$?
cat "$log"
exit "$status"
