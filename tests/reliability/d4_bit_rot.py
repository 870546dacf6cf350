#!/usr/bin/env python3
"""D4: bits of the stored file flip. `sillage verify` names the damage, or the log is served as it
was: damage is never silently served."""

import random
import shutil

from harness import NotStarted, Server, Skipped, has_subcommand, main, say, sillage
from load import begin_load, pages

PAGE_BYTES = 4096


async def row(args, scratch):
    if not has_subcommand([args.sillage], "verify"):
        raise Skipped("there is no `sillage verify`")
    server = Server([args.sillage], scratch)
    await server.start()
    _, load = await begin_load(args, server, scratch, 16)
    await load.until_acks(args.acks, 60)
    await load.end()
    # Timers would go on writing: what is compared below are the entries that stand now.
    before = await whole_log(server)
    server.stop()
    status, words = sillage([args.sillage], "verify", server.data)
    if status != 0:
        return [f"D4: the sound folder does not verify: {words[-300:]}"]
    return await flip_again_and_again(args, scratch, server.data, before)


async def flip_again_and_again(args, scratch, sound, before):
    chance = random.Random(args.seed)
    named, harmless, wrong = 0, 0, []
    for number in range(args.flips):
        folder = scratch / f"rot-{number}"
        shutil.copytree(sound, folder)
        place = flip(folder / "sillage.db", chance)
        status, words = sillage([args.sillage], "verify", folder)
        if status != 0:
            named += 1
            wrong += [] if words else [f"D4: {place}: verify ends with {status}, without a word"]
        elif (words := await served_otherwise(args, scratch, folder, before)) is None:
            harmless += 1
        else:
            wrong.append(f"D4: {place}: verify found nothing, but {words}")
            continue  # the folder is kept
        shutil.rmtree(folder)
    say(f"  {args.flips} flips: {named} named by verify, {harmless} where nothing is stored")
    return wrong + ([] if named else ["D4: no flip met anything"])


def flip(path, chance):
    """One bit of one page; where."""
    page = chance.randrange(path.stat().st_size // PAGE_BYTES)
    offset = page * PAGE_BYTES + chance.randrange(PAGE_BYTES)
    bit = chance.randrange(8)
    with open(path, "r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ (1 << bit)]))
    return f"page {page + 1}, byte {offset % PAGE_BYTES}, bit {bit}"


async def served_otherwise(args, scratch, folder, before):
    """How what is served of the folder differs from what stood there; None when it does not."""
    server = Server([args.sillage], scratch, data=folder)
    try:
        await server.start()
        after = await whole_log(server)
        server.stop()
    except (NotStarted, RuntimeError):
        return None  # refused, in words of its own
    finally:
        server.kill()
    for instance, entries in before.items():
        if after.get(instance, [])[:len(entries)] != entries:
            return f"{instance} is served otherwise"
    return None


async def whole_log(server):
    return {instance["id"]: [entry async for entry in
                             pages(server.port, f"/v1/instances/{instance['id']}/history?")]
            async for instance in pages(server.port, "/v1/instances?workflow=relay")}


if __name__ == "__main__":
    main(row, flips=64, acks=300)
