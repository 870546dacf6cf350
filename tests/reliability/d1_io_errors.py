#!/usr/bin/env python3
"""D1: the N-th read, write, flush, … of one event fails, N = 1, 2, … until none is met; once with a
single failure, once with every later one failing, too. The same for the calls of a start."""

import asyncio
import subprocess

from harness import EXIT_STORAGE, NotStarted, Server, answer_of, main, need_tool, say
from judge import stored_state
from load import World, pages

# What touches the disk, in sets that fail together.
CALLS = {"read": "pread64", "write": "pwrite64", "flush": "fdatasync,fsync", "cut": "ftruncate",
         "open": "openat"}
# One event makes a few dozen calls of each kind; more means that the sweep does not end.
POSITIONS_MAX = 80
EXIT_SECONDS_MAX = 5
ATTACH_SECONDS_MAX = 10


async def row(args, scratch):
    need_tool("strace")
    return await sweep(args, scratch, [args.sillage], list(CALLS))


async def sweep(args, scratch, program, kinds):
    server = Server(program, scratch)
    await server.start()
    world = World()
    await world.build(server.port, 2)
    wrong, hits = [], 0
    for kind in kinds:
        for mode in ("single", "sticky"):
            for position in range(1, POSITIONS_MAX + 1):
                trial = Trial(server, world, scratch, kind, (mode, position))
                await trial.run()
                wrong += [f"D1 {kind} {position} {mode}: {line}" for line in trial.wrong]
                if not trial.hit or trial.wrong:
                    break
                hits += 1
    say(f"  {hits} failures of one event")
    wrong += [] if hits or "flush" not in kinds else ["D1: no call was met"]
    server.stop()
    if len(kinds) == len(CALLS):
        wrong += await sweep_start(server, scratch)
    return wrong + stored_state(args, server)


class Trial:
    """One event while one call fails."""

    def __init__(self, server, world, scratch, kind, when):
        self.server, self.kind = server, kind
        self.tenant = world.tenants[0]
        self.instance = self.tenant["instances"][0]
        self.mode, self.position = when
        self.trace = scratch / "strace.log"
        self.key = f"{kind}-{self.mode}-{self.position}"
        self.wrong = []
        self.hit = False

    async def run(self):
        if not self.server.is_running():
            await self.server.start()
        tracer = await self.attach()
        status = await self.send()
        injected = [line for line in self.trace.read_text().splitlines() if "(INJECTED)" in line]
        self.hit = bool(injected)
        if self.hit:
            await self.after_failure(status, injected)
        elif status != 200:
            self.wrong.append(f"answered {status} though nothing failed")
        tracer.terminate()  # detaches
        tracer.wait()
        await self.repeat()

    async def attach(self):
        when = f"{self.position}{'+' if self.mode == 'sticky' else ''}"
        calls = CALLS[self.kind]
        tracer = subprocess.Popen(
            ["strace", "-f", "-y", "-o", self.trace, "-e", f"trace={calls}", "-e",
             f"inject={calls}:error=EIO:when={when}", "-p", str(self.server.process.pid)],
            stderr=subprocess.PIPE, text=True)
        # Its first line says that it holds all threads.
        await asyncio.wait_for(asyncio.to_thread(tracer.stderr.readline), ATTACH_SECONDS_MAX)
        return tracer

    async def send(self):
        status, _ = await answer_of(
            self.server.port, "POST", f"/v1/instances/{self.instance}/events",
            {"event": "note", "data": {"token": self.key}}, token=self.tenant["tokens"][0],
            headers=[("Idempotency-Key", self.key)])
        return status

    async def after_failure(self, status, injected):
        lost_flush = any("sync(" in line and "-wal>" in line for line in injected)
        if lost_flush and status == 200:
            self.wrong.append("acknowledged although the flush failed")
        if status == 200:
            return  # it went another way, or the call did not matter to this event
        ready, _ = await answer_of(self.server.port, "GET", "/readyz")
        if self.mode == "sticky" and ready == 200:
            await asyncio.sleep(1)
            ready, _ = await answer_of(self.server.port, "GET", "/readyz")
            if ready == 200:
                self.wrong.append("still ready a second after the failure")
        code = await self.server.wait_for_end(EXIT_SECONDS_MAX)
        # A failed read may be that request's alone; a write, a flush or a cut may not.
        if code is None and self.kind in ("write", "flush", "cut"):
            self.wrong.append("goes on after a failure of unknown outcome")
        if code not in (None, EXIT_STORAGE):
            self.wrong.append(f"ended with {code}, not {EXIT_STORAGE}")

    async def repeat(self):
        """The call may not have mattered to this event, and yet to the tables, which follow later:
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
        status = await self.send()
        if status != 200:
            return [f"its repeat was answered {status}"]
        try:
            tokens = [entry["data"].get("token") async for entry in
                      pages(self.server.port, f"/v1/instances/{self.instance}/history?")]
        except RuntimeError as refusal:
            return [f"its history is refused: {refusal}"]
        return [] if tokens.count(self.key) == 1 else [f"took effect {tokens.count(self.key)} times"]


async def sweep_start(server, scratch):
    """Every call of a start that touches the database fails once: it starts all the same or ends
    with the status of a failed storage, and the next start is a good one."""
    calls = ",".join(CALLS.values())
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


if __name__ == "__main__":
    main(row)
