#!/usr/bin/env python3
"""Every list that has a cursor, read page by page while rows come in: what was there at the start
is on exactly one page, and nothing is on two.

0: all held; 1: something did not.
"""

import csv
import io
import random
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "matrix"), str(HERE.parent / "reliability")]

import harness  # noqa: E402
from client import Client  # noqa: E402
from matrix import Requests, next_cursor_of, set_up  # noqa: E402
from world import HERE as MATRIX, World  # noqa: E402

PAGES_MAX = 500
OF_ADMINS = {"/v1/inbound", "/v1/inbound/{id}/received"}
ROWS_AT_START = 12


def rows_of(page):
    if page.headers.get("content-type", "").startswith("text/csv"):
        return list(csv.DictReader(io.StringIO(page.text)))
    return page.json()["items"]


class Lists:
    def __init__(self, world, seed):
        self.world = world
        self.client = world.client
        self.chance = random.Random(seed)
        self.count = 0
        # By route: where the list is, how a row is named, and what adds one.
        self.of = {
            "/v1/clusters": ("id", self.add("/v1/clusters", {})),
            "/v1/companies": ("id", self.add("/v1/companies", {"cluster": world.clusters[0]})),
            "/v1/companies:export": ("id", self.add("/v1/companies",
                                                    {"cluster": world.clusters[0]})),
            "/v1/cohorts": ("id", self.add("/v1/cohorts", {"cluster": world.clusters[0],
                                                           "workflow": "matrix"})),
            "/v1/accounts": ("id", self.add("/v1/accounts", {"roles": [
                {"role": "auditor", "cluster": world.clusters[0]}]})),
            "/v1/delegations": ("id", self.add_delegation),
            "/v1/webhooks": ("id", self.add_webhook),
            "/v1/inbound": ("id", self.add_source),
            "/v1/inbound/{id}/received": ("id", self.add_received),
            "/v1/webhooks/{id}/deliveries": ("id", self.add_delivery),
            "/v1/workflows": ("name", self.add_workflow),
            "/v1/instances": ("id", self.add_instance),
            "/v1/instances/{id}/history": ("sequence", self.add_entry),
        }

        self.webhook = self.add_webhook()
        self.requests = Requests(world)
        self.source = self.requests.source_of(world.clusters[0], "GET")

    def fresh(self):
        """Not in order: rows come in before the cursor as well as after it."""
        self.count += 1
        return f"{self.chance.choice('abcdefghijklmnopqrstuvwxyz')}-{self.count}"

    def add(self, path, body):
        return lambda: self.world.make(path, {**body, "name": self.fresh()})

    def add_workflow(self):
        text = (MATRIX / "matrix.yaml").read_text()
        text = text.replace("workflow: matrix", f"workflow: {self.fresh()}")
        self.client.must("POST", "/v1/workflows", self.world.root,
                         ("application/yaml", text.encode()))

    def add_instance(self):
        self.world.start(self.world.things["company"]["own/unrelated"], None)

    def add_delegation(self):
        helper = self.world.make("/v1/accounts", {"name": self.fresh(), "roles": []})
        self.world.make("/v1/delegations", {
            "from": self.world.accounts["manager"], "to": helper,
            "ends_at": "2027-12-31T00:00:00Z", "reason": "away"})

    def add_webhook(self):
        return self.world.make("/v1/webhooks", {"url": "https://hooks.invalid/",
                                                "cluster": self.world.clusters[0],
                                                "types": ["none"]})

    def add_delivery(self):
        self.world.make(f"/v1/webhooks/{self.webhook}/test", {})

    def add_source(self):
        return self.world.make("/v1/inbound", self.requests.post_v1_inbound(
            self.world.clusters[0]) | {"name": self.fresh()})

    def add_received(self):
        self.requests.source_of(self.world.clusters[0], "GET")
        self.requests.kept_of(self.world.clusters[0])

    def add_entry(self):
        instance = self.world.things["instance"]["own/own"]
        self.client.must("POST", f"/v1/instances/{instance}/events", self.world.tokens["manager"],
                         {"event": "note"})

    def names(self, route, caller, meanwhile=None):
        """The rows of all pages, in order; `meanwhile` is done between two pages."""
        of = {"webhooks": self.webhook, "inbound": self.source}
        path = route.replace("{id}", of.get(route.split("/")[2],
                                            self.world.things["instance"]["own/own"]))
        member, cursor, found = self.of[route][0], None, []
        for _ in range(PAGES_MAX):
            limit = self.chance.choice([1, 2, 3, 7]) if meanwhile else 200
            query = f"?limit={limit}" + (f"&cursor={cursor}" if cursor else "")
            page = self.client.ask("GET", path + query, self.world.tokens[caller])
            if page.status != 200:
                raise RuntimeError(f"{route} is answered {page.status}: {page.text[:200]}")
            rows = rows_of(page)
            if len(rows) > limit:
                raise RuntimeError(f"{route} gives more than {limit} items")
            found += [row[member] for row in rows]
            cursor = next_cursor_of(page)
            if cursor is None:
                return found
            if meanwhile:
                meanwhile()
        raise RuntimeError(f"{route} does not end")

    def faults_of(self, route, caller):
        grow = self.of[route][1]
        before = self.names(route, caller)
        budget = [self.chance.randint(5, 25)]  # a list that grows with every page never ends

        def meanwhile():
            if budget[0] > 0 and self.chance.random() < 0.7:
                budget[0] -= 1
                grow()

        seen = self.names(route, caller, meanwhile)
        after = self.names(route, caller)
        lost = [row for row in before if row not in seen]
        double = sorted({str(row) for row in seen if seen.count(row) > 1})
        strange = [row for row in seen if row not in after]
        in_order = seen in (sorted(seen), sorted(seen, reverse=True))
        return [text for text in [
            f"{route} as {caller} skips {lost}" if lost else "",
            f"{route} as {caller} has twice {double}" if double else "",
            f"{route} as {caller} has {strange}, which is not there" if strange else "",
            "" if in_order else f"{route} as {caller} is not in one order"] if text]


async def run(args, scratch):
    server = harness.Server(args.program, scratch, environment={"SILLAGE_ADMIN_TOKEN": ""})
    await server.start(sandbox=True)
    faults = []
    try:
        client = Client(server.port)
        lists = Lists(World(client, set_up(server, client)), args.seed)
        paths = client.ask("GET", "/openapi.json").json()["paths"]
        cursor = {"$ref": "#/components/parameters/cursor"}
        routes = [path for path, methods in paths.items()
                  if cursor in methods.get("get", {}).get("parameters", [])]
        for route in routes:
            if route not in lists.of:
                faults.append(f"{route} has a cursor, and no line in Lists")
                continue
            for _ in range(ROWS_AT_START):
                lists.of[route][1]()
            for _ in range(args.rounds):
                for caller in ("admin",) if route in OF_ADMINS else ("admin", "manager"):
                    faults += lists.faults_of(route, caller)
        harness.say(f"{len(routes)} lists, {lists.count} rows came in")
    finally:
        server.stop()
    return faults


if __name__ == "__main__":
    harness.main(run, rounds=2)
