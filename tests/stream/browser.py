#!/usr/bin/env python3
"""P7: a browser, signed in by a link as its user is, is told the whole log once and in order, over
kills of the server: it comes back by itself with the id that it had last."""

import socket
import subprocess

from eventsource import EVENTS_PER_LIFE, TOLD_SECONDS_MAX, make_instance

import harness
import streams
from chromium import Page
from harness import answer_of, must

KILLS = 2
EMAIL = "ana@a.example"
# No page of the server listens yet: this is what one would do.
LISTEN = """
window.told = []; window.opens = 0; window.resets = 0;
window.source = new EventSource('/v1/stream?last_event_id=0');
source.onopen = () => { ++opens; };
source.onmessage = (message) => told.push([Number(message.lastEventId), JSON.parse(message.data)]);
source.addEventListener('reset', () => { ++resets; });
true"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def sign_in(page, args, server):
    printed = subprocess.run([*args.program, "account", "link", EMAIL, "--data", server.data],
                             capture_output=True, text=True, check=True).stdout
    await page.go(printed.strip())
    await page.run("document.querySelector('form button').click()")
    if not await page.until("!location.pathname.startsWith('/login')"):
        raise RuntimeError("the browser is not signed in")


async def live(page, server, instance, token):
    """Events in each life of the server; what of it the browser was told, once all is over."""
    for life in range(KILLS + 1):
        if not await page.until(f"opens > {life}", TOLD_SECONDS_MAX):
            break
        for number in range(EVENTS_PER_LIFE):
            await answer_of(server.port, "POST", f"/v1/instances/{instance}/events",
                            {"event": "note", "data": {"token": f"{life}-{number}"}}, token)
        if life < KILLS:
            server.kill()
            await server.start()
    log = await streams.read_settled(server.port)
    await page.until(f"told.length >= {len(log[instance]['entries'])}", TOLD_SECONDS_MAX)
    return log, await page.run("({ told, opens, resets, state: source.readyState })")


async def row(args, scratch):
    harness.need_tool("chromium")
    port = free_port()
    base_url = f"http://localhost:{port}"
    server = harness.Server(args.program, scratch, environment={"SILLAGE_BASE_URL": base_url})
    server.port = port
    page = Page()
    try:
        await server.start()
        instance, token = await make_instance(server.port)
        cluster = (await must(server.port, "GET", "/v1/clusters"))["items"][0]["id"]
        await must(server.port, "POST", "/v1/accounts", {
            "name": "Ana", "email": EMAIL, "roles": [{"role": "runner", "cluster": cluster}]})
        await page.open(scratch)
        await sign_in(page, args, server)
        await page.tell("Page.setBypassCSP", enabled=True)
        await page.go(f"{base_url}/docs")
        await page.run(LISTEN)
        log, seen = await live(page, server, instance, token)
        harness.say(f"  told {len(seen['told'])} entries over {seen['opens']} connections")
        wrong = list(streams.check("chromium", seen["told"], log, {instance}))
        wrong += [] if seen["opens"] > KILLS else [f"the browser has connected {seen['opens']} "
                                                   f"times only, and is at {seen['state']}"]
        return wrong + (["it was reset"] if seen["resets"] else [])
    finally:
        await page.close()
        server.kill()


if __name__ == "__main__":
    harness.main(row)
