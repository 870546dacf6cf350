#!/usr/bin/env bash
# Fails on every source file that clang-format would change; 77 (skipped) without clang-format.
# Usage: format.sh ROOT
set -euo pipefail
command -v clang-format >/dev/null || exit 77
cd "$1"
find engine server tests examples -name '*.[ch]pp' -print0 |
    xargs -0 -P "$(nproc)" -n 40 clang-format --dry-run -Werror
