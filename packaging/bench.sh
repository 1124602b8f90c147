#!/usr/bin/env bash
# Every benchmark after the other, one JSON object a line on standard output.
set -euo pipefail
cd "$(dirname "$0")/.."
export QT_QPA_PLATFORM=offscreen
for bench in tests/benchmarks/bench_*.py; do
    .venv/bin/python "$bench"
done
