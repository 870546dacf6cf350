#!/usr/bin/env bash
# Kills the server with SIGKILL again and again while the first cohort goes through its programme.
# The script starts it again each time; at its end nothing acknowledged may be missing in the log.
# Usage: first_cohort_kill.sh [KILLS]
# Exit status 0: everything was found, and at least half of the kills met a running server.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
kills=${1:-8}
TMPDIR=$(mktemp -d)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT

examples/first-cohort.sh >"$TMPDIR/output" 2>&1 &
script=$!
# Installing and building come first, and may take minutes.
until compgen -G "$TMPDIR/*/server.pid" >/dev/null; do
    kill -0 "$script" 2>/dev/null || break
    sleep 0.2
done
met=0
for _ in $(seq "$kills"); do
    sleep "1.$((RANDOM % 10))"
    kill -0 "$script" 2>/dev/null || break
    # Only the process that the script itself recorded, and only while it is that program.
    pid=$(cat "$TMPDIR"/*/server.pid 2>/dev/null || echo 0)
    if [ "$pid" != 0 ] && grep -q sillage "/proc/$pid/comm" 2>/dev/null; then
        kill -9 "$pid"
        met=$((met + 1))
    fi
done
if ! wait "$script"; then
    echo "the cohort did not arrive:"
    tail -n 20 "$TMPDIR/output"
    exit 1
fi
grep "acknowledged steps" "$TMPDIR/output"
echo "$met kills met a running server"
grep -q ", 0 lost" "$TMPDIR/output" && [ "$((met * 2))" -ge "$kills" ]
