#!/usr/bin/env bash
# Usage: texts.sh [TARGET]. Brings the list of translatable texts up to date with forms and source.
# Chinese is the source language; the list is what a translation into English would start from.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:-resources/i18n/desk_en.ts}
list=$(mktemp)
trap 'rm -f "$list"' EXIT
find ui src -name '*.ui' -o -name '*.py' -not -path '*/_built/*' | LC_ALL=C sort >"$list"
.venv/bin/pyside6-lupdate -silent -locations none -no-obsolete -source-language zh_CN -target-language en_US \
    "@$list" -ts "$target"
