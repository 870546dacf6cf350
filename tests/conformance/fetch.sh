#!/usr/bin/env bash
# Fetches the public SCXML suites: fetch.sh FOLDER
# What is there already is not fetched again. Exit status: 0 FOLDER/package/test has the suites;
# 77 npm is missing or reaches no registry; 1 what came is not what was pinned.
set -euo pipefail

# The package has the W3C's implementation-report tests and SCION's own suite (Apache-2.0).
package=@scion-scxml/test-framework@2.0.16
archive=scion-scxml-test-framework-2.0.16.tgz
# Of the archive, as the registry's `dist.integrity` says it in base 64.
sha512=e6b45de427452d4ce63da3b8dcd49a9819a1abab96ff49149949de127a9149b0
sha512+=23d0588554020d7750df69d524744093fb11cb011089654ee67900f89ea6322b
# A registry that answers needs a second or two.
seconds_max=60

folder=$1
mkdir -p "$folder"
cd "$folder"

is_pinned() { echo "$sha512  $archive" | sha512sum --check --status; }

if ! { [ -f "$archive" ] && is_pinned; }; then
    if ! command -v npm >/dev/null; then
        echo "conformance: skipped: the suites are not here, and there is no npm to fetch them"
        exit 77
    fi
    rm -f "$archive"
    if ! timeout "$seconds_max" npm pack --silent --fetch-retries=0 "$package" >npm.log 2>&1; then
        echo "conformance: skipped: npm cannot fetch $package: $(tail -n 1 npm.log)"
        exit 77
    fi
    if ! is_pinned; then
        echo "conformance: $archive does not have the pinned SHA-512"
        exit 1
    fi
fi
[ -d package/test ] || tar -xzf "$archive"
