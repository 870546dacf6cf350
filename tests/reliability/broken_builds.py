#!/usr/bin/env python3
"""The checker's own test on the running server: each breakage of engine/base/fault.hpp has to be
caught in at most five runs. A run that is merely invalid has caught nothing."""

import argparse
import re

import d1_io_errors
import k1_kill
import s1_streams
import w1_power_cut
from harness import EXIT_STORAGE, HERE, NotStarted, main, say

RUNS_MAX = 5
# What only a lost power or a failed flush can show; the others show under kills.
BY_POWER_CUT = ("synchronous_normal",)
BY_FAILED_FLUSH = ("flush_retried",)
# What only those see who listen.
BY_LISTENING = ("sse_before_commit",)
# What needs time: the workflow's timers are due after half a second.
BY_TIMERS = ("timer_claim_unlocked",)


def breakages():
    """The header is the list, so that a new breakage cannot be forgotten here."""
    text = (HERE.parents[1] / "engine/base/fault.hpp").read_text()
    block = re.search(r"enum class Breakage \{(.*?)\};", text, re.DOTALL).group(1)
    return re.findall(r"^ +(\w+),", block, re.MULTILINE)


async def row(args, scratch):
    wrong = []
    for name in [args.only] if args.only else breakages():
        for run in range(1, RUNS_MAX + 1):
            folder = scratch / f"{name}-{run}"
            folder.mkdir()
            try:
                caught = await findings(args, folder, name, args.seed + run)
            except NotStarted as reason:
                # The server itself has found its folder damaged, and said so.
                caught = [str(reason)] if f"ended with {EXIT_STORAGE}" in str(reason) else []
            if caught:
                say(f"{name}: caught in run {run}: {caught[0]}")
                break
        else:
            wrong.append(f"{name} was not caught in {RUNS_MAX} runs")
    return wrong


async def findings(args, folder, name, seed):
    options = argparse.Namespace(**{**vars(args), "seed": seed})
    if name in BY_POWER_CUT:
        options.cuts = 20
        found = await w1_power_cut.cuts(options, folder, [args.faulty, f"break={name}"])
    elif name in BY_FAILED_FLUSH:
        found = await d1_io_errors.sweep(options, folder, [args.faulty, f"break={name}"],
                                         ["flush"])
    elif name in BY_LISTENING:
        options.kills, options.acks, options.subscribers = 8, 1200, 8
        found = await s1_streams.kills(options, folder, fault=[f"break={name}"])
    else:
        options.kills, options.acks = (2, 6000) if name in BY_TIMERS else (6, 900)
        options.instances, options.idle = 24, 0
        found = await k1_kill.kills(options, folder, fault=[f"break={name}"])
    # C1 to C10 and D1: what a check says. All else only says that the run went badly.
    return [line for line in found if re.match(r"C\d+ |D1 ", line)]


if __name__ == "__main__":
    main(row, only="")
