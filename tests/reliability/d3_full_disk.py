#!/usr/bin/env python3
"""D3: the disk fills under load, and is freed again. Writes are refused in the words of the
contract, reads go on, writes are taken again soon after, and nothing acknowledged is lost."""

import asyncio
import os
import subprocess
import time

from harness import Server, answer_of, copy_folder, main, mount, private_mounts, say
from judge import judge
from load import begin_load

DISK_BYTES = 48 << 20
FULL_SECONDS_MAX = 20
RESUME_SECONDS_MAX = 5
# Of each kind, one after another: what neighbours write meanwhile must not show in any.
READS = 20
LIFE_SECONDS_MAX = 60


async def row(args, scratch):
    private_mounts()
    disk = scratch / "disk"
    disk.mkdir()
    mount("-t", "tmpfs", "-o", f"size={DISK_BYTES}", "none", disk)
    server = Server([args.sillage], scratch, data=disk / "data")
    try:
        return await fill_and_free(args, scratch, server, disk)
    finally:
        server.kill()
        subprocess.run(["umount", disk], check=True)


async def fill_and_free(args, scratch, server, disk):
    await server.start()
    world, load = await begin_load(args, server, scratch, 24)
    wrong = []
    for _ in range(args.fillings):
        await load.until_acks(300, LIFE_SECONDS_MAX)
        filler = disk / "filler"
        fill(filler)
        wrong += await while_full(server, world)
        filler.unlink()
        wrong += await freed(server, load)
    await load.until_acks(max(args.acks - load.acks, 300), LIFE_SECONDS_MAX)
    await load.end()
    say(f"  {args.fillings} fillings, {load.acks} acks, statuses {load.statuses}")
    wrong += await judge(args, server, scratch / "record.jsonl")
    if wrong:
        copy_folder(server.data, scratch / "data")  # the mount ends with this process
    return wrong


def fill(path):
    """All the space there is, down to the last page."""
    block = b"\0" * (1 << 20)
    with open(path, "ab", buffering=0) as file:
        while block:
            try:
                if file.write(block) < len(block):
                    raise OSError
            except OSError:
                block = block[:len(block) // 2]
        os.fsync(file.fileno())


async def while_full(server, world):
    """Until the server has met the end of the disk; then what it must answer."""
    instance = world.tenants[0]["instances"][0]
    end = time.monotonic() + FULL_SECONDS_MAX
    number = 0
    while True:
        number += 1
        key = f"world-full-{number}"  # a refusal is kept under its key, so it writes, too
        status, body = await answer_of(
            server.port, "POST", f"/v1/instances/{instance}/events",
            {"event": "note", "data": {"token": key}},
            token=world.tenants[0]["tokens"][0], headers=[("Idempotency-Key", key)])
        if status == 503 and body["type"] == "/problems/storage-full":
            break
        if status >= 500 or status == 0:
            return [f"D3: a write was answered {status}: {body}; {server.last_words()}"]
        if time.monotonic() > end:
            return [f"D3: writes go on, {FULL_SECONDS_MAX} s after the disk was full"]
    wrong = []
    ready, _ = await answer_of(server.port, "GET", "/readyz")
    if ready != 503:
        wrong.append(f"D3: /readyz answers {ready} on a full disk")
    for path in (f"/v1/instances/{instance}", "/v1/instances?workflow=relay", "/healthz"):
        for _ in range(READS):
            status, body = await answer_of(server.port, "GET", path)
            if status != 200:
                wrong.append(f"D3: {path} was answered {status} on a full disk: {body}")
    return wrong


async def freed(server, load):
    began, before = time.monotonic(), load.acks
    while load.acks == before and time.monotonic() < began + RESUME_SECONDS_MAX:
        await asyncio.sleep(0.02)
    if load.acks > before:
        say(f"  writes went on {time.monotonic() - began:.2f} s after the disk was freed")
        return []
    return [f"D3: no write {RESUME_SECONDS_MAX} s after the disk was freed; {server.last_words()}"]


if __name__ == "__main__":
    main(row, fillings=2, acks=600)
