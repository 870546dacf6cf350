#!/usr/bin/env bash
# Fails on every shell script that shellcheck has something to say about; 77 (skipped) without it.
# Usage: shell.sh ROOT
set -euo pipefail
command -v shellcheck >/dev/null || exit 77
cd "$1"
find .ci tests examples -type f \( -name '*.sh' -o -path '.ci/run' \) -print0 | xargs -0 shellcheck
