#!/usr/bin/env bash
# Installs what tests/packages.txt names, and only what is missing: the second run does nothing.
# Usage: install.sh [build|tests|bench]   `tests` are what building and testing need, `build` and
#        `bench` that alone.
set -euo pipefail

purpose=${1:-tests}
list=$(dirname "$(readlink -f "$0")")/packages.txt

# A program of the package's name will do: some builds of nodejs bring npm along.
is_installed() {
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ] ||
        [ -n "$(type -P "$1")" ]
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
    if [ "$wanted_by" = "$purpose" ] || [ "$wanted_by $purpose" = "build tests" ]; then
        is_installed "$package" || missing+=("$package")
    fi
done < <(sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$list")

if [ ${#missing[@]} -gt 0 ]; then
    echo "installing ${missing[*]}"
    as_root apt-get update -q
    as_root apt-get install -q -y --no-install-recommends "${missing[@]}"
fi
