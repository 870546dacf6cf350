"""An Internet of this process's own, in which every address is this machine: whoever connects to
one is counted, and names lead where the test says. Needs root."""

import asyncio
import ipaddress
import socket
import subprocess

import harness
from harness import LIBC, Skipped

CLONE_NEWNET = 0x40000000  # sched.h
NAME_SERVERS = ["127.0.0.1", "127.0.0.2", "127.0.0.3"]
QUESTION_AT = 12  # RFC 1035, 4.1.1
TYPE_A, TYPE_CNAME, TYPE_AAAA = 1, 5, 28
# An answer to a query, by whoever is asked; no such name.
ANSWERED, NO_SUCH_NAME = 0x8580, 0x8583
NAME_OF_QUESTION, CLASS_IN, LASTS_NOT = b"\xc0\x0c", b"\0\1", b"\0\0\0\0"


def enter(scratch):
    """From now on this process and its children see that network and those name servers alone."""
    harness.need_tool("ip")
    harness.private_mounts()
    if LIBC.unshare(CLONE_NEWNET) != 0:
        raise Skipped("this machine lets nobody have a network of its own")
    for words in (["link", "set", "lo", "up"], ["route", "add", "local", "0.0.0.0/0", "dev", "lo"],
                  ["-6", "route", "add", "local", "::/0", "dev", "lo"]):
        done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Skipped(f"ip {' '.join(words)}: {done.stderr.strip()}")
    files = {"/etc/resolv.conf": "".join(f"nameserver {one}\n" for one in NAME_SERVERS),
             "/etc/nsswitch.conf": "hosts: files dns\n",
             "/etc/hosts": "127.0.0.1 localhost\n::1 localhost ip6-localhost\n"}
    for path, text in files.items():
        own = scratch / path.rpartition("/")[2]
        own.write_text(text)
        harness.mount("--bind", str(own), path)


class Names(asyncio.DatagramProtocol):
    """A name server. `names`: name -> its addresses and, as text, names that it stands for; or a
    function that is asked for them; None: no answer at all."""

    def __init__(self, names):
        self.names = names
        self.asked = []  # names of which an IPv4 address was asked

    async def start(self):
        loop = asyncio.get_running_loop()
        for server in NAME_SERVERS:
            await loop.create_datagram_endpoint(lambda: Answering(self), local_addr=(server, 53))
        return self

    def answer(self, query):
        name, end = name_at(query, QUESTION_AT)
        kind = int.from_bytes(query[end:end + 2], "big")
        if kind == TYPE_A:
            self.asked.append(name)
        found = self.names.get(name, [])
        found = found(kind) if callable(found) else found
        if found is None:
            return None
        found = [one for one in found if type_of(one) in (kind, TYPE_CNAME)]
        records = b"".join(records_of(found))
        count = len(found)
        flags = ANSWERED if name in self.names else NO_SUCH_NAME
        numbers = [flags, 1, count, 0, 0]
        return query[:2] + b"".join(number.to_bytes(2, "big") for number in numbers) + \
            query[QUESTION_AT:end + 4] + records


class Answering(asyncio.DatagramProtocol):
    def __init__(self, names):
        self.names = names
        self.transport = None

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        answer = self.names.answer(data)
        if answer is not None:
            self.transport.sendto(answer, addr)


def name_at(query, place):
    labels = []
    while query[place] != 0:
        labels.append(query[place + 1:place + 1 + query[place]].decode("latin-1").lower())
        place += 1 + query[place]
    return ".".join(labels), place + 1


def type_of(answer):
    try:
        return TYPE_A if ipaddress.ip_address(answer).version == 4 else TYPE_AAAA
    except ValueError:
        return TYPE_CNAME


def wire_name(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def records_of(answers):
    """Each of the name that was asked for, or of the one that it stands for."""
    owner = NAME_OF_QUESTION
    for answer in answers:
        kind = type_of(answer)
        value = wire_name(answer) if kind == TYPE_CNAME else ipaddress.ip_address(answer).packed
        yield b"".join([owner, kind.to_bytes(2, "big"), CLASS_IN, LASTS_NOT,
                        len(value).to_bytes(2, "big"), value])
        owner = value if kind == TYPE_CNAME else owner


class Doors:
    """Every address at these ports. Who comes to `public`, and no other, is let in to the receiver
    when the port is 443."""

    def __init__(self, ports, public, receiver, tls):
        self.ports, self.public, self.receiver, self.tls = ports, public, receiver, tls
        self.met = []  # the addresses and ports that were connected to
        self.tasks = []

    def start(self):
        for port in self.ports:
            for family, host in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
                listener = socket.create_server((host, port), family=family)
                listener.setblocking(False)
                self.tasks.append(asyncio.create_task(self.watch(listener)))
        return self

    async def watch(self, listener):
        loop = asyncio.get_running_loop()
        while True:
            taken, _ = await loop.sock_accept(listener)
            address, port = taken.getsockname()[:2]
            self.met.append((address, port))
            if (address, port) != (self.public, 443):
                taken.close()
                continue
            reader = asyncio.StreamReader()
            protocol = asyncio.StreamReaderProtocol(reader, self.receiver.serve)
            self.tasks.append(asyncio.create_task(
                loop.connect_accepted_socket(lambda p=protocol: p, taken, ssl=self.tls)))

    def elsewhere(self):
        return [one for one in self.met if one != (self.public, 443)]
