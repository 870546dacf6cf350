#!/usr/bin/env python3
"""T1, its calendar: the server's clock is led across both changes of the clocks in Europe/Paris and
across a leap day, from one due time to the next. Every timer, of exact hours, of days, months,
years and working days, and until a date, fires once, at the time that Python's own zone data give
it: the same wall-clock time, moved forward out of a gap, the first of two."""

import asyncio
import calendar
import math
import struct
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import checker
from harness import HERE, Server, main, must, say
from judge import stored_state
from load import World, pages

PARIS = ZoneInfo("Europe/Paris")
HOLIDAYS = (date(2027, 3, 29), date(2027, 11, 1))
# When instances start their timers, Paris time, and the date that one of those waits for.
CASES = (
    (datetime(2027, 3, 26, 14), date(2027, 3, 28)),  # a Friday; Monday is Easter's
    (datetime(2027, 3, 27, 2, 30), date(2027, 3, 29)),  # 02:30 is left out the next day
    (datetime(2027, 3, 28, 1, 59), date(2027, 3, 29)),  # a minute before the gap
    (datetime(2027, 10, 29, 10), date(2027, 10, 31)),  # a Friday; Monday is All Saints'
    (datetime(2027, 10, 30, 2, 30), date(2027, 11, 1)),  # 02:30 comes twice the next day
    (datetime(2027, 10, 31, 2, 59, fold=1), date(2027, 11, 2)),  # the second of two
    (datetime(2028, 1, 31, 9), date(2028, 2, 29)),  # a month later is the leap day
    (datetime(2028, 2, 28, 9), date(2028, 3, 1)),  # and so is a day later
    (datetime(2028, 2, 29, 9), date(2028, 3, 1)),  # a year later there is none
)
# Of each instance: the states of calendar.yaml that wait.
TIMERS = 6
# The clock jumps to this long before a due time, which then comes by itself.
LEAD_SECONDS = 0.4
# The longest that a timer may be late by after a jump: the server's clock is asked every second.
LATE_SECONDS_MAX = 2.5


@dataclass(frozen=True)
class Due:
    at: float  # epoch seconds
    instance: str
    state: str


def epoch(local):
    """Of a wall-clock time in Paris; one in a gap is later by what the gap leaves out."""
    return local.replace(tzinfo=PARIS).timestamp()


def months_later(local, count):
    month = local.month - 1 + count
    year, month = local.year + month // 12, month % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return local.replace(year=year, month=month, day=min(local.day, last), fold=0)


def working_day_later(local):
    day = local.date() + timedelta(days=1)
    while day.weekday() >= 5 or day in HOLIDAYS:
        day += timedelta(days=1)
    return datetime.combine(day, local.time().replace(fold=0))


def dues_of(instance, began, day):
    """Of an instance whose timers began at an instant: what Python reckons."""
    # The server's instants are milliseconds; what it reckons keeps them.
    local = datetime.fromtimestamp(began, PARIS).replace(tzinfo=None)
    return [Due(at, instance, state) for state, at in (
        ("exact", began + 86400), ("day", epoch(local.replace(fold=0) + timedelta(days=1))),
        ("month", epoch(months_later(local, 1))), ("year", epoch(months_later(local, 12))),
        ("working", epoch(working_day_later(local))),
        ("dated", epoch(datetime.combine(day, datetime.min.time()))))]


class Clock:
    """The server's wall clock, which only goes forward here."""

    def __init__(self, path):
        self.path, self.offset = path, 0
        path.write_bytes(struct.pack("=q", 0))

    def now(self):
        return time.time() + self.offset

    def go_to(self, instant):
        """Whole seconds are all that it can jump by; it stays where it is when it is later."""
        self.offset += max(0, math.floor(instant - self.now()))
        with open(self.path, "r+b") as file:
            file.write(struct.pack("=q", self.offset))

    async def wait_for(self, instant):
        self.go_to(instant)
        await asyncio.sleep(max(0, instant - self.now()))


async def row(args, scratch):
    clock = Clock(scratch / "clock")
    server = Server([args.sillage], scratch, environment={
        "LD_PRELOAD": args.clock, "CLOCK_SHIM_FILE": str(clock.path)})
    await server.start()
    await must(server.port, "POST", "/v1/workflows", (HERE / "calendar.yaml").read_bytes())
    world = World()
    await world.build(server.port, 0)
    pending, fired, wrong = [], [], []
    for start, day in CASES:
        # A year that a case waits for may end before the next case begins.
        wrong += await fire(server, clock, pending, fired, epoch(start))
        pending += await arm(server, world, clock, start, day)
    wrong += await fire(server, clock, pending, fired, math.inf)
    say(f"  {len(CASES)} instances, {len(fired)} timers fired, "
        f"late by {max((late for _, late in fired), default=0):.2f} s at most")
    counts = [sum(".armed." in entry["event"] for entry in await history(server, instance))
              for instance in {due.instance for due, _ in fired}]
    server.stop()
    entries = sum(counts)
    if len(fired) != TIMERS * len(CASES) or entries != TIMERS * len(CASES):
        wrong.append(f"T1: {len(fired)} timers fired of {TIMERS * len(CASES)}, {entries} times")
    return wrong + stored_state(args, server)


async def arm(server, world, clock, start, day):
    await clock.wait_for(epoch(start))
    await world.renew_tokens(server.port)
    tenant = world.tenants[0]
    instance = (await must(server.port, "POST", "/v1/instances", {
        "workflow": "calendar", "company": tenant["company"]}))["id"]
    await must(server.port, "POST", f"/v1/instances/{instance}/events",
               {"event": "arm", "data": {"day": day.isoformat()}}, token=tenant["tokens"][0])
    began = checker.seconds_of((await history(server, instance))[-1]["at"])
    return dues_of(instance, began, day)


async def history(server, instance):
    return [entry async for entry in pages(server.port, f"/v1/instances/{instance}/history?")]


async def fire(server, clock, pending, fired, until):
    """Leads the clock to each due time before an instant, in order; what fires otherwise."""
    wrong = []
    while pending and min(due.at for due in pending) < until:
        at = min(due.at for due in pending)
        await clock.wait_for(at - LEAD_SECONDS)
        # What falls due within the same moment is waited for together.
        for due in [due for due in pending if due.at < at + LEAD_SECONDS]:
            pending.remove(due)
            wrong += await await_one(server, clock, due, fired)
    return wrong


async def await_one(server, clock, due, fired):
    """From before its time on, until it has fired."""
    while clock.now() < due.at + LATE_SECONDS_MAX:
        before = clock.now()
        times = [checker.seconds_of(entry["at"]) for entry in await history(server, due.instance)
                 if f".armed.{due.state}." in entry["event"]]
        if not times:
            await asyncio.sleep(0.05)
            continue
        fired.append((due, before - due.at))
        if len(times) == 1 and abs(times[0] - due.at) < 0.001 and clock.now() >= due.at:
            return []
        return [f"T1: {name(due)} fired at {[at - due.at for at in times]} s from then, "
                f"seen {before - due.at:+.3f} s"]
    return [f"T1: {name(due)} has not fired {LATE_SECONDS_MAX} s after it was due"]


def name(due):
    at = datetime.fromtimestamp(due.at, timezone.utc).astimezone(PARIS)
    return f"{due.state} of {due.instance}, due {at.isoformat()},"


if __name__ == "__main__":
    main(row, clock="")
