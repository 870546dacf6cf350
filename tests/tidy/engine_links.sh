#!/usr/bin/env bash
# The engine stands without sockets: fails when its library or its test program needs any.
# Usage: engine_links.sh ENGINE_LIBRARY ENGINE_TESTS
set -euo pipefail

library=$1
program=$2
found=0

# complain WORDS LINES: each line is one thing that should not be there.
complain() {
    if [ -n "$2" ]; then
        printf '%s:\n%s\n' "$1" "$2"
        found=1
    fi
}

needed=$(readelf -d "$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
[ -n "$needed" ] || { echo "$program names no library: nothing was checked"; exit 1; }
complain "$program is linked with" "$(grep -E '^libssl|^libboost_(url|coroutine|thread)' <<<"$needed" || true)"

symbols=$(nm -C "$library")
[ -n "$symbols" ] || { echo "$library has no symbol: nothing was checked"; exit 1; }
complain "$library speaks of Asio or Beast" "$(grep -E 'boost::(asio|beast)::' <<<"$symbols" | head -5 || true)"
complain "$library opens sockets or threads" \
    "$(grep -E ' U (socket|connect|accept4?|bind|listen|poll|epoll_[a-z0-9]+|SSL_[A-Za-z_]+|BIO_[A-Za-z_]+|pthread_create)(@|$)' <<<"$symbols" || true)"
exit "$found"
