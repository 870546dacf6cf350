#!/usr/bin/env bash
# How long a cluster's register takes to come in and to go out, and what others wait meanwhile.
# Usage: tests/bench/run.sh register
# Environment: COMPANIES (3200): as many as Cosmetic Valley has.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../../.."

count=${COMPANIES:-3200}
work=build/bench/register
mkdir -p "$work"
rm -rf "$work"/data "$work"/*.csv "$work"/*.json "$work"/*.log
# shellcheck source=tests/bench/http/processes.sh
source tests/bench/http/processes.sh

# timed NAME CURL-WORDS...: sends a request, keeps the answer in $work/NAME, gives the seconds.
timed() {
    curl -fsS -o "$work/$1" -w '%{time_total}' \
        -H "Authorization: Bearer $SILLAGE_ADMIN_TOKEN" "${@:2}"
}

# import QUERY FILE NAME
import() {
    timed "$3" -H 'Content-Type: text/csv' --data-binary "@$2" \
        "http://127.0.0.1:$port/v1/companies:import?$1"
}

# expect NAME KIND: what became of all rows.
expect() {
    [ "$(jq ".counts.$2" "$work/$1")" = "$count" ] ||
        fail "not all were $2: $(jq -c .counts "$work/$1")"
}

# look_on: asks for the list until $work/done is there; the longest of these waits in $work/waits.
look_on() {
    while [ ! -e "$work/done" ]; do
        timed list.json "http://127.0.0.1:$port/v1/clusters"
        echo
    done | sort -n | tail -n 1 >"$work/longest.log"
}

tests/install.sh build
cmake --preset release >"$work/cmake.log"
cmake --build --preset release --target sillage -j"$(nproc)" | tail -n 1
say "this machine"
machine
serve "$work/data"
cluster=$(curl -fsS -H "Authorization: Bearer $SILLAGE_ADMIN_TOKEN" \
    -H 'Content-Type: application/json' -d '{"name":"Cosmetic Valley"}' \
    "http://127.0.0.1:$port/v1/clusters" | jq -r .id)
{
    echo "key,name,country,segment,headcount,turnover_eur,balance_sheet_eur,founded,website"
    seq "$count" | awk '{printf "CV-%05d,Maison Exemple %d,FR,packaging,%d,%d,%d,%d,%s%d.example\n",
        $1, $1, $1 % 400, $1 * 9973, $1 * 7919, 1950 + $1 % 70, "https://maison-", $1}'
} >"$work/register.csv"

say "a register of $count companies, seconds"
printf 'dry run     %s\n' "$(import "cluster=$cluster&dry_run=true" "$work/register.csv" dry.json)"
expect dry.json created
rm -f "$work/done"
look_on &
looker=$!
printf 'created     %s\n' "$(import "cluster=$cluster" "$work/register.csv" created.json)"
touch "$work/done"
wait "$looker"
expect created.json created
printf 'unchanged   %s\n' "$(import "cluster=$cluster" "$work/register.csv" again.json)"
expect again.json unchanged
printf 'exported    %s\n' \
    "$(timed export.csv "http://127.0.0.1:$port/v1/companies:export?cluster=$cluster")"
printf 'sent back   %s\n' "$(import "" "$work/export.csv" back.json)"
expect back.json unchanged
printf 'the longest that another request waited meanwhile: %s\n' "$(cat "$work/longest.log")"
