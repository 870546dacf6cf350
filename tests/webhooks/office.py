"""What the tests of webhooks have in common: a server that may call this machine, a workflow, and
an instance at hand."""

import asyncio
import copy
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "reliability")]

import harness  # noqa: E402
from harness import answer_of, must  # noqa: E402

WORKFLOW = b"""
workflow: knock
version: 1
context:
  text: { type: string, default: "" }
initial: open
states:
  open:
    on:
      knock: { actions: [emit: { type: knocked, data: { n: "${text}" } }] }
      say:
        form: { text: { type: string, required: true } }
        actions: [emit: { type: said, data: { text: "${event.data.text}" } }]
      hush: { actions: [emit: { type: said }] }
"""


class Office:
    def __init__(self, args, scratch, settings=None):
        self.server = harness.Server(args.program, scratch, environment={
            "SILLAGE_WEBHOOK_ALLOW": "127.0.0.0/8",
            "SILLAGE_ACCOUNT_REQUESTS_MAX": "1000000", **(settings or {})})
        self.cluster = self.company = None

    async def open(self):
        await self.server.start()
        await must(self.server.port, "POST", "/v1/workflows", WORKFLOW)
        return await self.apart()

    async def apart(self):
        """The same server, with a cluster and a company of its own."""
        office = copy.copy(self)
        made = await self.post("/v1/clusters", {"name": "Ours"})
        office.cluster = made["id"]
        made = await self.post("/v1/companies", {"cluster": office.cluster, "name": "Maison"})
        office.company = made["id"]
        return office

    async def post(self, path, body):
        return await must(self.server.port, "POST", path, body)

    async def get(self, path):
        return await must(self.server.port, "GET", path)

    async def patch(self, path, body):
        status, content = await answer_of(
            self.server.port, "PATCH", path, body,
            headers=[("Content-Type", "application/merge-patch+json")])
        assert status == 200, content
        return content

    async def webhook(self, receiver, **members):
        """A webhook of that receiver, or of a `url`: its id and its secret."""
        url = members.pop("url", None) or f"http://127.0.0.1:{receiver.port}/hooks"
        made = await self.post("/v1/webhooks", {"url": url, "cluster": self.cluster, **members})
        return made["id"], made["secret"]

    async def instance(self):
        made = await self.post("/v1/instances", {"workflow": "knock", "company": self.company})
        return made["id"]

    async def knock(self, instance):
        await self.post(f"/v1/instances/{instance}/events", {"event": "knock"})

    async def delivery(self, webhook, seconds=10, **wanted):
        """The first on the webhook's list with those members, whole; raises in time."""
        end = time.monotonic() + seconds
        while True:
            page = await self.get(f"/v1/webhooks/{webhook}/deliveries?limit=200")
            for item in page["items"]:
                if all(item[name] == value for name, value in wanted.items()):
                    return await self.get(f"/v1/webhooks/{webhook}/deliveries/{item['id']}")
            if time.monotonic() > end:
                raise RuntimeError(f"no delivery with {wanted}: {page['items'][:3]}")
            await asyncio.sleep(0.05)
