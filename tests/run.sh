#!/usr/bin/env bash
# Installs, builds and runs the tests; ends with the names and the output of those that failed, and
# one line `N passed, N failed`.
# Usage: run.sh [--ci|--long]
#   (nothing)  every everyday test, in the `dev` build: at most 15 minutes on 2 cores
#   --ci       adds the slower tests (label `ci`), all of it under `asan`, and a minute of libFuzzer
#              per target: at most 50 minutes
#   --long     adds the release tier (label `long`), under `asan` and in the `release` build
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1

tier=everyday
case "${1:-}" in
    '') ;;
    --ci) tier=ci ;;
    --long) tier=long ;;
    *)
        sed -n '2,8s/^# //p' tests/run.sh
        exit 2
        ;;
esac

jobs=$(nproc)
passed=0
failed=0
log=$(mktemp)
failures=$(mktemp)
trap 'rm -f "$log" "$failures"' EXIT
# Of the output of one test that failed; the rest stands above.
failure_lines_max=60
# Of what the tests of one part say of themselves; the rest stands in ctest's own log.
told_lines_max=120
rm -f build/*/tests/conformance/score.txt

say() { printf '\n== %s (after %d s)\n' "$*" "$SECONDS"; }

# tell_scores: the counts of the public suites, which ctest keeps to itself.
tell_scores() {
    local score
    for score in build/*/tests/conformance/score.txt; do
        if [ -f "$score" ]; then
            say "$score"
            cat "$score"
        fi
    done
}

# tell_seeds PRESET: the seeds of a part's tests, what they could not ask, and what the reliability
# rows measured; of a test that passed ctest keeps all that to itself.
tell_seeds() {
    say "seeds of $1, and what was not asked"
    awk -v most="$told_lines_max" '
        /^[0-9]+\/[0-9]+ Test: / { name = $0; sub(/^[^:]*: /, "", name) }
        /^Output:$/ { is_inside = 1 }
        /^<end of output>$/ { is_inside = 0 }
        is_inside && (/(^|[^a-z])seeds? [0-9]/ || /SKIPPED|skipped: |not asked|not applicable/ ||
                      (name ~ /^reliability\// && /^  [^ ]/)) {
            sub(/; repeat: .*/, "")
            sub(/^ +|^[a-z0-9_]+: |^.*MESSAGE: /, "")
            line = substr("  " name ": " $0, 1, 200)
            if (!(line in seen) && count++ < most) { print line }
            seen[line] = 1
        }
        END { if (count > most) { printf "  and %d more\n", count - most } }' \
        "build/$1/Testing/Temporary/LastTest.log"
}

# tell_failures: once more, at the end, where whoever reads looks first.
tell_failures() {
    if [ -s "$failures" ]; then
        say "what failed"
        cat "$failures"
    fi
}

finish() {
    tell_scores
    tell_failures
    printf '\n%d passed, %d failed\n' "$passed" "$failed"
    [ "$failed" = 0 ]
    exit
}

# A part that cannot be built, or whose tests cannot be counted, is one failure.
fail_part() {
    say "$1"
    echo "$1" >>"$failures"
    failed=$((failed + 1))
}

# keep_failures PRESET: what $log says of the tests that failed, each cut to its first lines.
keep_failures() {
    awk -v preset="$1" -v most="$failure_lines_max" '
        /^ *[0-9]+\/[0-9]+ Test +#[0-9]+: / { left = 0 }
        /^ *[0-9]+\/[0-9]+ Test +#[0-9]+: .*\*\*\*(Failed|Timeout|Exception|Not Run)/ {
            print preset ":" $0
            left = most
            next
        }
        left-- > 0' "$log" >>"$failures"
}

# build PRESET: configures and builds one tree.
build() {
    say "building $1"
    if ! { cmake --preset "$1" && cmake --build --preset "$1" -j"$jobs"; }; then
        fail_part "the build of $1 failed"
        return 1
    fi
}

# count_tests: adds up what ctest's own summary in $log says. A skipped test is neither.
count_tests() {
    local total broken skipped
    total=$(sed -n 's/.* tests failed out of \([0-9]*\)$/\1/p' "$log")
    broken=$(sed -n 's/.*tests passed, \([0-9]*\) tests failed.*/\1/p' "$log")
    skipped=$(grep -c '\*\*\*Skipped' "$log")
    [ -n "$total" ] || return 1
    failed=$((failed + broken))
    passed=$((passed + total - broken - skipped))
}

# test_part PRESET CTEST-ARGUMENTS...: runs a selection of the tests of one tree.
test_part() {
    local preset=$1
    shift
    say "testing $preset $*"
    ctest --test-dir "build/$preset" -j"$jobs" --timeout 900 --output-on-failure "$@" 2>&1 |
        tee "$log"
    keep_failures "$preset"
    tell_seeds "$preset"
    count_tests || fail_part "no test of $preset was run"
}

say "packages"
if ! tests/install.sh; then
    fail_part "the packages could not be installed"
    finish
fi

case "$tier" in
    everyday)
        build dev && test_part dev -LE 'ci|long'
        ;;
    ci)
        build dev && test_part dev -LE long
        build asan && test_part asan -LE long
        build fuzz && test_part fuzz -R '^fuzz/libfuzzer/'
        ;;
    long)
        build dev && test_part dev -LE long
        build asan && test_part asan
        build fuzz && test_part fuzz -R '^fuzz/libfuzzer/'
        build release && test_part release
        ;;
esac
finish
