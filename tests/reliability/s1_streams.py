#!/usr/bin/env python3
"""S1: subscribers of the stream while the server is killed under load. Each is told exactly the log
of what it may read: no gap, no repeat, no disorder, nothing that is not in the log (C8, P7)."""

import random

import streams
from harness import ADMIN_TOKEN, Server, main, say
from judge import judge
from load import begin_load

LIFE_SECONDS_MAX = 60
INSTANCES = 48


async def row(args, scratch):
    return await kills(args, scratch)


async def kills(args, scratch, fault=()):
    chance = random.Random(args.seed)
    server = Server([args.faulty] if fault else [args.sillage], scratch)
    await server.start(faults=fault)
    world, load = await begin_load(args, server, scratch, INSTANCES)
    readers = readers_of(server, world, args.subscribers)
    for reader in readers:
        reader.begin()
    met, wrong, per_life = 0, [], max(1, args.acks // max(args.kills, 1))
    for _ in range(args.kills):
        if not await load.until_acks(chance.randrange(per_life // 2, per_life * 3 // 2) + 1,
                                     LIFE_SECONDS_MAX):
            wrong.append(f"no more acks after {load.acks}: {load.statuses}")
            break
        met += server.kill()
        await server.start(faults=fault)
    await load.until_acks(max(args.acks - load.acks, 1), LIFE_SECONDS_MAX)
    await load.end()
    wrong += [] if met == args.kills else [f"{met} of {args.kills} kills met a running server"]
    log = await streams.read_settled(server.port)
    await streams.until_told(readers, lambda reader: sum(
        len(log[instance]["entries"]) for instance in reader.permitted(log)))
    for reader in readers:
        await reader.end()
    told = sum(len(reader.told) for reader in readers)
    say(f"  {met} kills, {load.acks} acks; {len(readers)} subscribers connected "
        f"{sum(reader.connects for reader in readers)} times and were told {told} entries")
    wrong += [f"C8 reset: {reader.resets} of them" for reader in readers if reader.resets]
    for number, reader in enumerate(readers):
        wrong += streams.check(f"subscriber {number}", reader.told, log, reader.permitted(log))
    return wrong + await judge(args, server, scratch / "record.jsonl")


def readers_of(server, world, count):
    """Half of them administrators, the others of one tenant each."""
    readers = []
    for number in range(count):
        tenant = world.tenants[number % len(world.tenants)]
        is_mighty = number % 2 == 0
        reader = streams.Subscriber(server, ADMIN_TOKEN if is_mighty else tenant["tokens"][0])
        reader.permitted = lambda log, tenant=None if is_mighty else tenant: {
            instance for instance in log
            if tenant is None or log[instance]["company"] == tenant["company"]}
        readers.append(reader)
    return readers


if __name__ == "__main__":
    main(row, kills=6, acks=4000, subscribers=50)
