#!/usr/bin/env python3
"""TM11, TM10 by programs that share no code with ours: npm's `standardwebhooks` and `cloudevents`
take 1,000 messages, empty, in UTF-8 and of a mebibyte, structured and binary, and none of which a
byte was flipped; and what `standardwebhooks` signs is taken in."""

import asyncio
import json
import shutil
import subprocess
import time
from pathlib import Path

from inbound import source_of
from office import HERE, Office

import harness

PACKAGES = ["standardwebhooks@1.1.1", "cloudevents@10.0.0"]
NPM_SECONDS_MAX = 120
MESSAGES = 1_000
INSTANCES = 20
ALL_SECONDS_MAX = 120
TEXTS = ["", "plain", "\u00e9\u4e2d\U0001f600 \u202f\u2028", "\"\\/\b\f\n\r\t", "'; -- <b>&amp;",
         "x" * 20_000]
LONG = "\u00e4" * 500_000  # a million bytes, and a body still has room for the rest


def folder():
    """Where the packages are installed, kept for all runs."""
    place = HERE.parents[1] / "build" / "webhooks"
    if shutil.which("npm") is None or shutil.which("node") is None:
        raise harness.Skipped("npm is not installed")
    if not all((place / "node_modules" / name.split("@")[0]).is_dir() for name in PACKAGES):
        place.mkdir(parents=True, exist_ok=True)
        try:
            fetched = subprocess.run(
                ["npm", "install", "--silent", "--no-audit", "--no-fund", "--no-save",
                 "--fetch-retries=0", "--prefix", place, *PACKAGES],
                capture_output=True, check=False, timeout=NPM_SECONDS_MAX)
        except subprocess.TimeoutExpired as reason:
            raise harness.Skipped("npm takes too long") from reason
        if fetched.returncode != 0:
            raise harness.Skipped(f"npm cannot fetch {PACKAGES}")
    shutil.copy(HERE / "packages.mjs", place)  # a module finds its packages beside itself
    return Path(place)


class Program:
    """packages.mjs, and what it has told."""

    async def start(self):
        self.process = await asyncio.create_subprocess_exec(
            "node", folder() / "packages.mjs", stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE, limit=16 << 20, preexec_fn=harness.die_with_parent)
        self.port = (await self.line())["port"]
        return self

    async def line(self):
        text = await asyncio.wait_for(self.process.stdout.readline(), ALL_SECONDS_MAX)
        return json.loads(text)

    def tell(self, value):
        self.process.stdin.write(json.dumps(value).encode() + b"\n")

    async def stop(self):
        self.process.terminate()
        await self.process.wait()


async def say(office, instance, text):
    await office.post(f"/v1/instances/{instance}/events", {"event": "say", "data": {"text": text}})


async def receives(office, program, wrong, mode):
    webhook, secret = await office.webhook(program, types=["said"], mode=mode)
    program.tell({"secret": secret})
    instances = [await office.instance() for _ in range(INSTANCES)]

    async def talk(instance):
        for index in range(MESSAGES // 2 // INSTANCES):
            await say(office, instance, TEXTS[index % len(TEXTS)])

    talks = asyncio.gather(*(talk(one) for one in instances), say(office, instances[0], LONG))
    texts, order = [], {}
    for _ in range(MESSAGES // 2 // INSTANCES * INSTANCES + 1):
        told = await program.line()
        if "error" in told or told["forged"] or not told["valid"]:
            wrong.append(f"TM11: {mode}: {told}")
            continue
        if told["id"] != told["event"]["id"]:
            wrong.append(f"TM11: {mode}: webhook-id {told['id']} is not {told['event']}")
        place = int(told["id"].split("_")[1])
        if order.get(told["event"]["subject"], 0) >= place:
            wrong.append(f"TM11: {mode}: {told['event']} is out of order")
        order[told["event"]["subject"]] = place
        texts.append(told["text"])
    await talks
    expected = [TEXTS[index % len(TEXTS)] for index in range(MESSAGES // 2 // INSTANCES)]
    if sorted(texts) != sorted(expected * INSTANCES + [LONG]):
        wrong.append(f"TM11: {mode}: what was said is not what came")
    await office.patch(f"/v1/webhooks/{webhook}", {"enabled": False})


async def sends(office, program, wrong):
    sender, instance = await source_of(office), await office.instance()
    for index, text in enumerate([*TEXTS, LONG]):
        body = json.dumps({"event": "say", "to": instance, "data": {"text": text}},
                          ensure_ascii=False)
        name, at = f"msg_{index}", int(time.time())
        program.tell({"sign": {"key": sender.secret, "id": name, "at": at, "body": body}})
        headers = {"webhook-id": name, "webhook-timestamp": str(at),
                   "webhook-signature": (await program.line())["signature"]}
        for _ in range(2):
            status, answer = await sender.post(body.encode(), headers)
            if status != 200 or answer["outcome"] != "taken":
                wrong.append(f"TM10: what standardwebhooks signed is answered {status}: {answer}")
    shown = await office.get(f"/v1/instances/{instance}")
    if shown["sequence"] != len(TEXTS) + 2:
        wrong.append(f"TM10: {len(TEXTS) + 1} messages had {shown['sequence'] - 1} effects")


async def row(args, scratch):
    folder()
    office = await Office(args, scratch).open()
    program = await Program().start()
    wrong = []
    try:
        await receives(await office.apart(), program, wrong, "structured")
        await receives(await office.apart(), program, wrong, "binary")
        await sends(await office.apart(), program, wrong)
    finally:
        await program.stop()
        office.server.kill()
    return wrong


if __name__ == "__main__":
    harness.main(row)
