#!/usr/bin/env python3
"""TM2, TM18, TM37: strings planted with one cluster, and with its evaluators, are in no byte that
another cluster, or a company, receives over thousands of generated requests on every route; and no
token, name, note or address is in any line of the log."""

import asyncio
import json
import random
import re
import sys
import time
from pathlib import Path
from urllib.parse import quote

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "reliability"))

from harness import ADMIN_TOKEN, Server, answer_of, main, must, say  # noqa: E402
from table import documented  # noqa: E402

# A connection of its own for each request would wait for the kernel, not for the server.
CONNECTIONS = 8
ANSWER_SECONDS_MAX = 30
# Of the requests, so that what is found to be absent had a chance to be there.
TAKEN_SHARE_MIN = 0.15
# Of the requests: those about instances, where most is to be seen; of a query's parameters.
FILES_SHARE = 0.6
QUERY_SHARE = 0.04
EVENTS = ["fill", "submit", "jot", "ask", "assign", "sign", "hurry", "agree", "peek", "propose",
          "release", "done.state.evaluation", "deadline.expired.evaluation.consensus", "sing"]
# Words of the workflow: they are anybody's to read.
STATES = ["application", "evaluation", "evaluation.assigning", "evaluation.sheets",
          "evaluation.consensus", "evaluation.decided", "released"]
SCORE = 748291648203


def in_half_a_year():
    return time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime(time.time() + 180 * 24 * 3600))


def canary(number, what):
    return f"canary{number:03d}{what}"


class Tenant:
    """A cluster with a manager, a mentor, evaluators, companies and files in every stage."""

    def __init__(self, port, mark, chance):
        self.port = port
        self.mark = mark
        self.chance = chance
        self.planted = {}  # canary: who may read it, `staff` or a company's name
        self.tokens = {}
        self.ids = {"clusters": [], "companies": [], "cohorts": [], "accounts": [],
                    "instances": [], "delegations": []}
        self.evaluators = []

    def plant(self, what, reader):
        text = canary(self.chance.randrange(1000), f"{what}{self.mark}{len(self.planted)}x")
        self.planted[text] = reader
        return text

    async def make(self, kind, body):
        made = await must(self.port, "POST", f"/v1/{kind}", body)
        self.ids[kind].append(made["id"])
        return made["id"]

    async def account(self, name, roles, reader):
        made = await self.make("accounts", {
            "name": self.plant(f"name{name}", reader), "roles": roles,
            "email": self.plant(f"mail{name}", reader) + "@example.org"})
        token = await must(self.port, "POST", f"/v1/accounts/{made}/tokens", {"name": "t"})
        self.tokens[name] = token["token"]
        return made

    async def build(self):
        cluster = await self.make("clusters", {"name": self.plant("cluster", "staff")})
        cohort = await self.make("cohorts", {
            "cluster": cluster, "workflow": "selection", "name": self.plant("cohort", "staff"),
            "settings": {"memo": self.plant("setting", "staff")}})
        for role in ["manager", "mentor"]:
            await self.account(role, [{"role": role, "cluster": cluster}], "staff")
        second = await self.account("second", [{"role": "manager", "cluster": cluster}], "staff")
        await self.account("hook", [{"role": "integration", "cluster": cluster}], "staff")
        for name in ["eva", "eric"]:
            self.evaluators.append(
                await self.account(name, [{"role": "evaluator", "cluster": cluster}], "staff"))
        await self.lend(second)
        for number, stage in enumerate(["draft", "assigning", "sheets", "consensus", "decided",
                                        "broken", "released"]):
            await self.file(cluster, cohort, number, stage)

    async def lend(self, second):
        status, made = await answer_of(self.port, "POST", "/v1/delegations", {
            "to": second, "ends_at": in_half_a_year(), "reason": self.plant("why", "staff")},
            self.tokens["manager"])
        assert status == 201, made
        self.ids["delegations"].append(made["id"])

    async def file(self, cluster, cohort, number, stage):
        company = f"company{number}"
        made = await self.make("companies", {
            "cluster": cluster, "name": self.plant("company", company), "country": "FR"})
        await self.account(company, [{"role": "sme", "company": made}], company)
        instance = await self.make("instances", {
            "workflow": "selection", "company": made, "cohort": cohort,
            "key": self.plant("key", company)})
        await self.send(instance, company, "fill", answer=self.plant("answer", company))
        await self.send(instance, "mentor", "jot", note=self.plant("note", "staff"))
        for event, by, data in self.story(stage):
            await self.send(instance, by, event, **data)

    def story(self, stage):
        """What leads a file to that stage."""
        steps = [("submit", None, {}), ("assign", "manager", {"readers": self.evaluators}),
                 ("sign", "eva", {"points": SCORE, "comment": self.plant("comment", "staff")}),
                 ("agree", "eric", {}),
                 ("propose", "manager", {"outcome": self.plant("outcome", "staff")})]
        stages = ["draft", "assigning", "sheets", "consensus", "decided", "proposed"]
        count = stages.index(stage) if stage in stages else len(steps)
        taken = steps[:count]
        if stage == "broken":
            taken = steps + [("propose", "manager", {"outcome": "broken"})]
        if stage == "released":
            taken = steps + [("release", "second", {})]
        return taken

    async def send(self, instance, by, event, **data):
        by = by or f"company{len(self.ids['companies']) - 1}"
        body = {"event": event, "data": data} if data else {"event": event}
        status, answer = await answer_of(
            self.port, "POST", f"/v1/instances/{instance}/events", body, self.tokens[by])
        # The broken one is refused on purpose: its file then has an incident.
        assert status == 200 or data.get("outcome") == "broken", answer


class Generator:
    """Requests on every route: mostly well formed, mostly about things that are there."""

    def __init__(self, chance, tenants, table):
        self.chance = chance
        self.tenants = tenants
        self.table = [(method, pattern) for method, pattern, _ in table]
        self.about_files = [route for route in self.table if "instances" in route[1]]
        self.sent_ids = [one for tenant in tenants for ids in tenant.ids.values() for one in ids]

    def id_for(self, client, pattern):
        kind = pattern.split("/")[2] if pattern.startswith("/v1/") else ""
        if kind in client.favourites and self.chance.random() < 0.7:
            return client.favourites[kind]
        tenant = client.own if self.chance.random() < 0.7 else self.chance.choice(self.tenants)
        if tenant.ids.get(kind) and self.chance.random() < 0.9:
            return self.chance.choice(tenant.ids[kind])
        return self.chance.choice(self.sent_ids + ["selection", "ins_0", "1", "%00", "'"])

    def path(self, client, pattern):
        path = pattern.replace("{name}", "selection").replace("{version}", "1")
        path = path.replace("{sequence}", str(self.chance.randrange(1, 12)))
        while "{" in path:
            path = re.sub(r"\{[^}]*\}", lambda _: self.id_for(client, pattern), path, count=1)
        query = []
        for name, values in [
                ("limit", [1, 2, 200, 0]), ("state", STATES), ("waiting_for", ["evaluator", "sme"]),
                ("overdue", ["true", "false"]), ("q", ["canary", "a", "%"]),
                ("due_before", ["2099-01-01T00:00:00Z"]), ("stage", STATES[:2]),
                ("dry_run", ["true"]), ("lang", ["fr"]), ("instance", client.own.ids["instances"])]:
            if self.chance.random() < QUERY_SHARE:
                query.append(f"{name}={quote(str(self.chance.choice(values)))}")
        return path + ("?" + "&".join(query) if query else "")

    def body(self, pattern):
        chance = self.chance
        if pattern.endswith(("/events", "/explain")):
            data = chance.choice([None, {}, {"answer": "mine"}, {"points": 5, "comment": "mine"},
                                  {"outcome": "mine"}, {"note": "mine"}, {"readers": ["me"]}])
            body = {"event": chance.choice(EVENTS)}
            return {**body, "data": data} if data is not None else body
        return chance.choice([
            {}, {"name": "mine"}, {"roles": []}, {"workflow": "selection"}, {"to": "acc_0"},
            {"workflow": "selection", "company": chance.choice(self.sent_ids)},
            {"cluster": chance.choice(self.sent_ids), "name": "mine"}, [1], "x"])

    def request(self, client):
        about_files = self.chance.random() < FILES_SHARE
        method, pattern = self.chance.choice(self.about_files if about_files else self.table)
        method = "HEAD" if method == "GET" and self.chance.random() < 0.05 else method
        lines = [f"{method} {self.path(client, pattern)} HTTP/1.1", "Host: localhost",
                 f"Authorization: Bearer {client.token}"]
        payload = b""
        if method in ("POST", "PATCH", "PUT"):
            payload = json.dumps(self.body(pattern)).encode()
            kind = "merge-patch+json" if method == "PATCH" else "json"
            lines += [f"Content-Type: application/{kind}", f"Content-Length: {len(payload)}"]
        return method, "\r\n".join(lines + ["", ""]).encode() + payload


async def exchange(streams, method, request):
    """Every byte of the answer."""
    reader, writer = streams
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: *(\d+)", head.lower())
    body = b"" if method == "HEAD" or length is None else await reader.readexactly(
        int(length.group(1)))
    return head + body


def with_cursors(answer):
    """The answer, and what stands in its cursors."""
    text = answer
    for cursor in re.findall(rb'"next_cursor": ?"([0-9a-f]+)"', answer):
        text += b" " + bytes.fromhex(cursor.decode())
    return text


class Watcher:
    """One client: who it is, and what it may not receive."""

    def __init__(self, name, own, forbidden):
        self.name = f"{name} of {own.mark}"
        self.own = own
        self.token = own.tokens[name]
        self.favourites = {}
        if name.startswith("company"):
            number = int(name.removeprefix("company"))
            self.favourites = {kind: own.ids[kind][number] for kind in ["companies", "instances"]}
        self.forbidden = [text.encode() for text in forbidden]
        self.taken = 0
        self.asked = 0

    def judge(self, request, answer):
        self.asked += 1
        self.taken += 200 <= int(answer.split(b" ", 2)[1]) < 300
        shown = with_cursors(answer)
        return [f"{self.name} received {text.decode()} for {request[:200]!r}"
                for text in self.forbidden if text in shown and text not in request]


def foreign(tenant):
    """All that is another cluster's: what was planted, and its ids."""
    return list(tenant.planted) + [one for ids in tenant.ids.values() for one in ids]


def unknown_to_company(tenant, company):
    """What one of the cluster's companies may not receive."""
    hidden = [text for text, reader in tenant.planted.items() if reader != company]
    return hidden + tenant.evaluators + [str(SCORE)]


def watchers(tenants):
    found = []
    for tenant, other in [tenants, tenants[::-1]]:
        for name in tenant.tokens:
            hidden = foreign(other)
            if name.startswith("company"):
                hidden = hidden + unknown_to_company(tenant, name)
            found.append(Watcher(name, tenant, hidden))
    return found


async def ask_all(args, server, generator, clients, chance):
    """Sends all requests, over a few connections; gives what was received that should not."""
    wrong = []
    left = args.requests

    async def work():
        nonlocal left
        streams = await asyncio.open_connection("127.0.0.1", server.port)
        while left > 0:
            left -= 1
            client = chance.choice(clients)
            method, request = generator.request(client)
            try:
                answer = await asyncio.wait_for(exchange(streams, method, request),
                                                ANSWER_SECONDS_MAX)
            except (OSError, EOFError):
                streams = await asyncio.open_connection("127.0.0.1", server.port)
                continue
            wrong.extend(client.judge(request, answer))
        streams[1].close()

    await asyncio.gather(*(work() for _ in range(CONNECTIONS)))
    return wrong


async def plant_everywhere(server, chance):
    """TM18: twenty secrets in headers, bodies, cookies and queries of requests that are refused.
    Gives them, and in which problem they came back."""
    secrets = [f"secret{chance.randrange(10**9):09d}n{number}" for number in range(20)]
    wrong = []
    for number, secret in enumerate(secrets):
        path = ["/v1/me", "/v1/instances", "/v1/accounts", "/v1/nothing"][number % 4]
        headers = [("Cookie", f"__Host-sillage={secret}"), ("X-Forwarded-For", secret),
                   ("Referer", f"https://example.org/{secret}"), ("User-Agent", secret)]
        body = {"name": secret, "email": f"{secret}@example.org", secret: 1}
        for status, problem in [
                await answer_of(server.port, "GET", f"{path}?limit={secret}", headers=headers),
                await answer_of(server.port, "GET", path, token=f"sil_{secret}", headers=headers),
                await answer_of(server.port, "POST", "/v1/companies",
                                {"name": {"first": secret}, "cluster": f"clu {secret}" * 20},
                                headers=headers),
                await answer_of(server.port, "POST", "/v1/accounts",
                                {**body, "roles": secret}, headers=[("Idempotency-Key", secret)])]:
            text = json.dumps(problem)
            # A member that is unknown is named to whoever sent it.
            if status >= 400 and secret in text.replace(f"/{secret}", "").replace(
                    f'\\"{secret}\\"', ""):
                wrong.append(f"a problem of {path} gives back {secret}: {text}")
    return secrets, wrong


def judge_log(server, tenants, secrets):
    log = server.log_path().read_text()
    texts = [ADMIN_TOKEN, *secrets, str(SCORE)]
    for tenant in tenants:
        texts += [*tenant.planted, *tenant.tokens.values()]
    return [f"the log has {text}" for text in texts if text in log]


async def row(args, scratch):
    server = Server([args.sillage], scratch)
    await server.start()
    try:
        chance = random.Random(args.seed)
        workflow = (HERE / "selection.yaml").read_bytes()
        await must(server.port, "POST", "/v1/workflows", workflow)
        tenants = [Tenant(server.port, mark, chance) for mark in ["A", "B"]]
        for tenant in tenants:
            await tenant.build()
        clients = watchers(tenants)
        generator = Generator(chance, tenants, await documented(server.port))
        wrong = await ask_all(args, server, generator, clients, chance)
        secrets, given_back = await plant_everywhere(server, chance)
        wrong += given_back + judge_log(server, tenants, secrets)
        taken = sum(client.taken for client in clients)
        say(f"  {args.requests} requests on {len(generator.table)} routes by {len(clients)} "
            f"clients, {taken} of them taken; {len(clients[0].forbidden)} strings or more each")
        if taken < args.requests * TAKEN_SHARE_MIN:
            wrong.append("hardly a request was taken, so that nothing could be seen")
        return wrong
    finally:
        server.kill()


if __name__ == "__main__":
    main(row, requests=10_000)
