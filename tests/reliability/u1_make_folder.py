#!/usr/bin/env python3
"""Keeps what a release writes for U1 to upgrade later: run it with the program of each release that
is followed by another format. Leaves data/schema-N.sql.xz, and what its log says in .json.xz."""

import json
import lzma
import sqlite3
from contextlib import closing

import checker
from harness import HERE, Server, main, must, say
from load import Load, World, read_log

ACKS = 150


async def row(args, scratch):
    server = Server([args.sillage], scratch)
    await server.start()
    world = World()
    await world.build(server.port, args.instances)
    # Three versions of the definition, each with instances of its own.
    source = (HERE / "relay.yaml").read_text()
    for version in (2, 3):
        text = source.replace("version: 1", f"version: {version}")
        await must(server.port, "POST", "/v1/workflows", text.encode())
        for tenant in world.tenants:
            body = {"workflow": "relay", "company": tenant["company"],
                    "context": {"token": f"world-{version}-{tenant['cluster']}"}}
            started = await must(server.port, "POST", "/v1/instances", body)
            world.know(tenant, started["id"], started["states"])
    load = Load(server, world, scratch / "record.jsonl", args.seed, clients=4)
    load.begin()
    await load.until_acks(ACKS, 60)
    await load.end()
    await read_log(server.port, scratch / "log.jsonl")
    server.kill()  # so that timers are pending
    with closing(sqlite3.connect(server.data / "sillage.db")) as database:
        schema = database.execute("PRAGMA user_version").fetchone()[0]
        application = database.execute("PRAGMA application_id").fetchone()[0]
        pending = database.execute(
            "SELECT count(*) FROM instance WHERE timers <> '[]'").fetchone()[0]
        dump = [*database.iterdump(), f"PRAGMA application_id = {application};",
                f"PRAGMA user_version = {schema};"]
    log = checker.read_log(scratch / "log.jsonl")
    told = {instance: [[entry["sequence"], entry["event"], entry["to"], checker.token_of(entry)]
                       for entry in line["entries"]] for instance, line in log.items()}
    folder = HERE / "data"
    folder.mkdir(exist_ok=True)
    (folder / f"schema-{schema}.sql.xz").write_bytes(lzma.compress("\n".join(dump).encode()))
    (folder / f"schema-{schema}.json.xz").write_bytes(lzma.compress(json.dumps(told).encode()))
    say(f"  schema {schema}: {len(told)} instances, {pending} pending timers")
    return [] if pending else ["no timer is pending; run it again"]



if __name__ == "__main__":
    main(row, instances=20)
