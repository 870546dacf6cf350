# What http.sh and growth.sh share: the processes that are measured, each ended by its pid.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154  # its variables are used, and $work is set, where it is sourced

load=build/release/tests/bench/http/http_load
bare=build/release/tests/bench/http/bare_peer
sillage=build/release/server/sillage
# An administrator's, of the data folders below $work alone.
SILLAGE_ADMIN_TOKEN=$(head -c 24 /dev/urandom | base64 | tr -dc 'A-Za-z0-9')
export SILLAGE_ADMIN_TOKEN

# Seconds that a process may take to come up, and to end.
patience=60
pids=()

say() { printf '\n== %s\n' "$*"; }

fail() {
    echo "tests/bench: $*" >&2
    exit 1
}

# start NAME PROGRAM...: in the background, its output in $work/NAME.out and .err; its pid in $pid.
start() {
    "${@:2}" >"$work/$1.out" 2>"$work/$1.err" &
    pid=$!
    pids+=("$pid")
}

# stop PID: one that start started; SIGKILL when it does not end.
stop() {
    local waited=0 one kept=()
    kill "$1" 2>>"$work/kill.log" || :
    while kill -0 "$1" 2>>"$work/kill.log"; do
        waited=$((waited + 1))
        [ "$waited" -lt $((patience * 20)) ] || kill -9 "$1"
        sleep 0.05
    done
    # Its number may be another process's from now on.
    for one in "${pids[@]}"; do
        [ "$one" = "$1" ] || kept+=("$one")
    done
    pids=("${kept[@]}")
}

# stop_all: what was started last is ended first.
stop_all() {
    while [ ${#pids[@]} -gt 0 ]; do
        stop "${pids[-1]}"
    done
}

# await FILE PATTERN: waits until the process $pid writes a line there that matches as a whole, and
# gives what the group of the pattern matched.
await() {
    local found waited=0
    until found=$(sed -nE "s/^$2\$/\\1/p" "$1" | head -n 1) && [ -n "$found" ]; do
        kill -0 "$pid" 2>>"$work/kill.log" || fail "a process ended: $(tail -n 5 "$1")"
        waited=$((waited + 1))
        [ "$waited" -lt $((patience * 50)) ] || fail "$1 never says $2"
        sleep 0.02
    done
    echo "$found"
}

# serve FOLDER: Sillage on that data folder; its port in $port, its pid in $pid.
serve() {
    start sillage "$sillage" serve --data "$1" --listen 127.0.0.1:0
    port=$(await "$work/sillage.err" '.*"address":"127\.0\.0\.1:([0-9]+)".*')
}

machine() {
    printf '%s, %s CPUs, %s GB, %s, kernel %s, load %s\n' \
        "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
        "$(awk '/MemTotal/ {printf "%.0f", $2 / 1048576}' /proc/meminfo)" \
        "$(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release)" "$(uname -r)" \
        "$(cut -d ' ' -f 1 /proc/loadavg)"
}

# prepare: what both need.
prepare() {
    say "preparing"
    tests/install.sh build
    tests/install.sh bench
    cmake --preset release >"$work/cmake.log"
    cmake --build --preset release --target sillage http_load bare_peer -j"$(nproc)" | tail -n 1
}

trap stop_all EXIT
