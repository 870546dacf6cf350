#!/usr/bin/env python3
"""TM14 and TM39 on every operation of the document, by raw bytes: line ends in every text that a
client can place become no header and no answer of their own; without exactly one Host nothing is
answered but 400.

0: all held; 1: something did not.
"""

import random
import socket
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "matrix"), str(HERE.parent / "reliability")]

import harness  # noqa: E402
from client import Client  # noqa: E402
from document import operations_of  # noqa: E402
from generate import Generator, encoded  # noqa: E402
from matrix import set_up  # noqa: E402
from world import World  # noqa: E402

MARK = "X-Injected: yes"
LINE_ENDS = ["\r\n", "\n", "\r", "\u2028", "\u0085", "\\r\\n"]
IN_PATHS = ["%0d%0a", "%0a", "%0D", "%E5%98%8A%E5%98%8D", "%00", "%c0%8a"]
SECONDS_MAX = 10


def exchange(port, request):
    """All that is answered until the server closes; of a stream, which has no end, the head."""
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS_MAX) as link:
        link.sendall(request)
        answer = b""
        while chunk := link.recv(65536):
            answer += chunk
            if b"\r\nContent-Type: text/event-stream\r\n" in head_of(answer) \
                    and b"\r\n\r\n" in answer:
                return head_of(answer) + b"\r\n\r\n"
    return answer


def head_of(answer):
    return answer.split(b"\r\n\r\n", 1)[0]


def raw(method, path, fields, body=b""):
    lines = [f"{method} {path} HTTP/1.1", *fields, "Connection: close"]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines + ["", ""]).encode() + body


def has_more(answer):
    """Whether the answer has the mark as a header, or goes on behind its length: a body may hold
    what was stored."""
    head = head_of(answer).lower()
    lines = head.replace(b"\r", b"\n").split(b"\n")
    length = next((int(line.split(b":")[1]) for line in lines
                   if line.startswith(b"content-length:")), 0)
    return any(line.startswith(b"x-injected") for line in lines) \
        or len(answer) != len(head) + 4 + length


def poisoned(schema, text):
    """A body that the schema's members allow, with the text in each of its texts."""
    body = {}
    for name, below in schema.get("properties", {}).items():
        kinds = below.get("type", [])
        if "string" in kinds and "pattern" not in below and "format" not in below:
            body[name] = text[:below.get("maxLength", 200)]
        elif "object" in kinds and "properties" not in below:
            body[name] = {text: text, "list": [text]}
    return body


class Trial:
    def __init__(self, world, port):
        self.port = port
        self.world = world
        self.asked = 0
        self.faults = []

    def send(self, operation, path, fields=(), body=b""):
        kind = operation.body_kinds[0] if operation.body_kinds else "application/json"
        own = ["Host: localhost", f"Authorization: Bearer {self.world.tokens['admin']}",
               f"Content-Type: {kind}", *fields]
        self.asked += 1
        answer = exchange(self.port, raw(operation.method, path, own, body))
        if has_more(answer):
            self.faults.append(f"TM14: {operation.name} lets through {path} {body[:200]}")
        if b" 500 " in answer[:20]:
            self.faults.append(f"TM14: {operation.name} breaks over {path} {body[:200]}")
        return answer

    def in_bodies(self, operation):
        if not operation.body_schema or "properties" not in operation.body_schema:
            return
        path = operation.path.replace("{id}", self.thing(operation))
        kind = operation.body_kinds[0]
        for end in LINE_ENDS:
            text = f"name{end}{MARK}{end}{end}HTTP/1.1 200 OK{end}"
            body = poisoned(operation.body_schema, text)
            self.send(operation, path, body=encoded(kind, body))
            # One text at a time, so that what is refused for one is not all that was tried.
            whole = Generator(random.Random(1), self.known()).value(operation.body_schema)
            for name in body:
                self.send(operation, path, body=encoded(kind, {**whole, name: body[name]}))

    def in_addresses(self, operation):
        for end in IN_PATHS:
            text = f"x{end}{MARK.replace(' ', '%20')}{end}{end}"
            path = operation.path
            for parameter in operation.parameters("path"):
                path = path.replace("{" + parameter["name"] + "}", text)
            query = "&".join(f"{one['name']}={text}" for one in operation.parameters("query"))
            self.send(operation, path + (f"?{query}" if query else ""))

    def in_fields(self, operation):
        """A bare line feed or carriage return within a field ends the request with 400."""
        path = operation.path.replace("{id}", self.thing(operation))
        for end in ("\n", "\r", "\x00"):
            answer = self.send(operation, path, [f"Accept-Language: fr{end}{MARK}"])
            if b"\n" != end.encode() and not answer.startswith(b"HTTP/1.1 400 "):
                self.faults.append(f"TM14: {operation.name} takes {end!r} within a field")

    def hosts(self, operation):
        for fields in ([], ["Host: localhost", "Host: localhost"], ["Host: a", "host: b"],
                       ["Host: a, b"], ["Host : localhost"], ["Host: a b"], ["Host: a@b"]):
            self.asked += 1
            answer = exchange(self.port, raw(operation.method, operation.path.replace("{", "").
                                             replace("}", ""), fields))
            if not answer.startswith(b"HTTP/1.1 400 "):
                self.faults.append(f"TM39: {operation.name} with {fields} is answered "
                                   f"{answer[:40]!r}")

    def known(self):
        return {"cluster": [self.world.clusters[0]], "workflow": ["matrix"],
                "company": [self.world.things["company"]["own/own"]], "event": ["note"],
                "country": ["FR"], "role": ["auditor"]}

    def thing(self, operation):
        kinds = {"companies": "company", "cohorts": "cohort", "instances": "instance",
                 "clusters": "cluster"}
        parts = operation.path.split("/")
        things = self.world.things.get(kinds.get(parts[2] if len(parts) > 2 else "", ""), {})
        return things.get("own/own") or things.get("own") or self.world.own("mentor")


async def run(args, scratch):
    server = harness.Server(args.program, scratch, environment={"SILLAGE_ADMIN_TOKEN": ""})
    await server.start(sandbox=True)
    try:
        client = Client(server.port)
        trial = Trial(World(client, set_up(server, client)), server.port)
        operations = operations_of(client.ask("GET", "/openapi.json").json())
        for operation in operations:
            trial.in_bodies(operation)
            trial.in_addresses(operation)
            trial.in_fields(operation)
            trial.hosts(operation)
        # What was stored is shown, and still only as text.
        for operation in operations:
            if operation.method == "GET":
                trial.send(operation, operation.path.replace("{id}", trial.thing(operation)))
        harness.say(f"{len(operations)} operations, {trial.asked} requests")
    finally:
        server.stop()
    return trial.faults


if __name__ == "__main__":
    harness.main(run)
