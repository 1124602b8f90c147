#!/usr/bin/env bash
# Every check, or with `lint` all but the tests. All run; the last line names those that did not hold.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=()

check() {
    local name=$1
    shift
    printf '== %s\n' "$name"
    "$@" || failed+=("$name")
}

check style "$bin/ruff" check --quiet .
check format "$bin/ruff" format --quiet --check .
check types "$bin/mypy" --no-error-summary src tests packaging
check layers "$bin/lint-imports" --no-logo
[ "${1:-}" = lint ] || check tests "$bin/python" -m pytest -q

if [ ${#failed[@]} -gt 0 ]; then
    printf 'did not hold: %s\n' "${failed[*]}" >&2
    exit 1
fi
