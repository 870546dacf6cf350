"""Subscribers of `GET /v1/stream` who come back whenever their connection ends, and C8: what each was
told, held against the log as read afterwards."""

import asyncio
import functools
import json
from collections import defaultdict

from load import pages

# Subscribers may lag; a server that starts anew has the whole herd catch up.
CATCH_UP_SECONDS_MAX = 30
RETRY_SECONDS = 0.02
# Of relay.yaml, one after the other, and what a busy machine adds.
TIMERS_SECONDS = 2.5
HEAD_END = b"\r\n\r\n"
BLOCK_END = b"\n\n"
PIECE_BYTES = 64 * 1024
BLOCK_BYTES_MAX = 1024 * 1024
# A thousand are told the same at about the same time: read once, and kept once.
KNOWN_BLOCKS_MAX = 1 << 16


class Subscriber:
    """One reader, from the beginning of the log on. Messages are kept as they were told."""

    def __init__(self, server, token, query=""):
        self.server = server
        self.token = token
        self.query = query
        self.position = "0"
        self.told = []  # (id, data), in the order they came
        self.resets = 0
        self.connects = 0
        self.stopping = False
        self.task = None

    def begin(self):
        self.task = asyncio.create_task(self.run())

    async def end(self):
        self.stopping = True
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def run(self):
        while not self.stopping:
            try:
                await self.listen()
            except (OSError, EOFError, ValueError):
                await asyncio.sleep(RETRY_SECONDS)

    async def listen(self):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        try:
            writer.write((f"GET /v1/stream{self.query} HTTP/1.1\r\nHost: localhost\r\n"
                          f"Authorization: Bearer {self.token}\r\n"
                          f"Last-Event-ID: {self.position}\r\n\r\n").encode())
            head = await reader.readuntil(HEAD_END)
            if not head.startswith(b"HTTP/1.1 200"):
                raise OSError(head[:40])
            self.connects += 1
            rest = b""
            while not self.stopping:
                piece = await reader.read(PIECE_BYTES)
                if not piece:
                    raise EOFError
                *blocks, rest = (rest + piece).split(BLOCK_END)
                for block in blocks:
                    self.take(block)
                if len(rest) > BLOCK_BYTES_MAX:
                    raise ValueError("a message without an end")
        except asyncio.LimitOverrunError as long:
            raise ValueError("a head without an end") from long
        finally:
            writer.close()

    def take(self, block):
        is_reset, message = read_block(block)
        if message is None:
            return  # a comment, or the pause before connecting anew
        self.position = message[0]
        if is_reset:
            self.resets += 1
        else:
            self.told.append(message)


@functools.lru_cache(KNOWN_BLOCKS_MAX)
def read_block(block):
    """Whether it is a reset, and its id and data; None: it has no data."""
    fields = dict(line.split(": ", 1) for line in block.decode().splitlines() if ": " in line)
    if "data" not in fields:
        return False, None
    return fields.get("event") == "reset", (int(fields["id"]), json.loads(fields["data"]))


async def read_settled(port):
    """The log once its timers have fired, as an administrator reads it: by instance its company and
    its entries."""
    await asyncio.sleep(TIMERS_SECONDS)
    return {instance["id"]: {"company": instance["company"], "entries": [
                entry async for entry in pages(port, f"/v1/instances/{instance['id']}/history?")]}
            async for instance in pages(port, "/v1/instances?workflow=relay")}


async def until_told(subscribers, entries_of):
    """Until each was told as many entries as it may know of, or no more time is left."""
    end = asyncio.get_running_loop().time() + CATCH_UP_SECONDS_MAX
    while asyncio.get_running_loop().time() < end:
        if all(len(one.told) >= entries_of(one) for one in subscribers):
            break
        await asyncio.sleep(0.05)


def check(name, told, log, permitted):
    """C8 of one subscriber. `log`: instance -> its line of the log file; `permitted`: the instances
    that it may read. Yields a line a violation."""
    last, sequences = 0, defaultdict(int)
    for position, data in told:
        instance, sequence = data["instance"], data["sequence"]
        place = f"{name}: {instance} at {sequence} (id {position})"
        if position <= last:
            yield f"C8 disorder or repeat: {place} came after id {last}"
        if sequence != sequences[instance] + 1:
            yield f"C8 gap or repeat: {place} came after {sequences[instance]}"
        last, sequences[instance] = max(position, last), sequence
        if instance not in permitted:
            yield f"C8 not for its reader: {place}"
        entries = log.get(instance, {"entries": []})["entries"]
        known = entries[sequence - 1] if sequence <= len(entries) else None
        if known is None or known["hash"] != data["hash"]:
            yield f"C8 ghost: {place} is not in the log as it was told"
    for instance in permitted:
        has = len(log[instance]["entries"])
        if sequences[instance] != has:
            yield f"C8 incomplete: {name} was told {sequences[instance]} of {has} of {instance}"
