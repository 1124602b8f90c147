#!/usr/bin/env bash
# Style, form, types and layers without the tests, each said in full; `make test` holds all of it too.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=()

check() {
    local name=$1
    shift
    printf '== %s\n' "$name"
    "$@" || failed+=("$name")
}

check style .venv/bin/ruff check --quiet .
check form .venv/bin/ruff format --quiet --check .
check types .venv/bin/mypy --no-error-summary src tests packaging
check layers .venv/bin/lint-imports --no-logo

if [ ${#failed[@]} -gt 0 ]; then
    printf 'did not hold: %s\n' "${failed[*]}" >&2
    exit 1
fi
