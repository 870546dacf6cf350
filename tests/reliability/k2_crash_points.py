#!/usr/bin/env python3
"""K2: kill -9 at named moments (engine/base/fault.hpp), each several times, under load."""

import random
from dataclasses import dataclass

from harness import NotStarted, Server, main, say
from judge import judge
from load import Load, World

# Enough for any of the points to be passed that often, and for its kill to be seen.
LIFE_SECONDS_MAX = 30
# Schemas there may ever be.
MIGRATIONS_MAX = 100


@dataclass(frozen=True)
class Point:
    name: str
    # Of the passages of one life the last that may be the one.
    passages: int


# A checkpoint follows thousands of written pages; a start makes one, too, which is the first.
POINTS = (Point("before_commit", 200), Point("after_commit", 200), Point("mid_slice", 200),
          Point("mid_checkpoint", 2))


async def row(args, scratch):
    chance = random.Random(args.seed)
    say("  mid-outbox not asked: nothing is delivered as yet")
    wrong = await migration(args, scratch)
    server = Server([args.sillage], scratch)
    await server.start()
    world = World()
    await world.build(server.port, 32)
    server.stop()
    load = Load(server, world, scratch / "record.jsonl", args.seed)
    load.begin()
    server.program = [args.faulty]
    for point in POINTS:
        hits = 0
        for _ in range(args.times):
            hits += await one_life(server, point, chance)
        say(f"  {point.name}: hit {hits} of {args.times} times")
        wrong += [] if hits == args.times else [f"{point.name} was hit {hits} times"]
    server.program = [args.sillage]
    await server.start()
    await load.until_acks(300, LIFE_SECONDS_MAX)
    await load.end()
    return wrong + await judge(args, server, scratch / "record.jsonl")


async def one_life(server, point, chance):
    """Whether the process was killed at its point."""
    server.spawn(faults=[f"crash={point.name}:{chance.randint(1, point.passages)}"])
    # The clients find the port that it had before; it is ready when it listens there again.
    hit = await server.wait_for_end(LIFE_SECONDS_MAX) == -9
    server.kill()
    return hit


async def migration(args, scratch):
    """First starts of new folders, each killed in each of its migrations until one passes."""
    hits, folders = 0, 0
    while hits < args.times:
        folders += 1
        server = Server([args.faulty], scratch, data=scratch / f"migrated-{folders}")
        found = await killed_migrations(server)
        if isinstance(found, str):
            return [found]
        if found == 0:
            return ["no migration was met"]
        hits += found
    say(f"  mid_migration: hit {hits} times on the way of {folders} folders to the newest schema")
    return []


async def killed_migrations(server):
    """How many kills it took; words when the server did anything else than be killed or start. A
    killed migration leaves nothing, so the next start passes as many points as the one before."""
    for passages in range(1, MIGRATIONS_MAX):
        try:
            await server.start(faults=[f"crash=mid_migration:{passages}"])
            server.stop()
            return passages - 1
        except NotStarted:
            if server.process.returncode != -9:
                return f"the start after {passages} kills in a migration: {server.last_words()}"
    return f"{MIGRATIONS_MAX} starts, and migrations are met still"


if __name__ == "__main__":
    main(row, times=5)
