#!/usr/bin/env python3
"""TM19: a cache in front of the server, nginx with `proxy_cache`, keeps nothing that is somebody's.
Every GET of the document is asked as an administrator, then as nobody: through the cache nobody
must be told what nobody is told without it.

0: all held; 1: something did not; 77: nginx is not installed.
"""

import socket
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "matrix"), str(HERE.parent / "reliability")]

import harness  # noqa: E402
from client import Client  # noqa: E402
from matrix import PUBLIC, Requests, read_table, set_up  # noqa: E402
from world import World  # noqa: E402

START_SECONDS_MAX = 10
# It keeps for ten minutes whatever it is not told to leave alone.
CONFIGURATION = """
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/temp;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    proxy_cache_path {folder}/cache keys_zone=all:1m;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{behind};
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_cache all;
            proxy_cache_valid any 10m;
            add_header X-Cache $upstream_cache_status always;
        }}
    }}
}}
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Cache:
    def __init__(self, folder, behind):
        harness.need_tool("nginx")
        folder.mkdir()
        self.port = free_port()
        path = folder / "nginx.conf"
        path.write_text(CONFIGURATION.format(folder=folder, port=self.port, behind=behind))
        self.process = subprocess.Popen(
            ["nginx", "-p", str(folder), "-c", str(path), "-g", "daemon off; user root;"],
            stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=harness.die_with_parent)
        self.wait()

    def wait(self):
        end = time.monotonic() + START_SECONDS_MAX
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError as reason:
                if time.monotonic() > end or self.process.poll() is not None:
                    raise harness.Skipped("nginx does not start here") from reason
                time.sleep(0.05)

    def stop(self):
        self.process.terminate()
        self.process.wait(START_SECONDS_MAX)


def faults_of(row, path, clients, token):
    """Twice by whoever may, then by nobody: through the cache, and past it."""
    through, past = clients
    first = through.ask("GET", path, token)
    again = through.ask("GET", path, token)
    nobody = through.ask("GET", path)
    expected = past.ask("GET", path)
    faults = []
    if row.path not in PUBLIC and "HIT" in (again.headers["x-cache"], nobody.headers["x-cache"]):
        faults.append(f"TM19: {path} is kept by a cache")
    is_alike = nobody.text == expected.text or row.path == "/metrics"  # which counts its readers
    if nobody.status != expected.status or not is_alike:
        faults.append(f"TM19: through a cache nobody is told {nobody.status} of {path}, "
                      f"not {expected.status}")
    if row.path in PUBLIC and first.status == 200 and again.headers["x-cache"] != "HIT":
        faults.append(f"{path} is kept by no cache, so this proves nothing of the others")
    return faults


async def run(args, scratch):
    server = harness.Server(args.program, scratch, environment={"SILLAGE_ADMIN_TOKEN": ""})
    await server.start(sandbox=True)
    cache = None
    try:
        past = Client(server.port)
        world = World(past, set_up(server, past))
        cache = Cache(scratch / "nginx", server.port)
        requests = Requests(world)
        faults, asked = [], 0
        for row in read_table():
            if row.method != "GET" or row.path.startswith("/setup"):
                continue
            kind = row.kind.removesuffix("[]")
            things = world.things.get(kind, {})
            thing = things.get("own/own") or things.get("own") or world.own("admin")
            faults += faults_of(row, requests.path(row, thing), (Client(cache.port), past),
                                world.tokens["admin"])
            asked += 1
        harness.say(f"{asked} routes")
    finally:
        if cache is not None:
            cache.stop()
        server.stop()
    return faults


if __name__ == "__main__":
    harness.main(run)
