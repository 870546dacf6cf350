#!/usr/bin/python3
"""Whoever owns a webhook is mailed when it is disabled: O1, for a receiver that answers 410."""

import asyncio
import email
import email.policy
import queue
import socket
import sys

from office import Office
from receiver import Receiver, reply

import harness
from harness import ADMIN_TOKEN, answer_of, must

EXIT_SKIPPED = 77
MAIL_SECONDS_MAX = 20

try:
    from aiosmtpd.controller import Controller
except ImportError:
    print("SKIPPED: python3-aiosmtpd is not installed")
    sys.exit(EXIT_SKIPPED)


class Inbox:
    """What the mail server was given."""

    def __init__(self):
        self.mails = queue.Queue()

    async def handle_DATA(self, server, session, envelope):
        self.mails.put(envelope)
        return "250 OK"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


async def integration_of(office):
    """A token of an account of the cluster's own, with an address."""
    port = office.server.port
    account = await must(port, "POST", "/v1/accounts", {
        "name": "shop", "email": "shop@example.org",
        "roles": [{"role": "integration", "cluster": office.cluster}]})
    made = await must(port, "POST", f"/v1/accounts/{account['id']}/tokens", {"name": "hooks"})
    return made["token"]


async def is_told(office, inbox, wrong):
    port = office.server.port
    token = await integration_of(office)
    receiver = await Receiver(lambda call, _: reply(410)).start()
    url = f"http://127.0.0.1:{receiver.port}/"
    status, made = await answer_of(port, "POST", "/v1/webhooks", {"url": url}, token)
    if status != 201 or made["cluster"] != office.cluster:
        wrong.append(f"an integration's webhook is answered {status}: {made}")
        return
    await office.instance()
    envelope = await asyncio.to_thread(inbox.mails.get, timeout=MAIL_SECONDS_MAX)
    mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
    text = mail.get_content()
    if mail["To"] != "shop@example.org" or url not in text or "410" not in text:
        wrong.append(f"O1: the mail to {mail['To']} says {text!r}")
    shown = await must(port, "GET", f"/v1/webhooks/{made['id']}", token=ADMIN_TOKEN)
    if shown["status"] != "disabled" or "410" not in shown["disabled_reason"]:
        wrong.append(f"O1: what is shown of it is {shown}")
    receiver.stop()


async def row(args, scratch):
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    office = Office(args, scratch)
    office.server.environment |= {
        "SILLAGE_SMTP_URL": f"smtp://127.0.0.1:{controller.port}",
        "SILLAGE_MAIL_FROM": "sillage@example.org",
        "SILLAGE_BASE_URL": "http://127.0.0.1:1"}
    wrong = []
    try:
        await is_told(await office.open(), inbox, wrong)
        if office.server.stop() != 0:
            wrong.append("the server did not end in order")
    finally:
        office.server.kill()
        controller.stop()
    return wrong


if __name__ == "__main__":
    harness.main(row)
