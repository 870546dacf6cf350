#!/usr/bin/env python3
"""TM11, TM10 by programs that share no code with ours: npm's `standardwebhooks`, `svix` and
`cloudevents`, Node's own crypto, and a verifier written from the specification take 1,000 messages,
empty, in UTF-8 and of a mebibyte, structured and binary, and none of which a byte was flipped; and
what `standardwebhooks` signs is taken in once, and with a bit flipped not at all."""

import asyncio
import json
import shutil
import subprocess
import time
from pathlib import Path

from inbound import sequence, source_of
from office import HERE, Office
from receiver import Receiver, Refused, verify

import harness
from harness import answer_of

PACKAGES = ["standardwebhooks@1.1.1", "cloudevents@10.0.0", "svix@2.5.0"]
NPM_SECONDS_MAX = 120
MESSAGES = 1_000
INSTANCES = 20
ALL_SECONDS_MAX = 60
MEBIBYTE = 1024 * 1024
# None: an event without data.
TEXTS = ["", None, "plain", "\u00e9\u4e2d\U0001f600 \u202f\u2028", "\"\\/\n\t",
         "'; -- <b>&amp;", "x" * 20_000]
LONG = "\u00e4" * (MEBIBYTE // 2)
# The server of this test takes bodies in which a mebibyte of text has room.
BODY_BYTES_MAX = 2 * MEBIBYTE
RACERS = 8


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


def utf8(value):
    return json.dumps(value, ensure_ascii=False).encode()


async def say(office, instance, text):
    event = {"event": "hush"} if text is None else {"event": "say", "data": {"text": text}}
    status, answer = await answer_of(
        office.server.port, "POST", f"/v1/instances/{instance}/events", utf8(event),
        headers=[("Content-Type", "application/json")])
    assert status == 200, answer


def count_of_mode():
    """Messages in one mode, without the long one."""
    return MESSAGES // 2 // INSTANCES * INSTANCES


async def listen(program, wrong, mode):
    """What the program was sent, as it was told; forgeries that were tried."""
    texts, order, bytes_most, tried = [], {}, 0, 0
    for _ in range(count_of_mode() + 1):
        told = await program.line()
        if "error" in told or told["forged"]["taken"] or not told["valid"]:
            wrong.append(f"TM11: {mode}: {told}")
            continue
        if told["id"] != told["event"]["id"]:
            wrong.append(f"TM11: {mode}: webhook-id {told['id']} is not {told['event']}")
        place = int(told["id"].split("_")[1])
        if order.get(told["event"]["subject"], 0) >= place:
            wrong.append(f"TM11: {mode}: {told['event']} is out of order")
        order[told["event"]["subject"]] = place
        texts.append(told["text"])
        bytes_most, tried = max(bytes_most, told["bytes"]), tried + told["forged"]["tried"]
    if bytes_most < MEBIBYTE:
        wrong.append(f"TM11: {mode}: the largest body has {bytes_most} bytes")
    return texts, tried


async def read_by_us(receiver, secret, wrong, mode):
    await receiver.wait(lambda _: len(receiver.calls) > count_of_mode(), ALL_SECONDS_MAX)
    for call in receiver.calls:
        try:
            verify(secret, call.headers, call.body)
        except Refused as reason:
            wrong.append(f"TM11: {mode}: by the specification: {reason}")
    receiver.stop()


async def receives(office, program, wrong, mode):
    receiver = await Receiver().start()
    ours, secret = await office.webhook(receiver, types=["said"], mode=mode)
    theirs, their_secret = await office.webhook(program, types=["said"], mode=mode, ed25519=True)
    public_key = (await office.get(f"/v1/webhooks/{theirs}"))["public_key"]
    program.tell({"verify": {"secret": their_secret, "open": public_key}})
    instances = [await office.instance() for _ in range(INSTANCES)]

    async def talk(instance):
        for index in range(MESSAGES // 2 // INSTANCES):
            await say(office, instance, TEXTS[index % len(TEXTS)])

    (texts, tried), *_ = await asyncio.gather(
        listen(program, wrong, mode), say(office, instances[0], LONG),
        *(talk(one) for one in instances))
    expected = [TEXTS[index % len(TEXTS)] for index in range(MESSAGES // 2 // INSTANCES)]
    if sorted(map(repr, texts)) != sorted(map(repr, expected * INSTANCES + [LONG])):
        wrong.append(f"TM11: {mode}: what was said is not what came")
    await read_by_us(receiver, secret, wrong, mode)
    harness.say(f"  {mode}: {len(texts)} messages, {tried} forgeries")
    for webhook in (ours, theirs):
        await office.patch(f"/v1/webhooks/{webhook}", {"enabled": False})


async def signed_by(program, sender, name, body):
    program.tell({"sign": {"key": sender.secret, "id": name, "at": int(time.time()),
                           "body": body.decode()}})
    return await program.line()


async def sends(office, program, wrong):
    sender, instance = await source_of(office), await office.instance()
    messages = [*(text for text in TEXTS if text is not None), LONG]
    for index, text in enumerate(messages):
        body = utf8({"event": "say", "to": instance, "data": {"text": text}})
        headers = await signed_by(program, sender, f"msg_{index}", body)
        for _ in range(2):
            status, answer = await sender.post(body, headers)
            if status != 200 or answer["outcome"] != "taken":
                wrong.append(f"TM10: what standardwebhooks signed is answered {status}: {answer}")
    effects = await sequence(office, instance) - 1
    if effects != len(messages):
        wrong.append(f"TM10: {len(messages)} messages had {effects} effects")


async def flips(office, program, wrong):
    """A bit flipped in each byte of the body, one after the other; then as it was signed."""
    sender, instance = await source_of(office), await office.instance()
    body = utf8({"event": "knock", "to": instance})
    headers = await signed_by(program, sender, "msg_flipped", body)
    for index, byte in enumerate(body):
        forged = body[:index] + bytes([byte ^ 1 << index % 8]) + body[index + 1:]
        status, answer = await sender.post(forged, headers)
        if status != 401:
            wrong.append(f"TM10: {forged} is answered {status}: {answer}")
    if await sequence(office, instance) != 1:
        wrong.append("TM10: a forged message had an effect")
    status, _ = await sender.post(body, headers)
    if status != 200 or await sequence(office, instance) != 2:
        wrong.append(f"TM10: after its forgeries a message is answered {status}")


async def races(office, programs, wrong):
    """Two programs send the same, several times each, at once; and then once more."""
    sender, instance = await source_of(office), await office.instance()
    body = utf8({"event": "knock", "to": instance}).decode()
    message = {"url": f"http://127.0.0.1:{office.server.port}{sender.path}", "times": RACERS,
               "key": sender.secret, "id": "msg_race", "at": int(time.time()), "body": body}
    for _ in range(2):
        for program in programs:
            program.tell({"post": message})
        statuses = [status for program in programs for status in (await program.line())["statuses"]]
        if statuses != [200] * RACERS * len(programs):
            wrong.append(f"TM10: a message sent at once is answered {statuses}")
    effects = await sequence(office, instance) - 1
    if effects != 1:
        wrong.append(f"TM10: a message that was sent in a race had {effects} effects")


async def row(args, scratch):
    folder()
    office = await Office(args, scratch, {"SILLAGE_BODY_BYTES_MAX": str(BODY_BYTES_MAX)}).open()
    programs = [await Program().start() for _ in range(2)]
    wrong = []
    try:
        await receives(await office.apart(), programs[0], wrong, "structured")
        await receives(await office.apart(), programs[0], wrong, "binary")
        await sends(await office.apart(), programs[0], wrong)
        await flips(await office.apart(), programs[0], wrong)
        await races(await office.apart(), programs, wrong)
    finally:
        for program in programs:
            await program.stop()
        office.server.kill()
    return wrong


if __name__ == "__main__":
    harness.main(row)
