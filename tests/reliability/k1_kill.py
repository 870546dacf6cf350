#!/usr/bin/env python3
"""K1: kill -9 at random moments under the load of 32 clients. Nothing acknowledged is lost, nothing
happens twice, and the server is ready again in time."""

import random
import statistics

from harness import Server, main, say
from judge import judge
from load import begin_load

# What is promised with ten thousand instances, of every single start.
READY_SECONDS_MAX = 2.0
# What is promised once the log has a million entries, which the long tier comes to.
LARGE_ACKS = 1_000_000
LARGE_READY_SECONDS_MAX = 10.0
# What a slow disk may take for the acks of one life.
LIFE_SECONDS_MAX = 60


async def row(args, scratch):
    return await kills(args, scratch)


async def kills(args, scratch, fault=()):
    chance = random.Random(args.seed)
    server = Server([args.faulty] if fault else [args.sillage], scratch)
    await server.start(faults=fault)
    _, load = await begin_load(args, server, scratch, args.instances, args.idle)
    met, starts, per_life = 0, [], max(1, args.acks // max(args.kills, 1))
    wrong = []
    for _ in range(args.kills):
        if not await load.until_acks(chance.randrange(per_life // 2, per_life * 3 // 2) + 1,
                                     LIFE_SECONDS_MAX):
            wrong.append(f"no more acks after {load.acks}: {load.statuses}")
            break
        met += server.kill()
        await server.start(faults=fault)
        starts.append(server.ready_seconds)
        most = READY_SECONDS_MAX if load.acks < LARGE_ACKS else LARGE_READY_SECONDS_MAX
        if server.ready_seconds > most:
            wrong.append(f"ready after {server.ready_seconds:.2f} s, {load.acks} acks on")
    await load.until_acks(max(args.acks - load.acks, 1), LIFE_SECONDS_MAX)
    await load.end()
    say(f"  {met} kills met a running server, {load.acks} acks, ready after "
        f"{statistics.median(starts or [0]):.2f} s, at most {max(starts, default=0):.2f} s; "
        f"statuses {load.statuses}")
    wrong += [] if met == args.kills else [f"{met} of {args.kills} kills met a running server"]
    wrong += [] if load.acks >= args.acks else [f"{load.acks} acks; {args.acks} count"]
    return wrong + await judge(args, server, scratch / "record.jsonl")


if __name__ == "__main__":
    main(row, kills=25, acks=20000, instances=96, idle=9904)
