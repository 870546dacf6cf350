#!/usr/bin/env python3
"""TM12: URLs that lead into the network of the server, in every spelling, by every kind of name, and
by redirects: not one connection. On an Internet of its own, where whatever is connected to is
counted; what is public is called there, so that the count is known to count."""

import asyncio

from certificates import Authority
from office import Office
from receiver import Receiver, reply

import harness
import internet
from harness import answer_of

PUBLIC = "93.184.215.14"
PUBLIC_6 = "2606:2800:21f:cb07::1"
PORTS = [443, 80, 22, 8080, 8443]
ATTEMPT_MS_MAX = 19_000  # fifteen seconds, and what a busy machine adds
DELIVERY_SECONDS_MAX = 30

# Refused as they are written.
SPELLINGS = [f"https://{host}/" for host in (
    # IPv4, as resolvers and browsers of all times read it
    "127.0.0.1", "127.0.0.1:443", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1",
    "0X7F.1", "0177.0.0.1", "017700000001", "127.0.0.01", "127.000.000.001", "00127.0.0.1",
    "127.0.0.1.", "127.0.0.0x1", "0x7f.0x0.0x0.0x1", "4294967297", "127.255.255.254", "0", "0.0.0.0",
    "0.0.0.1", "0x0",
    # networks that are no Internet
    "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254", "100.64.0.1",
    "100.127.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "0xa9fea9fe", "2852039166",
    # IPv6, and IPv4 within it
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[0000:0000:0000:0000:0000:0000:0000:0001]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::FFFF:7F00:1]", "[0:0:0:0:0:ffff:7f00:1]",
    "[::7f00:1]", "[::127.0.0.1]", "[::ffff:0:127.0.0.1]", "[::ffff:a9fe:a9fe]",
    "[64:ff9b::7f00:1]", "[64:ff9b::127.0.0.1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]",
    "[2002:7f00:1::1]", "[2001::1]", "[2001:0:4136:e378:8000:63bf:80ff:fffe]", "[2001:db8::1]",
    "[3fff::1]", "[fc00::1]", "[fd00:ec2::254]", "[fe80::1]", "[fe80::1%25lo]", "[fe80::1%lo]",
    "[::1%lo]", "[fec0::1]", "[ff02::1]", "[ff0e::1]", "[100::1]", "[5f00::1]", "::1", "[::1",
    "[127.0.0.1]", "[::1]x", "[::1].public.example",
    # users, blanks, and what is not ASCII
    "public.example@127.0.0.1", "public.example:x@127.0.0.1", "127.0.0.1@public.example",
    "public.example%40127.0.0.1", "%31%32%37.0.0.1", "127.0.0.1%00.public.example",
    "public.example\\@127.0.0.1", "127.0.0.1\\.public.example", "127.0.0.1\t", "127.0\t.0.1",
    "127.0.0.1 ", " 127.0.0.1", "127.0.0.1\r\nHost: public.example", "127.0.0.1#@public.example",
    "public.example#@127.0.0.1", "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460",
    "\uff11\uff12\uff17.0.0.1", "127\u30020\u30020\u30021", "\u0661\u0662\u0667.0.0.1",
    "loc\u00e0lhost", "\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3", "localhost.",
    "loopback.example.", "", ".", "..", "-", "loop..example",
    # ports
    "public.example:80", "public.example:22", "public.example:8443", "public.example:0",
    "public.example:65979", "public.example:-443", "public.example:443:443", "public.example:",
    "public.example:0x1bb", f"{PUBLIC}:8080", f"[{PUBLIC_6}]:80")] + [
    # schemes, and what is none
    "http://127.0.0.1/", "http://public.example/", "http://public.example:443/",
    "HTTP://LOCALHOST/", "ftp://public.example/", "file:///etc/passwd", "file://127.0.0.1/",
    "gopher://127.0.0.1:80/_GET", "ws://127.0.0.1/", "wss://public.example/", "unix:/run/x.sock",
    "javascript:alert(1)", "data:text/plain,x", "//127.0.0.1/", "/hooks", "https:127.0.0.1",
    "https:/127.0.0.1/", "https:///127.0.0.1/", "https:\\\\127.0.0.1\\", "hTTpS://127.0.0.1/",
    " https://127.0.0.1/", "https ://127.0.0.1/", "https://127.0.0.1?x", "https://127.0.0.1#x",
]

# Taken as a name; where that leads is seen when it is called.
HIDDEN = {
    "loop4.example": ["127.0.0.1"], "loop4b.example": ["127.254.1.1"], "loop6.example": ["::1"],
    "mapped.example": ["::ffff:127.0.0.1"], "compatible.example": ["::127.0.0.1"],
    "nat64.example": ["64:ff9b::7f00:1"], "six-to-four.example": ["2002:7f00:1::1"],
    "teredo.example": ["2001::1"], "ula.example": ["fd00:ec2::254"], "link6.example": ["fe80::1"],
    "site.example": ["fec0::1"], "many6.example": ["ff0e::1"], "none6.example": ["::"],
    "link.example": ["169.254.169.254"], "ten.example": ["10.0.0.1"],
    "private.example": ["172.20.0.1"], "home.example": ["192.168.1.1"],
    "shared.example": ["100.64.0.1"], "none.example": ["0.0.0.0"], "many.example": ["224.0.0.1"],
    "all.example": ["255.255.255.255"], "bench.example": ["198.18.0.1"],
    "alias.example": ["loop4.example", "127.0.0.1"],
    "mixed.example": [PUBLIC, "127.0.0.1"], "mixed6.example": [PUBLIC, "::1"],
    "last.example": [PUBLIC, PUBLIC, "10.0.0.1"], "xn--loop-hra.example": ["127.0.0.1"],
}
WRITTEN = ["https://localhost/", "HTTPS://LocalHost/", "https://localhost:443/",
           "https://ip6-localhost/", "https://LOOP4.Example/", "https://loop4.example:0443/",
           "https://loop4.example/@public.example", "https://loop4.example?@public.example"]
REDIRECTS = [(code, place) for code in (301, 302, 303, 307, 308) for place in (
    "https://127.0.0.1/", "http://127.0.0.1/", "https://localhost/", "//[::1]/",
    "https://loop4.example/")]


class Rebinding:
    """A name that leads to what is public when it is first asked for, and home ever after."""

    def __init__(self):
        self.count = 0

    def __call__(self, kind):
        if kind != internet.TYPE_A:
            return []
        self.count += 1
        return [PUBLIC] if self.count == 1 else ["127.0.0.1"]


def answer(call, _):
    if call.path.startswith("/redirect/"):
        code, place = REDIRECTS[int(call.path.removeprefix("/redirect/"))]
        return reply(code, headers=[("Location", place)])
    if call.headers["host"] == "rebinding.example":
        return reply(500, headers=[("Connection", "close")])
    return reply(200)


async def post(office, url):
    return await answer_of(office.server.port, "POST", "/v1/webhooks",
                           {"url": url, "cluster": office.cluster, "types": ["knocked"]})


async def spelled(office, wrong):
    webhook, _ = await office.webhook(None, url="https://public.example/kept")
    for url in SPELLINGS:
        status, body = await post(office, url)
        if status != 400 or body.get("pointer") != "/url":
            wrong.append(f"TM12: {url!r} is answered {status}: {body}")
        status, body = await answer_of(
            office.server.port, "PATCH", f"/v1/webhooks/{webhook}", {"url": url},
            headers=[("Content-Type", "application/merge-patch+json")])
        if status != 400:
            wrong.append(f"TM12: a webhook is led to {url!r}: {status}: {body}")


class Sent:
    """One webhook, of an office of its own, and what became of the one thing it was told."""

    def __init__(self, office, url):
        self.office, self.url = office, url
        self.webhook = self.shown = None

    async def send(self):
        self.webhook, _ = await self.office.webhook(None, url=self.url, types=["knocked"])
        await self.office.knock(await self.office.instance())
        return await self.attempted(1)

    async def attempted(self, count):
        self.shown = await self.office.delivery(self.webhook, DELIVERY_SECONDS_MAX,
                                                attempt_count=count)
        return self.shown["attempts"][-1]


async def hidden(office, wrong, url):
    attempt = await Sent(office, url).send()
    if attempt["status"] is not None or "not on the Internet" not in attempt["error"]:
        wrong.append(f"TM12: {url} is called: {attempt}")


async def redirected(office, wrong, number):
    code, place = REDIRECTS[number]
    sent = Sent(office, f"https://public.example/redirect/{number}")
    attempt = await sent.send()
    if attempt["status"] != code or sent.shown["status"] != "pending":
        wrong.append(f"TM12: {code} to {place} is taken for {sent.shown}")


async def public(office, wrong):
    """What may be called is, or nothing here would mean anything."""
    sent = Sent(office, "https://PUBLIC.example/hooks?a=b")
    attempt = await sent.send()
    if sent.shown["status"] != "delivered":
        wrong.append(f"what is public is not called: {attempt}")


async def rebound(office, wrong, names):
    sent = Sent(office, "https://rebinding.example/")
    attempt = await sent.send()
    if attempt["status"] != 500 or names.asked.count("rebinding.example") != 1:
        wrong.append(f"TM12: one attempt asked {names.asked.count('rebinding.example')} times "
                     f"where a name leads: {attempt}")
    await office.post(f"/v1/webhooks/{sent.webhook}/redeliver",
                      {"deliveries": [sent.shown["id"]]})
    attempt = await sent.attempted(2)
    if attempt["status"] is not None or "leads to 127.0.0.1" not in attempt["error"]:
        wrong.append(f"TM12: a name that leads home now is called: {attempt}")


async def unanswered(office, wrong):
    """O1: name servers that say nothing count among the fifteen seconds."""
    attempt = await Sent(office, "https://silent.example/").send()
    if attempt["status"] is not None or attempt["duration_ms"] > ATTEMPT_MS_MAX:
        wrong.append(f"O1: without an answer of a name server: {attempt}")


async def row(args, scratch):
    harness.need_tool("openssl")
    internet.enter(scratch)
    authority = Authority(scratch)
    called = ["public.example", "rebinding.example"]
    doors = internet.Doors(PORTS, PUBLIC, Receiver(answer),
                           authority.shown_by("public", called)).start()
    names = await internet.Names({
        **HIDDEN, "public.example": [PUBLIC], "rebinding.example": Rebinding(),
        "silent.example": lambda _: None}).start()
    office = await Office(args, scratch, {
        "SILLAGE_WEBHOOK_ALLOW": "", "SILLAGE_WEBHOOK_CA_FILE": str(authority.file)}).open()
    wrong = []
    urls = [f"https://{name}/" for name in HIDDEN] + WRITTEN
    try:
        await spelled(await office.apart(), wrong)
        offices = [await office.apart() for _ in [*urls, *REDIRECTS, 0, 0, 0]]
        await asyncio.gather(
            public(offices.pop(), wrong), rebound(offices.pop(), wrong, names),
            unanswered(offices.pop(), wrong),
            *(hidden(offices.pop(), wrong, url) for url in urls),
            *(redirected(offices.pop(), wrong, number) for number in range(len(REDIRECTS))))
        harness.say(f"  {len(SPELLINGS)} spellings refused, {len(urls)} names and {len(REDIRECTS)} "
                    f"redirects tried; {len(doors.met)} connections, {len(doors.elsewhere())} of "
                    "them to where none may lead")
        if doors.elsewhere():
            wrong.append(f"TM12: connections were made to {doors.elsewhere()}")
        if office.server.stop() != 0:
            wrong.append("the server did not end in order")
    finally:
        office.server.kill()
    return wrong


if __name__ == "__main__":
    harness.main(row)
