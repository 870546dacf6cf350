#!/usr/bin/env python3
"""From commit to stream under a steady load; see README.md beside."""

import asyncio
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "reliability"))

import harness  # noqa: E402
import streams  # noqa: E402
from harness import ADMIN_TOKEN, Connection  # noqa: E402
from load import World  # noqa: E402

INSTANCES = 64
CONNECTIONS = 32
WARM_UP_SECONDS = 2.0
SETTLE_SECONDS = 2.0


class Listener(streams.Subscriber):
    """A subscriber that notes when each entry has come."""

    def __init__(self, server, token):
        super().__init__(server, token)
        self.came = {}

    def take(self, block):
        before = len(self.told)
        super().take(block)
        if len(self.told) > before:
            _, data = self.told.pop()
            self.came[data["instance"], data["sequence"]] = time.monotonic()
            self.told.append(None)  # the count is all that is asked for here
            self.told = self.told[-1:]


class Sender:
    """One connection that sends in its turn, as often as the rate says."""

    def __init__(self, server, world, number, args):
        self.connection = Connection(server.port)
        self.tenant = world.tenants[number % len(world.tenants)]
        self.number = number
        self.pause = CONNECTIONS / args.rate
        self.sent = {}  # (instance, sequence) -> sent, answered

    async def run(self, begin, end):
        due = begin + self.pause * self.number / CONNECTIONS
        count = 0
        while due < end:
            await asyncio.sleep(max(due - time.monotonic(), 0))
            instance = self.tenant["instances"][(self.number + count) %
                                                len(self.tenant["instances"])]
            sent = time.monotonic()
            status, _, body = await self.connection.request(
                "POST", f"/v1/instances/{instance}/events", self.tenant["tokens"][0],
                {"event": "note", "data": {"token": f"{self.number}-{count}"}})
            if status == 200:
                self.sent[instance, body["sequence"]] = sent, time.monotonic()
            count += 1
            due += self.pause
        self.connection.close()


def percentile(values, share):
    return sorted(values)[min(int(len(values) * share), len(values) - 1)] * 1000


async def row(args, scratch):
    server = harness.Server(args.program, scratch)
    await server.start()
    world = World()
    await world.build(server.port, INSTANCES)
    listeners = [Listener(server, ADMIN_TOKEN) for _ in range(args.subscribers)]
    for listener in listeners:
        listener.begin()
    begin = time.monotonic() + 0.5
    senders = [Sender(server, world, number, args) for number in range(CONNECTIONS)]
    await asyncio.gather(*(sender.run(begin, begin + args.seconds) for sender in senders))
    took = time.monotonic() - begin
    await asyncio.sleep(SETTLE_SECONDS)
    sent = {place: times for sender in senders for place, times in sender.sent.items()}
    after_commit, after_send, missing = [], [], 0
    for listener in listeners:
        for place, (sent_at, answered_at) in sent.items():
            came = listener.came.get(place)
            if came is None:
                missing += 1
            elif sent_at > begin + WARM_UP_SECONDS:
                after_commit.append(max(came - answered_at, 0))
                after_send.append(came - sent_at)
        await listener.end()
    server.stop()
    if missing:
        return [f"{missing} entries were not told"]
    harness.say(f"transitions_per_second={len(sent) / took:.0f} subscribers={args.subscribers} "
                f"commit_to_stream_p50_ms={percentile(after_commit, 0.5):.1f} "
                f"p95={percentile(after_commit, 0.95):.1f} p99={percentile(after_commit, 0.99):.1f} "
                f"sent_to_stream_p95_ms={percentile(after_send, 0.95):.1f}")
    return []


if __name__ == "__main__":
    harness.main(row, rate=1000, seconds=15, subscribers=4)
