#!/usr/bin/env python3
"""O1, what takes fifteen seconds and what needs TLS: receivers that are slow, silent or show a bad
certificate, all at once. An attempt ends fifteen seconds after it began, whatever it was at."""

import asyncio
import datetime
import socket

from certificates import Authority
from office import Office
from receiver import Receiver, reply

import harness

# Fifteen, and what a busy machine adds: less than any stage of an attempt here takes.
ATTEMPT_MS = (14_900, 19_000)
AT_ONCE_MS = (0, 10_000)
NEXT_MS = (4_000, 6_000)  # five seconds, a fifth more or less
LATE_SECONDS = 8
ANSWER_BYTES_MAX = 65536
AT_ONCE_BYTES = 32768
DRIP_SECONDS_MAX = 25
ROW_SECONDS_MAX = 24
BACKLOG_CONNECTIONS = 8


async def drip(writer, text):
    """A byte a second."""
    for byte in text[:DRIP_SECONDS_MAX]:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(1)


async def drips_its_head(_, writer):
    await drip(writer, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


async def drips_its_body(_, writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + b"x" * AT_ONCE_BYTES)
    await drip(writer, b"y" * DRIP_SECONDS_MAX)


async def never_answers(_, __):
    await asyncio.sleep(DRIP_SECONDS_MAX)


class SilentListener:
    """Takes connections, and says nothing on them; or begins with TLS late, and then is silent."""

    def __init__(self, host, late_tls=None):
        self.listener = socket.create_server((host, 0))
        self.listener.setblocking(False)
        self.port = self.listener.getsockname()[1]
        self.kept = []
        self.task = asyncio.create_task(self.take(late_tls))

    async def take(self, late_tls):
        loop = asyncio.get_running_loop()
        while True:
            taken, _ = await loop.sock_accept(self.listener)
            self.kept.append(taken)
            if late_tls:
                await asyncio.sleep(LATE_SECONDS)
                await loop.connect_accepted_socket(asyncio.Protocol, taken, ssl=late_tls)

    def stop(self):
        self.task.cancel()
        self.listener.close()
        for one in self.kept:
            one.close()


class FullListener:
    """Nobody gets through: its queue is full, and what knocks gets no answer."""

    def __init__(self, host):
        self.listener = socket.socket()
        self.listener.bind((host, 0))
        self.listener.listen(0)
        self.port = self.listener.getsockname()[1]
        self.waiting = []
        for _ in range(BACKLOG_CONNECTIONS):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex((host, self.port))
            self.waiting.append(one)

    async def is_full(self):
        with socket.socket() as probe:
            probe.setblocking(False)
            try:
                await asyncio.wait_for(asyncio.get_running_loop().sock_connect(
                    probe, self.listener.getsockname()), 1)
            except asyncio.TimeoutError:
                return True
        return False

    def stop(self):
        for one in (self.listener, *self.waiting):
            one.close()


class Case:
    """A receiver, and what is to be shown of the attempt. `code`: the status of the answer;
    `error`: a part of the reason; `kept`: bytes of the answer, from and to."""

    def __init__(self, name, receiver, url, **expected):
        self.name, self.receiver, self.url = name, receiver, url
        self.status, self.code, self.error = "pending", None, "15 seconds"
        self.took, self.kept = ATTEMPT_MS, None
        vars(self).update(expected)

    async def judge(self, office, wrong):
        webhook, _ = await office.webhook(self.receiver, url=self.url, types=["knocked"])
        await office.knock(await office.instance())
        shown = await office.delivery(webhook, ROW_SECONDS_MAX, attempt_count=1)
        attempt = shown["attempts"][0]
        if shown["status"] != self.status or attempt["status"] != self.code:
            wrong.append(f"O1: {self.name}: {shown['status']}, {attempt}")
        if (attempt["error"] or "").find(self.error) < 0 or bool(attempt["error"]) != bool(
                self.error):
            wrong.append(f"O1: {self.name}: the error is {attempt['error']}")
        if not self.took[0] <= attempt["duration_ms"] <= self.took[1]:
            wrong.append(f"O1: {self.name}: the attempt took {attempt['duration_ms']} ms")
        kept = len(attempt["response"]["body"]) if attempt["response"] else None
        if (kept is None) != (self.kept is None) or (
                self.kept and not self.kept[0] <= kept <= self.kept[1]):
            wrong.append(f"O1: {self.name}: {kept} bytes of the answer are kept")
        if self.status == "pending":
            waits = milliseconds(shown["next_attempt_at"]) - milliseconds(
                attempt["at"]) - attempt["duration_ms"]
            if not NEXT_MS[0] <= waits <= NEXT_MS[1]:
                wrong.append(f"O1: {self.name}: the next attempt is {waits} ms later")
        self.receiver.stop()


def milliseconds(text):
    return round(datetime.datetime.fromisoformat(text).timestamp() * 1000)


async def plain_cases():
    def url(host, receiver):
        return f"http://{host}:{receiver.port}/"

    dripping = await Receiver(drips_its_head).start("127.0.0.2")
    half = await Receiver(drips_its_body).start("127.0.0.3")
    silent = await Receiver(never_answers).start("127.0.0.4")
    return [
        Case("a head of a byte a second", dripping, url("127.0.0.2", dripping)),
        Case("a body of a byte a second", half, url("127.0.0.3", half), code=200,
             kept=(AT_ONCE_BYTES, AT_ONCE_BYTES + DRIP_SECONDS_MAX)),
        Case("no answer", silent, url("127.0.0.4", silent)),
    ]


async def no_connection():
    full = FullListener("127.0.0.5")
    if await full.is_full():
        return [Case("no connection", full, f"http://127.0.0.5:{full.port}/")]
    full.stop()
    harness.say("  O1 not asked: this system takes connections beyond a listener's queue")
    return []


async def tls_cases(authority):
    good = authority.shown_by("good", ["localhost"])

    async def case(name, tls, answer=None, **expected):
        receiver = await Receiver(answer).start(tls=tls)
        return Case(name, receiver, f"https://localhost:{receiver.port}/", **expected)

    refused = {"error": "TLS", "took": AT_ONCE_MS}
    mute = SilentListener("127.0.0.6")
    late = SilentListener("127.0.0.1", good)
    return [
        await case("TLS by an authority that is trusted", good, lambda *_: reply(200, b"ok"),
                   status="delivered", code=200, error="", took=AT_ONCE_MS, kept=(2, 2)),
        await case("a certificate signed by itself",
                   authority.shown_by("own", ["localhost"], is_own=True), **refused),
        await case("a certificate of another host",
                   authority.shown_by("other", ["localhost.example", "example"]), **refused),
        await case("a certificate that has ended",
                   authority.shown_by("ended", ["localhost"], days=-1), **refused),
        await case("no answer over TLS", good, never_answers),
        Case("silence instead of TLS", mute, f"https://127.0.0.6:{mute.port}/"),
        # Fifteen seconds for all of it, not for each stage.
        Case("TLS late, then silence", late, f"https://localhost:{late.port}/"),
    ]


async def row(args, scratch):
    harness.need_tool("openssl")
    authority = Authority(scratch)
    office = await Office(args, scratch, {
        "SILLAGE_WEBHOOK_ALLOW": "127.0.0.0/8,localhost",
        "SILLAGE_WEBHOOK_CA_FILE": str(authority.file)}).open()
    wrong = []
    try:
        cases = [*await plain_cases(), *await no_connection(), *await tls_cases(authority)]
        offices = [await office.apart() for _ in cases]
        await asyncio.gather(*(case.judge(one, wrong) for case, one in zip(cases, offices)))
        harness.say(f"  {len(cases)} receivers")
        if office.server.stop() != 0:
            wrong.append("the server did not end in order")
    finally:
        office.server.kill()
    return wrong


if __name__ == "__main__":
    harness.main(row)
