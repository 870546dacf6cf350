#!/usr/bin/env python3
"""TM15: SQL in every parameter, path segment and text of a body is text: it finds what nonsense of
its length finds, ends in no failure of the server's, and changes no row."""

import json
import re
import sys
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "reliability"))

from harness import ADMIN_TOKEN, Connection, Server, main, must, say  # noqa: E402
from table import documented  # noqa: E402

ATTACKS = [
    "' OR '1'='1", "' OR 1=1 --", "'; DROP TABLE record; --", "\" OR \"\"=\"", "') OR ('1'='1",
    "1 OR 1=1", "1; DELETE FROM instance", "' UNION SELECT name FROM sqlite_master --",
    "' UNION SELECT body,1,1,1,1,1,1 FROM record --", "x' AND 1=CAST((SELECT 1) AS INT) --",
    "%' OR '%'='", "%", "_", "a' || 'b", "'||(SELECT hex(zeroblob(1000000)))||'",
    "' AND randomblob(100000000) --", "'/**/OR/**/1=1", "%27%20OR%201=1", "\\' OR 1=1 --",
    "' OR ROWID>0 --", "admin'--", "'; ATTACH DATABASE '/tmp/x' AS y; --", "'; PRAGMA user_version=9",
    "' OR load_extension('x') --", "' GLOB '*", "0x31", "NULL", "' IS NOT NULL --", "`; --", "[1]",
    "ʼ OR 1=1 --", "＇ OR 1=1 --", "' OR like('a','a') --", "1e309", "-1", "9223372036854775808"]
WORKFLOW = b"""
workflow: plain
version: 1
roles: { sme: {} }
initial: open
states: { open: { on: { note: { by: sme, form: { text: { type: string } } } } } }
"""
TEXTS = ["name", "country", "segment", "cluster", "workflow", "company", "cohort", "key", "event",
         "email", "to", "from", "reason", "role"]


def attacked(pattern, text):
    return re.sub(r"\{[^}]*\}", quote(text, safe=""), pattern)


def requests(table, text):
    """Every place of every route with that text in it: method, path, body."""
    for method, pattern, parameters in table:
        if pattern.startswith("/setup") or "sandbox" in pattern:
            continue
        path = attacked(pattern, text)
        body = {} if method in ("POST", "PATCH", "PUT") else None
        if "{" in pattern:
            yield method, path, body
        for parameter in parameters:
            yield method, f"{path}?{parameter}={quote(text, safe='')}", body
        if body is not None:
            yield method, path, {name: text for name in TEXTS}
            for name in TEXTS:
                yield method, path, {name: text}


def size_of(content):
    """What an answer shows, as a number: rows of a list."""
    return len(content["items"]) if isinstance(content, dict) and "items" in content else -1


async def counts(port):
    found = {}
    for kind in ["clusters", "companies", "accounts", "cohorts", "instances", "workflows"]:
        found[kind] = len((await must(port, "GET", f"/v1/{kind}?limit=200"))["items"])
    return found


async def row(args, scratch):
    server = Server([args.sillage], scratch)
    await server.start()
    try:
        port = server.port
        await must(port, "POST", "/v1/workflows", WORKFLOW)
        cluster = (await must(port, "POST", "/v1/clusters", {"name": "A"}))["id"]
        for name in ["Maison", "Verre"]:
            company = (await must(port, "POST", "/v1/companies",
                                  {"cluster": cluster, "name": name}))["id"]
            await must(port, "POST", "/v1/instances", {"workflow": "plain", "company": company})
        return await attack(server)
    finally:
        server.kill()


async def answers_to(connection, table, text):
    found = []
    for method, path, body in requests(table, text):
        status, _, content = await (patch(connection, path, body) if method == "PATCH" else
                                    connection.request(method, path, ADMIN_TOKEN, body))
        found.append((method, path, status, size_of(content)))
    return found


async def patch(connection, path, body):
    text = json.dumps(body).encode()
    head = (f"PATCH {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {ADMIN_TOKEN}\r\n"
            f"Content-Type: application/merge-patch+json\r\nContent-Length: {len(text)}\r\n\r\n")
    return await connection.exchange(head.encode() + text)


async def attack(server):
    connection = Connection(server.port)
    table = await documented(server.port)
    control = await answers_to(connection, table, "zqxjkvbw")
    before = await counts(server.port)
    wrong = []
    asked = 0
    made = 0
    for text in ATTACKS:
        for (method, path, status, size), (_, _, _, plain) in zip(
                await answers_to(connection, table, text), control):
            asked += 1
            made += status == 201
            if status >= 500:
                wrong.append(f"TM15: {method} {path} was answered {status}")
            if size > max(plain, 0):
                wrong.append(f"TM15: {method} {path} found {size} rows, nonsense finds {plain}")
    after = await counts(server.port)
    # Whoever is called by such a name is registered by it; nothing else comes or goes.
    lost = [kind for kind in before if after[kind] < before[kind]]
    if lost or after["instances"] != before["instances"]:
        wrong.append(f"TM15: rows changed: {before}, {after}")
    say(f"  {asked} requests with {len(ATTACKS)} texts in every place; {made} made something")
    return wrong


if __name__ == "__main__":
    main(row)
