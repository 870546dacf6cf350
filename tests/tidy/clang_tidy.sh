#!/usr/bin/env bash
# Runs clang-tidy over the sources under some folders; 77 (skipped) without it.
# Usage: clang_tidy.sh ROOT BUILD FOLDER...   BUILD holds compile_commands.json
# Not Debian's default version: 14 dies of a variant that holds itself.
set -euo pipefail
command -v clang-tidy-19 >/dev/null || exit 77
cd "$1"
export BUILD=$2
shift 2

# What compiles is for g++ to say: clang takes it for wrong where a struct that holds itself gives a
# vector a default. It reads on behind that, and the checks still look at everything.
check() {
    local status=0 report
    report=$(clang-tidy-19 -p "$BUILD" --quiet "$1" 2>&1) || status=$?
    if [ "$status" -gt 1 ] || grep -q 'too many errors emitted' <<<"$report"; then
        echo "$1:1: error: clang-tidy could not read this file to its end"
    fi
    grep -E ': (error|warning): ' <<<"$report" | grep -vF '[clang-diagnostic-' || true
}
export -f check

findings=$(find "$@" -name '*.cpp' -print0 |
    xargs -0 -P "$(nproc)" -I FILE bash -c 'check FILE' | sort -u)
echo "$findings"
[ -z "$findings" ]
