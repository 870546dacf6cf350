#!/usr/bin/env python3
"""B1: backups under load. Each restores to a prefix of every instance's log that has all that was
acknowledged before the backup began. Calls that fall into a backup take about as long as others."""

import asyncio
import time

import checker
from harness import Server, Skipped, has_subcommand, main, say
from judge import judge
from load import begin_load, read_log

ACKS_BETWEEN = 300
LIFE_SECONDS_MAX = 60
# Of calls that fall into a backup, as the row promises; below the floor it is the machine's noise:
# the load and the backup have the same cores as the server.
SLOWDOWN_MAX = 2.0
P99_FLOOR_SECONDS = 0.25
# Fewer have no p99.
CALLS_MIN = 100


async def run(args, *words):
    """A subcommand beside the load: its exit status and all that it said."""
    process = await asyncio.create_subprocess_exec(
        args.sillage, *map(str, words), stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT)
    output, _ = await process.communicate()
    return process.returncode, output.decode().strip()


async def row(args, scratch):
    for word in ("backup", "restore"):
        if not has_subcommand([args.sillage], word):
            raise Skipped(f"there is no `sillage {word}`")
    server = Server([args.sillage], scratch)
    await server.start()
    _, load = await begin_load(args, server, scratch, 24)
    wrong, backups = [], []
    for number in range(args.backups):
        await load.until_acks(ACKS_BETWEEN, LIFE_SECONDS_MAX)
        target = scratch / f"backup-{number}"
        began = time.monotonic_ns()
        status, words = await run(args, "backup", server.data, target)
        wrong += [f"B1: backup ended with {status}: {words[-300:]}"] if status else []
        backups.append((target, began, time.monotonic_ns()))
    await load.until_acks(ACKS_BETWEEN, LIFE_SECONDS_MAX)
    await load.end()
    say(f"  {args.backups} backups, {load.acks} acks")
    wrong += await judge(args, server, scratch / "record.jsonl")
    _, calls = checker.read_record(scratch / "record.jsonl")
    log = checker.read_log(scratch / "log.jsonl")
    for backup in [] if wrong else backups:
        wrong += await restored(args, scratch, backup, (calls, log))
    return wrong + slowed(calls, backups)


def slowed(calls, backups):
    """Compares what calls took that fall into a backup, with what the others took."""
    inside, outside = [], []
    for call in calls:
        if call["return_ns"] is not None:
            meets = any(call["invoke_ns"] < ended and began < call["return_ns"]
                        for _, began, ended in backups)
            took = (call["return_ns"] - call["invoke_ns"]) / 1e9
            (inside if meets else outside).append(took)
    if min(len(inside), len(outside)) < CALLS_MIN:
        say(f"  p99 not asked: {len(inside)} calls inside a backup, {len(outside)} outside")
        return []
    say(f"  p99 {p99(inside) * 1000:.0f} ms of {len(inside)} calls inside a backup, "
        f"{p99(outside) * 1000:.0f} ms of {len(outside)} outside")
    if p99(inside) <= max(SLOWDOWN_MAX * p99(outside), P99_FLOOR_SECONDS):
        return []
    return [f"B1: p99 of {p99(inside) * 1000:.0f} ms inside a backup, "
            f"{p99(outside) * 1000:.0f} ms outside"]


def p99(seconds):
    return sorted(seconds)[int(len(seconds) * 0.99)]


async def restored(args, scratch, backup, evidence):
    """What is wrong with a backup: restored, verified, served and read."""
    target, began, _ = backup
    folder = scratch / f"restored-{target.name}"
    status, words = await run(args, "restore", "--verify", target, folder)
    if status != 0:
        return [f"B1: restore ended with {status}: {words[-300:]}"]
    server = Server([args.sillage], scratch, data=folder)
    await server.start()
    path = scratch / f"{target.name}.jsonl"
    await read_log(server.port, path)
    server.stop()
    return list(is_prefix(checker.read_log(path), began, *evidence))


def is_prefix(found, began, calls, log):
    """Entries of the restored log are those of the whole one, up to where timers of its own begin;
    what was acknowledged before the backup began is there."""
    for call in calls:
        if call["op"] not in checker.WRITES or call["outcome"] != "ok":
            continue
        entries = found.get(call["instance"], {"entries": []})["entries"]
        if call["return_ns"] < began and len(entries) < call["seq"]:
            yield f"B1: {call['key']} was acknowledged before the backup, which has it not"
    for instance, line in found.items():
        for mine, whole in zip(line["entries"], log.get(instance, {"entries": []})["entries"]):
            if mine["hash"] != whole["hash"]:
                if not checker.is_timer(mine):
                    yield f"B1: {instance} at {mine['sequence']} is not what the log has"
                break


if __name__ == "__main__":
    main(row, backups=3)
