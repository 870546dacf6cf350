"""A headless Chromium and one page in it, told what to do over a pipe (Chrome DevTools Protocol)."""

import asyncio
import json
import os
import socket

import harness

ANSWER_SECONDS_MAX = 30
MESSAGE_BYTES_MAX = 16 << 20
# Where `--remote-debugging-pipe` reads and writes.
READ_FD, WRITE_FD = 3, 4


class Page:
    """Raises RuntimeError when the browser refuses what it is told, or does not answer."""

    def __init__(self):
        self.process = self.reader = self.writer = self.session = None
        self.last = 0

    async def open(self, scratch):
        harness.need_tool("chromium")
        ours, theirs = socket.socketpair()

        def prepare():
            harness.die_with_parent()
            for number in (READ_FD, WRITE_FD):
                os.dup2(theirs.fileno(), number)
                os.set_inheritable(number, True)

        with open(scratch / "chromium.log", "wb") as log:
            # As root, and where no sandbox can be made; it opens pages of ours alone.
            self.process = await asyncio.create_subprocess_exec(
                "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--disable-dev-shm-usage", "--disable-background-networking",
                "--disable-component-update", "--remote-debugging-pipe",
                f"--user-data-dir={scratch / 'chromium'}", "about:blank",
                stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=prepare,
                close_fds=False)
        theirs.close()
        self.reader, self.writer = await asyncio.open_connection(sock=ours, limit=MESSAGE_BYTES_MAX)
        target = (await self.tell("Target.createTarget", url="about:blank"))["targetId"]
        self.session = (await self.tell("Target.attachToTarget", targetId=target,
                                        flatten=True))["sessionId"]
        return self

    async def tell(self, method, **parameters):
        """What the browser answers."""
        self.last += 1
        message = {"id": self.last, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.writer.write(json.dumps(message).encode() + b"\0")
        try:
            return await asyncio.wait_for(self.answer(), ANSWER_SECONDS_MAX)
        except (asyncio.TimeoutError, EOFError) as reason:
            raise RuntimeError(f"the browser does not answer {method}") from reason

    async def answer(self):
        while True:
            text = await self.reader.readuntil(b"\0")
            answer = json.loads(text[:-1])
            if answer.get("id") != self.last:
                continue  # an event
            if "error" in answer:
                raise RuntimeError(f"the browser refuses: {answer['error']}")
            return answer["result"]

    async def go(self, url):
        await self.tell("Page.navigate", url=url)
        # Until the page is there the answers are those of the one before.
        there = f"location.href === {json.dumps(url)} && document.readyState === 'complete'"
        if not await self.until(there):
            raise RuntimeError(f"{url} does not load; the page is "
                               f"{await self.run('location.href')}")

    async def run(self, script):
        """The value of that JavaScript."""
        told = await self.tell("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in told:
            raise RuntimeError(f"{script}: {told['exceptionDetails']}")
        return told["result"].get("value")

    async def until(self, script, seconds=ANSWER_SECONDS_MAX):
        """Whether it became true in that time; where one page gives way to another, neither is
        there to say."""
        end = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < end:
            try:
                if await self.run(script):
                    return True
            except RuntimeError as reason:
                if "context" not in str(reason).lower():
                    raise
            await asyncio.sleep(0.05)
        return False

    async def close(self):
        if self.process is None:
            return
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()
        if self.writer is not None:
            self.writer.close()
