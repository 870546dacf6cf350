#!/usr/bin/env python3
"""Who may do what: every route of the OpenAPI document, asked by every caller about every thing,
against matrix.txt. UPDATE_MATRIX=1 writes down what was met; read every line of the difference.

0: all held; 1: something did not.
"""

import base64
import hashlib
import hmac
import os
import re
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "reliability")]

import harness  # noqa: E402
from client import Client  # noqa: E402
from doors import differences  # noqa: E402
from world import CALLERS, UNKNOWN, World  # noqa: E402

SIX = ["own/own", "own/colleague", "own/unrelated", "other/own", "other/colleague",
       "other/unrelated"]
TARGETS = {"instance": SIX, "company": SIX, "cohort": SIX, "account": SIX,
           "cluster": ["own", "other"], "nothing": [""]}
LETTERS = {401: "!", 403: "x", 404: "0"}
# What browsers and proxies may keep.
PUBLIC = {"/openapi.json", "/docs", "/assets/{name}", "/problems/{code}"}
# What works only with something that this server has not: the test that goes through it says so.
PROVED_ELSEWHERE = {"GET /login/oidc": "tests/login/provider_login.py",
                    "GET /login/oidc/callback": "tests/login/provider_login.py",
                    "POST /v1/inbound/{id}/deliver": "tests/webhooks/inbound.py"}
# What differs between two answers that are alike.
OWN_HEADERS = {"date", "x-request-id", "ratelimit", "retry-after"}


class Failures:
    def __init__(self):
        self.lines = []

    def add(self, text):
        self.lines.append(text)


class Row:
    """`METHOD /path kind cell...`: a cell for each caller, a letter for each of the things."""

    def __init__(self, line):
        words = line.split()
        self.method, self.path, self.kind = words[:3]
        self.is_list = self.kind.endswith("[]")
        self.cells = dict(zip(CALLERS, words[3:]))

    def name(self):
        return f"{self.method} {self.path}"

    def targets(self):
        return TARGETS[self.kind.removesuffix("[]")]


def read_table():
    lines = (HERE / "matrix.txt").read_text().splitlines()
    return [Row(line) for line in lines if re.match(r"(GET|POST|PATCH|DELETE|PUT) ", line)]


def write_table(rows):
    """The text before the first row stays as it is."""
    path = HERE / "matrix.txt"
    before = [line for line in path.read_text().splitlines()
              if not re.match(r"(GET|POST|PATCH|DELETE|PUT) ", line)]
    lines = []
    for row in rows:
        cells = " ".join(f"{row.cells[caller]:<7}" for caller in CALLERS)
        lines.append(f"{row.method:<6} {row.path:<46} {row.kind:<10} {cells}".rstrip())
    path.write_text("\n".join(before + lines) + "\n")


class Requests:
    """What is sent on a route about a thing, such that whoever may do it succeeds."""

    def __init__(self, world):
        self.world = world
        self.client = world.client
        self.counter = 0
        self.delegations = {}
        self.webhooks = {}
        self.sources = {}

    def fresh(self):
        self.counter += 1
        return self.counter

    def token_of(self, account):
        if account.endswith(UNKNOWN):
            return f"tok_{UNKNOWN}"
        return self.world.token(account)[0]

    def incident_of(self, instance):
        """Of an instance that is known: the one that is open."""
        if instance.endswith(UNKNOWN):
            return 1
        shown = self.client.must("GET", f"/v1/instances/{instance}", self.world.root)
        return shown["incident"]["sequence"] if shown["incident"] else 0

    def delegation_of(self, account):
        """One in that account's place, always the same."""
        if account.endswith(UNKNOWN):
            return f"dlg_{UNKNOWN}"
        if account not in self.delegations:
            made = self.client.must("POST", "/v1/delegations", self.world.root,
                                    self.post_v1_delegations(account))
            self.delegations[account] = made["id"]
        return self.delegations[account]

    def session_of(self, caller):
        """One that a browser of the caller's has begun; of who has no account: any."""
        if caller not in self.world.accounts or caller in ("expired", "revoked"):
            return "ses_none"
        self.client.ask("POST", self.world.link(self.world.own(caller)))
        sessions = self.client.must("GET", "/v1/me/sessions", self.world.tokens[caller])
        return sessions["items"][-1]["id"]

    def webhook_of(self, cluster, method):
        """One of that cluster, always the same while it lives."""
        if cluster.endswith(UNKNOWN):
            return f"whk_{UNKNOWN}"
        if cluster not in self.webhooks or method == "DELETE":
            made = self.client.must("POST", "/v1/webhooks", self.world.root,
                                    self.post_v1_webhooks(cluster))
            if method == "DELETE":
                return made["id"]
            self.webhooks[cluster] = made["id"]
        return self.webhooks[cluster]

    def source_of(self, cluster, method):
        if cluster.endswith(UNKNOWN):
            return f"src_{UNKNOWN}"
        if cluster not in self.sources or method == "DELETE":
            made = self.client.must("POST", "/v1/inbound", self.world.root,
                                    self.post_v1_inbound(cluster))
            if method == "DELETE":
                return made["id"]
            self.sources[cluster] = made
        return self.sources[cluster]["id"]

    def kept_of(self, cluster):
        """A message that could not be mapped."""
        if cluster.endswith(UNKNOWN):
            return "rcv_0"
        source, stamp = self.sources[cluster], str(int(time.time()))
        name, key = f"msg_{self.fresh()}", base64.b64decode(source["secret"][6:])
        mac = hmac.new(key, f"{name}.{stamp}.{{}}".encode(), hashlib.sha256).digest()
        answer = self.client.ask("POST", source["deliver"], None, ("application/json", b"{}"), {
            "webhook-id": name, "webhook-timestamp": stamp,
            "webhook-signature": "v1," + base64.b64encode(mac).decode()})
        return answer.json()["received"]

    def delivery_of(self, webhook):
        made = self.client.must("POST", f"/v1/webhooks/{webhook}/test", self.world.root, {})
        return made["id"]

    def path(self, row, thing, caller="admin"):
        path = row.path
        if path.startswith("/v1/delegations/"):
            path = path.replace("{id}", self.delegation_of(thing))
        if path.startswith("/v1/webhooks/"):
            webhook = self.webhook_of(thing, row.method)
            path = path.replace("{id}", webhook)
            if "{delivery}" in path:
                path = path.replace("{delivery}", "dlv_0" if webhook.endswith(UNKNOWN)
                                    else self.delivery_of(webhook))
        if path.startswith("/v1/inbound/") and thing:
            path = path.replace("{id}", self.source_of(thing, row.method))
            if "{received}" in path:
                path = path.replace("{received}", self.kept_of(thing))
        if row.path.startswith("/login/{"):
            path = self.world.link(self.world.own("our mentor"))
        words = {"{id}": lambda: thing or self.session_of(caller),
                 "{token}": lambda: self.token_of(thing),
                 "{sequence}": lambda: str(self.incident_of(thing)),
                 "{name}": lambda: self.asset() if "assets" in path else "matrix",
                 "{version}": lambda: "1", "{code}": lambda: "role"}
        for word in re.findall(r"\{\w+\}", path):
            path = path.replace(word, words[word]())
        return path

    def asset(self):
        page = self.client.ask("GET", "/docs").text
        return re.search(r'href="/assets/([^"]+)"', page).group(1)

    def body(self, row, thing):
        make = getattr(self, re.sub(r"\W+", "_", row.name().lower()).strip("_"), None)
        if make is not None:
            return make(thing)
        return {} if row.method in ("POST", "PATCH") else None

    def post_v1_accounts(self, cluster):
        return {"name": "new", "roles": [{"role": "auditor", "cluster": cluster}]}

    def post_v1_accounts_id_tokens(self, _):
        return {"name": "new"}

    def patch_v1_accounts_id(self, _):
        return {"email": f"a{self.fresh()}@example.com"}

    def post_v1_delegations(self, account):
        helper = self.world.make("/v1/accounts", {"name": "helper", "roles": []})
        return {"from": account, "to": helper, "ends_at": "2027-12-31T00:00:00Z", "reason": "away"}

    def post_v1_webhooks(self, cluster):
        return {"url": "https://hooks.invalid/", "cluster": cluster, "types": ["none"]}

    def post_v1_inbound(self, cluster):
        return {"name": "source", "cluster": cluster,
                "mapping": {"event": "payload.event", "instance": "payload.instance"}}

    def patch_v1_webhooks_id(self, _):
        return {"name": f"New {self.fresh()}"}

    def post_v1_login(self, _):
        return {"email": "ana@example.com"}

    def post_login(self, _):
        return "application/x-www-form-urlencoded", b"email=ana%40example.com"

    def post_v1_clusters(self, _):
        return {"name": "New"}

    def post_v1_companies(self, cluster):
        return {"name": "New", "cluster": cluster}

    def post_v1_companies_import(self, _):
        return "text/csv", b"key,name\n"

    def patch_v1_companies_id(self, _):
        return {"headcount": self.fresh()}

    def post_v1_cohorts(self, cluster):
        return {"name": "New", "cluster": cluster, "workflow": "matrix"}

    def patch_v1_cohorts_id(self, _):
        return {"name": f"New {self.fresh()}"}

    def post_v1_cohorts_id_events(self, _):
        return {"event": "note"}

    def post_v1_instances(self, company):
        return {"workflow": "matrix", "company": company}

    def post_v1_instances_id_events(self, _):
        return {"event": "note"}

    post_v1_instances_id_explain = post_v1_instances_id_events

    def post_v1_workflows(self, _):
        return "application/yaml", (HERE / "matrix.yaml").read_bytes()

    def post_v1_sandbox_advance(self, _):
        return {"by": "1 minute"}

    def post_v1_setup(self, _):
        return {"code": "not-the-code"}


def unknown_like(thing):
    return thing[:4] + UNKNOWN


def comparable(answer, thing):
    """What an answer tells, but for the thing's own name."""
    headers = {name: value for name, value in answer.headers.items() if name not in OWN_HEADERS}
    text = re.sub(r"(dlg|whk|dlv|src|rcv)_\w+", "ID", answer.text.replace(thing, "ID"))
    return answer.status, text, headers


class Run:
    def __init__(self, world, failures):
        self.world = world
        self.client = world.client
        self.requests = Requests(world)
        self.failures = failures
        self.asked = 0
        self.pages = {}

    def send(self, row, caller, thing):
        self.asked += 1
        return self.client.ask(row.method, self.requests.path(row, thing, caller),
                               self.world.tokens[caller], self.requests.body(row, thing))

    def thing(self, row, caller, target):
        kind = row.kind.removesuffix("[]")
        if kind == "nothing":
            return ""
        return self.world.things[kind][target] or self.world.own(caller)

    def cell(self, row, caller):
        return (self.list_cell if row.is_list else self.thing_cell)(row, caller)

    def thing_cell(self, row, caller):
        letters = ""
        for target in row.targets():
            thing = self.thing(row, caller, target)
            answer = self.send(row, caller, thing)
            self.check_headers(row, answer)
            letter = "+" if answer.status // 100 == 2 or answer.status == 303 else LETTERS.get(answer.status)
            if letter is None:
                letter = "?"
                self.failures.add(f"{row.name()} as {caller} on {target or 'nothing'} was answered "
                                  f"{answer.status}: {answer.text[:300]}")
            if letter == "0" and thing:
                self.check_unknown(row, caller, (thing, answer))
            letters += letter
        return letters

    def check_unknown(self, row, caller, hidden):
        """What must not be known is answered exactly like what does not exist."""
        thing, answer = hidden
        stranger = unknown_like(thing)
        expected = self.send(row, caller, stranger)
        if comparable(answer, thing) != comparable(expected, stranger):
            self.failures.add(f"TM1: {row.name()} as {caller} tells {thing} from an unknown id:\n"
                              f"  {comparable(answer, thing)}\n  {comparable(expected, stranger)}")

    def check_headers(self, row, answer):
        """TM19: nobody keeps what is somebody's; what may be kept is the same for everybody."""
        kept = answer.headers.get("cache-control", "").startswith("public, max-age=")
        is_public = row.path in PUBLIC and answer.status in (200, 304)
        varies = "Authorization" in answer.headers.get("vary", "")
        is_right = kept if is_public else answer.headers.get("cache-control") == "no-store"
        if not is_right or row.path.startswith("/v1/") and not varies:
            self.failures.add(f"TM19: {row.name()} gives {answer.status} with {answer.headers}")
        if is_public and self.pages.setdefault(row.path, answer.text) != answer.text:
            self.failures.add(f"TM19: {row.name()} is kept, and not the same for everybody")

    def list_cell(self, row, caller):
        """Which of the things are on the caller's list; or how the list is refused."""
        found, cursor = "", None
        while True:
            query = f"?limit=200&cursor={cursor}" if cursor else "?limit=200"
            self.asked += 1
            answer = self.client.ask("GET", row.path + query, self.world.tokens[caller])
            self.check_headers(row, answer)
            if answer.status != 200:
                return LETTERS.get(answer.status, "?") * len(row.targets())
            found += answer.text
            cursor = next_cursor_of(answer)
            if cursor is None:
                break
        return "".join("+" if stands_in(found, self.thing(row, caller, target)) else "-"
                       for target in row.targets())


def next_cursor_of(page):
    if page.headers.get("content-type", "").startswith("text/csv"):
        link = re.search(r"[?&]cursor=(\w+)", page.headers.get("link", ""))
        return link and link.group(1)
    return page.json()["next_cursor"]


def stands_in(text, thing):
    """As a text of JSON, or as the first cell of a line of CSV."""
    return f'"{thing}"' in text or f"\n{thing}," in text


def documented(client):
    paths = client.ask("GET", "/openapi.json").json()["paths"]
    return {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}


def check_table(rows, routes, failures):
    named = [row.name() for row in rows]
    for route in sorted(routes - set(named)):
        failures.add(f"TM1: {route} has no line in tests/matrix/matrix.txt")
    for route in sorted(set(named) - routes):
        failures.add(f"TM1: the line of {route} has no route")
    for row in rows:
        for caller in CALLERS:
            if len(row.cells.get(caller, "")) != len(row.targets()):
                failures.add(f"TM1: {row.name()}: {caller}'s cell has not a letter for each thing")


def compare(rows, met, proved, failures):
    for row in rows:
        for caller in CALLERS:
            expected, found = row.cells.get(caller), met[row.name()][caller]
            if expected != found:
                failures.add(f"TM1: {row.name()} as {caller}: expected {expected}, met {found}")
        granted = any("+" in cell for cell in met[row.name()].values())
        if not granted and row.name() not in proved and row.name() not in PROVED_ELSEWHERE:
            failures.add(f"TM1: nobody's request on {row.name()} works, so it proves nothing")


def check_open_routes(client, failures):
    """TM44: what anybody may ask tells nothing."""
    health = client.ask("GET", "/healthz")
    if health.text != '{"status":"ok"}':
        failures.add(f"TM44: /healthz tells {health.text}")
    elsewhere = {"X-Forwarded-For": "192.0.2.7"}  # as a proxy on this machine asks
    if client.ask("GET", "/metrics", headers=elsewhere).status != 404:
        failures.add("TM44: /metrics is answered to others than this machine")
    for path in ("/debug", "/debug/pprof", "/debug/vars", "/actuator", "/server-status",
                 "/.env", "/v1/debug", "/v1/config", "/admin"):
        if client.ask("GET", path).status not in (401, 404):
            failures.add(f"TM44: {path} is answered")


def code_of(server, client):
    """Of the link that the first start printed."""
    code = re.search(r"/setup/(\S+)", server.log_path().read_text()).group(1)
    if client.ask("GET", f"/setup/{code}").status != 200:
        raise RuntimeError("there is no set-up page")
    return code


def set_up(server, client):
    """The first administrator's token."""
    return client.must("POST", "/v1/setup", None, {"code": code_of(server, client)})["token"]


# What set_up goes through: a link works once, so that no cell of the table can.
PROVED_BY_SET_UP = {"GET /setup/{code}", "POST /v1/setup"}


async def proved_by_page(args, scratch):
    """What works on a server of its own: the same by the page's button."""
    server = harness.Server(args.program, scratch, environment={"SILLAGE_ADMIN_TOKEN": ""})
    await server.start(sandbox=True)
    try:
        client = Client(server.port)
        page = client.ask("POST", f"/setup/{code_of(server, client)}")
        token = re.search(r"<pre>(sil_[^<]+)</pre>", page.text).group(1)
        client.must("GET", "/v1/me", token)
        return PROVED_BY_SET_UP | {"POST /setup/{code}"}
    finally:
        server.stop()


async def run(args, scratch):
    (scratch / "page").mkdir()
    proved = await proved_by_page(args, scratch / "page")
    server = harness.Server(args.program, scratch, environment={"SILLAGE_ADMIN_TOKEN": ""})
    await server.start(sandbox=True)
    failures = Failures()
    try:
        client = Client(server.port)
        world = World(client, set_up(server, client))
        rows = read_table()
        routes = documented(client)
        check_table(rows, routes, failures)
        trial = Run(world, failures)
        known = [row for row in rows if row.name() in routes]
        met = {row.name(): {caller: trial.cell(row, caller) for caller in CALLERS}
               for row in known}
        if os.environ.get("UPDATE_MATRIX"):
            for row in known:
                row.cells = met[row.name()]
            write_table(rows)
        compare(known, met, proved, failures)
        check_open_routes(client, failures)
        told, asked = differences(world, comparable)
        failures.lines += told
        cells = sum(len(row.targets()) for row in known) * len(CALLERS)
        harness.say(f"{len(known)} routes, {cells} cells, {trial.asked + asked} requests")
    finally:
        server.stop()
    return failures.lines


if __name__ == "__main__":
    harness.main(run)
