#!/usr/bin/env bash
# What Sillage costs as it grows: with more instances and their timers, and with a longer log. Each
# folder is filled over the API, the server stopped and started again, then measured.
# Usage: tests/bench/run.sh growth
# Environment: SIZES ("1000 33334 100000 1000000"): instances, each with three pending timers.
#              LOG_ENTRIES (1000000): of the long log, on 1,000 instances; 10000000 takes minutes.
#              SECONDS_EACH (5) and WARM_SECONDS (1) of every measurement, at 16 connections.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../../.."

read -ra sizes <<<"${SIZES:-1000 33334 100000 1000000}"
log_entries=${LOG_ENTRIES:-1000000}
measured_ms=$((${SECONDS_EACH:-5} * 1000))
warm_ms=$((${WARM_SECONDS:-1} * 1000))
timers_each=3
work=build/bench/growth
mkdir -p "$work"
rm -rf "$work"/data.* "$work"/*.row "$work"/*.jsonl "$work"/*.log
# shellcheck source=tests/bench/http/processes.sh
source tests/bench/http/processes.sh

now_ms() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }

# resident_mb PID
resident_mb() { awk '/^VmRSS/ {printf "%.0f", $2 / 1024}' "/proc/$1/status"; }

# api METHOD PATH TYPE BODY: an administrator's request.
api() {
    curl -fsS -X "$1" -H "Authorization: Bearer $SILLAGE_ADMIN_TOKEN" -H "Content-Type: $3" \
        --data-binary "$4" "http://127.0.0.1:$port$2"
}

# timer_lateness: of a timer of one second, among those that are pending, in milliseconds; a look
# takes about ten.
timer_lateness() {
    local company id started
    local chart='{workflow: probe, version: 1, initial: waits,
        states: {waits: {after: {1 s: goes}}, goes: {type: final}}}'
    api POST /v1/workflows application/yaml "$chart" >"$work/probe.json"
    company=$(api GET '/v1/companies?limit=1' application/json '' | jq -r '.items[0].id')
    started=$(now_ms)
    id=$(api POST /v1/instances application/json \
        "{\"workflow\":\"probe\",\"company\":\"$company\"}" | jq -r .id)
    until api GET "/v1/instances/$id" application/json '' | grep -q '"done":true'; do
        [ $(($(now_ms) - started)) -lt $((patience * 1000)) ] || fail "the timer never fires"
    done
    echo $(($(now_ms) - started - 1000))
}

# fill NAME INSTANCES ENTRIES: makes the folder; prints how many entries a second that were.
fill() {
    local begin events=$(($3 - $2))
    serve "$work/data.$1" >&2
    begin=$(now_ms)
    "$load" prepare --port "$port" --population "$work/$1.population" --connections 256 \
        --chart tests/bench/readiness.yaml --count "$2"
    if [ "$events" -gt 0 ]; then
        "$load" events --port "$port" --population "$work/$1.population" --connections 256 \
            --path '/v1/instances/{}/events' --count "$events" --warm-ms 0 --measured-ms 0 >&2
    fi
    echo $(($3 * 1000 / ($(now_ms) - begin)))
}

# measure KIND NAME: `events` or `reads` of a folder that is served.
measure() {
    local path='/v1/instances/{}'
    [ "$1" = reads ] || path+=/events
    "$load" "$1" --port "$port" --population "$work/$2.population" --connections 16 \
        --path "$path" --warm-ms "$warm_ms" --measured-ms "$measured_ms" >"$work/$2.$1.jsonl"
}

figures() {
    jq -r 'def ms: . * 100 | round / 100; "\(.per_second) (\(.p50_ms | ms) / \(.p99_ms | ms))"' "$1"
}

# grow NAME INSTANCES ENTRIES: a row of the table.
grow() {
    local filled begin ready idle late database
    say "$2 instances, $3 entries"
    # In this shell, for it keeps the pids.
    fill "$@" >"$work/$1.filled"
    filled=$(cat "$work/$1.filled")
    stop_all
    database=$(du -sm "$work/data.$1" | cut -f 1)
    begin=$(now_ms)
    serve "$work/data.$1"
    until curl -fsS -o "$work/ready.json" "http://127.0.0.1:$port/readyz" 2>>"$work/kill.log"; do
        [ $(($(now_ms) - begin)) -lt $((patience * 1000)) ] || fail "the server is never ready"
    done
    ready=$(($(now_ms) - begin))
    idle=$(resident_mb "$pid")
    measure events "$1"
    measure reads "$1"
    late=$(timer_lateness)
    echo "$idle" >"$work/$1.idle"
    printf '| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n' \
        "$2" "$(($2 * timers_each))" "$3" "$filled" "$database" "$ready" "$idle" \
        "$(resident_mb "$pid")" \
        "$(figures "$work/$1.events.jsonl")" "$(figures "$work/$1.reads.jsonl")" "$late" |
        tee "$work/$1.row"
    stop_all
    rm -r "$work/data.$1" "$work/$1.population"
}

table() {
    say "as it grows, at 16 connections"
    machine
    printf '\n| instances | pending timers | log entries | filled, entries/s | database, MB '
    printf '| ready, ms | RSS at rest, MB | RSS after load, MB | transitions/s (p50 / p99, ms) '
    printf '| reads/s (p50 / p99, ms) | a timer is late by, ms |\n|%s\n' \
        "$(printf -- '---|%.0s' {1..11})"
    cat "$@"
}

# compare FIRST LAST: sizes, the smallest and the largest.
compare() {
    local what
    printf '\nfrom %s to %s instances: %s bytes of RSS at rest more for each' "$1" "$2" \
        $((($(cat "$work/$2.idle") - $(cat "$work/$1.idle")) * 1048576 / ($2 - $1)))
    for what in events reads; do
        jq -jn --arg what "$what" --slurpfile first "$work/$1.$what.jsonl" \
            --slurpfile last "$work/$2.$what.jsonl" 'def hundredth: . * 100 | round / 100;
            ", \($what): p50 times \($last[0].p50_ms / $first[0].p50_ms | hundredth)" +
            ", p99 times \($last[0].p99_ms / $first[0].p99_ms | hundredth)"'
    done
    echo
}

prepare
rows=()
for size in "${sizes[@]}"; do
    grow "$size" "$size" "$size"
    rows+=("$work/$size.row")
done
grow log 1000 "$log_entries"
table "${rows[@]}" "$work/log.row"
[ ${#sizes[@]} = 1 ] || compare "${sizes[0]}" "${sizes[-1]}"
