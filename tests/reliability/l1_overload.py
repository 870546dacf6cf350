#!/usr/bin/env python3
"""L1: far more clients than the server holds. It goes on doing nearly what it can, refuses the rest
at once, recovers, and its memory stays bounded."""

import asyncio
import json
import sys
import time
from pathlib import Path

from harness import Connection, Server, answer_of, main, say
from load import World

# P-row L1.
GOODPUT_SHARE_MIN = 0.8
REFUSAL_SECONDS_MAX = 0.1
RECOVERY_SECONDS_MAX = 5
# Beyond the connections, each about 30 KiB, and what SQLite keeps.
GROWTH_BYTES_MAX = 256 << 20
PEAK_CLIENTS = 64
# More than may wait for the engine (1,024) by half.
CLIENTS = 1500
# What a refused client waits: the least that Retry-After can say.
PAUSE_SECONDS = 1
WITNESS_PAUSE_SECONDS = 0.05


async def row(args, scratch):
    server = Server([args.sillage], scratch)
    await server.start()
    try:
        return await overload(args, server)
    finally:
        server.kill()


async def overload(args, server):
    world = World()
    await world.build(server.port, 64)
    peak = Crowd(server, world)
    await peak.run(PEAK_CLIENTS, args.peak)
    before = resident(server)
    crowd = Crowd(server, world)
    witness = await witness_of(server, world, args.seconds)
    await crowd.run(CLIENTS, args.seconds)
    refusals = json.loads((await witness.communicate())[0])
    grown = resident(server) - before
    ended = time.monotonic()
    status = 0
    while status != 200 and time.monotonic() < ended + RECOVERY_SECONDS_MAX:
        status, _ = await answer_of(server.port, "GET", "/readyz")
    share = crowd.goodput() / max(peak.goodput(), 1)
    slow = sorted(refusals)[int(len(refusals) * 0.99)] if refusals else 0.0
    say(f"  peak {peak.goodput():.0f}/s, overloaded {crowd.goodput():.0f}/s ({share:.2f}), "
        f"{crowd.refused} refused; of the witness {len(refusals)}, p99 {slow * 1000:.0f} ms; "
        f"{grown >> 20} MiB more, others {crowd.others}")
    wrong = [] if status == 200 else ["L1: not ready again in time"]
    if not refusals:
        # These clients share the server's two cores; a quick server is never full of them.
        say("  refusals not asked: so many clients do not overload this server")
    if share < GOODPUT_SHARE_MIN:
        wrong.append(f"L1: {share:.2f} of the peak is done under overload")
    if slow > REFUSAL_SECONDS_MAX:
        wrong.append(f"L1: refused after {slow * 1000:.0f} ms")
    if grown > GROWTH_BYTES_MAX:
        wrong.append(f"L1: {grown >> 20} MiB more memory")
    return wrong + [f"L1: {count} answers of {what}" for what, count in crowd.others.items()]


async def witness_of(server, world, seconds):
    """A process of its own that tells how long each of its refusals took: in the crowd's, a client
    waits for its turn among so many."""
    tenant = world.tenants[0]
    return await asyncio.create_subprocess_exec(
        sys.executable, __file__, "--witness", str(server.port), tenant["tokens"][0],
        tenant["instances"][0], str(seconds), stdout=asyncio.subprocess.PIPE)


async def witness(port, token, instance, seconds):
    connection, refusals = Connection(int(port)), []
    end = time.monotonic() + int(seconds)
    while time.monotonic() < end:
        await connection.open()
        began = time.monotonic()
        status, *_ = await connection.request(
            "POST", f"/v1/instances/{instance}/events", token,
            {"event": "note", "data": {"token": f"witness-{began}"}}, seconds=60)
        if status in (429, 503):
            refusals.append(time.monotonic() - began)
        await asyncio.sleep(WITNESS_PAUSE_SECONDS)
    print(json.dumps(refusals))


class Crowd:
    """Clients that send one event after another, each its own connection."""

    def __init__(self, server, world):
        self.server, self.world = server, world
        self.done, self.seconds, self.end = 0, 1.0, 0.0
        self.refused, self.others = 0, {}

    def goodput(self):
        return self.done / self.seconds

    async def run(self, clients, seconds):
        self.seconds, self.end = seconds, time.monotonic() + seconds
        await asyncio.gather(*(self.client(number) for number in range(clients)))

    async def client(self, number):
        tenant = self.world.tenants[number % len(self.world.tenants)]
        instance = tenant["instances"][number % len(tenant["instances"])]
        token = tenant["tokens"][number % len(tenant["tokens"])]
        connection, sent = Connection(self.server.port), 0
        while time.monotonic() < self.end:
            sent += 1
            try:
                status, fields, _ = await connection.request(
                    "POST", f"/v1/instances/{instance}/events", token,
                    {"event": "note", "data": {"token": f"{id(self)}-{number}-{sent}"}},
                    seconds=60)
            except (OSError, EOFError) as error:
                status, fields = type(error).__name__, {}
            await self.count(status, fields)
        connection.close()

    async def count(self, status, fields):
        if status == 200:
            self.done += time.monotonic() < self.end
        elif status in (429, 503) and "retry-after" in fields:
            self.refused += 1
            await asyncio.sleep(PAUSE_SECONDS)
        else:
            self.others[status] = self.others.get(status, 0) + 1
            await asyncio.sleep(PAUSE_SECONDS)


def resident(server):
    pages = Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]
    return int(pages) * 4096


if __name__ == "__main__":
    if sys.argv[1:2] == ["--witness"]:
        asyncio.run(witness(*sys.argv[2:]))
    else:
        main(row, seconds=30, peak=5)
