#!/usr/bin/env bash
# From commit to stream: builds the release server and has stream.py ask it. Called by run.sh.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../../.."

tests/install.sh build
cmake --preset release >build/bench/cmake.log
cmake --build --preset release --target sillage -j"$(nproc)" | tail -n 1
exec tests/bench/stream/stream.py --sillage=build/release/server/sillage "$@"
