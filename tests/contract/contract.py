#!/usr/bin/env python3
"""The server against its own OpenAPI document: every operation once with success, then generated
requests, valid and invalid by the schemas. No answer may have a status, a member or a header that
the document does not name, none may be a 5xx, and no body that the document forbids may be taken.

0: all held; 1: something did not; 77: jsonschema is not installed.
"""

import json
import random
import re
import sys
import urllib.parse
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "matrix"), str(HERE.parent / "reliability")]

import harness  # noqa: E402
from client import Client  # noqa: E402
from document import operations_of  # noqa: E402
from generate import MALFORMED, Generator, encoded  # noqa: E402
from matrix import Requests, Row, read_table, set_up  # noqa: E402
from world import CALLERS, UNKNOWN, World  # noqa: E402

FAULTS_SHOWN_EACH = 3
SHARE_OF_MIGHTY = 0.6
EVERYONE = "everyone"
REPOSITORY = HERE.parents[1]
WORKFLOWS = [*sorted((REPOSITORY / "workflows").glob("*.yaml")),
             REPOSITORY / "tests" / "server" / "routes" / "export-readiness.yaml"]

# What is not the same when it is asked for twice: it counts its readers, or goes on by itself.
GOES_ON = {"/metrics", "/v1/webhooks/{id}/deliveries", "/v1/webhooks/{id}/deliveries/{delivery}"}


class Trial:
    def __init__(self, world, document, seed):
        self.world = world
        self.client = world.client
        self.chance = random.Random(seed)
        self.operations = operations_of(document)
        # Most of what can go wrong goes wrong where instances step.
        self.weights = [6 if "/instances/{id}" in operation.path else 1
                        for operation in self.operations]
        self.known = known_things(world)
        self.generator = Generator(self.chance, self.known)
        self.requests = Requests(world)
        self.faults = {}
        self.counts = {}

    def note(self, operation, fault):
        lines = self.faults.setdefault(operation.name, [])
        if fault not in lines and len(lines) < FAULTS_SHOWN_EACH:
            lines.append(fault)

    def judge(self, operation, answer, sent):
        self.counts[answer.status] = self.counts.get(answer.status, 0) + 1
        if answer.status >= 500:
            self.note(operation, f"{answer.status}: {answer.text[:200]} to {sent}")
        for fault in operation.faults(answer):
            self.note(operation, f"{fault} [to {sent}]")

    def each_once(self):
        """About the own things: what the matrix knows to work."""
        rows = {row.name(): row for row in read_table()}
        for operation in self.operations:
            row = rows.get(operation.name)
            if row is None or not any("+" in cell for cell in row.cells.values()):
                continue
            kind = row.kind.removesuffix("[]")
            thing = "" if kind == "nothing" else self.thing_of(row, kind)
            path = self.requests.path(row, thing, granted(row))
            body = self.requests.body(row, thing)
            answer = self.client.ask(row.method, path, self.world.tokens[granted(row)], body)
            self.judge(operation, answer, f"{row.method} {path}")
            if answer.status // 100 != 2 and answer.status != 303:
                self.note(operation, f"the documented request is answered {answer.status}: "
                                     f"{answer.text[:200]}")
            if row.method == "GET" and row.path not in GOES_ON:
                self.ask_head(operation, path, (answer, granted(row)))

    def ask_head(self, operation, path, asked):
        """HEAD is GET without the body."""
        answer, caller = asked
        head = self.client.ask("HEAD", path, self.world.tokens[caller])
        alike = head.status == answer.status and all(
            head.headers.get(name) == answer.headers.get(name)
            for name in ("content-type", "content-length", "etag", "cache-control", "vary"))
        if not alike or head.text:
            self.note(operation, f"HEAD is answered {head.status} with {head.headers}")

    def other_methods(self):
        """What a path does not have is 405, with what it has."""
        methods = {}
        for operation in self.operations:
            methods.setdefault(operation.path, set()).add(operation.method)
        for path, known in methods.items():
            allowed = known | {"OPTIONS"} | ({"HEAD"} if "GET" in known else set())
            for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - known:
                answer = self.client.ask(method, re.sub(r"[{}]", "", path), None)
                told = set(answer.headers.get("allow", "").split(", "))
                if answer.status not in (405, 501) or answer.status == 405 and told != allowed:
                    self.note(next(one for one in self.operations if one.path == path),
                              f"{method} is answered {answer.status}, Allow {sorted(told)}")

    def thing_of(self, row: Row, kind):
        things = self.world.things[kind]
        return things.get("own/own") or things.get("own") or self.world.own("admin")

    def query_of(self, operation):
        pairs = []
        for parameter in operation.parameters("query"):
            if self.chance.random() < 0.3:
                value = self.generator.value(parameter["schema"], parameter["name"])
                if self.chance.random() < 0.2:
                    value = self.chance.choice(["", "x", "-1", "201", "9" * 30, "%", "\u00e9"])
                pairs.append((parameter["name"], str(value)))
        if self.chance.random() < 0.05:
            pairs.append(("unknown", "1"))
        return "?" + urllib.parse.urlencode(pairs) if pairs else ""

    def path_of(self, operation):
        path = operation.path
        kind = path.split("/")[2] if path.startswith("/v1/") else ""
        for parameter in operation.parameters("path"):
            name = parameter["name"]
            meant = self.known.get(kind if name == "id" else name, ["x"])
            value = self.chance.choice(meant)
            if self.chance.random() < 0.2:
                value = self.chance.choice(["x", "..", "a b", "\u00e9", "0", "9" * 30,
                                            value[:4] + UNKNOWN, "'--"])
            path = path.replace("{" + name + "}", urllib.parse.quote(value, safe=""))
        return path

    def headers_of(self, operation):
        headers = {}
        for parameter in operation.parameters("header"):
            if self.chance.random() < 0.3:
                headers[parameter["name"]] = self.chance.choice(
                    {"Idempotency-Key": ["key-1", f"key-{self.chance.random()}", "a b", "x" * 256],
                     "If-Match": ['"1"', '"999"', "*", "nonsense"], "If-None-Match": ['"1"', "*"],
                     "Sillage-On-Behalf-Of": ["acc_0", *self.world.accounts.values()],
                     "Last-Event-ID": ["0", "3", "x", "9" * 30],
                     "Accept-Language": ["fr", "de-CH,fr;q=0.5", ";;"]}[parameter["name"]])
        return headers

    def event_at(self, path):
        """An event that the workflow knows where the instance stands, its form filled in, rightly
        or not; None of what is no instance."""
        place = re.match(r"/v1/instances/(ins_\w+)/", path)
        if place is None or self.chance.random() < 0.3:
            return None
        answer = self.client.ask("GET", f"/v1/instances/{place.group(1)}/actions",
                                 self.world.tokens[EVERYONE])
        if answer.status != 200 or not answer.json()["items"]:
            return None
        offer = self.chance.choice(answer.json()["items"])
        if not offer["form"]:
            return {"event": offer["event"]}
        data = self.generator.value(offer["form"])
        if self.chance.random() < 0.3:
            data = self.generator.invalid(offer["form"], data)
        return {"event": offer["event"], "data": data}

    def body_of(self, operation, path):
        """What is sent, and whether the document forbids it."""
        if operation.body_schema is None or operation.body_schema.get("type") == "string":
            text = self.chance.choice([b"workflow: x", b"", (HERE.parent / "matrix" /
                                                            "matrix.yaml").read_bytes()])
            return ((self.chance.choice(operation.body_kinds), text), False) \
                if operation.body_kinds else (None, False)
        kind = operation.body_kinds[0]
        luck = self.chance.random()
        if luck < 0.1:
            return (kind, self.chance.choice(MALFORMED)), True
        if luck < 0.15:
            return (self.chance.choice(["text/plain", "application/xml", ""]), b"{}"), True
        event = self.event_at(path)
        if event is not None:
            return (kind, json.dumps(event).encode()), not operation.allows(event)
        value = self.generator.value(operation.body_schema)
        if luck < 0.5:
            value = self.generator.invalid(operation.body_schema, value)
        return (kind, encoded(kind, value)), not operation.allows(value)

    def one(self):
        operation = self.chance.choices(self.operations, self.weights)[0]
        is_mighty = self.chance.random() < SHARE_OF_MIGHTY
        caller = self.chance.choice(["admin", "network", EVERYONE] if is_mighty else CALLERS)
        path = self.path_of(operation) + self.query_of(operation)
        body, is_forbidden = self.body_of(operation, path)
        answer = self.client.ask(operation.method, path, self.world.tokens[caller], body,
                                 self.headers_of(operation))
        sent = f"{operation.method} {path} {body and body[1][:200]} as {caller}"
        self.judge(operation, answer, sent)
        if is_forbidden and answer.status // 100 == 2:
            self.note(operation, f"a body that the document forbids is taken: {sent}")


def granted(row):
    """A caller who may, about the own thing; an administrator rather than others."""
    return next((caller for caller in ["admin", "network", *CALLERS]
                 if row.cells[caller].startswith("+")), "admin")


def enrich(world):
    """The shipped workflows, an instance of each for every company, and an account that holds every
    role of all of them: forms, guards, deadlines and children."""
    names = [world.client.must("POST", "/v1/workflows", world.root,
                               ("application/yaml", file.read_bytes()))["name"]
             for file in WORKFLOWS]
    for company in world.things["company"].values():
        for name in names:
            world.things["instance"][f"{company} {name}"] = world.make(
                "/v1/instances", {"workflow": name, "company": company})
    roles = {role["name"] for name in names for role in
             world.client.must("GET", f"/v1/workflows/{name}", world.root)["roles"]}
    bindings = [{"role": role} for role in sorted(roles - {"system", "sme"})]
    bindings += [{"role": "sme", "company": company} for company in world.things["company"].values()]
    world.tokens[EVERYONE] = world.token(world.account(EVERYONE, bindings))[1]


def known_things(world):
    """What paths, parameters and members are likely to name: by the name of each."""
    things = world.things
    ids = {kind: [thing for thing in things[kind].values() if thing] for kind in things}
    lost = world.account("of lost tokens", [{"role": "auditor"}])
    webhooks = [world.make("/v1/webhooks", {"url": "https://hooks.invalid/", "cluster": cluster,
                                            "types": ["none"]}) for cluster in world.clusters]
    deliveries = [world.make(f"/v1/webhooks/{webhook}/test", {}) for webhook in webhooks]
    return {"clusters": ids["cluster"], "cluster": ids["cluster"], "companies": ids["company"],
            "company": ids["company"], "cohorts": ids["cohort"], "cohort": ids["cohort"],
            "instances": ids["instance"], "instance": ids["instance"],
            "accounts": ids["account"] + [lost], "token": [world.token(lost)[0] for _ in range(20)],
            "workflow": ["matrix"], "name": ["matrix", "Ana", "Élan"], "version": ["1", "2"],
            "sequence": ["0", "1", "2"], "code": ["role", "guard", "none"],
            "event": ["note", "none"], "webhooks": webhooks, "delivery": deliveries,
            "inbound": ["src_0"], "received": ["rcv_0"],
            "role": ["sme", "mentor", "evaluator", "manager"], "country": ["FR", "DE"],
            "by": ["1 minute", "soon"], "to": ["2028-01-01T00:00:00Z"],
            "due_before": ["2028-01-01T00:00:00Z"]}


async def run(args, scratch):
    server = harness.Server(args.program, scratch, environment={"SILLAGE_ADMIN_TOKEN": ""})
    await server.start(sandbox=True)
    try:
        client = Client(server.port)
        world = World(client, set_up(server, client))
        enrich(world)
        trial = Trial(world, client.ask("GET", "/openapi.json").json(), args.seed)
        trial.each_once()
        trial.other_methods()
        for _ in range(args.requests):
            trial.one()
        harness.say(f"{len(trial.operations)} operations, answers by status: "
                    f"{dict(sorted(trial.counts.items()))}")
    finally:
        server.stop()
    return [f"{name}: {fault}" for name, faults in sorted(trial.faults.items())
            for fault in faults]


if __name__ == "__main__":
    harness.main(run, requests=5000)
