#!/usr/bin/env python3
"""D1: the N-th read, write, flush, … of one request fails, N = 1, 2, … until none is met; once with
a single failure, once with every later one failing, too, and with a disk that turns read-only.
Requests of four kinds, the calls of a start, and a start on a read-only disk."""

import asyncio
import itertools
import subprocess
import time

from harness import (ADMIN_TOKEN, EXIT_STORAGE, NotStarted, Server, Skipped, answer_of,
                     copy_folder, main, mount, must, need_tool, private_mounts, say)
from judge import stored_state
from load import World, pages

# What touches the disk, in sets that fail together, and how.
FAULTS = {"read": ("pread64", "EIO"), "write": ("pwrite64", "EIO"), "space": ("pwrite64", "ENOSPC"),
          "flush": ("fdatasync,fsync", "EIO"), "cut": ("ftruncate", "EIO"),
          "open": ("openat", "EIO"),
          "read-only": ("pwrite64,fdatasync,fsync,ftruncate", "EROFS")}
# Whoever goes on after one of these does not know what is on the disk.
UNKNOWN_OUTCOME = ("write", "flush", "cut", "read-only")
# One request makes a few dozen calls of each kind; more means that the sweep does not end.
POSITIONS_MAX = 80
EXIT_SECONDS_MAX = 5
RESUME_SECONDS_MAX = 5
ATTACH_SECONDS_MAX = 10
PAUSE_SECONDS = 0.2


class Note:
    """An event that changes the context, of one instance all the time."""

    def __init__(self, server, world):
        self.server, self.tenant = server, world.tenants[0]
        self.instance = self.tenant["instances"][0]
        self.token = self.tenant["tokens"][0]

    async def prepare(self, key):
        return f"/v1/instances/{self.instance}/events", {"event": "note", "data": {"token": key}}

    async def count(self, key):
        """How often it took effect."""
        return [entry["data"].get("token") async for entry in
                pages(self.server.port, f"/v1/instances/{self.instance}/history?")].count(key)


class Run(Note):
    """An event that starts a timer and emits a message; only a new instance takes it for sure."""

    async def prepare(self, key):
        started = await must(self.server.port, "POST", "/v1/instances", self.new_instance(key))
        self.instance = started["id"]
        return f"/v1/instances/{self.instance}/events", {"event": "run", "data": {"token": key}}

    def new_instance(self, key):
        return {"workflow": "relay", "company": self.tenant["company"],
                "context": {"token": f"start-{key}"}}


class Start(Run):
    """A new instance."""

    resource = "/v1/instances"

    async def prepare(self, key):
        self.before = await self.ids()
        return self.resource, self.body(key)

    def body(self, key):
        return self.new_instance(key)

    async def ids(self):
        return {item["id"] async for item in pages(self.server.port, f"{self.resource}?")}

    async def count(self, key):
        return len(await self.ids() - self.before)


class Company(Start):
    """A change of the registry, which has the writer to itself."""

    resource = "/v1/companies"

    def __init__(self, server, world):
        super().__init__(server, world)
        self.token = ADMIN_TOKEN

    def body(self, key):
        return {"cluster": self.tenant["cluster"], "name": key, "country": "FR",
                "segment": "finished_products", "headcount": 10, "turnover_eur": 1000000,
                "balance_sheet_eur": 1000000}


async def row(args, scratch):
    need_tool("strace")
    return await sweep(args, scratch, [args.sillage], list(FAULTS), (Note, Run, Start, Company))


async def sweep(args, scratch, program, kinds, requests=(Note,)):
    server = Server(program, scratch)
    await server.start()
    world = World()
    await world.build(server.port, 2)
    wrong, hits = [], 0
    for kind, request in itertools.product(kinds, requests):
        for mode in ("single", "sticky"):
            for position in range(1, POSITIONS_MAX + 1):
                trial = Trial(server, request(server, world), scratch, kind, (mode, position))
                await trial.run()
                wrong += [f"D1 {trial.key}: {line}" for line in trial.wrong]
                if not trial.hit or trial.wrong:
                    break
                hits += 1
    say(f"  {hits} failures of {len(requests)} kinds of request")
    wrong += [] if hits or "flush" not in kinds else ["D1: no call was met"]
    server.stop()
    if len(kinds) == len(FAULTS):
        wrong += await sweep_start(server, scratch)
        wrong += await start_read_only(server, scratch)
    return wrong + stored_state(args, server)


class Trial:
    """One request while one call fails."""

    def __init__(self, server, request, scratch, kind, when):
        self.server, self.request, self.kind = server, request, kind
        self.mode, self.position = when
        self.trace = scratch / "strace.log"
        self.key = f"{kind}-{type(request).__name__.lower()}-{self.mode}-{self.position}"
        self.path, self.body = "", None
        self.wrong = []
        self.hit = False

    async def run(self):
        if not self.server.is_running():
            await self.server.start()
        self.path, self.body = await self.request.prepare(self.key)
        tracer = await self.attach()
        status, answer = await self.send()
        injected = [line for line in self.trace.read_text().splitlines() if "(INJECTED)" in line]
        self.hit = bool(injected)
        if self.hit:
            await self.after_failure(status, answer, injected)
        elif status not in (200, 201):
            self.wrong.append(f"answered {status} though nothing failed")
        tracer.terminate()  # detaches
        tracer.wait()
        await self.repeat()

    async def attach(self):
        when = f"{self.position}{'+' if self.mode == 'sticky' else ''}"
        calls, error = FAULTS[self.kind]
        tracer = subprocess.Popen(
            ["strace", "-f", "-y", "-o", self.trace, "-e", f"trace={calls}", "-e",
             f"inject={calls}:error={error}:when={when}", "-p", str(self.server.process.pid)],
            stderr=subprocess.PIPE, text=True)
        # Its first line says that it holds all threads.
        await asyncio.wait_for(asyncio.to_thread(tracer.stderr.readline), ATTACH_SECONDS_MAX)
        return tracer

    async def send(self):
        return await answer_of(self.server.port, "POST", self.path, self.body,
                               token=self.request.token,
                               headers=[("Idempotency-Key", self.key)])

    async def after_failure(self, status, answer, injected):
        lost_flush = any("sync(" in line and "-wal>" in line for line in injected)
        if lost_flush and status in (200, 201):
            self.wrong.append("acknowledged although the flush failed")
        if status in (200, 201):
            return  # it went another way, or the call did not matter to this request
        ready, _ = await answer_of(self.server.port, "GET", "/readyz")
        if self.mode == "sticky" and ready == 200:
            await asyncio.sleep(1)
            ready, _ = await answer_of(self.server.port, "GET", "/readyz")
            if ready == 200:
                self.wrong.append("still ready a second after the failure")
        if self.kind == "space":
            await self.after_full_disk(status, answer)
            return
        code = await self.server.wait_for_end(EXIT_SECONDS_MAX)
        # A failed read may be that request's alone; a write, a flush or a cut may not.
        if code is None and self.kind in UNKNOWN_OUTCOME:
            self.wrong.append("goes on after a failure of unknown outcome")
        if code not in (None, EXIT_STORAGE):
            self.wrong.append(f"ended with {code}, not {EXIT_STORAGE}")

    async def after_full_disk(self, status, answer):
        """That is known not to be written: it is said, and the server stays."""
        if status != 503 or answer["type"] != "/problems/storage-full":
            self.wrong.append(f"was answered {status}: {answer}")
        code = await self.server.wait_for_end(PAUSE_SECONDS)
        if code is not None:
            self.wrong.append(f"ended with {code}: {self.server.last_words()}")

    async def repeat(self):
        """The call may not have mattered to this request, and yet to the tables, which follow later:
        then the server ends only now, and is asked again after its next start."""
        try:
            wrong = await self.ask_again()
        except (OSError, asyncio.IncompleteReadError) as error:
            wrong = [f"its repeat met {error}"]
        if wrong and self.hit and await self.server.wait_for_end(EXIT_SECONDS_MAX) == EXIT_STORAGE:
            wrong = await self.ask_again()
        self.wrong += wrong

    async def ask_again(self):
        """What is answered once the disk works again, and how often it took effect."""
        if not self.server.is_running():
            await self.server.start()
        end = time.monotonic() + RESUME_SECONDS_MAX
        status, answer = await self.send()
        while status == 503 and time.monotonic() < end:
            await asyncio.sleep(PAUSE_SECONDS)
            status, answer = await self.send()
        if status not in (200, 201):
            return [f"its repeat was answered {status}: {answer}"]
        try:
            count = await self.request.count(self.key)
        except RuntimeError as refusal:
            return [f"it cannot be looked for: {refusal}"]
        return [] if count == 1 else [f"took effect {count} times"]


async def sweep_start(server, scratch):
    """Every call of a start that touches the database fails once: it starts all the same or ends
    with the status of a failed storage, and the next start is a good one."""
    calls = ",".join(sorted({call for call, _ in FAULTS.values()}))
    trace = scratch / "strace.log"
    wrong = []
    for position in range(1, POSITIONS_MAX + 1):
        server.prefix = ["strace", "-D", "-f", "-o", str(trace), "-e", f"trace={calls}",
                         "-P", str(server.data / "sillage.db"),
                         "-P", str(server.data / "sillage.db-wal"),
                         "-e", f"inject={calls}:error=EIO:when={position}"]
        code = EXIT_STORAGE
        try:
            await server.start()
            await asyncio.sleep(0.05)
            code = server.stop()
        except NotStarted:
            code = server.process.returncode
        if "(INJECTED)" not in trace.read_text():
            break
        if code not in (0, EXIT_STORAGE):
            wrong.append(f"D1 start {position}: ended with {code}: {server.last_words()}")
    server.prefix = []
    say(f"  {position - 1} failures of a start")
    await server.start()
    server.stop()
    return wrong


async def start_read_only(sound, scratch):
    """A start on a disk that nothing can be written to is refused, in words that say so."""
    disk = scratch / "disk"
    disk.mkdir()
    try:
        private_mounts()
        mount("-t", "tmpfs", "none", disk)
    except Skipped as reason:
        say(f"  a start on a read-only disk not asked: {reason}")
        return []
    copy_folder(sound.data, disk / "data")
    server = Server(sound.program, scratch, data=disk / "data")
    try:
        mount("-o", "remount,ro", disk)
        server.spawn()
        code = await server.wait_for_end(EXIT_SECONDS_MAX)
    finally:
        server.kill()
        subprocess.run(["umount", disk], check=True)
    words = server.last_words()
    say(f"  a start on a read-only disk ended with {code}: {words}")
    if code != EXIT_STORAGE or "Read-only file system" not in words:
        return [f"D1: a start on a read-only disk ended with {code}: {words}"]
    return []


if __name__ == "__main__":
    main(row)
