#!/usr/bin/env bash
# Sillage over HTTP beside its peers, each doing the same durable work, synced before the answer.
# Usage: tests/bench/run.sh http
# Environment: SECONDS_EACH (5) and WARM_SECONDS (1) of every measurement, INSTANCES (10000).
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../../.."

# The versions that the figures in README.md are of. The SDK and better-sqlite3 need Node 22.
node=node@22.23.3
fastify=fastify@5.12.8
xstate=xstate@5.33.3
sqlite=better-sqlite3@13.2.0
restate=(@restatedev/restate-server@1.7.12 @restatedev/restate-sdk@1.17.2)

measured_ms=$((${SECONDS_EACH:-5} * 1000))
warm_ms=$((${WARM_SECONDS:-1} * 1000))
instances=${INSTANCES:-10000}
connections=(1 16 64 256)
folder=tests/bench/http
work=build/bench/http
mkdir -p "$work"
rm -rf "$work"/data.* "$work"/*.jsonl "$work"/*.log
# shellcheck source=tests/bench/http/processes.sh
source "$folder/processes.sh"

has_restate=true

install_packages() {
    npm install --silent --no-audit --no-fund --no-save --prefix "$work" "$@" 2>>"$work/npm.log"
}

prepare_peers() {
    local own=("$node" "$fastify" "$xstate" "$sqlite")
    if [ "$(cat "$work/installed" 2>>"$work/npm.log")" != "${own[*]} ${restate[*]}" ]; then
        rm -f "$work/installed"
        if install_packages "${own[@]}" "${restate[@]}"; then
            echo "${own[*]} ${restate[*]}" >"$work/installed"
        else
            say "npm CANNOT DELIVER RESTATE HERE (see $work/npm.log): it is left out"
            has_restate=false
            restate=("no Restate")
            install_packages "${own[@]}" || fail "npm cannot deliver: see $work/npm.log"
        fi
    fi
    # A module finds its packages beside itself.
    cp tests/bench/readiness.mjs "$folder"/*.mjs "$work/"
    node_binary=$work/node_modules/.bin/node
}

# peers_population: instances that the peers start when they first hear of them.
peers_population() {
    printf '%s\n' sme mentor
    seq -f 'ins_%026g 1' "$instances"
}

# send NAME PATH POPULATION: loads what listens on $port.
send() {
    "$load" events --port "$port" --path "$2" --population "$3" \
        --connections "$(IFS=, && echo "${connections[*]}")" \
        --warm-ms "$warm_ms" --measured-ms "$measured_ms" | tee "$work/events.$1.jsonl"
}

# read_at NAME: reads at 64 connections from what listens on $port.
read_at() {
    "$load" reads --port "$port" --path '/v1/instances/{}' --population "$work/$1.population" \
        --connections 64 --warm-ms "$warm_ms" --measured-ms "$measured_ms" |
        tee "$work/reads.$1.jsonl"
}

measure_sillage() {
    local token id
    say "Sillage"
    serve "$work/data.sillage"
    "$load" prepare --port "$port" --population "$work/sillage.population" --connections 64 \
        --chart tests/bench/readiness.yaml --count "$instances"
    send sillage '/v1/instances/{}/events' "$work/sillage.population"
    say "Sillage: reads"
    read_at sillage
    # What the bare servers answer: one instance's status, and who asks for it.
    head -n 3 "$work/sillage.population" >"$work/bare.population"
    token=$(head -n 1 "$work/bare.population")
    id=$(tail -n 1 "$work/bare.population" | cut -d ' ' -f 1)
    curl -fsS -H "Authorization: Bearer $token" -o "$work/answer.json" \
        "http://127.0.0.1:$port/v1/instances/$id"
    stop_all
    # Each connection of the load wants an instance of its own.
    for _ in $(seq 63); do tail -n 1 "$work/bare.population"; done >>"$work/bare.population.tail"
    cat "$work/bare.population.tail" >>"$work/bare.population"
    rm "$work/bare.population.tail"
}

measure_bare() {
    local bytes
    bytes=$("$bare" entry_bytes "$(find "$work/data.sillage" -name '*.db' -print -quit)") || bytes=0
    if [ "$bytes" = 0 ]; then
        say "the log's rows CANNOT BE MEASURED: the bound appends 700 bytes a row"
        bytes=700
    fi
    say "Beast and SQLite, bare: $bytes bytes a row, as in the log"
    mkdir "$work/data.bare"
    start bare "$bare" append "$work/data.bare/rows.db" "$bytes"
    port=$(await "$work/bare.out" '([0-9]+)')
    send bare '/v1/instances/{}/events' "$work/peers.population"
    stop_all
}

# measure_hand each|group
measure_hand() {
    say "node, fastify, XState, better-sqlite3: commits of $1"
    mkdir "$work/data.$1"
    peers_population >"$work/peers.population"
    start "hand_$1" "$node_binary" "$work/hand_service.mjs" "$work/data.$1/service.db" "$1"
    port=$(await "$work/hand_$1.out" '([0-9]+)')
    send "hand_$1" '/v1/instances/{}/events' "$work/peers.population"
    stop_all
}

measure_restate() {
    local service admin
    say "Restate"
    peers_population >"$work/peers.population"
    start restate_service "$node_binary" "$work/restate_service.mjs"
    service=$(await "$work/restate_service.out" '([0-9]+)')
    # The program itself: what npm calls is a process that starts it.
    RESTATE_DISABLE_TELEMETRY=true RESTATE_LOG_DISABLE_ANSI_CODES=true RESTATE_LOG_FORMAT=compact \
        start restate "$(echo "$work"/node_modules/@restatedev/restate-server-*/bin/*)" \
        --no-logo --base-dir "$work/data.restate" --use-random-ports true --bind-ip 127.0.0.1 \
        --listen-mode tcp
    port=$(await "$work/restate.out" '.*http-ingress-server .*server\.port=([0-9]+)')
    admin=$(await "$work/restate.out" '.*admin-api-server .*server\.port=([0-9]+)')
    curl -fsS --retry 20 --retry-delay 1 --retry-all-errors -o "$work/deployment.json" \
        --json "{\"uri\":\"http://127.0.0.1:$service\"}" "http://127.0.0.1:$admin/deployments"
    send restate '/instances/{}/events' "$work/peers.population"
    stop_all
}

measure_bare_reads() {
    say "Beast, bare: the same bytes"
    start answer "$bare" answer "$work/answer.json"
    port=$(await "$work/answer.out" '([0-9]+)')
    read_at bare
    stop_all
}

measure_nginx() {
    local root=$PWD/$work/nginx id
    say "nginx: the same bytes from a file"
    id=$(tail -n 1 "$work/bare.population" | cut -d ' ' -f 1)
    mkdir -p "$root/v1/instances"
    cp "$work/answer.json" "$root/v1/instances/$id"
    cp "$work/bare.population" "$work/nginx.population"
    chmod 755 "$root" "$root/v1" "$root/v1/instances"
    # nginx takes no port 0.
    port=$("$node_binary" -e 'const server = require("net").createServer();
        server.listen(0, "127.0.0.1", () => {
            console.log(server.address().port);
            server.close();
        })')
    cat >"$root/nginx.conf" <<END
daemon off;
worker_processes auto;
pid $root/pid;
error_log $root/error.log;
events { worker_connections 1024; }
http {
    access_log off;
    sendfile on;
    tcp_nopush on;
    open_file_cache max=10;
    keepalive_requests 1000000000;
    default_type application/json;
    client_body_temp_path $root; proxy_temp_path $root; fastcgi_temp_path $root;
    uwsgi_temp_path $root; scgi_temp_path $root;
    server { listen 127.0.0.1:$port; root $root; }
}
END
    [ "$(id -u)" != 0 ] || sed -i '1i user root;' "$root/nginx.conf"
    start nginx nginx -c "$root/nginx.conf" -e "$root/error.log"
    curl -fsS --retry 20 --retry-connrefused --retry-delay 1 -o "$work/nginx.json" \
        "http://127.0.0.1:$port/v1/instances/$id"
    cmp "$work/nginx.json" "$work/answer.json"
    read_at nginx
    stop_all
}

# figure NAME CONNECTIONS FIELD: of events.NAME.jsonl.
figure() { jq --argjson at "$2" "select(.connections == \$at) | .$3" "$work/events.$1.jsonl"; }

table() {
    local name at
    say "durable transitions a second over HTTP at so many connections (p50 / p99, ms)"
    machine
    printf '%s\n' "${node/@/ }, $fastify, $xstate, $sqlite, ${restate[*]}"
    printf '\n|'
    printf ' | %s' "${connections[@]}"
    printf ' |\n|---%s\n' "$(printf '|---%.0s' "${connections[@]}")|"
    for name in sillage bare "${peers[@]}"; do
        printf '| %s' "${title[$name]}"
        for at in "${connections[@]}"; do
            jq -j --argjson at "$at" 'def ms: . * 10 | round / 10;
                select(.connections == $at) |
                " | \(.per_second) (\(.p50_ms | ms) / \(.p99_ms | ms))"' \
                "$work/events.$name.jsonl"
        done
        printf ' |\n'
    done
    printf '\n| reads of a status, 64 connections | a second | p50 / p99, ms |\n|---|---|---|\n'
    for name in sillage bare nginx; do
        jq -r --arg title "${title[$name]}" 'def ms: . * 100 | round / 100;
            "| \($title) | \(.per_second) | \(.p50_ms | ms) / \(.p99_ms | ms) |"' \
            "$work/reads.$name.jsonl"
    done
}

declare -A title=([sillage]="Sillage" [bare]="Beast and SQLite, bare"
    [hand_each]="node by hand, a commit a request" [hand_group]="node by hand, group commit"
    [restate]="Restate" [nginx]="nginx, a file")

summarise() {
    local name peer=${peers[0]}
    for name in "${peers[@]}"; do
        [ "$(figure "$name" 64 per_second)" -le "$(figure "$peer" 64 per_second)" ] || peer=$name
    done
    jq -nr --argjson one "$(figure sillage 1 per_second)" \
        --argjson many "$(figure sillage 64 per_second)" \
        --argjson p99 "$(figure sillage 64 p99_ms)" --argjson bare "$(figure bare 64 per_second)" \
        --argjson best "$(figure "$peer" 64 per_second)" --arg peer "$peer" \
        --argjson reads "$(jq .per_second "$work/reads.sillage.jsonl")" \
        --argjson bare_reads "$(jq .per_second "$work/reads.bare.jsonl")" '
        def hundredth: . * 100 | round / 100;
        "durable_tps_1=\($one) durable_tps_64=\($many) p99_ms_64=\($p99 | hundredth) " +
        "bound_ratio=\($many / $bare | hundredth) peer_ratio=\($many / $best | hundredth) " +
        "peer=\($peer) reads_per_second=\($reads) reads_ratio=\($reads / $bare_reads | hundredth)"'
}

prepare
prepare_peers
peers=(hand_each hand_group)
peers_population >"$work/peers.population"
measure_sillage
measure_bare
measure_bare_reads
measure_nginx
measure_hand each
measure_hand group
if "$has_restate"; then
    measure_restate
    peers+=(restate)
fi
table
echo
summarise
