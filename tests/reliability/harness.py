"""A server under test: started in a folder of its own, watched, and ended by its recorded pid.

Every row of the plan is a program that calls `main(row)`; `row(args, scratch)` gives the list of
what it found wrong, empty when all held, or raises Skipped with the reason. Whoever repeats a run
gives it the printed seed. The scratch folder (data, record, logs) is kept when something is wrong.
"""

import argparse
import asyncio
import ctypes
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ADMIN_TOKEN = "sil_" + "a1b2c3d4" * 8
# A start replays what is behind; a debug build under strace needs longer than any promise says.
START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 15
# Options that name a file of the build tree.
PROGRAMS = ("sillage", "faulty", "replay", "crowd", "clock")
EXIT_SKIPPED = 77
EXIT_STORAGE = 74
EXIT_NEWER_SCHEMA = 78
LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNS = 0x00020000  # sched.h
PR_SET_PDEATHSIG = 1  # sys/prctl.h


class Skipped(Exception):
    """The machine, or the server as it stands, does not let this row be run."""


class NotStarted(Exception):
    """The server ended, or was not ready in time, when it was started."""


class Server:
    """`sillage serve` on a port of its own choice. Only one process at a time."""

    def __init__(self, program, scratch, data=None, prefix=(), environment=None):
        self.program = [str(part) for part in program]
        self.scratch = Path(scratch)
        self.data = Path(data or self.scratch / "data")
        self.prefix = list(prefix)
        self.environment = environment or {}
        self.port = 0
        self.process = None
        self.starts = 0
        self.ready_seconds = 0.0

    def log_path(self):
        return self.scratch / f"server.{self.starts}.log"

    def spawn(self, faults=(), sandbox=False):
        """Starts the process, and does not wait until it is ready."""
        assert self.process is None or self.process.poll() is not None
        self.starts += 1
        command = self.prefix + self.program + list(faults)
        command += ["serve", "--data", str(self.data), "--listen", f"127.0.0.1:{self.port}"]
        command += ["--sandbox"] if sandbox else []
        environment = {**os.environ, "SILLAGE_ADMIN_TOKEN": ADMIN_TOKEN, **self.environment}
        with open(self.log_path(), "wb") as log:
            # Its working directory marks it as ours; kill() asks for it.
            self.process = subprocess.Popen(
                command, cwd=self.scratch, env=environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, preexec_fn=die_with_parent)

    async def start(self, faults=(), sandbox=False):
        """Returns when it is ready."""
        began = time.monotonic()
        self.spawn(faults, sandbox)
        while not await self.is_ready():
            if self.process.poll() is not None:
                raise NotStarted(f"the server ended with {self.process.returncode} when it was "
                                 f"started: {self.last_words()}")
            if time.monotonic() - began > START_SECONDS_MAX:
                raise NotStarted(f"the server is not ready: {self.last_words()}")
            await asyncio.sleep(0.01)
        self.ready_seconds = time.monotonic() - began

    async def is_ready(self):
        found = re.search(r'"address":"127\.0\.0\.1:(\d+)"', self.log_path().read_text())
        if found is None:
            return False
        self.port = int(found.group(1))
        return (await answer_of(self.port, "GET", "/readyz"))[0] == 200

    def last_words(self):
        return " ".join(self.log_path().read_text().splitlines()[-3:])

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def send_signal(self, number):
        """To the process that this object started, and only while it runs where it was put."""
        if not self.is_running():
            return False
        if os.readlink(f"/proc/{self.process.pid}/cwd") != str(self.scratch.resolve()):
            raise RuntimeError("the recorded pid is not ours any more")
        self.process.send_signal(number)
        return True

    def pause(self):
        """Returns when every thread has stopped: one that is within a call ends that first."""
        self.send_signal(signal.SIGSTOP)
        end = time.monotonic() + STOP_SECONDS_MAX
        tasks = Path(f"/proc/{self.process.pid}/task")
        while any(" T " not in (task / "stat").read_text() for task in tasks.iterdir()):
            if time.monotonic() > end:
                raise RuntimeError("the server cannot be paused")
            time.sleep(0.001)

    def kill(self):
        met = self.send_signal(signal.SIGKILL)
        if self.process is not None:
            self.process.wait(STOP_SECONDS_MAX)
        return met

    def stop(self):
        """Orderly; its exit status."""
        self.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS_MAX)

    async def wait_for_end(self, seconds):
        """Its exit status, or None when it still runs after that time."""
        end = time.monotonic() + seconds
        while self.is_running() and time.monotonic() < end:
            await asyncio.sleep(0.02)
        return self.process.poll()


class Connection:
    """One HTTP/1.1 connection with keep-alive. Raises OSError or EOFError when it ends."""

    def __init__(self, port):
        self.port = port
        self.streams = None

    async def request(self, method, path, token=None, body=None, headers=(), seconds=10):
        """Status, lower-case headers, and the body: JSON read, else text."""
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
        if token:
            lines.append(f"Authorization: Bearer {token}")
        payload = b""
        if body is not None:
            payload = body if isinstance(body, bytes) else json.dumps(body).encode()
            kind = "application/yaml" if isinstance(body, bytes) else "application/json"
            if not any(name.lower() == "content-type" for name, _ in headers):
                lines.append(f"Content-Type: {kind}")
            lines.append(f"Content-Length: {len(payload)}")
        lines += [f"{name}: {value}" for name, value in headers]
        text = "\r\n".join(lines + ["", ""]).encode() + payload
        try:
            return await asyncio.wait_for(self.exchange(text), seconds)
        except asyncio.TimeoutError as error:
            self.close()
            raise OSError("no answer in time") from error
        except (OSError, EOFError):
            self.close()
            raise

    async def open(self):
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)

    async def exchange(self, text):
        await self.open()
        reader, writer = self.streams
        writer.write(text)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        content = await reader.readexactly(int(fields.get("content-length", 0)))
        if fields.get("connection") == "close":
            self.close()
        is_json = "json" in fields.get("content-type", "")
        return int(head[0].split()[1]), fields, json.loads(content) if is_json else content.decode()

    def close(self):
        if self.streams is not None:
            self.streams[1].close()
            self.streams = None


async def answer_of(port, method, path, body=None, token=ADMIN_TOKEN, headers=()):
    """Status and body of one request on a connection of its own; status 0 when nobody answers."""
    connection = Connection(port)
    try:
        status, _, content = await connection.request(method, path, token, body, headers)
        return status, content
    except (OSError, EOFError):
        return 0, None
    finally:
        connection.close()


async def must(port, method, path, body=None, token=ADMIN_TOKEN):
    """The body of a request that has to succeed."""
    status, content = await answer_of(port, method, path, body, token)
    if status // 100 != 2:
        raise RuntimeError(f"{method} {path} was answered {status}: {content}")
    return content


def has_subcommand(program, word):
    """Whether the program's help names `sillage WORD`."""
    outcome = subprocess.run([*program, "--help"], capture_output=True, text=True, check=True)
    return re.search(rf"^ +{word} ", outcome.stdout, re.MULTILINE) is not None


def sillage(program, *words):
    """Runs a subcommand to its end: exit status and all that it said."""
    outcome = subprocess.run([*program, *map(str, words)], capture_output=True, text=True,
                             check=False, timeout=600)
    return outcome.returncode, (outcome.stdout + outcome.stderr).strip()


def copy_folder(source, target):
    """A data folder's files; a killed server has left its socket beside them."""
    shutil.copytree(source, target, ignore=lambda folder, names: [
        name for name in names if (Path(folder) / name).is_socket()])


def need_tool(name):
    if shutil.which(name) is None:
        raise Skipped(f"{name} is not installed")


def private_mounts():
    """From now on what this process mounts is seen by it and its children alone, and ends with
    them, however they end."""
    if os.geteuid() != 0:
        raise Skipped("only root may mount a file system")
    if LIBC.unshare(CLONE_NEWNS) != 0:
        raise Skipped("this machine lets nobody have mounts of its own")
    mount("--make-rprivate", "/")


def mount(*words):
    mounted = subprocess.run(["mount", *words], capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        raise Skipped(f"no file system can be mounted here: {mounted.stderr.strip()}")


def die_with_parent():
    """In a child: a harness that is killed leaves no server behind."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def say(text):
    print(text, flush=True)


def arguments(options):
    parser = argparse.ArgumentParser()
    parser.add_argument("--sillage", required=True, help="the program under test")
    parser.add_argument("--faulty", help="sillage_faulty: the program with its fault points")
    parser.add_argument("--replay", help="replay_folder: compares stored state and replay")
    parser.add_argument("--seed", type=int, default=None)
    for name, default in options.items():
        parser.add_argument(f"--{name}", type=type(default), default=default)
    args = parser.parse_args()
    for name in PROGRAMS:
        if getattr(args, name, None):  # a server has a working directory of its own
            setattr(args, name, os.path.abspath(getattr(args, name)))
    args.program = [args.sillage]
    if args.seed is None:
        args.seed = random.SystemRandom().randrange(1, 1_000_000)
    return args


def main(row, **options):
    """Runs one row of the plan and ends the process: 0 held, 1 did not hold, 77 skipped."""
    args = arguments(options)
    name = Path(sys.argv[0]).stem
    given = [word for word in sys.argv[1:] if not word.startswith("--seed")]
    say(f"{name}: seed {args.seed}; repeat: {sys.argv[0]} {' '.join(given)} --seed={args.seed}")
    scratch = Path(tempfile.mkdtemp(prefix=f"reliability-{name}-"))
    status = EXIT_SKIPPED
    try:
        wrong = asyncio.run(row(args, scratch))
        status = 1 if wrong else 0
        for line in wrong[:40]:
            say(f"{name}: WRONG: {line}")
        if len(wrong) > 40:
            say(f"{name}: and {len(wrong) - 40} more")
    except Skipped as reason:
        say(f"{name}: SKIPPED: {reason}")
    except NotStarted as reason:
        status = 1
        say(f"{name}: WRONG: {reason}")
    except BaseException:
        status = 1
        say(f"{name}: broke off")
        raise
    finally:
        if status == 1:
            say(f"{name}: kept {scratch}")
        else:
            shutil.rmtree(scratch, ignore_errors=True)
    if status != EXIT_SKIPPED:
        say(f"{name}: {'FAILED' if status else 'held'}")
    sys.exit(status)
