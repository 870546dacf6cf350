#!/usr/bin/env python3
"""TM23: two mentors who move the same company at once, each with the sequence that it has seen:
exactly one of them wins, a thousand times, and the other is told."""

import asyncio
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "reliability"))

from harness import Connection, Server, main, must, say  # noqa: E402

WORKFLOW = b"""
workflow: relay
version: 1
roles: { mentor: {} }
initial: here
states:
  here: { on: { move: { by: mentor, target: there } } }
  there: { on: { move: { by: mentor, target: here } } }
"""


async def made(port, kind, body):
    return (await must(port, "POST", f"/v1/{kind}", body))["id"]


async def row(args, scratch):
    server = Server([args.sillage], scratch)
    await server.start()
    try:
        port = server.port
        await must(port, "POST", "/v1/workflows", WORKFLOW)
        cluster = await made(port, "clusters", {"name": "A"})
        company = await made(port, "companies", {"cluster": cluster, "name": "Maison"})
        instance = await made(port, "instances", {"workflow": "relay", "company": company})
        rivals = [await rival(port, cluster, name) for name in ["mia", "max"]]
        return await race(args, port, f"/v1/instances/{instance}", rivals)
    finally:
        server.kill()


async def rival(port, cluster, name):
    account = await made(port, "accounts", {
        "name": name, "roles": [{"role": "mentor", "cluster": cluster}]})
    token = await must(port, "POST", f"/v1/accounts/{account}/tokens", {"name": "t"})
    return Connection(port), token["token"]


async def race(args, port, path, rivals):
    wrong = []
    won = [0, 0]
    for number in range(args.races):
        seen = [("If-Match", f'"{number + 1}"')]
        # The first to be sent changes from race to race.
        order = [0, 1] if number % 2 else [1, 0]
        answers = await asyncio.gather(*(
            rivals[at][0].request("POST", f"{path}/events", rivals[at][1], {"event": "move"}, seen)
            for at in order))
        statuses = [answer[0] for answer in answers]
        if sorted(statuses) != [200, 412]:
            wrong.append(f"TM23: race {number} ended with {statuses}")
            continue
        won[order[statuses.index(200)]] += 1
        told = answers[statuses.index(412)][2]
        if told["type"] != "/problems/stale" or told["current"]["sequence"] != number + 2:
            wrong.append(f"TM23: race {number}: the other is not told why, and how it stands")
    after = await must(port, "GET", path)
    if after["sequence"] != args.races + 1:
        wrong.append(f"TM23: {args.races} races made {after['sequence'] - 1} steps")
    say(f"  {args.races} races, won {won[0]} to {won[1]}")
    return wrong


if __name__ == "__main__":
    main(row, races=1_000)
