#!/usr/bin/env python3
"""S2: many streams that are told nothing cost little each; those that never read are cut, and nobody
else waits for them."""

import asyncio
import re
import resource
import socket
import statistics
import time

import streams
from harness import ADMIN_TOKEN, Connection, Server, main, must, say
from load import World

STREAM_BYTES_MAX = 20 * 1024
# Bytes that a reader's own system may keep for it; what it does not take waits at the server.
RECEIVE_BYTES = 4096
CUT_SECONDS_MAX = 60
REQUESTS = 300
# Less than an account may have.
STREAMS_PER_ACCOUNT = 1000


async def row(args, scratch):
    server = Server(args.program, scratch)
    await server.start()
    raise_open_files()
    world = World()
    await world.build(server.port, 16)
    tokens = [await administrator(server.port)
              for _ in range(0, args.streams + args.deaf, STREAMS_PER_ACCOUNT)]
    before, alone = memory_of(server), await reads(server.port)
    idle = [await open_stream(server.port, tokens[number // STREAMS_PER_ACCOUNT],
                              "?cluster=clu_none") for number in range(args.streams)]
    await asyncio.sleep(0.5)  # what a connection leaves behind at once is freed
    each = (memory_of(server) - before) / args.streams
    beside = await reads(server.port)
    say(f"  {args.streams} idle streams, {each / 1024:.1f} KiB each; a read takes "
        f"{statistics.median(alone):.2f} ms alone, {statistics.median(beside):.2f} ms beside them "
        f"(p99 {p99(alone):.2f} and {p99(beside):.2f})")
    wrong = [] if each <= STREAM_BYTES_MAX else [f"S2 a stream takes {each:.0f} bytes"]
    wrong += await cut_the_deaf(server, world, tokens[-1], args.deaf)
    alive = sum(1 for one in idle if one.fileno() >= 0 and is_open(one))
    wrong += [] if alive == args.streams else [f"S2 {args.streams - alive} idle streams ended"]
    for one in idle:
        one.close()
    return wrong + ([] if server.stop() == 0 else ["the server did not end well"])


def memory_of(server):
    status = open(f"/proc/{server.process.pid}/status", encoding="ascii").read()
    return int(re.search(r"RssAnon:\s+(\d+) kB", status).group(1)) * 1024


def raise_open_files():
    """As many files as this process may have: a shell may give it fewer."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def administrator(port):
    """The token of an account of its own that may read everything."""
    account = await must(port, "POST", "/v1/accounts", {"name": "A", "roles": [{"role": "admin"}]})
    return (await must(port, "POST", f"/v1/accounts/{account['id']}/tokens",
                       {"name": "t"}))["token"]


async def open_stream(port, token, query, receive=None):
    """A socket whose head was read, and nothing after it."""
    loop = asyncio.get_running_loop()
    made = socket.socket()
    if receive:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
    made.setblocking(False)
    await loop.sock_connect(made, ("127.0.0.1", port))
    await loop.sock_sendall(made, (f"GET /v1/stream{query} HTTP/1.1\r\nHost: localhost\r\n"
                                   f"Authorization: Bearer {token}\r\n\r\n").encode())
    head = await loop.sock_recv(made, 2048)
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"a stream was answered {head[:200]}")
    return made


def is_open(stream):
    try:
        return stream.recv(1, socket.MSG_PEEK) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


async def reads(port):
    """Milliseconds of each of some requests, one after another."""
    connection = Connection(port)
    took = []
    for _ in range(REQUESTS):
        began = time.monotonic()
        await connection.request("GET", "/v1/me", ADMIN_TOKEN)
        took.append((time.monotonic() - began) * 1000)
    connection.close()
    return took


def p99(took):
    return sorted(took)[int(len(took) * 0.99)]


async def cut_the_deaf(server, world, token, count):
    """Streams that never read, while as much happens as no queue may hold; and one that does."""
    deaf = [await open_stream(server.port, token, "", RECEIVE_BYTES) for _ in range(count)]
    reader = streams.Subscriber(server, ADMIN_TOKEN)
    reader.begin()
    end = time.monotonic() + CUT_SECONDS_MAX
    sent, text = 0, "x" * 4000
    connections = [Connection(server.port) for _ in range(8)]
    tenant = world.tenants[0]
    while await cut_count(server.port) < count and time.monotonic() < end:
        await asyncio.gather(*(
            connection.request("POST", f"/v1/instances/{instance}/events", tenant["tokens"][0],
                               {"event": "run", "data": {"token": f"{sent}-{number}-{text}"}})
            for number, (connection, instance) in enumerate(zip(connections, tenant["instances"]))))
        sent += 1
    cut = await cut_count(server.port)
    log = await streams.read_settled(server.port)
    await streams.until_told([reader], lambda _: sum(len(one["entries"]) for one in log.values()))
    await reader.end()
    say(f"  {cut} of {count} streams that never read were cut")
    for one in (*deaf, *connections):
        one.close()
    wrong = [] if cut == count else [f"S2 {cut} of {count} streams that never read were cut"]
    return wrong + list(streams.check("the one that reads", reader.told, log, set(log)))


async def cut_count(port):
    connection = Connection(port)
    _, _, text = await connection.request("GET", "/metrics")
    connection.close()
    return int(re.search(r"^sillage_stream_cut_total (\d+)$", text, re.MULTILINE).group(1))


if __name__ == "__main__":
    main(row, streams=1000, deaf=20)
