#!/usr/bin/env python3
"""P7: npm's `eventsource` is told the whole log once and in order, over kills of the server: it comes
back by itself with the id that it had last."""

import asyncio
import json
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "reliability"))

import harness  # noqa: E402
import streams  # noqa: E402
from harness import ADMIN_TOKEN, Skipped, answer_of, must  # noqa: E402

PACKAGE = "eventsource@3.0.7"
NPM_SECONDS_MAX = 120
KILLS = 3
EVENTS_PER_LIFE = 20
TOLD_SECONDS_MAX = 60


def folder_with_package():
    """Where the package is installed, kept for all runs."""
    harness.need_tool("npm")
    harness.need_tool("node")
    folder = HERE.parents[1] / "build" / "stream"
    if not (folder / "node_modules" / "eventsource").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            fetched = subprocess.run(
                ["npm", "install", "--silent", "--no-audit", "--no-fund", "--no-save",
                 "--fetch-retries=0", "--prefix", folder, PACKAGE],
                capture_output=True, check=False, timeout=NPM_SECONDS_MAX)
        except subprocess.TimeoutExpired as slow:
            shutil.rmtree(folder / "node_modules", ignore_errors=True)
            raise Skipped("npm takes too long") from slow
        if fetched.returncode != 0:
            raise Skipped(f"npm cannot fetch {PACKAGE}")
    shutil.copy(HERE / "listen.mjs", folder)  # a module finds its packages beside itself
    return folder


class Reader:
    """The program that listens, and what it has said."""

    def __init__(self):
        self.told = []
        self.opens = 0
        self.resets = 0
        self.process = None
        self.task = None

    async def begin(self, folder, port):
        self.process = await asyncio.create_subprocess_exec(
            "node", folder / "listen.mjs", f"http://127.0.0.1:{port}/v1/stream?last_event_id=0",
            ADMIN_TOKEN, stdin=subprocess.PIPE, stdout=subprocess.PIPE, limit=1 << 20)
        self.task = asyncio.create_task(self.read())

    async def read(self):
        async for line in self.process.stdout:
            said = json.loads(line)
            if "data" in said:
                self.told.append((int(said["id"]), said["data"]))
            self.opens += "open" in said
            self.resets += "reset" in said

    async def until_open(self, times):
        end = asyncio.get_running_loop().time() + TOLD_SECONDS_MAX
        while self.opens < times and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(0.02)

    async def until_told(self, count):
        end = asyncio.get_running_loop().time() + TOLD_SECONDS_MAX
        while len(self.told) < count and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(0.02)

    async def end(self):
        self.process.stdin.close()
        await self.process.wait()
        await self.task


async def make_instance(port):
    """An instance, and the token of somebody who may send it events."""
    await must(port, "POST", "/v1/workflows",
               (HERE.parent / "reliability" / "relay.yaml").read_bytes())
    cluster = (await must(port, "POST", "/v1/clusters", {"name": "A", "country": "FR"}))["id"]
    company = (await must(port, "POST", "/v1/companies",
                          {"cluster": cluster, "name": "M", "country": "FR"}))["id"]
    account = (await must(port, "POST", "/v1/accounts",
                          {"name": "R", "roles": [{"role": "runner", "cluster": cluster}]}))["id"]
    token = (await must(port, "POST", f"/v1/accounts/{account}/tokens", {"name": "t"}))["token"]
    instance = await must(port, "POST", "/v1/instances", {"workflow": "relay", "company": company})
    return instance["id"], token


async def row(args, scratch):
    folder = folder_with_package()
    server = harness.Server(args.program, scratch)
    await server.start()
    instance, token = await make_instance(server.port)
    reader = Reader()
    await reader.begin(folder, server.port)
    for life in range(KILLS + 1):
        await reader.until_open(life + 1)
        for number in range(EVENTS_PER_LIFE):
            await answer_of(server.port, "POST", f"/v1/instances/{instance}/events",
                            {"event": "note", "data": {"token": f"{life}-{number}"}}, token)
        if life < KILLS:
            server.kill()
            await server.start()
    log = await streams.read_settled(server.port)
    await reader.until_told(len(log[instance]["entries"]))
    server.stop()
    await reader.end()
    harness.say(f"  told {len(reader.told)} entries over {reader.opens} connections")
    wrong = list(streams.check("eventsource", reader.told, log, {instance}))
    wrong += [] if reader.opens > KILLS else [f"it has connected {reader.opens} times only"]
    return wrong + (["it was reset"] if reader.resets else [])


if __name__ == "__main__":
    harness.main(row)
