#!/usr/bin/env bash
# Style, types and layers; all three run, so that one call tells everything.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
failed=0
.venv/bin/ruff check . || failed=1
.venv/bin/ruff format --check . || failed=1
.venv/bin/mypy || failed=1
.venv/bin/lint-imports || failed=1
exit "$failed"
