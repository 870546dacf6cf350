#!/usr/bin/env python3
"""L1: three times as many requests as the server can do, of more clients than may wait, none of
which waits when it is refused. The server goes on doing nearly what it can, refuses the rest at
once, recovers, and its memory stays bounded. Each request costs the engine so much that the load
itself costs little beside it. What is measured against the clock counts only while the machine is
quiet: as quick after as before."""

import asyncio
import json
import time
from dataclasses import dataclass
from pathlib import Path

from harness import HERE, Connection, Server, answer_of, main, must, say
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
# Of what it can do, as the row says.
OVERLOAD = 3
# Until all that may wait for the engine does, before anything counts.
WARM_SECONDS = 3
INSTANCES = 64
# Each guard of grind.yaml looks at all pairs of them.
MARKS = 96
EVENT = {"event": "note", "data": {"token": "witness"}}
WITNESS_PAUSE_SECONDS = 0.05
WITNESSES = 4
# Other programs take a core for seconds; none does so each time.
ATTEMPTS_MAX = 3
QUIET_SHARE_MIN = 0.85


@dataclass(frozen=True)
class Overload:
    """What one attempt has measured."""

    peaks: tuple  # done a second by few clients, before and after
    crowded: dict  # what `crowd` says of many
    seconds: int
    refusals: list  # seconds that those of clients beside took, who wait for nothing else

    def peak(self):
        return max(sum(self.peaks) / len(self.peaks), 1)

    def share(self):
        return self.crowded["per_second"] / self.peak()

    def offered(self):
        """Requests a second, done or refused."""
        return self.crowded["per_second"] + self.crowded["refused"] // self.seconds

    def slow_refusal(self):
        """What nine of ten took at most."""
        return sorted(self.refusals)[len(self.refusals) * 9 // 10] if self.refusals else 0

    def is_quiet(self):
        """Whether the machine did as much after the overload as before, so that both compare, and
        as much was offered as was meant to."""
        return (min(self.peaks) >= QUIET_SHARE_MIN * max(self.peaks)
                and self.offered() >= QUIET_SHARE_MIN * OVERLOAD * min(self.peaks))

    def too_slow(self):
        slow = self.slow_refusal()
        wrong = []
        if self.share() < GOODPUT_SHARE_MIN:
            wrong.append(f"L1: {self.share():.2f} of the peak is done under overload")
        if slow > REFUSAL_SECONDS_MAX:
            wrong.append(f"L1: refused after {slow * 1000:.0f} ms")
        return wrong


async def row(args, scratch):
    server = Server([args.sillage], scratch)
    await server.start()
    try:
        world = World()
        await world.build(server.port, 0)
        await must(server.port, "POST", "/v1/workflows", (HERE / "grind.yaml").read_bytes())
        await add_instances(server, world)
        return await attempts(args, scratch, server, world)
    finally:
        server.kill()


async def add_instances(server, world):
    for number in range(INSTANCES):
        tenant = world.tenants[number % len(world.tenants)]
        started = await must(server.port, "POST", "/v1/instances",
                             {"workflow": "grind", "company": tenant["company"],
                              "context": {"marks": list(range(MARKS))}})
        tenant["instances"].append(started["id"])


async def attempts(args, scratch, server, world):
    """The first that was quick enough will do; what does not hang on the machine holds in each."""
    slow = []
    for _ in range(ATTEMPTS_MAX):
        overload, wrong = await attempt(args, scratch, server, world)
        if wrong:
            return wrong
        if not overload.too_slow():
            return []
        slow += [overload.too_slow()] if overload.is_quiet() else []
    if len(slow) * 2 > ATTEMPTS_MAX:
        return slow[-1]
    say(f"  goodput not asked: the machine was quiet {len(slow)} times of {ATTEMPTS_MAX}")
    return []


async def attempt(args, scratch, server, world):
    """What was measured, and what is wrong on any machine."""
    targets = scratch / "targets"
    targets.write_text("".join(
        f"/v1/instances/{instance}/events {tenant['tokens'][number % len(tenant['tokens'])]}\n"
        for tenant in world.tenants for number, instance in enumerate(tenant["instances"])))
    before = await crowd(args, server, targets, PEAK_CLIENTS, args.peak)
    held = resident(server)
    rate = OVERLOAD * max(before["per_second"], 1)
    crowding = asyncio.create_task(crowd(args, server, targets, CLIENTS, args.seconds, rate))
    seen = await asyncio.gather(*(witness(server, world, crowding) for _ in range(WITNESSES)))
    crowded = await crowding
    refusals = [seconds for one, _ in seen for seconds in one]
    wrong = [line for _, lines in seen for line in lines]
    grown = resident(server) - held
    wrong += await recovery(server)
    after = await crowd(args, server, targets, PEAK_CLIENTS, args.peak)
    overload = Overload((before["per_second"], after["per_second"]), crowded, args.seconds,
                        refusals)
    say(f"  peak {before['per_second']}/s before, {after['per_second']}/s after; offered "
        f"{overload.offered()}/s ({overload.offered() / overload.peak():.1f} times that), done "
        f"{crowded['per_second']}/s, a goodput ratio of {overload.share():.2f}; "
        f"{crowded['refused']} refused; of {len(refusals)} refused beside nine of ten within "
        f"{overload.slow_refusal() * 1000:.0f} ms; {grown >> 20} MiB more")
    if not refusals:
        wrong.append("L1: nobody beside was refused, so the server was not full")
    if grown > GROWTH_BYTES_MAX:
        wrong.append(f"L1: {grown >> 20} MiB more memory")
    others = {**before["others"], **crowded["others"], **after["others"]}
    return overload, wrong + [f"L1: {count} answers of {what}" for what, count in others.items()]


async def recovery(server):
    ended = time.monotonic()
    while time.monotonic() < ended + RECOVERY_SECONDS_MAX:
        status, _ = await answer_of(server.port, "GET", "/readyz")
        if status == 200:
            return []
        await asyncio.sleep(WITNESS_PAUSE_SECONDS)
    return ["L1: not ready again in time"]


async def crowd(args, server, targets, clients, seconds, rate=0):
    """What so many clients were answered in that time, as tests/reliability/crowd.cpp says it."""
    process = await asyncio.create_subprocess_exec(
        args.crowd, f"--port={server.port}", f"--clients={clients}", f"--seconds={seconds}",
        f"--targets={targets}", f"--rate={rate}", f"--warm={WARM_SECONDS}", stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"the crowd ended with {process.returncode}; {server.last_words()}")
    return json.loads(said)


async def witness(server, world, crowding):
    """One client more, that looks at its refusals: what each took, and what was wrong with them.
    The server's health is told all the while."""
    tenant = world.tenants[0]
    connection, refusals, wrong = Connection(server.port), [], []
    while not crowding.done() and not wrong:
        began = time.monotonic()
        status, fields, body = await connection.request(
            "POST", f"/v1/instances/{tenant['instances'][0]}/events", tenant["tokens"][0],
            EVENT, seconds=60)
        if status in (429, 503):
            refusals.append(time.monotonic() - began)
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
    main(row, seconds=8, peak=3, crowd="")
