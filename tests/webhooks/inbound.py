#!/usr/bin/env python3
"""Webhooks in. TM10: forged, changed, old and replayed messages have no effect, or the one; what
means nothing is kept and shown; what is early waits; the event is the source's account's."""

import asyncio
import base64
import hashlib
import hmac
import json
import time

from office import Office

import harness
from harness import answer_of

WAITED_SECONDS_MAX = 10


def signed(secret, name, body, at=None):
    stamp = str(int(time.time() if at is None else at))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"{name}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {"webhook-id": name, "webhook-timestamp": stamp,
            "webhook-signature": "v1," + base64.b64encode(mac).decode()}


class Sender:
    def __init__(self, office, source):
        self.office = office
        self.path = source["deliver"]
        self.id = source["id"]
        self.secret = source["secret"]

    async def post(self, body, headers):
        connection = harness.Connection(self.office.server.port)
        try:
            status, _, content = await connection.request(
                "POST", self.path, None, body,
                [("Content-Type", "application/json"), *headers.items()])
            return status, content
        finally:
            connection.close()

    async def send(self, name, value, **changes):
        body = json.dumps(value).encode()
        return await self.post(body, signed(self.secret, name, body, **changes))


async def source_of(office, **members):
    made = await office.post("/v1/inbound", {
        "name": "shop", "mapping": {"event": "payload.event", "instance": "payload.to",
                                    "data": "has(payload.data) ? payload.data : null"}, **members})
    return Sender(office, made)


async def sequence(office, instance):
    return (await office.get(f"/v1/instances/{instance}"))["sequence"]


async def forged(office, wrong):
    sender, instance = await source_of(office), await office.instance()
    body = json.dumps({"event": "knock", "to": instance}).encode()
    good = signed(sender.secret, "msg_1", body)
    tries = [(body, {**good, "webhook-id": "msg_2"}), (body + b" ", good), (body, {}),
             (body, signed(sender.secret, "msg_1", body, at=time.time() - 400)),
             (body, signed(sender.secret, "msg_1", body, at=time.time() + 400)),
             (body, signed("whsec_" + base64.b64encode(b"x" * 32).decode(), "msg_1", body))]
    for index in range(0, len(body), 5):
        tries.append((body[:index] + bytes([body[index] ^ 1]) + body[index + 1:], good))
    for text, headers in tries:
        status, answer = await sender.post(text, headers)
        if status != 401:
            wrong.append(f"TM10: {text} with {headers} is answered {status}: {answer}")
    if await sequence(office, instance) != 1:
        wrong.append("TM10: a forged message had an effect")
    # The same at the same time, and again later: one effect.
    answers = await asyncio.gather(*(sender.post(body, good) for _ in range(12)))
    answers.append(await sender.post(body, good))
    if {status for status, _ in answers} != {200}:
        wrong.append(f"TM10: repeats are answered {answers}")
    if await sequence(office, instance) != 2:
        wrong.append("TM10: a repeated message had more than one effect")
    office.server.kill()
    await office.server.start()
    status, _ = await sender.post(body, good)
    if status != 200 or await sequence(office, instance) != 2:
        wrong.append("TM10: after a crash a message is not known any more")


async def unmapped(office, wrong):
    sender = await source_of(office)
    instance = await office.instance()
    cases = {"no json": (b"{", "unmapped"), "no text": (b"\xff\xfe", "unmapped"),
             "half text": (b'{"event":"\xc3"}', "unmapped"), "no event": (b"{}", "unmapped"),
             "nobody": (b'{"event":"knock","to":"ins_0"}', "unmapped"),
             "no such event": (json.dumps({"event": "jump", "to": instance}).encode(), "refused"),
             "a form": (json.dumps({"event": "say", "to": instance, "data": {}}).encode(),
                        "refused")}
    for name, (body, outcome) in cases.items():
        status, answer = await sender.post(body, signed(sender.secret, name.replace(" ", "_"), body))
        if status != 202 or answer["outcome"] != outcome:
            wrong.append(f"{name} is answered {status}: {answer}")
    kept = (await office.get(f"/v1/inbound/{sender.id}/received"))["items"]
    told = {one["message"].replace("_", " "): one["outcome"] for one in kept}
    if told != {name: outcome for name, (_, outcome) in cases.items()}:
        wrong.append(f"what is kept is {kept}")
    if not all(one["reason"] and one["payload"] for one in kept):
        wrong.append("what is kept does not say why")
    raw = [one for one in kept if one["payload_encoding"] == "base64"]
    if {base64.b64decode(one["payload"]) for one in raw} != {b"\xff\xfe", b'{"event":"\xc3"}'}:
        wrong.append(f"what is no text is kept as {raw}")


async def early(office, wrong):
    sender = await source_of(office, workflow="knock", wait_s=60, mapping={
        "event": "payload.event", "key": "payload.key"})
    status, answer = await sender.send("msg_1", {"event": "knock", "key": "K-1"})
    if status != 202 or answer["outcome"] != "waiting":
        wrong.append(f"a message for nobody yet is answered {status}: {answer}")
    made = await office.post("/v1/instances", {"workflow": "knock", "company": office.company,
                                               "key": "K-1"})
    end = time.monotonic() + WAITED_SECONDS_MAX
    while await sequence(office, made["id"]) != 2 and time.monotonic() < end:
        await asyncio.sleep(0.05)
    if await sequence(office, made["id"]) != 2:
        wrong.append("a message that waits is forgotten")
    kept = (await office.get(f"/v1/inbound/{sender.id}/received?outcome=taken"))["items"]
    if len(kept) != 1:
        wrong.append(f"what has waited is shown as {kept}")
    hopeless = await source_of(office, workflow="knock", mapping={
        "event": "payload.event", "key": "payload.key"})
    status, answer = await hopeless.send("msg_1", {"event": "knock", "key": "K-2"})
    if answer["outcome"] != "unmapped":
        wrong.append(f"a source that does not wait answers {answer}")


async def as_account(office, wrong):
    """The event is done as the account that the source names, with its rights."""
    account = await office.post("/v1/accounts", {"name": "shop", "roles": []})
    sender = await source_of(office, account=account["id"])
    instance = await office.instance()
    _, answer = await sender.send("msg_1", {"event": "knock", "to": instance})
    if answer["outcome"] != "unmapped":
        wrong.append(f"an account without a role may do this: {answer}")
    status, _ = await answer_of(
        office.server.port, "PATCH", f"/v1/accounts/{account['id']}",
        {"roles": [{"role": "integration", "cluster": office.cluster}]},
        headers=[("Content-Type", "application/merge-patch+json")])
    await sender.send("msg_2", {"event": "knock", "to": instance})
    log = (await office.get(f"/v1/instances/{instance}/history"))["items"]
    if status != 200 or log[-1]["actor"]["id"] != account["id"] or log[-1]["event"] != "knock":
        wrong.append(f"the log has {log[-1]}")


async def row(args, scratch):
    office = await Office(args, scratch).open()
    wrong = []
    try:
        for part in (unmapped, early, as_account, forged):
            await part(await office.apart(), wrong)
        if office.server.stop() != 0:
            wrong.append("the server did not end in order")
    finally:
        office.server.kill()
    return wrong


if __name__ == "__main__":
    harness.main(row)
