#!/usr/bin/env bash
# The engine stands without sockets: fails when its library or its test program needs any.
# Usage: engine_links.sh ENGINE_LIBRARY ENGINE_TESTS
set -euo pipefail

library=$1
program=$2
found=0

# forbid WORDS LINES PATTERN: every line that matches is one thing that should not be there.
forbid() {
    local lines
    [ -n "$2" ] || { echo "$1: there was nothing to look at"; exit 1; }
    if lines=$(grep -E "$3" <<<"$2"); then
        printf '%s:\n%s\n' "$1" "$(head -5 <<<"$lines")"
        found=1
    fi
}

needed=$(readelf -d "$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
symbols=$(nm -C "$library")
system_calls='socket|connect|accept4?|bind|listen|poll|epoll_[a-z0-9]+|pthread_create'

forbid "$program is linked with" "$needed" '^libssl|^libboost_(url|coroutine|thread)'
forbid "$library speaks of Asio or Beast" "$symbols" 'boost::(asio|beast)::'
forbid "$library opens sockets or threads" "$symbols" \
    " U ($system_calls|SSL_[A-Za-z_]+|BIO_[A-Za-z_]+)(@|$)"
exit "$found"
