#!/usr/bin/env python3
"""U1: folders of earlier releases, upgraded by this one, which is killed at every write of the
upgrade. Each instance goes on where it was; a folder of a later release is refused."""

import json
import lzma
import shutil
import sqlite3
from contextlib import closing

from harness import (EXIT_NEWER_SCHEMA, HERE, NotStarted, Server, Skipped, answer_of, copy_folder,
                     main, must, need_tool, say)
from judge import stored_state
from load import World, pages

# An upgrade of the kept folders writes a few hundred pages at most.
POSITIONS_MAX = 2000


async def row(args, scratch):
    need_tool("strace")
    kept = sorted((HERE / "data").glob("schema-*.sql.xz"))
    if not kept:
        raise Skipped("no folder of an earlier release is kept")
    say(f"  kept: {', '.join(path.name.removesuffix('.sql.xz') for path in kept)}; the folder of "
        "any other release is not asked")
    wrong = []
    for path in kept:
        folder = scratch / path.name.removesuffix(".sql.xz")
        restore(path, folder)
        told = json.loads(lzma.decompress(
            path.with_name(path.name.replace(".sql.", ".json.")).read_bytes()))
        wrong += await upgrade(args, scratch, folder, told)
    return wrong + await newer(args, scratch, scratch / "newer", kept[-1])


def restore(path, folder):
    folder.mkdir(mode=0o700)
    with closing(sqlite3.connect(folder / "sillage.db")) as database:
        database.executescript(lzma.decompress(path.read_bytes()).decode())
        database.execute("PRAGMA journal_mode = WAL")
    (folder / "sillage.db").chmod(0o600)


async def upgrade(args, scratch, folder, told):
    server = Server([args.sillage], scratch, data=folder)
    kills = await killed_at_every_write(args, scratch, server)
    await server.start()
    wrong = []
    for instance, entries in told.items():
        found = [[entry["sequence"], entry["event"], entry["to"], entry["data"].get("token")]
                 async for entry in pages(server.port, f"/v1/instances/{instance}/history?")]
        if found[:len(entries)] != entries:
            wrong.append(f"U1 {folder.name}: {instance} has another log than before")
    wrong += await goes_on(server, told)
    server.stop()
    say(f"  {folder.name}: {len(told)} instances, {kills} kills on the way")
    if kills == 0:
        wrong.append(f"U1 {folder.name}: no start was killed, so nothing was asked")
    return wrong + stored_state(args, server)


async def killed_at_every_write(args, scratch, server):
    """Starts again and again, each time killed at a later write; how often it was."""
    sound = scratch / "sound"
    copy_folder(server.data, sound)
    calls = "pwrite64,fdatasync,ftruncate,unlink"
    kills = 0
    for position in range(1, POSITIONS_MAX, args.stride):
        if position % 2:  # half of them from the beginning, half where the kill before left it
            shutil.rmtree(server.data)
            copy_folder(sound, server.data)
        server.prefix = ["strace", "-D", "-f", "-o", "/dev/null", "-e", f"trace={calls}",
                         "-e", f"inject={calls}:signal=KILL:when={position}"]
        try:
            await server.start()
            server.kill()
            break
        except NotStarted:
            if server.process.returncode != -9:
                raise
            kills += 1
    server.prefix = []
    return kills


async def goes_on(server, told):
    """Every instance still takes an event."""
    wrong = []
    cluster = (await must(server.port, "GET", "/v1/clusters"))["items"]
    tokens = [await World.account(server.port, one["id"]) for one in cluster]
    for instance in told:
        answers = []
        for event in ("note", "stop", "resume", "abort"):
            for token in tokens:
                answers.append((await answer_of(
                    server.port, "POST", f"/v1/instances/{instance}/events",
                    {"event": event, "data": {"token": f"after-{event}"}}, token=token))[0])
        if 200 not in answers:
            wrong.append(f"U1: {instance} takes no event any more: {sorted(set(answers))}")
    return wrong


async def newer(args, scratch, folder, path):
    restore(path, folder)
    with closing(sqlite3.connect(folder / "sillage.db")) as database:
        database.execute("PRAGMA user_version = 9999")
    server = Server([args.sillage], scratch, data=folder)
    server.spawn()
    code = await server.wait_for_end(10)
    server.kill()
    if code == EXIT_NEWER_SCHEMA and "9999" in server.last_words():
        return []
    return [f"U1: a later release's folder ended the start with {code}: {server.last_words()}"]


if __name__ == "__main__":
    main(row, stride=1)
