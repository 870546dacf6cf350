#!/usr/bin/env bash
# Kills the server with SIGKILL again and again while the first cohort goes through its programme.
# The script starts it again each time; at its end nothing acknowledged may be missing in the log,
# and the log of each instance, replayed, must give its stored snapshot.
# Usage: first_cohort_kill.sh REPLAY_FOLDER_PROGRAM [KILLS]
# Exit status 0: all that holds, and at least half of the kills met a running server.
set -euo pipefail
replay_folder=$(readlink -f "$1")
kills=${2:-8}
cd "$(dirname "$(readlink -f "$0")")/../.."
TMPDIR=$(mktemp -d)
export TMPDIR
recorded_pid() { cat "$TMPDIR"/*/server.pid 2>/dev/null || echo 0; }
# Only the process that the script itself recorded, and only while it is that program.
kill_server() {
    local pid
    pid=$(recorded_pid)
    [ "$pid" != 0 ] && grep -q sillage "/proc/$pid/comm" 2>/dev/null && kill "$1" "$pid"
}
# shellcheck disable=SC2317  # called by the trap
clean_up() {
    kill_server -9 || :
    rm -rf "$TMPDIR"
}
trap clean_up EXIT

SILLAGE_PRESET=dev examples/first-cohort.sh --keep >"$TMPDIR/output" 2>&1 &
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
    if kill_server -9; then
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
kill_server -TERM
while kill -0 "$(recorded_pid)" 2>/dev/null; do sleep 0.1; done
"$replay_folder" "$TMPDIR"/*/data
grep -q ", 0 lost" "$TMPDIR/output" && [ "$((met * 2))" -ge "$kills" ]
