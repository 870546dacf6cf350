#!/usr/bin/env python3
"""E1, its part in seconds: the WAL stays under 64 MiB, also while backups are made, one of which
stands still half-way, and while somebody else's program holds the database open. Whoever holds it
too long has writes refused for that time; nothing acknowledged is lost, and they go on after it."""

import asyncio
import shutil
import signal
import sqlite3
import time
from contextlib import closing

from b1_backup import run
from harness import Connection, Server, answer_of, main, say
from judge import stored_state
from load import World

WAL_BYTES_MAX = 64 << 20
# Large, so that seconds write what takes the load of a day otherwise.
TOKEN = "x" * 30_000
WRITERS = 8
WATCH_SECONDS = 0.005
# What is written while it is held open, if nothing is refused: without a bound the WAL had it all.
HELD_BYTES = 100 << 20
HELD_SECONDS_MAX = 90
RESUME_SECONDS_MAX = 5


class Writers:
    """Clients that write large entries, each into an instance of its own, and count the answers."""

    def __init__(self, server, world):
        self.server, self.tenant = server, world.tenants[0]
        self.acks = {}
        self.statuses = {}
        self.slowest = 0.0
        self.wrong = []
        self.tasks = []
        self.stopping = False

    def begin(self):
        self.tasks = [asyncio.create_task(self.write(instance))
                      for instance in self.tenant["instances"][:WRITERS]]

    async def end(self):
        self.stopping = True
        await asyncio.gather(*self.tasks)

    async def write(self, instance):
        connection = Connection(self.server.port)
        self.acks[instance] = 0
        while not self.stopping:
            began = time.monotonic()
            status, fields, body = await connection.request(
                "POST", f"/v1/instances/{instance}/events", self.tenant["tokens"][0],
                {"event": "note", "data": {"token": TOKEN}})
            self.slowest = max(self.slowest, time.monotonic() - began)
            self.statuses[status] = self.statuses.get(status, 0) + 1
            if status == 200:
                self.acks[instance] = body["instance"]["sequence"]
            elif status != 503 or "retry-after" not in fields:
                self.wrong.append(f"E1: a write was answered {status}: {body}")
                return
            else:
                await asyncio.sleep(0.05)
        connection.close()

    def count(self):
        return self.statuses.get(200, 0)


class Watch:
    """How large the WAL has been."""

    def __init__(self, path):
        self.path, self.largest = path, 0
        self.task = asyncio.create_task(self.look())

    async def look(self):
        while True:
            self.largest = max(self.largest, self.path.stat().st_size)
            await asyncio.sleep(WATCH_SECONDS)

    def take(self, name, seconds, writers):
        """What is wrong since the last time."""
        largest, self.largest = self.largest, 0
        say(f"  {name}: {seconds:.1f} s, WAL at most {largest / (1 << 20):.1f} MiB, statuses "
            f"{writers.statuses}, slowest answer {writers.slowest:.2f} s")
        wrong = writers.wrong + ([] if largest < WAL_BYTES_MAX else [
            f"E1: {name}: the WAL grew to {largest / (1 << 20):.1f} MiB"])
        writers.statuses, writers.slowest, writers.wrong = {}, 0.0, []
        return wrong


async def row(args, scratch):
    server = Server([args.sillage], scratch)
    await server.start()
    world = World()
    await world.build(server.port, 2 * WRITERS)
    writers = Writers(server, world)
    watch = Watch(server.data / "sillage.db-wal")
    writers.begin()
    wrong = []
    for name, phase in (("alone", alone), ("backups", backups), ("a backup that stands still",
                        paused), ("a reader", held)):
        began = time.monotonic()
        wrong += await phase(args, scratch, server, writers)
        wrong += watch.take(name, time.monotonic() - began, writers)
    await writers.end()
    watch.task.cancel()
    wrong += await kept(server, writers)
    server.stop()
    return wrong + stored_state(args, server)


async def alone(args, _scratch, _server, _writers):
    await asyncio.sleep(args.seconds)
    return []


async def backups(args, scratch, server, writers):
    """One after the other, under load. Each proves itself."""
    wrong, made, end = [], 0, time.monotonic() + args.seconds
    before = writers.count()
    while made == 0 or time.monotonic() < end:
        target = scratch / f"backup-{made}"
        status, words = await run(args, "backup", server.data, target)
        if status == 0:
            status, words = await run(args, "verify", target)
        wrong += [] if status == 0 else [f"E1: a backup or its proof ended with {status}: {words}"]
        shutil.rmtree(target, ignore_errors=True)
        made += 1
    say(f"  {made} backups")
    return wrong + ([] if writers.count() > before else ["E1: no write beside a backup"])


async def paused(args, scratch, server, writers):
    """Backups that are stopped somewhere on their way, while writes go on, and then end well."""
    target = scratch / "backup-paused"
    process = await asyncio.create_subprocess_exec(args.sillage, "backup", server.data, target)
    await asyncio.sleep(args.pause_ms / 1000)
    if process.returncode is not None:
        return ["E1: the backup was over before it could be stopped"]
    process.send_signal(signal.SIGSTOP)
    await writes_or_refusals(writers)
    process.send_signal(signal.SIGCONT)
    status = await process.wait()
    wrong = [] if status == 0 else [f"E1: a backup that stood still ended with {status}"]
    wrong += await resumed(writers)
    status, words = await run(args, "verify", target)
    return wrong + ([] if status == 0 else [f"E1: it does not prove itself: {words}"])


async def held(_args, _scratch, server, writers):
    """Another program with an open read transaction."""
    with closing(sqlite3.connect(f"file:{server.data}/sillage.db?mode=ro", uri=True)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM setting").fetchone()
        refused = await writes_or_refusals(writers)
        status, _ = await answer_of(server.port, "GET", "/v1/instances?limit=5")
        reader.execute("COMMIT")
    wrong = [] if status == 200 else [f"E1: a read was answered {status}"]
    if not refused:
        wrong.append("E1: the WAL was held open, and no write was refused")
    return wrong + await resumed(writers)


async def writes_or_refusals(writers):
    """Until more was written than the WAL may have, or some are refused; whether they were."""
    goal, end = writers.count() + HELD_BYTES // len(TOKEN), time.monotonic() + HELD_SECONDS_MAX
    while writers.count() < goal and time.monotonic() < end:
        if writers.statuses.get(503, 0) > 10 * WRITERS:
            return True
        await asyncio.sleep(0.01)
    return False


async def resumed(writers):
    before, began = writers.count(), time.monotonic()
    while writers.count() < before + WRITERS:
        if time.monotonic() - began > RESUME_SECONDS_MAX:
            return [f"E1: no write {RESUME_SECONDS_MAX} s after the WAL was let go"]
        await asyncio.sleep(0.01)
    say(f"  writes went on after {time.monotonic() - began:.2f} s")
    return []


async def kept(server, writers):
    """Each instance has at least what was acknowledged of it."""
    wrong = []
    for instance, acked in writers.acks.items():
        _, status = await answer_of(server.port, "GET", f"/v1/instances/{instance}")
        if status["sequence"] < acked:
            wrong.append(f"E1: {instance} is at {status['sequence']}, {acked} was acknowledged")
    return wrong


if __name__ == "__main__":
    main(row, seconds=5, pause_ms=150)
