#!/usr/bin/env bash
# Builds and runs the benchmarks; ends with one line of figures.
# Usage: run.sh core     the interpreter beside XState and Qt SCXML on the same chart: a minute
#        run.sh http     durable transitions and reads over HTTP beside the peers: five minutes
#        run.sh growth   the server with 1 k to 1 M instances, with timers, with a long log
#        run.sh register a cluster's register of companies, in and out
#        run.sh deliveries   signed webhooks a second to a receiver on this machine: a minute
#        run.sh stream   from commit to stream at 1,000 transitions a second: half a minute
# Environment: REPETITIONS (default 5): each figure of `core` is the median of so many runs, in
#        processor time, so that other work disturbs them little; http/*.sh tell theirs.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

# The version that the figures in README.md are of.
xstate=xstate@5.33.3
repetitions=${REPETITIONS:-5}
work=build/bench

say() { printf '\n== %s\n' "$*"; }

prepare() {
    say "preparing"
    tests/install.sh build
    tests/install.sh bench
    cmake --preset release >"$work/cmake.log"
    cmake --build --preset release --target core_bench qt_bench -j"$(nproc)" | tail -n 1
    [ "$(jq -r .version "$work/node_modules/xstate/package.json" 2>/dev/null)" = "${xstate#*@}" ] ||
        npm install --silent --no-audit --no-fund --no-save --prefix "$work" "$xstate"
    # A module finds its packages beside itself.
    cp tests/bench/readiness.mjs tests/bench/xstate.mjs "$work/"
}

# core_bench FILTER REPETITIONS NAME: runs some of ours and leaves the results in $work/NAME.json.
core_bench() {
    build/release/tests/bench/core_bench --benchmark_filter="$1" --benchmark_repetitions="$2" \
        --benchmark_report_aggregates_only=true \
        --benchmark_out="$work/$3.json" --benchmark_out_format=json
}

# median BENCHMARK FIELD: of the runs in core.json.
median() {
    jq --arg name "$1" --arg field "$2" '.benchmarks[]
        | select(.aggregate_name == "median" and (.run_name | startswith($name))) | .[$field]' \
        "$work/core.json"
}

core() {
    prepare
    say "this machine"
    printf '%s, %s CPUs, load %s, node %s, %s\n' \
        "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
        "$(cut -d ' ' -f 1 /proc/loadavg)" "$(node --version)" "$xstate"
    say "Sillage"
    core_bench 'macrosteps|guard|load' "$repetitions" core
    # A process of its own: its memory is measured by how the process grows.
    core_bench resident_instances 1 resident
    say "XState (macrosteps a second)"
    node "$work/xstate.mjs" "$repetitions" | tee "$work/xstate.json"
    say "Qt SCXML (macrosteps a second)"
    build/release/tests/bench/qt_bench "$repetitions" | tee "$work/qt.txt"
    summarise
}

summarise() {
    say "medians of $repetitions"
    jq -nr --argjson steps "$(median macrosteps items_per_second)" \
        --argjson xstate "$(jq .actor "$work/xstate.json")" --argjson qt "$(cat "$work/qt.txt")" \
        --argjson guard "$(median guard cpu_time)" --argjson load "$(median load cpu_time)" \
        --argjson bytes "$(jq '.benchmarks[0].bytes_per_instance' "$work/resident.json")" '
        def tenth: . * 10 | round / 10;
        "macrosteps_per_second=\($steps | round) xstate_ratio=\($steps / $xstate | tenth) " +
        "qt_ratio=\($steps / $qt | tenth) guard_ns=\($guard | tenth) " +
        "bytes_per_instance=\($bytes | round) load_ms=\($load | . * 100 | round / 100)"'
}

mkdir -p "$work"
case "${1:-}" in
    core) core ;;
    http | growth | register | deliveries) exec "tests/bench/http/$1.sh" ;;
    stream) exec tests/bench/stream/stream.sh ;;
    *)
        sed -n '2,10s/^# //p' tests/bench/run.sh
        exit 2
        ;;
esac
