#!/usr/bin/env python3
"""Webhooks out, against receivers of every kind: what is sent, in which order, how often, and what
is shown of it. O1 but for what takes fifteen seconds, O3, TM11, TM12, TM13."""

import asyncio
import copy
import sqlite3
from pathlib import Path

from office import Office
from receiver import Receiver, Refused, reply, verify

import harness
from harness import answer_of

SCHEDULE_SECOND = (4.0, 6.5)  # five seconds, a fifth more or less, and a slow machine
ANSWER_BYTES_MAX = 65536
BACKLOG = 100
STOPS = 5
FAILING_MS = 5 * 24 * 60 * 60 * 1000


async def what_is_sent(office, wrong):
    receiver = await Receiver().start()
    webhook, secret = await office.webhook(receiver, types=["knocked", "sillage.instance.started"])
    binary, _ = await office.webhook(receiver, types=["knocked"], mode="binary")
    instance = await office.instance()
    await office.knock(instance)
    structured = await receiver.wait(
        lambda call: b'"knocked"' in call.body and b"specversion" in call.body)
    plain = await receiver.wait(lambda call: call.headers.get("ce-type") == "knocked")
    event, call = structured[0].event(), structured[0]
    if verify(secret, call.headers, call.body) != event["id"]:
        wrong.append("TM11: webhook-id is not the event's id")
    for broken in (call.body[:-1] + b" ", b"x" + call.body):
        try:
            verify(secret, call.headers, broken)
            wrong.append("TM11: a changed body verifies")
        except Refused:
            pass
    if event["subject"] != instance or event["specversion"] != "1.0":
        wrong.append(f"the event is {event}")
    if plain[0].headers["ce-id"] != event["id"] or plain[0].event() != event["data"]:
        wrong.append("the binary form tells something else")
    order = [one.event()["type"] for one in receiver.calls if b"specversion" in one.body]
    if order != ["sillage.instance.started", "knocked"]:
        wrong.append(f"O1: the order is {order}")
    shown = await office.delivery(webhook, type="knocked", status="delivered")
    if shown["request"]["body"].encode() != call.body or shown["attempts"][0]["status"] != 204:
        wrong.append(f"what is shown is not what was sent: {shown}")
    await office.patch(f"/v1/webhooks/{binary}", {"enabled": False})
    receiver.stop()


async def fails_once(office, wrong):
    """One instance's deliveries are held back by one that fails, another's are not."""
    failed = []

    def answer(call, _):
        if call.event()["subject"] == bad and not failed:
            failed.append(call)
            return reply(500, b"not now")
        return reply(200, b"ok")

    receiver = await Receiver(answer).start()
    bad, good = await office.instance(), await office.instance()
    webhook, _ = await office.webhook(receiver, types=["knocked"])
    await office.knock(bad)
    await receiver.wait(lambda call: call is failed[0] if failed else False)
    await office.knock(bad)
    await office.knock(good)
    passed = await receiver.wait(lambda call: call.event()["subject"] == good, 3)
    held = [call for call in receiver.calls if call.event()["subject"] == bad]
    if len(held) != 1:
        wrong.append("O1: a failed delivery does not hold back those behind it")
    again = await receiver.wait(lambda call: call is not failed[0] and
                                call.headers["webhook-id"] == failed[0].headers["webhook-id"])
    waited = again[0].at - failed[0].at
    if not SCHEDULE_SECOND[0] <= waited <= SCHEDULE_SECOND[1]:
        wrong.append(f"O1: the second attempt came after {waited:.2f} s")
    if again[0].body != failed[0].body or passed[0].at > again[0].at:
        wrong.append("O1: the second attempt has other bytes, or held up another instance")
    shown = await office.delivery(webhook, event=failed[0].headers["webhook-id"],
                                  status="delivered")
    told = [(one["status"], one["response"]["body"]) for one in shown["attempts"]]
    if told != [(500, "not now"), (200, "ok")]:
        wrong.append(f"the attempts are shown as {told}")
    await receiver.wait(lambda call: call.event()["subject"] == bad and
                        call.headers["webhook-id"] != failed[0].headers["webhook-id"])
    receiver.stop()


async def closes_early(_, writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    await writer.drain()


async def answers_endlessly(_, writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
    for _ in range(16384):
        writer.write(b"x" * 65536)
        await writer.drain()


KINDS = {
    "500": (lambda call, _: reply(500), "pending", 500),
    "301": (lambda call, _: reply(301, headers=[("Location", f"http://127.0.0.1{call.path}2")]),
            "pending", 301),
    "closes mid-answer": (closes_early, "pending", 200),
    "a gibibyte": (answers_endlessly, "delivered", 200),
}


async def kinds(office, wrong):
    for name, (answer, status, code) in KINDS.items():
        receiver = await Receiver(answer).start()
        webhook, _ = await office.webhook(receiver, types=["knocked"])
        await office.knock(await office.instance())
        shown = await office.delivery(webhook, status=status, attempt_count=1)
        attempt = shown["attempts"][0]
        if attempt["status"] != code or len(receiver.calls) != 1:
            wrong.append(f"O1: {name}: {attempt}, {len(receiver.calls)} calls")
        if name == "a gibibyte" and len(attempt["response"]["body"]) != ANSWER_BYTES_MAX:
            wrong.append(f"O1: {len(attempt['response']['body'])} bytes are kept of an answer")
        if name == "closes mid-answer" and not attempt["error"]:
            wrong.append("O1: an answer that was cut off is taken for one")
        await office.patch(f"/v1/webhooks/{webhook}", {"enabled": False})
        receiver.stop()


async def changed_meanwhile(office, wrong):
    """What is changed while an attempt is under way goes on afterwards."""
    async def answer(call, count):
        if len(receiver.calls) > 1:
            return reply(200)
        await asyncio.sleep(1)
        return reply(500)

    receiver = await Receiver(answer).start()
    webhook, _ = await office.webhook(receiver, types=["knocked"])
    await office.knock(await office.instance())
    await receiver.wait(lambda call: True)
    await office.post(f"/v1/webhooks/{webhook}/rotate", {})
    second = await receiver.wait(lambda call: call is not receiver.calls[0])
    if second[0].body != receiver.calls[0].body:
        wrong.append("O1: a webhook that was changed during an attempt is told something else")
    receiver.stop()


async def in_order(office, wrong):
    """P6: what waited and what happens meanwhile come in order, each once."""
    receiver = await Receiver().start()
    webhook, _ = await office.webhook(receiver, types=["knocked"], enabled=False)
    instances = [await office.instance() for _ in range(3)]

    async def knocks(instance, count):
        for _ in range(count):
            await office.knock(instance)

    await asyncio.gather(*(knocks(one, BACKLOG) for one in instances))
    going_on = [asyncio.create_task(knocks(one, BACKLOG)) for one in instances]
    await office.patch(f"/v1/webhooks/{webhook}", {"enabled": True})
    await asyncio.gather(*going_on)
    await receiver.wait(lambda call: len(receiver.calls) >= 2 * BACKLOG * len(instances), 20)
    for one in instances:
        came = [int(call.event()["sequence"]) for call in receiver.calls
                if call.event()["subject"] == one]
        if came != sorted(set(came)):
            wrong.append(f"P6: {one} was told in the order {came}")
    receiver.stop()


async def nobody_there(office, wrong):
    receiver = await Receiver().start()
    receiver.stop()
    webhook, _ = await office.webhook(receiver, types=["knocked"])
    await office.knock(await office.instance())
    shown = await office.delivery(webhook, status="pending", attempt_count=1)
    if shown["attempts"][0]["status"] is not None or not shown["attempts"][0]["error"]:
        wrong.append(f"O1: nobody answers, and what is shown is {shown['attempts']}")
    # Asked for by hand, it goes at once.
    await receiver.start()
    await office.post(f"/v1/webhooks/{webhook}/deliveries/{shown['id']}/redeliver", {})
    await office.delivery(webhook, id=shown["id"], status="delivered")
    await office.post(f"/v1/webhooks/{webhook}/redeliver", {"deliveries": [shown["id"]]})
    twice = await receiver.wait(lambda call: call is not receiver.calls[0])
    if twice[0].body != receiver.calls[0].body:
        wrong.append("O1: what is sent again has other bytes")
    receiver.stop()


async def throttled(office, wrong):
    """TM13: after 429 with Retry-After nothing more is sent there until then."""
    receiver = await Receiver(lambda call, _: reply(429, headers=[("Retry-After", "3600")])).start()
    webhook, _ = await office.webhook(receiver, types=["knocked"])
    await office.knock(await office.instance())
    await receiver.wait(lambda call: True)
    await office.knock(await office.instance())
    shown = await office.delivery(webhook, attempt_count=0)
    first = await office.delivery(webhook, attempt_count=1)
    if len(receiver.calls) != 1 or first["next_attempt_at"] < shown["created_at"]:
        wrong.append(f"TM13: {len(receiver.calls)} calls within Retry-After")
    receiver.stop()


async def gone(office, wrong):
    receiver = await Receiver(lambda call, _: reply(410)).start()
    webhook, _ = await office.webhook(receiver, types=["knocked"])
    instance = await office.instance()
    await office.knock(instance)
    await receiver.wait(lambda call: True)
    for _ in range(200):
        shown = await office.get(f"/v1/webhooks/{webhook}")
        if shown["status"] == "disabled":
            break
        await asyncio.sleep(0.05)
    else:
        wrong.append(f"O1: 410 does not disable: {shown}")
    await office.knock(instance)
    await office.delivery(webhook, attempt_count=0)
    status, _ = await answer_of(office.server.port, "POST", f"/v1/webhooks/{webhook}/test", {})
    if status != 409 or len(receiver.calls) != 1:
        wrong.append("O1: a disabled webhook is sent to")
    # What happened meanwhile goes out once it is enabled.
    receiver.answer = lambda call, _: reply(200)
    await office.patch(f"/v1/webhooks/{webhook}", {"enabled": True})
    await receiver.wait(lambda call: len(receiver.calls) > 2, 15)
    await office.post(f"/v1/webhooks/{webhook}/test", {})
    await receiver.wait(lambda call: call.event()["type"] == "sillage.webhook.test")
    receiver.stop()


async def rotated(office, wrong):
    receiver = await Receiver().start()
    webhook, before = await office.webhook(receiver)
    after = (await office.post(f"/v1/webhooks/{webhook}/rotate", {}))["secret"]
    await office.post(f"/v1/webhooks/{webhook}/test", {})
    call = (await receiver.wait(lambda call: "test" in call.event()["type"]))[0]
    for secret in (before, after):
        try:
            verify(secret, call.headers, call.body)
        except Refused as reason:
            wrong.append(f"TM11: while a secret is replaced: {reason}")
    receiver.stop()


async def many_at_once(office, wrong):
    """One event to a cohort, asked for twice under one key, is told once, with its trace."""
    cohort = (await office.post("/v1/cohorts", {"cluster": office.cluster, "workflow": "knock",
                                                "name": "Spring", "dates": {},
                                                "settings": {}}))["id"]
    for _ in range(3):
        await office.post("/v1/instances", {"workflow": "knock", "company": office.company,
                                            "cohort": cohort})
    receiver = await Receiver().start()
    webhook, _ = await office.webhook(receiver, types=["sillage.cohort.*"])
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    for _ in range(2):
        status, _ = await answer_of(
            office.server.port, "POST", f"/v1/cohorts/{cohort}/events", {"event": "knock"},
            headers=[("Idempotency-Key", "all-of-them"), ("traceparent", trace)])
        if status != 200:
            wrong.append(f"one event to many is answered {status}")
    call = (await receiver.wait(lambda call: True))[0]
    event = call.event()
    if event["type"] != "sillage.cohort.bulk_finished" or event["subject"] != cohort or \
            event["data"]["counts"] != {"taken": 3, "blocked": 0, "failed": 0}:
        wrong.append(f"what is told of one event to many: {event}")
    if call.headers.get("traceparent", "")[:35] != trace[:35]:
        wrong.append(f"the trace is not passed on: {call.headers}")
    page = await office.get(f"/v1/webhooks/{webhook}/deliveries")
    if len(page["items"]) != 1:
        wrong.append(f"one event to many is told {len(page['items'])} times")
    receiver.stop()


async def forbidden(office, wrong):
    for url in ("http://10.0.0.1/", "https://[::1]/", "https://169.254.169.254/", "http://0/",
                "https://2130706433/", "ftp://127.0.0.1/"):
        status, body = await answer_of(office.server.port, "POST", "/v1/webhooks", {"url": url})
        if status != 400 or body["pointer"] != "/url":
            wrong.append(f"TM12: {url} is answered {status}: {body}")


async def many(office, wrong):
    """TM13: fifty webhooks lead to a host, and eight attempts are under way there at most."""
    async def slow(_, __):
        await asyncio.sleep(0.02)
        return reply(200)

    receiver = await Receiver(slow).start()
    for _ in range(50):
        await office.webhook(receiver, types=["knocked"])
    for _ in range(3):
        await office.knock(await office.instance())
    await receiver.wait(lambda call: len(receiver.calls) >= 150, 20)
    if not 1 < receiver.most_under_way <= 8:
        wrong.append(f"TM13: {receiver.most_under_way} attempts at a time")
    receiver.stop()


async def shown_on_terminal(office, wrong):
    receiver = await Receiver().start()
    webhook, _ = await office.webhook(receiver, types=["knocked"])
    await office.knock(await office.instance())
    await office.delivery(webhook, status="delivered")
    status, text = await asyncio.to_thread(
        harness.sillage, office.server.program, "listen", webhook, "--count", 1, "--data",
        office.server.data)
    if status != 0 or "HMAC-SHA256" not in text or "knocked" not in text.splitlines()[-1]:
        wrong.append(f"sillage listen ends with {status}: {text}")
    receiver.stop()


async def fails_for_days(office, wrong):
    """After five days without a success it is disabled; those days are written into the book."""
    receiver = await Receiver(lambda call, _: reply(500)).start()
    webhook, _ = await office.webhook(receiver, types=["knocked"])
    await office.knock(await office.instance())
    await office.delivery(webhook, attempt_count=1)
    office.server.stop()
    with sqlite3.connect(Path(office.server.data) / "deliveries.db") as book:
        changed = book.execute("UPDATE failing SET since = since - ? WHERE webhook = ?",
                               (FAILING_MS, webhook)).rowcount
        book.execute("UPDATE delivery SET next_at = 0 WHERE webhook = ?", (webhook,))
    book.close()
    if changed != 1:
        wrong.append("O1: since when a webhook fails is not written down")
    await office.server.start()
    await office.delivery(webhook, attempt_count=2)
    shown = await office.get(f"/v1/webhooks/{webhook}")
    for _ in range(100):
        if shown["status"] == "disabled":
            break
        await asyncio.sleep(0.05)
        shown = await office.get(f"/v1/webhooks/{webhook}")
    if shown["status"] != "disabled" or "five days" not in str(shown["disabled_reason"]):
        wrong.append(f"O1: five failing days do not disable: {shown}")
    receiver.stop()


async def stopped(office, wrong):
    """Stopped in order under load, again and again, it loses nothing and starts again."""
    receiver = await Receiver().start()
    await office.webhook(receiver, types=["knocked"])
    instances = [await office.instance() for _ in range(6)]
    count = 0

    async def knocks(instance):
        nonlocal count
        while True:
            status, _ = await answer_of(office.server.port, "POST",
                                        f"/v1/instances/{instance}/events", {"event": "knock"})
            if status != 200:
                return
            count += 1

    for _ in range(STOPS):
        going_on = [asyncio.create_task(knocks(one)) for one in instances]
        await asyncio.sleep(0.3)
        status = await asyncio.to_thread(office.server.stop)
        await asyncio.gather(*going_on)
        if status != 0:
            wrong.append(f"the server ended with {status} under load")
        await office.server.start()
    await receiver.wait(lambda call: len({one.headers["webhook-id"]
                                          for one in receiver.calls}) >= count, 20)
    receiver.stop()


async def locked(office, wrong):
    """What cannot be written down for a while is sent and written down afterwards."""
    receiver = await Receiver().start()
    webhook, _ = await office.webhook(receiver, types=["knocked"], enabled=False)
    instance = await office.instance()
    await office.knock(instance)
    await office.delivery(webhook, status="pending")
    with sqlite3.connect(Path(office.server.data) / "deliveries.db", isolation_level=None) as book:
        book.execute("BEGIN IMMEDIATE")
        await office.knock(instance)
        await office.patch(f"/v1/webhooks/{webhook}", {"enabled": True})
        await asyncio.sleep(3)
        book.execute("ROLLBACK")
    book.close()
    await receiver.wait(lambda call: len(receiver.calls) >= 2)
    await office.delivery(webhook, status="delivered")
    receiver.stop()


async def restored(office, wrong, scratch):
    """A backup has the book: what was delivered is not sent again from it."""
    receiver = await Receiver().start()
    webhook, _ = await office.webhook(receiver, types=["knocked"])
    await office.knock(await office.instance())
    before = await office.delivery(webhook, status="delivered")
    for words in (("backup", office.server.data, scratch / "backup"),
                  ("restore", scratch / "backup", scratch / "restored")):
        status, text = await asyncio.to_thread(harness.sillage, office.server.program, *words)
        if status != 0:
            wrong.append(f"{words[0]} ends with {status}: {text}")
    office.server.stop()
    again = copy.copy(office)
    again.server = harness.Server(office.server.program, scratch, data=scratch / "restored",
                                  environment=office.server.environment)
    await again.server.start()
    after = await again.delivery(webhook, id=before["id"])
    await again.knock(await again.instance())
    await receiver.wait(lambda call: call.event()["subject"] != before["instance"])
    if after["attempts"] != before["attempts"] or len(receiver.calls) != 2:
        wrong.append(f"a restored folder sends {len(receiver.calls)} messages instead of two")
    again.server.stop()
    receiver.stop()


async def killed(office, wrong):
    """O3: after a crash everything was delivered once at least, and twice only as it was."""
    receiver = await Receiver().start()
    _, secret = await office.webhook(receiver, types=["knocked"])
    instances = [await office.instance() for _ in range(8)]
    for _ in range(3):
        await asyncio.gather(*(office.knock(one) for one in instances))
        office.server.kill()
        await office.server.start()
    await asyncio.gather(*(office.knock(one) for one in instances))
    expected = set()
    for one in instances:
        log = await office.get(f"/v1/instances/{one}/history?limit=200")
        expected |= {(one, str(entry["sequence"])) for entry in log["items"]
                     if entry["event"] == "knock"}

    def arrived():
        return {(call.event()["subject"], call.event()["sequence"]) for call in receiver.calls}

    await receiver.wait(lambda call: arrived() >= expected, 20)
    bodies, last = {}, {}
    for call in receiver.calls:
        identity = verify(secret, call.headers, call.body)
        if bodies.setdefault(identity, call.body) != call.body:
            wrong.append(f"O3: {identity} came with two bodies")
        event = call.event()
        first = (event["subject"], event["sequence"]) not in last
        behind = [one for one in last if one[0] == event["subject"] and
                  int(one[1]) > int(event["sequence"])]
        if first and behind:
            wrong.append(f"O3: {event['subject']} {event['sequence']} came after {behind}")
        last[event["subject"], event["sequence"]] = True
    if arrived() != expected:
        wrong.append("O3: what came is not what happened")
    receiver.stop()


async def row(args, scratch):
    office = await Office(args, scratch).open()
    wrong = []
    try:
        parts = (what_is_sent, fails_once, kinds, nobody_there, throttled, gone, rotated,
                 many_at_once, changed_meanwhile, in_order, forbidden, shown_on_terminal)
        await asyncio.gather(*[part(await office.apart(), wrong) for part in parts])
        await many(await office.apart(), wrong)
        await locked(await office.apart(), wrong)
        await stopped(await office.apart(), wrong)
        await fails_for_days(await office.apart(), wrong)
        await killed(await office.apart(), wrong)
        await restored(await office.apart(), wrong, Path(scratch))
    finally:
        office.server.kill()
    return wrong


if __name__ == "__main__":
    harness.main(row)
