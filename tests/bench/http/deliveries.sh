#!/usr/bin/env bash
# Webhooks to a receiver on this machine, each signed and verified, with the outbox and the delivery
# log on the disk: what waits is sent, and what happens is sent as it does.
# Usage: tests/bench/run.sh deliveries
# Environment: EVENTS (200000) of each measurement.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../../.."

events=${EVENTS:-200000}
work=build/bench/deliveries
mkdir -p "$work"
rm -rf "$work"/data "$work"/*.out "$work"/*.log
# shellcheck source=tests/bench/http/processes.sh
source tests/bench/http/processes.sh

secret=whsec_$(head -c 32 /dev/urandom | base64)

# ask METHOD PATH [BODY]: of the server; gives its answer.
ask() {
    local type=application/json
    [ "$1" != PATCH ] || type=application/merge-patch+json
    curl -fsS -X "$1" -H "Authorization: Bearer $SILLAGE_ADMIN_TOKEN" -H "Content-Type: $type" \
        ${3:+-d "$3"} "http://127.0.0.1:$port$2"
}

# receive: a receiver of so many events; its address in $hook.
receive() {
    start receiver build/release/tests/bench/http/hook_receiver --secret "$secret" \
        --count "$events"
    hook=http://127.0.0.1:$(await "$work/receiver.out" '([0-9]+)')/
}

# subscribe ENABLED: a webhook that leads there; its id in $webhook.
subscribe() {
    webhook=$(ask POST /v1/webhooks "{\"url\":\"$hook\",\"secret\":\"$secret\",\"enabled\":$1,
        \"types\":[\"sillage.instance.transition\"]}" | jq -r .id)
}

# happen: so many events, at 64 connections.
happen() {
    "$load" events --port "$port" --path '/v1/instances/{}/events' --connections 64 \
        --population "$work/population" --warm-ms 0 --measured-ms 0 --count "$events"
}

waiting() {
    ask GET "/v1/webhooks/$webhook/deliveries?status=pending&limit=1" | jq '.items | length'
}

# settle: until the delivery log says that nothing waits.
settle() {
    local waited=0
    until [ "$(waiting)" = 0 ]; do
        waited=$((waited + 1))
        [ "$waited" -lt $((patience * 10)) ] || fail "deliveries still wait"
        sleep 0.1
    done
}

milliseconds() { date +%s%3N; }

# per_second BEGUN: events a second, from then until the receiver has had all of them and the
# delivery log says so.
per_second() {
    await "$work/receiver.out" '(.*per_second.*)' >&2
    settle
    echo $((events * 1000 / ($(milliseconds) - $1)))
}

measure_backlog() {
    say "what waits: $events deliveries"
    receive
    subscribe false
    happen >"$work/backlog.jsonl"
    sleep 5 # until the outbox has them all
    begun=$(milliseconds)
    ask PATCH "/v1/webhooks/$webhook" '{"enabled":true}' >"$work/webhook.json"
    backlog=$(per_second "$begun")
    ask DELETE "/v1/webhooks/$webhook"
}

measure_live() {
    say "as it happens: $events deliveries"
    receive
    subscribe true
    begun=$(milliseconds)
    happen | tee "$work/live.jsonl"
    live=$(per_second "$begun")
    ask DELETE "/v1/webhooks/$webhook"
}

prepare
cmake --build --preset release --target hook_receiver -j"$(nproc)" | tail -n 1
machine
SILLAGE_WEBHOOK_ALLOW=127.0.0.1 serve "$work/data"
"$load" prepare --port "$port" --population "$work/population" --connections 64 \
    --chart tests/bench/readiness.yaml --count 1000 >"$work/prepare.jsonl"
measure_backlog
measure_live
stop_all
echo "deliveries_per_second=$backlog beside_transitions_per_second=$live"
