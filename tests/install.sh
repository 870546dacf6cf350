#!/usr/bin/env bash
# Installs what tests/packages.txt names, and only what is missing: the second run does nothing.
# Usage: install.sh [build|tests]   `build` leaves out what only the tests call.
set -euo pipefail

purpose=${1:-tests}
list=$(dirname "$(readlink -f "$0")")/packages.txt

is_installed() {
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# apt as root: directly, or by sudo.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    else
        sudo env DEBIAN_FRONTEND=noninteractive "$@"
    fi
}

missing=()
while read -r package wanted_by; do
    if [ "$purpose" = tests ] || [ "$wanted_by" = "$purpose" ]; then
        is_installed "$package" || missing+=("$package")
    fi
done < <(sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$list")

if [ ${#missing[@]} -gt 0 ]; then
    echo "installing ${missing[*]}"
    as_root apt-get update -q
    as_root apt-get install -q -y --no-install-recommends "${missing[@]}"
fi
