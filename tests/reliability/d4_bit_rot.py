#!/usr/bin/env python3
"""D4: bits of the stored file flip, the WAL is cut, an old copy of the database is put back.
`sillage verify` names the damage, or the log is served as it was: damage is never silently served,
and nothing acknowledged is silently missing."""

import random
import shutil

from harness import (EXIT_STORAGE, NotStarted, Server, Skipped, copy_folder, has_subcommand, main,
                     say, sillage)
from load import begin_load, pages

PAGE_BYTES = 4096
LIFE_SECONDS_MAX = 60


async def row(args, scratch):
    if not has_subcommand([args.sillage], "verify"):
        raise Skipped("there is no `sillage verify`")
    server = Server([args.sillage], scratch)
    await server.start()
    _, load = await begin_load(args, server, scratch, 16)
    await load.until_acks(args.acks, LIFE_SECONDS_MAX)
    await load.end()
    # Timers would go on writing: what is compared below are the entries that stand now.
    before = await whole_log(server)
    server.stop()
    status, words = sillage([args.sillage], "verify", server.data)
    if status != 0:
        return [f"D4: the sound folder does not verify: {words[-300:]}"]
    sound = scratch / "sound"
    copy_folder(server.data, sound)
    wrong = await flip_again_and_again(args, scratch, sound, before)
    return wrong + await cut_and_put_back(args, scratch, server, load, sound)


async def flip_again_and_again(args, scratch, sound, before):
    chance = random.Random(args.seed)
    named, wrong = 0, []
    for number in range(args.flips):
        folder = scratch / f"rot-{number}"
        copy_folder(sound, folder)
        place = flip(folder / "sillage.db", chance)
        status, words = sillage([args.sillage], "verify", folder)
        served = await served_otherwise(args, scratch, folder, before)
        if status != 0 and not words:
            wrong.append(f"D4: {place}: verify ends with {status}, without a word")
        elif served is not None:
            wrong.append(f"D4: {place}: {served}; verify: {words[-300:]}")
            continue  # the folder is kept
        named += status != 0
        shutil.rmtree(folder)
    say(f"  {args.flips} flips: {named} named by verify, {args.flips - named} where nothing is "
        "stored; no other log was served")
    return wrong + ([] if named else ["D4: no flip met anything"])


async def cut_and_put_back(args, scratch, server, load, old):
    """What becomes of a killed server's folder whose WAL is cut, or whose database is an old one,
    and of a stopped one's with the old database."""
    chance = random.Random(args.seed)
    await server.start()
    load.begin()
    await load.until_acks(args.acks, LIFE_SECONDS_MAX)
    await load.end()
    before = await whole_log(server)
    server.kill()
    killed, stopped = server.data, scratch / "stopped"
    wal_bytes = (killed / "sillage.db-wal").stat().st_size
    if wal_bytes == 0:
        return ["D4: the killed server has left no WAL to be cut"]
    copy_folder(killed, stopped)
    orderly = Server([args.sillage], scratch, data=stopped)
    await orderly.start()
    orderly.stop()
    cases = [(f"the WAL cut to {size} of {wal_bytes} bytes", killed, cut_wal(size))
             for size in [0, wal_bytes - 1, *(chance.randrange(wal_bytes) for _ in range(args.cuts))]]
    cases += [("the WAL taken away", killed, take_wal),
              ("an old database beside the WAL", killed, put_back(old)),
              ("an old database", stopped, put_back(old))]
    verdicts, wrong = [], []
    for what, folder, damage in cases:
        verdict, line = await judged(args, scratch, folder, damage, before)
        verdicts.append(verdict)
        wrong += [f"D4: {what}: {line}"] if line else []
    say(f"  {args.cuts + 3} cuts of the WAL and 2 old copies: {verdicts.count('refused')} refused, "
        f"{verdicts.count('served')} with all that was acknowledged")
    return wrong + ([] if "refused" in verdicts else ["D4: no cut and no old copy met anything"])


def cut_wal(size):
    def cut(folder):
        with open(folder / "sillage.db-wal", "r+b") as file:
            file.truncate(size)
    return cut


def take_wal(folder):
    (folder / "sillage.db-wal").unlink()


def put_back(old):
    def put(folder):
        shutil.copy(old / "sillage.db", folder / "sillage.db")
    return put


async def judged(args, scratch, folder, damage, before):
    """Whether a copy with that damage is refused or served, and what is wrong with that."""
    copy = scratch / "damaged"
    shutil.rmtree(copy, ignore_errors=True)
    copy_folder(folder, copy)
    damage(copy)
    status, words = sillage([args.sillage], "verify", copy)
    if status != 0 and not words:
        return "named", f"verify ends with {status}, without a word"
    server = Server([args.sillage], scratch, data=copy)
    try:
        await server.start()
    except NotStarted as reason:
        is_told = status != 0 and f"ended with {EXIT_STORAGE}" in str(reason)
        return "refused", None if is_told else f"verify ends with {status}, but {reason}"
    try:
        line = difference(before, await whole_log(server))
    except RuntimeError as refusal:
        return "refused", None if status != 0 else f"verify found nothing, but {refusal}"
    finally:
        server.kill()
    return "served", line


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
    return difference(before, after)


def difference(before, after):
    for instance, entries in before.items():
        if after.get(instance, [])[:len(entries)] != entries:
            return f"{instance} is served otherwise"
    return None


async def whole_log(server):
    return {instance["id"]: [entry async for entry in
                             pages(server.port, f"/v1/instances/{instance['id']}/history?")]
            async for instance in pages(server.port, "/v1/instances?workflow=relay")}


if __name__ == "__main__":
    main(row, flips=64, acks=300, cuts=8)
