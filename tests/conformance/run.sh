#!/usr/bin/env bash
# Fetches, translates and runs the public suites: run.sh PROGRAM CACHE WORK
# CACHE keeps the fetched package, WORK gets the translated suites and `score.txt`.
# Exit status: 0 every test passed, 77 the suites cannot be had, 1 anything else.
set -euo pipefail
program=$1
cache=$2
work=$3
here=$(dirname "$(readlink -f "$0")")

mkdir -p "$work"
fetched=0
"$here/fetch.sh" "$cache" | tee "$work/score.txt" || fetched=$?
[ "$fetched" = 0 ] || exit "$fetched"
python3 "$here/translate.py" "$cache/package/test" "$here/excluded.txt" "$work/suite"
"$program" "$work/suite" "$work/score.txt"
