"""The load program: clients that send, repeat, read and list, and a record of every call.

A line of the record is one call, written when it ended: `client, op, tenant, instance, key,
invoke_ns, return_ns` (monotonic; null: never), `outcome` one of `ok`, `no` (definitely not
applied), `unknown` (time-out, reset, 5xx), and what an ok said: `seq`, `to`, `replayed`.
The first line says the seed and what to add to a monotonic instant to get wall-clock time.
The token of an event's data is its Idempotency-Key, so the log names the call it came from.
"""

import asyncio
import json
import random
import time

from harness import ADMIN_TOKEN, HERE, Connection, must

CLUSTERS = 2
ACCOUNTS_PER_CLUSTER = 8
# What the chart takes where; the clients believe the last state that anyone of them was told.
LEGAL = {
    "ready": ["run", "run", "note", "note", "split"],
    "running.slow": ["stop", "faster"],
    "running.fast": ["stop", "slower"],
    "tired": ["resume"],
    "split.left.open": ["left.close", "right.close", "abort"],
    "split.right.open": ["right.close", "abort"],
}
EVENTS = sorted({event for events in LEGAL.values() for event in events})
# Of ten events this many are what the chart should take; the others test its refusals.
LEGAL_OF_TEN = 9
KEYS_REMEMBERED = 64
IDLE_AT_ONCE = 32


class World:
    """What the load runs on: accounts of two tenants, and instances that all clients share."""

    def __init__(self):
        self.tenants = []  # {"cluster", "company", "tokens", "instances"}
        self.states = {}  # instance -> states as last told

    async def build(self, port, instances):
        await must(port, "POST", "/v1/workflows", (HERE / "relay.yaml").read_bytes())
        for number in range(CLUSTERS):
            cluster = (await must(port, "POST", "/v1/clusters",
                                  {"name": f"Cluster {number}", "country": "FR"}))["id"]
            company = (await must(port, "POST", "/v1/companies",
                                  {"cluster": cluster, "name": f"Company {number}",
                                   "country": "FR", "segment": "finished_products",
                                   "headcount": 10, "turnover_eur": 1000000,
                                   "balance_sheet_eur": 1000000}))["id"]
            self.tenants.append({"cluster": cluster, "company": company, "instances": []})
        await self.renew_tokens(port)
        for number in range(instances):
            tenant = self.tenants[number % CLUSTERS]
            started = await must(port, "POST", "/v1/instances",
                                 {"workflow": "relay", "company": tenant["company"],
                                  "context": {"token": f"world-{number}"}})
            self.know(tenant, started["id"], started["states"])

    async def add_idle(self, port, count):
        """Instances that nobody sends anything: what a server holds beside its work."""
        body = {"workflow": "relay", "company": self.tenants[0]["company"]}
        for first in range(0, count, IDLE_AT_ONCE):
            await asyncio.gather(*(
                must(port, "POST", "/v1/instances", {**body, "context": {"token": f"world-i{n}"}})
                for n in range(first, min(first + IDLE_AT_ONCE, count))))

    async def renew_tokens(self, port):
        """For clients to come: a token is good for a year of the server's clock."""
        for tenant in self.tenants:
            tenant["tokens"] = [await self.account(port, tenant["cluster"])
                                for _ in range(ACCOUNTS_PER_CLUSTER)]

    @staticmethod
    async def account(port, cluster):
        account = await must(port, "POST", "/v1/accounts",
                             {"name": "Runner", "roles": [{"role": "runner", "cluster": cluster}]})
        token = await must(port, "POST", f"/v1/accounts/{account['id']}/tokens", {"name": "load"})
        return token["token"]

    def know(self, tenant, instance, states):
        if instance not in self.states:
            tenant["instances"].append(instance)
        self.states[instance] = states


class Load:
    """Clients that run until told to stop. The server may come and go meanwhile."""

    def __init__(self, server, world, path, seed, clients=32):
        self.server = server
        self.world = world
        self.file = open(path, "w", buffering=1, encoding="utf-8")  # flushed per line
        self.seed = seed
        self.clients = clients
        self.acks = 0
        self.counts = {"ok": 0, "no": 0, "unknown": 0}
        self.statuses = {}
        self.stopping = False
        self.tasks = []
        self.round = 0
        self.file.write(json.dumps({
            "seed": seed, "epoch_ns": time.time_ns() - time.monotonic_ns()}) + "\n")

    def begin(self):
        self.stopping = False
        self.round += 1
        self.tasks = [asyncio.create_task(Client(self, number).run())
                      for number in range(self.clients)]

    async def end(self):
        """Lets the calls in flight end, and every client its unknown calls be repeated."""
        self.stopping = True
        await asyncio.gather(*self.tasks)

    async def until_acks(self, count, seconds):
        """Until so many state changes more were acknowledged, or the time is over; whether they
        were. A server that lost its accounts acknowledges nothing any more."""
        goal, end = self.acks + count, time.monotonic() + seconds
        while self.acks < goal and time.monotonic() < end:
            await asyncio.sleep(0.005)
            for task in self.tasks:
                if task.done():
                    task.result()  # what ended a client ends the run
        return self.acks >= goal

    def write(self, call):
        self.counts[call["outcome"]] += 1
        status = call.get("status")
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if call["outcome"] == "ok" and call["op"] in ("event", "start") and not call["replayed"]:
            self.acks += 1
        self.file.write(json.dumps(call) + "\n")


class Client:
    def __init__(self, load, number):
        self.load = load
        self.number = number
        self.random = random.Random(f"{load.seed}/{load.round}/{number}")
        self.tenant = load.world.tenants[number % CLUSTERS]
        tokens = self.tenant["tokens"]
        self.token = tokens[number // CLUSTERS % len(tokens)]
        self.connection = None
        self.sent = 0
        self.pending = []  # requests whose outcome is unknown
        self.earlier = []  # requests that were answered

    async def run(self):
        try:
            while not self.load.stopping:
                await self.turn()
            # The last chance of what is unknown: three rounds, for a server that is dying.
            for request in (self.pending * 3)[:3 * KEYS_REMEMBERED]:
                if request in self.pending:
                    await self.write(request)
        finally:
            if self.connection is not None:
                self.connection.close()

    async def turn(self):
        choice = self.random.random()
        if self.pending and choice < 0.7:
            await self.write(self.random.choice(self.pending))
        elif self.earlier and choice < 0.08:
            await self.write(self.random.choice(self.earlier))
        elif choice < 0.26:
            await self.read()
        elif choice < 0.28:
            await self.list()
        elif choice < 0.29:
            await self.write(self.new_start())
        else:
            await self.write(self.new_event())

    def new_key(self):
        self.sent += 1
        return f"{self.load.seed}-{self.load.round}-{self.number}-{self.sent}"

    def new_start(self):
        key = self.new_key()
        return {"op": "start", "instance": None, "key": key, "path": "/v1/instances",
                "body": {"workflow": "relay", "company": self.tenant["company"],
                         "context": {"token": key}}}

    def new_event(self):
        instance = self.random.choice(self.tenant["instances"])
        legal = [event for state in self.load.world.states[instance]
                 for event in LEGAL.get(state, [])]
        takes = legal and self.random.randrange(10) < LEGAL_OF_TEN
        event = self.random.choice(legal if takes else EVENTS)
        key = self.new_key()
        return {"op": "event", "instance": instance, "key": key,
                "path": f"/v1/instances/{instance}/events",
                "body": {"event": event, "data": {"token": key}}}

    async def call(self, op, instance, key, method, path, body=None):
        """One recorded call; gives its line and the answer's body. Waits for a server first: what
        was never sent is no call."""
        await self.connect()
        headers = [("Idempotency-Key", key)] if key else []
        line = {"client": self.number, "op": op, "tenant": self.tenant["cluster"],
                "instance": instance, "key": key, "invoke_ns": time.monotonic_ns(),
                "return_ns": None, "outcome": "unknown", "replayed": False}
        body_of_answer = None
        try:
            status, fields, body_of_answer = await self.connection.request(
                method, path, self.token, body, headers)
            line["status"] = status
            line["return_ns"] = time.monotonic_ns() if status < 500 else None
            line["outcome"] = "ok" if status < 300 else "no" if status < 500 else "unknown"
            line["replayed"] = fields.get("idempotency-replayed") == "true"
            if status >= 400:
                line["code"] = body_of_answer.get("type", "")
            if line.get("code") == "/problems/in-progress":
                # Nothing is known yet of the request that it repeats.
                line.update(return_ns=None, outcome="unknown")
        except (OSError, EOFError) as error:
            line["why"] = repr(error)
        return line, body_of_answer

    async def connect(self):
        end = time.monotonic() + 60
        while True:
            if self.connection is None or self.connection.port != self.load.server.port:
                self.connection = Connection(self.load.server.port)
            try:
                await self.connection.open()
                return
            except OSError:
                if time.monotonic() > end:
                    raise
                await asyncio.sleep(0.02)

    async def write(self, request):
        line, body = await self.call(request["op"], request["instance"], request["key"], "POST",
                                     request["path"], request["body"])
        if line["outcome"] == "ok":
            status = body["instance"] if request["op"] == "event" else body
            line.update(seq=body["sequence"], to=status["states"], instance=status["id"])
            if not line["replayed"]:
                self.load.world.know(self.tenant, status["id"], status["states"])
        self.load.write(line)
        self.remember(request, line["outcome"])
        if line["outcome"] == "unknown" or line["status"] in (401, 404, 429):
            # A server that cannot, for want of space, of time or of its data, is not asked without
            # a pause.
            await asyncio.sleep(0.05)

    def remember(self, request, outcome):
        if outcome == "unknown":
            if request not in self.pending:
                self.pending.append(request)
            return
        if request in self.pending:
            self.pending.remove(request)
        if request not in self.earlier:
            self.earlier.append(request)
            del self.earlier[:-KEYS_REMEMBERED]

    async def read(self):
        instance = self.random.choice(self.tenant["instances"])
        line, body = await self.call("read", instance, None, "GET", f"/v1/instances/{instance}")
        if line["outcome"] == "ok":
            line.update(seq=body["sequence"], to=body["states"])
            self.load.world.know(self.tenant, instance, body["states"])
        self.load.write(line)

    async def list(self):
        state = self.random.choice(["ready", "tired", "running", "split"])
        line, body = await self.call("list", None, None, "GET",
                                     f"/v1/instances?workflow=relay&stage={state}&limit=50")
        if line["outcome"] == "ok":
            line["items"] = [[item["id"], item["sequence"], item["states"]]
                             for item in body["items"]]
        self.load.write(line)


async def read_log(port, path):
    """Writes the whole log, as the API tells it, to a file of lines `{instance, sequence, states,
    entries}`."""
    with open(path, "w", encoding="utf-8") as file:
        async for instance in pages(port, "/v1/instances?workflow=relay"):
            entries = [entry async for entry in
                       pages(port, f"/v1/instances/{instance['id']}/history?")]
            file.write(json.dumps({
                "instance": instance["id"], "sequence": instance["sequence"],
                "states": instance["states"], "entries": entries}) + "\n")


async def pages(port, path):
    connection = Connection(port)
    cursor = ""
    while True:
        status, _, body = await connection.request(
            "GET", f"{path}&limit=200".replace("?&", "?") + cursor, ADMIN_TOKEN)
        if status != 200:
            raise RuntimeError(f"{path} was answered {status}: {body}")
        for item in body["items"]:
            yield item
        if body["next_cursor"] is None:
            connection.close()
            return
        cursor = f"&cursor={body['next_cursor']}"


async def begin_load(args, server, scratch, instances, idle=0):
    """A world of so many instances on a running server, and the load that has begun on it. It
    leaves some of them idle, and sends the others all the more."""
    world = World()
    await world.build(server.port, instances)
    await world.add_idle(server.port, idle)
    load = Load(server, world, scratch / "record.jsonl", args.seed)
    load.begin()
    return world, load
