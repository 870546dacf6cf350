#!/usr/bin/env python3
"""TM1, TM2: how long an answer takes does not tell another cluster's thing from one that nobody
has: interleaved pairs of requests, and the median of what they differ by."""

import random
import statistics
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from canaries import Tenant  # noqa: E402
from harness import Connection, Server, main, must, say  # noqa: E402
from strangers import unknown  # noqa: E402

# As threats.md has it of accounts (TM9). What other work of the machine adds lands on both.
DIFFERENCE_MS_MAX = 1.0
THINGS = ["instances", "companies", "cohorts", "accounts"]


async def time_of(connection, path, token):
    began = time.perf_counter()
    status, _, _ = await connection.request("GET", path, token)
    assert status == 404, (path, status)
    return (time.perf_counter() - began) * 1000


async def median_difference(args, connection, token, paths):
    """Each other pair the other way round, so that coming second counts for both."""
    differences = []
    for count in range(args.pairs):
        first, second = paths if count % 2 == 0 else paths[::-1]
        took = {path: await time_of(connection, path, token) for path in (first, second)}
        differences.append(took[paths[0]] - took[paths[1]])
    return statistics.median(differences)


async def row(args, scratch):
    server = Server([args.sillage], scratch)
    await server.start()
    try:
        chance = random.Random(args.seed)
        await must(server.port, "POST", "/v1/workflows", (HERE / "selection.yaml").read_bytes())
        ours, theirs = [Tenant(server.port, mark, chance) for mark in ["A", "B"]]
        await ours.build()
        await theirs.build()
        connection = Connection(server.port)
        wrong = []
        for kind in THINGS:
            known = theirs.ids[kind][-1]
            paths = [f"/v1/{kind}/{one}" for one in (known, unknown(known))]
            median = await median_difference(args, connection, ours.tokens["manager"], paths)
            say(f"  {kind}: {median * 1000:+.0f} us in the median of {args.pairs} pairs")
            if abs(median) > DIFFERENCE_MS_MAX:
                wrong.append(f"TM2: {median:.3f} ms tell another cluster's {kind}")
        return wrong
    finally:
        server.kill()


if __name__ == "__main__":
    main(row, pairs=1_000)
