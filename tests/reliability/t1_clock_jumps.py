#!/usr/bin/env python3
"""T1: the wall clock jumps, the monotonic one does not. No timer fires twice or before its time by
the server's clock, requests are served as before, and at the end the timers are on time again."""

import asyncio
import random
import struct

import checker
from harness import Server, answer_of, main, say
from judge import judge
from load import Load, World

HOUR, DAY = 3600, 86400
YEARS = 3652 * DAY
# The row's jumps, each from the true time, which comes last: timers that a jump back has left in a
# far future are not waited for.
JUMPS = (HOUR, -HOUR, DAY, -DAY, YEARS, -YEARS)
ACKS_PER_JUMP = 150
# The longest that a timer may be late by after a jump: the server's clock is asked every second.
LATE_SECONDS_MAX = 2
# Serving that many takes about a second at rest; a time-out that the jump had moved takes longer.
JUMP_SECONDS_MAX = 20


async def row(args, scratch):
    clock = scratch / "clock"
    clock.write_bytes(struct.pack("=q", 0))
    server = Server([args.sillage], scratch, environment={
        "LD_PRELOAD": args.clock, "CLOCK_SHIM_FILE": str(clock)})
    await server.start()
    world = World()
    await world.build(server.port, 48)
    token = world.tenants[0]["tokens"][0]
    load = Load(server, world, scratch / "record.jsonl", args.seed)
    wrong = []
    offsets = [*JUMPS] * args.rounds
    random.Random(args.seed).shuffle(offsets)
    for offset in [0, *offsets, 0]:
        with open(clock, "r+b") as file:
            file.write(struct.pack("=q", offset))
        wrong += await token_by_rule(server, token, offset)
        await world.renew_tokens(server.port)
        before = load.acks
        # New clients: no key is repeated across a jump that outlives its seven days.
        load.begin()
        await load.until_acks(ACKS_PER_JUMP, JUMP_SECONDS_MAX)
        await load.end()
        if load.acks < before + ACKS_PER_JUMP:
            wrong.append(f"T1: {load.acks - before} acks in {JUMP_SECONDS_MAX} s at {offset:+d} s")
    say(f"  {len(offsets)} jumps and back, {load.acks} acks, statuses {load.statuses}")
    await asyncio.sleep(LATE_SECONDS_MAX)
    wrong += await judge(args, server, scratch / "record.jsonl", False)
    log = checker.read_log(scratch / "log.jsonl")
    at = [checker.seconds_of(entry["at"]) for line in log.values() for entry in line["entries"]]
    if max(at) - min(at) < YEARS:
        wrong.append("T1: the server's clock has not moved")
    return wrong


async def token_by_rule(server, token, offset):
    """A token of the true time is good for a year of the server's clock."""
    status, _ = await answer_of(server.port, "GET", "/v1/me", token=token)
    expected = 401 if offset == YEARS else 200
    return [] if status == expected else [
        f"T1: a token of the true time is answered {status} at {offset:+d} s"]


if __name__ == "__main__":
    main(row, rounds=1, clock="")
