"""The checks C1 to C10: what clients were told, held against the log as read afterwards.

Every ok carries its sequence and the log names the key of each entry, so nothing is searched for:
each check is a look-up, O(n log n) in all. `check(calls, log, …)` gives one line a violation, which
begins with the check's id. Times are monotonic nanoseconds; a call that never returned, returns at
infinity.
"""

import bisect
import json
from collections import defaultdict
from datetime import datetime

FOREVER = float("inf")
SUCCESSES_PER_MINUTE_MIN = 1000
UNKNOWN_SHARE_MAX = 0.5
WRITES = ("event", "start")
# These refuse the call and say nothing of the key: another call of it may have been executed.
PASSING = ("/problems/in-progress", "/problems/rate-limit")
# P4: a timer fires at most a second late at rest, five after a restart.
TIMER_GRACE_SECONDS = 5
# Due instants are milliseconds, and the wall clock may be slewed while a run lasts.
CLOCK_SECONDS = 0.05


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def read_record(path):
    """The record's first line, and its calls."""
    first, *calls = read_lines(path)
    return first, calls


def read_log(path):
    return {line["instance"]: line for line in read_lines(path)}


class History:
    """The calls by key and the log by token, each looked up once."""

    def __init__(self, calls, log):
        self.calls = calls
        self.log = log
        self.by_key = defaultdict(list)
        for call in calls:
            if call["key"]:
                self.by_key[call["key"]].append(call)
        self.place = {}  # token -> (instance, sequence), the first time it occurs
        for instance, line in log.items():
            for entry in line["entries"]:
                token = token_of(entry)
                if token is not None:
                    self.place.setdefault(token, (instance, entry["sequence"]))

    def entry(self, instance, sequence):
        """The instance's entry with that sequence, wherever it stands."""
        entries = self.log.get(instance, {"entries": []})["entries"]
        if 0 < sequence <= len(entries) and entries[sequence - 1]["sequence"] == sequence:
            return entries[sequence - 1]
        return next((entry for entry in entries if entry["sequence"] == sequence), None)


def token_of(entry):
    data = entry["data"]
    return data.get("token") if isinstance(data, dict) else None


def returned(call):
    return FOREVER if call["return_ns"] is None else call["return_ns"]


def check(calls, log, ended_at=None, world_tokens="world-"):
    """All violations of what can be told from the record and the log alone: C1 to C4, C6, C7, C9 and
    the links of C10. `ended_at`: when the log was read, an epoch second; without it no timer is
    expected to have fired."""
    history = History(calls, log)
    return [*lost_acks(history), *repeats_and_gaps(history), *ghosts(history, world_tokens),
            *real_time_order(history), *stale_reads(history), *effects(log),
            *timers(history, ended_at), *broken_links(history)]


def validity(calls):
    """Why the run says nothing, or None. A run in which nothing succeeds breaks no rule either."""
    writes = [call for call in calls if call["op"] in WRITES]
    done = [call for call in writes if call["outcome"] == "ok"]
    unknown = [call for call in calls if call["outcome"] == "unknown"]
    if not done:
        return "invalid: nothing succeeded"
    began = min(call["invoke_ns"] for call in calls)
    ended = max(call["return_ns"] or call["invoke_ns"] for call in calls)
    rate = len(done) / max(ended - began, 1) * 60e9
    if rate < SUCCESSES_PER_MINUTE_MIN:
        return f"invalid: {rate:.0f} successes a minute; at least {SUCCESSES_PER_MINUTE_MIN} count"
    if len(unknown) > len(calls) * UNKNOWN_SHARE_MAX:
        return f"invalid: {len(unknown)} of {len(calls)} outcomes are unknown"
    return None


def lost_acks(history):
    """C1: every ok is in the log at its sequence with its key and the states it was told."""
    for call in history.calls:
        if call["op"] not in WRITES or call["outcome"] != "ok":
            continue
        entry = history.entry(call["instance"], call["seq"])
        place = f"{call['instance']} at {call['seq']}"
        if entry is None:
            yield f"C1 lost: {call['key']} was acknowledged for {place}, which is not in the log"
        elif token_of(entry) != call["key"]:
            yield f"C1 lost: {call['key']} was acknowledged for {place}; " \
                  f"there the log has {token_of(entry)}"
        elif entry["to"] != call["to"]:
            yield f"C1 told otherwise: {call['key']} was told {call['to']}, the log {entry['to']}"


def repeats_and_gaps(history):
    """C2: sequences are 1, 2, 3 …; a key is executed at most once and answered alike for ever."""
    seen = {}
    for instance, line in history.log.items():
        for index, entry in enumerate(line["entries"]):
            if entry["sequence"] != index + 1:
                yield f"C2 gap: {instance} has {entry['sequence']} where {index + 1} belongs"
                break
        for entry in line["entries"]:
            token = token_of(entry)
            if token is None:
                continue
            here = f"{instance} at {entry['sequence']}"
            if token in seen:
                yield f"C2 twice: {token} took effect in {seen[token]} and in {here}"
            seen[token] = here
        yield from last_is_told(instance, line)
    for key, calls in history.by_key.items():
        yield from answered_alike(key, calls)


def last_is_told(instance, line):
    entries = line["entries"]
    if not entries or entries[-1]["sequence"] < line["sequence"]:
        yield f"C2 cut: {instance} is at {line['sequence']}, its log ends before"


def answered_alike(key, calls):
    final = sorted((call for call in calls if is_final(call)), key=returned)
    for first, later in zip(final, final[1:]):
        if returned(first) >= later["invoke_ns"]:
            continue
        if first["status"] != later["status"] or first.get("seq") != later.get("seq"):
            yield f"C2 answers: {key} was answered {first['status']} at {first.get('seq')}, " \
                  f"then {later['status']} at {later.get('seq')}"
        elif not later["replayed"] and first["outcome"] == "ok":
            yield f"C2 answers: {key} was repeated without Idempotency-Replayed"


def is_final(call):
    """Whether the answer is one that is stored for repeats (api.md, section 4)."""
    return call["outcome"] == "ok" or (
        call.get("status") in (403, 409, 412, 422) and call.get("code") not in PASSING)


def ghosts(history, world_tokens):
    """C3: every entry comes from a call that was not refused, or from a timer (C9)."""
    for instance, line in history.log.items():
        for entry in line["entries"]:
            token = token_of(entry)
            here = f"{instance} at {entry['sequence']}"
            if token is None:
                if not is_timer(entry):
                    yield f"C3 ghost: {here} ({entry['event']}) comes from no call"
                continue
            if token.startswith(world_tokens):
                continue
            calls = history.by_key.get(token, [])
            if not calls:
                yield f"C3 ghost: {here} has {token}, which nobody sent"
            elif any(is_final(call) and call["outcome"] == "no" for call in calls):
                yield f"C3 ghost: {here} has {token}, which was refused"
            elif all(call["outcome"] == "no" for call in calls):
                yield f"C3 ghost: {here} has {token}, which was never let in"
            elif calls[0]["instance"] not in (None, instance):
                yield f"C3 ghost: {here} has {token}, which was sent to {calls[0]['instance']}"


def is_timer(entry):
    return entry["actor"]["id"] == "system" and entry["event"].startswith("after.")


def spans(history, instance):
    """Of an instance: (sequence, first invoked, first returned) of each entry that a key made."""
    for entry in history.log[instance]["entries"]:
        calls = history.by_key.get(token_of(entry), [])
        if calls:
            done = [returned(call) for call in calls if call["outcome"] == "ok"]
            yield (entry["sequence"], min(call["invoke_ns"] for call in calls),
                   min(done, default=FOREVER))


def real_time_order(history):
    """C4: what returned before another was sent, has the smaller sequence."""
    for instance in history.log:
        later_returned, later_sequence = FOREVER, None
        for sequence, invoked, done in sorted(spans(history, instance), reverse=True):
            if later_returned < invoked:
                yield f"C4 order: {instance} had acknowledged {later_sequence} " \
                      f"before {sequence} was sent"
            if done < later_returned:
                later_returned, later_sequence = done, sequence


class Floor:
    """What an observer of an instance must see at least: the largest sequence that anyone had been
    told before."""

    def __init__(self, told):
        self.times, self.most = [], []
        for time, sequence in sorted(told):
            self.times.append(time)
            self.most.append(max(sequence, self.most[-1] if self.most else 0))

    def before(self, time):
        index = bisect.bisect_left(self.times, time)
        return self.most[index - 1] if index else 0


def observations(calls):
    """(call, instance, sequence, states) of all that reads and lists were told."""
    for call in calls:
        if call["outcome"] != "ok":
            continue
        if call["op"] == "read":
            yield call, call["instance"], call["seq"], call["to"]
        elif call["op"] == "list":
            for instance, sequence, states in call["items"]:
                yield call, instance, sequence, states


def stale_reads(history):
    """C6: what is read is what the log has there, not older than what was known when it was asked,
    and not newer than what had been sent when it was answered."""
    told = defaultdict(list)
    for call in history.calls:
        if call["op"] in WRITES and call["outcome"] == "ok":
            told[call["instance"]].append((call["return_ns"], call["seq"]))
    for call, instance, sequence, _ in observations(history.calls):
        told[instance].append((call["return_ns"], sequence))
    floors = {instance: Floor(all_told) for instance, all_told in told.items()}
    for call, instance, sequence, states in observations(history.calls):
        yield from one_read(history, floors[instance], call, (instance, sequence, states))


def one_read(history, floor, call, seen):
    instance, sequence, states = seen
    entry = history.entry(instance, sequence)
    least = floor.before(call["invoke_ns"])
    if sequence < least:
        yield f"C6 stale: a {call['op']} saw {instance} at {sequence} after {least} was known"
    if entry is None:
        yield f"C6 unreal: a {call['op']} saw {instance} at {sequence}, which is not in the log"
    elif entry["to"] != states:
        yield f"C6 unreal: a {call['op']} saw {instance} at {sequence} in {states}, " \
              f"the log has {entry['to']}"
    else:
        sent = [one["invoke_ns"] for one in history.by_key.get(token_of(entry), [])]
        if sent and min(sent) > call["return_ns"]:
            yield f"C6 unreal: a {call['op']} saw {instance} at {sequence} before it was sent"


def seconds_of(instant):
    return datetime.fromisoformat(instant.replace("Z", "+00:00")).timestamp()


def timers(history, ended_at):
    """C9: a timer fires once or never, not before it is due, and not never when it is due."""
    for instance, line in history.log.items():
        pending = {}  # event -> (id, due)
        for entry in line["entries"]:
            here = f"{instance} at {entry['sequence']}"
            if is_timer(entry):
                fired = pending.pop(entry["event"], None)
                if fired is None:
                    yield f"C9 twice: {here} fires {entry['event']}, which is not pending"
                elif seconds_of(entry["at"]) < fired[1]:
                    yield f"C9 early: {here} fires {entry['event']} before it is due"
            for effect in entry.get("effects", []):
                if effect["kind"] == "cancel_timer":
                    pending = {event: timer for event, timer in pending.items()
                               if timer[0] != effect["id"]}
                elif effect["kind"] == "start_timer":
                    pending[effect["event"]] = (effect["id"], seconds_of(effect["due"]))
        for event, (_, due) in pending.items():
            if ended_at is not None and due + TIMER_GRACE_SECONDS < ended_at:
                yield f"C9 never: {event} of {instance} was due and has not fired"


def early_timers(calls, log, epoch_ns):
    """C9, by the clients' clock: nobody sees a timer's entry before it is due."""
    seen = defaultdict(list)  # instance -> (sequence, when someone was told of it)
    for call in calls:
        if call["op"] in WRITES and call["outcome"] == "ok":
            seen[call["instance"]].append((call["seq"], call["return_ns"]))
    for call, instance, sequence, _ in observations(calls):
        seen[instance].append((sequence, call["return_ns"]))
    for instance, line in log.items():
        due = {}  # event -> epoch second
        told, first = sorted(seen[instance], reverse=True), FOREVER
        entries = line["entries"]
        fired = []
        for entry in entries:
            if is_timer(entry) and entry["event"] in due:
                fired.append((entry["sequence"], due[entry["event"]]))
            for effect in entry.get("effects", []):
                if effect["kind"] == "start_timer":
                    due[effect["event"]] = seconds_of(effect["due"])
        for sequence, due_at in reversed(fired):
            while told and told[0][0] >= sequence:
                first = min(first, told.pop(0)[1])
            if (first + epoch_ns) / 1e9 < due_at - CLOCK_SECONDS:
                yield f"C9 early: {instance} at {sequence} was seen before it was due"


def broken_links(history):
    """C10, the part that the API shows: each entry names the hash of the one before."""
    for instance, line in history.log.items():
        entries = line["entries"]
        for before, after in zip(entries, entries[1:]):
            if after["previous_hash"] != before["hash"]:
                yield f"C10 chain: {instance} at {after['sequence']} names another entry before it"


def effects(log):
    """C7, what can be told before anything is sent: each `run` emits one event, with its token, and
    nothing else emits any. That the payloads on the disk say the same, replay tells (judge.py)."""
    for instance, line in log.items():
        for entry in line["entries"]:
            emitted = [effect["data"]["token"] for effect in entry.get("effects", [])
                       if effect["kind"] == "emit"]
            expected = [token_of(entry)] if entry["event"] == "run" else []
            if emitted != expected:
                yield f"C7 effects: {instance} at {entry['sequence']} ({entry['event']}) " \
                      f"emitted {emitted}, not {expected}"
