"""A receiver of webhooks with a will of its own, and a verifier that shares no code with ours:
written from the text of Standard Webhooks 1.0.0."""

import asyncio
import base64
import hashlib
import hmac
import json
import time

TOLERANCE_SECONDS = 300


class Refused(Exception):
    pass


def verify(secret, headers, body):
    """The id of a message that is signed by the secret; raises Refused."""
    identity, stamp = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(time.time() - int(stamp)) > TOLERANCE_SECONDS:
        raise Refused("too old")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = identity.encode() + b"." + stamp.encode() + b"." + body
    expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    for signature in headers["webhook-signature"].split():
        version, value = signature.split(",", 1)
        if version == "v1" and hmac.compare_digest(value, expected):
            return identity
    raise Refused("no signature is right")


class Call:
    """One request as it came."""

    def __init__(self, path, headers, body):
        self.path = path
        self.headers = headers
        self.body = body
        self.at = time.monotonic()

    def event(self):
        return json.loads(self.body)


class Receiver:
    """Answers each request as `answer(call, writer)` says: bytes to write, or None when it has
    done what it wanted itself."""

    def __init__(self, answer=None):
        self.answer = answer or (lambda call, writer: reply(204))
        self.calls = []
        self.under_way = 0
        self.most_under_way = 0
        self.server = None
        self.port = 0

    async def start(self, host="127.0.0.1", tls=None):
        self.server = await asyncio.start_server(self.serve, host, self.port, ssl=tls)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    def stop(self):
        self.server.close()

    async def serve(self, reader, writer):
        try:
            while await self.serve_one(reader, writer):
                pass
        except (OSError, EOFError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def serve_one(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = [line.split(": ", 1) for line in head[1:] if line]
        headers = {name.lower(): value for name, value in fields}
        body = await reader.readexactly(int(headers["content-length"]))
        call = Call(head[0].split()[1], headers, body)
        self.calls.append(call)
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            answer = self.answer(call, writer)
            if asyncio.iscoroutine(answer):
                answer = await answer
        finally:
            self.under_way -= 1
        if answer is None:
            return False
        writer.write(answer)
        await writer.drain()
        return True

    async def wait(self, what, seconds=10):
        """The calls that `what(call)` is true of, once there is one; raises in time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = [call for call in self.calls if what(call)]
            if found:
                return found
            await asyncio.sleep(0.01)
        raise RuntimeError(f"nothing like that came within {seconds} s; "
                           f"{len(self.calls)} calls came")


def reply(status, body=b"", headers=()):
    lines = [f"HTTP/1.1 {status} Reason", f"Content-Length: {len(body)}",
             *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join(lines + ["", ""]).encode() + body
