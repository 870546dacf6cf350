#!/usr/bin/env python3
"""L1: far more clients than the server holds, and none that waits when it is refused. It goes on
doing nearly what it can, refuses the rest at once, recovers, and its memory stays bounded."""

import asyncio
import json
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
WITNESS_PAUSE_SECONDS = 0.05


async def row(args, scratch):
    server = Server([args.sillage], scratch)
    await server.start()
    try:
        return await overload(args, scratch, server)
    finally:
        server.kill()


async def overload(args, scratch, server):
    world = World()
    await world.build(server.port, 64)
    targets = scratch / "targets"
    targets.write_text("".join(
        f"/v1/instances/{instance}/events {tenant['tokens'][number % len(tenant['tokens'])]}\n"
        for tenant in world.tenants for number, instance in enumerate(tenant["instances"])))
    peak = await crowd(args, server, targets, PEAK_CLIENTS, args.peak)
    before = resident(server)
    crowding = asyncio.create_task(crowd(args, server, targets, CLIENTS, args.seconds))
    refusals, wrong = await witness(server, world, crowding)
    crowded = await crowding
    grown = resident(server) - before
    ended = time.monotonic()
    status = 0
    while status != 200 and time.monotonic() < ended + RECOVERY_SECONDS_MAX:
        status, _ = await answer_of(server.port, "GET", "/readyz")
    share = crowded["per_second"] / max(peak["per_second"], 1)
    slow = crowded["refusal_p99_ms"] / 1000
    say(f"  peak {peak['per_second']}/s, overloaded {crowded['per_second']}/s ({share:.2f}); "
        f"{crowded['refused']} refused, p99 {slow * 1000:.0f} ms, {refusals} seen beside; "
        f"{grown >> 20} MiB more")
    if status != 200:
        wrong.append("L1: not ready again in time")
    if crowded["refused"] == 0:
        wrong.append("L1: nobody was refused, so the server was not full")
    if share < GOODPUT_SHARE_MIN:
        wrong.append(f"L1: {share:.2f} of the peak is done under overload")
    if slow > REFUSAL_SECONDS_MAX:
        wrong.append(f"L1: refused after {slow * 1000:.0f} ms")
    if grown > GROWTH_BYTES_MAX:
        wrong.append(f"L1: {grown >> 20} MiB more memory")
    others = {**peak["others"], **crowded["others"]}
    return wrong + [f"L1: {count} answers of {what}" for what, count in others.items()]


async def crowd(args, server, targets, clients, seconds):
    """What so many clients were answered in that time, as tests/reliability/crowd.cpp says it."""
    process = await asyncio.create_subprocess_exec(
        args.crowd, f"--port={server.port}", f"--clients={clients}", f"--seconds={seconds}",
        f"--targets={targets}", stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"the crowd ended with {process.returncode}; {server.last_words()}")
    return json.loads(said)


async def witness(server, world, crowding):
    """One client more, that looks at its refusals: how many, and what was wrong with them. The
    server's health is told all the while."""
    tenant = world.tenants[0]
    connection, refusals, wrong = Connection(server.port), 0, []
    while not crowding.done() and not wrong:
        status, fields, body = await connection.request(
            "POST", f"/v1/instances/{tenant['instances'][0]}/events", tenant["tokens"][0],
            {"event": "note", "data": {"token": "witness"}}, seconds=60)
        if status in (429, 503):
            refusals += 1
            if "retry-after" not in fields or "type" not in body:
                wrong.append(f"L1: a refusal says no more than {fields} {body}")
        health, _ = await answer_of(server.port, "GET", "/healthz")
        if health != 200:
            wrong.append(f"L1: /healthz answers {health} under overload")
        await asyncio.sleep(WITNESS_PAUSE_SECONDS)
    connection.close()
    return refusals, wrong


def resident(server):
    pages = Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]
    return int(pages) * 4096


if __name__ == "__main__":
    main(row, seconds=30, peak=5, crowd="")
