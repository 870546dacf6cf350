"""Gathers what a run left behind, has it checked, and says which checks could not be asked."""

import functools
import shutil
import subprocess
import time

import checker
from harness import HERE, has_subcommand, say, sillage
from load import read_log

# C5's reference is not ours. The version that the figures elsewhere in this tree are of.
XSTATE = "xstate@5.33.3"
NPM_SECONDS_MAX = 120


async def judge(args, server, record, is_true_clock=True):
    """All that is wrong with a run whose load has ended and whose server still runs; stops it.
    `is_true_clock`: the server's clock was the clients' all the time."""
    log_path = server.scratch / "log.jsonl"
    ended_at = time.time()  # what fires while the log is read is in some of its lines only
    await read_log(server.port, log_path)
    status = server.stop()
    first, calls = checker.read_record(record)
    log = checker.read_log(log_path)
    wrong = [] if status == 0 else [f"the server ended with {status} when asked to stop"]
    invalid = checker.validity(calls)
    wrong += [invalid] if invalid else []
    wrong += checker.check(calls, log, ended_at)
    wrong += checker.early_timers(calls, log, first["epoch_ns"]) if is_true_clock else []
    wrong += fold(log_path)
    wrong += stored_state(args, server)
    done = sum(call["outcome"] == "ok" for call in calls)
    unknown = sum(call["outcome"] == "unknown" for call in calls)
    entries = sum(len(line["entries"]) for line in log.values())
    say(f"  {len(calls)} calls, {done} ok, {unknown} unknown; "
        f"{len(log)} instances, {entries} entries; {len(wrong)} wrong")
    return wrong


@functools.cache
def xstate_folder():
    """Where XState is installed, kept for all runs; None where npm cannot fetch it."""
    folder = HERE.parents[1] / "build" / "reliability"
    if not (folder / "node_modules" / "xstate").is_dir():
        if shutil.which("npm") is None or shutil.which("node") is None:
            return None
        folder.mkdir(parents=True, exist_ok=True)
        try:
            fetched = subprocess.run(
                ["npm", "install", "--silent", "--no-audit", "--no-fund", "--no-save",
                 "--fetch-retries=0", "--prefix", folder, XSTATE],
                capture_output=True, check=False, timeout=NPM_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            return None
        if fetched.returncode != 0:
            return None
    shutil.copy(HERE / "fold.mjs", folder)  # a module finds its packages beside itself
    return folder


def fold(log_path):
    folder = xstate_folder()
    if folder is None:
        say(f"  C5 not asked: npm cannot fetch {XSTATE}")
        return []
    with open(log_path, "rb") as log:
        folded = subprocess.run(["node", folder / "fold.mjs"], stdin=log, capture_output=True,
                                text=True, check=False)
    if folded.returncode != 0:
        return [f"C5 broke off: {folded.stderr.strip()}"]
    return folded.stdout.splitlines()


def stored_state(args, server):
    """C10, the chain, as `sillage verify` tells it; C7, that each payload holds what its step gives
    again, and C10, that the last step gives what is stored, as replay_folder tells them."""
    wrong = []
    if has_subcommand(args.program, "verify"):
        status, words = sillage(args.program, "verify", server.data)
        wrong += [] if status == 0 else [f"C10 verify: {words[-500:]}"]
    else:
        say("  C10 not asked in full: there is no `sillage verify`")
    if args.replay:
        status, words = sillage([args.replay], server.data)
        wrong += [] if status == 0 else [f"C7 or C10 replay: {words[-500:]}"]
    else:
        say("  C7 not asked in full: there is no replay program")
    return wrong
