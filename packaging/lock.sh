#!/usr/bin/env bash
# Writes requirements.lock: exact versions for every system, each file by its hash, no addresses.
# Versions already locked stay; `make lock UPGRADE=1` looks for newer ones.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-annotate --custom-compile-command "make lock" --quiet \
    ${UPGRADE:+--upgrade} --output-file requirements.lock
