#!/usr/bin/env python3
"""TM1, TM2: the id of another cluster's thing is answered, on every route and in every body that
takes one, exactly as an id that nobody has: same status, same fields, same words."""

import json
import random
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from canaries import Tenant, in_half_a_year  # noqa: E402
from harness import Connection, Server, main, must, say  # noqa: E402
from table import documented  # noqa: E402

# What differs from answer to answer, whoever asks.
PASSING = ("date", "x-request-id", "ratelimit", "ratelimit-policy", "etag")
CLIENTS = ["manager", "mentor", "hook", "eva", "company0"]
# Which list of a tenant a segment of a path names things of.
KINDS = ["clusters", "companies", "cohorts", "accounts", "instances", "delegations"]


def unknown(known):
    """As an id of that time might be."""
    return known[:-6] + ("ZZZZZZ" if known[-6:] != "ZZZZZZ" else "YYYYYY")


def in_bodies(tenant):
    """Routes that take an id in a body, and what to send; the id stands as ID."""
    named = {kind: ids[-1] for kind, ids in tenant.ids.items() if ids}
    yield "POST", "/v1/companies", {"cluster": "ID", "name": "x"}, named["clusters"]
    yield "POST", "/v1/cohorts", {"cluster": "ID", "workflow": "selection", "name": "x"}, \
        named["clusters"]
    yield "POST", "/v1/instances", {"workflow": "selection", "company": "ID"}, named["companies"]
    for member, kind in [("cluster", "clusters"), ("cohort", "cohorts"), ("company", "companies"),
                         ("instance", "instances")]:
        yield "POST", "/v1/accounts", {"name": "x", "roles": [{"role": "sme", member: "ID"}]}, \
            named[kind]
        yield "GET", f"/v1/instances?{member}=ID" if member != "instance" else \
            "/v1/instances?parent=ID", None, named[kind]
    yield "POST", "/v1/delegations", {
        "from": "ID", "to": "acc_0", "ends_at": in_half_a_year(), "reason": "x"}, \
        named["accounts"]
    yield "GET", "/v1/workflows/selection/diagram.dot?instance=ID", None, named["instances"]


def in_paths(table, tenant):
    for method, pattern, _ in table:
        kind = pattern.split("/")[2] if pattern.startswith("/v1/") else ""
        if kind not in KINDS or "{" not in pattern or not tenant.ids[kind]:
            continue
        path = re.sub(r"\{id\}", "ID", pattern, count=1)
        path = re.sub(r"\{[^}]*\}", "1", path)
        body = None
        if method in ("POST", "PATCH"):
            body = {"event": "fill", "data": {"answer": "x"}} if path.endswith(
                ("events", "explain")) else {"name": "x"}
        yield method, path, body, tenant.ids[kind][-1]


async def shown(connection, token, method, path, body):
    """What the answer tells, with ID for the id."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {token}"]
    payload = b"" if body is None else json.dumps(body).encode()
    if body is not None:
        kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
        lines += [f"Content-Type: {kind}", f"Content-Length: {len(payload)}"]
    status, fields, content = await connection.exchange(
        "\r\n".join(lines + ["", ""]).encode() + payload)
    kept = {name: value for name, value in fields.items() if name not in PASSING}
    return status, json.dumps([kept, content])


async def compare(connection, token, case):
    method, path, body, known = case
    answers = []
    for one in [known, unknown(known)]:
        sent = None if body is None else json.loads(json.dumps(body).replace("ID", one))
        status, text = await shown(connection, token, method, path.replace("ID", one), sent)
        answers.append((status, text.replace(one, "ID")))
    return answers


async def row(args, scratch):
    server = Server([args.sillage], scratch)
    await server.start()
    try:
        chance = random.Random(args.seed)
        await must(server.port, "POST", "/v1/workflows", (HERE / "selection.yaml").read_bytes())
        tenants = [Tenant(server.port, mark, chance) for mark in ["A", "B"]]
        for tenant in tenants:
            await tenant.build()
        wrong = []
        asked = 0
        connection = Connection(server.port)
        table = await documented(server.port)
        for case in [*in_paths(table, tenants[0]), *in_bodies(tenants[0])]:
            for name in CLIENTS:
                known, other = await compare(connection, tenants[1].tokens[name], case)
                asked += 1
                if known != other:
                    wrong.append(f"{name} at {case[0]} {case[1]}: {known}, unknown: {other}")
                if known[0] // 100 == 2 and "?" not in case[1]:
                    wrong.append(f"{name} may {case[0]} {case[1]} of another cluster")
        say(f"  {asked} pairs of requests")
        return wrong
    finally:
        server.kill()


if __name__ == "__main__":
    main(row)
