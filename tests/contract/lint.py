#!/usr/bin/env python3
"""The OpenAPI document under Spectral's `oas` rules, all of them: no error and no warning.

0: none; 1: some; 77: npm cannot fetch Spectral.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "matrix"), str(HERE.parent / "reliability")]

import harness  # noqa: E402
from client import Client  # noqa: E402

SPECTRAL = "@stoplight/spectral-cli@6.16.3"
NPM_SECONDS_MAX = 240
SPECTRAL_SECONDS_MAX = 120


def spectral():
    """The program, kept for all runs."""
    folder = HERE.parents[1] / "build" / "contract"
    program = folder / "node_modules" / ".bin" / "spectral"
    if program.exists():
        return program
    harness.need_tool("npm")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        fetched = subprocess.run(
            ["npm", "install", "--silent", "--no-audit", "--no-fund", "--no-save",
             "--fetch-retries=0", "--prefix", folder, SPECTRAL],
            capture_output=True, check=False, timeout=NPM_SECONDS_MAX)
    except subprocess.TimeoutExpired as slow:
        shutil.rmtree(folder / "node_modules", ignore_errors=True)
        raise harness.Skipped("npm takes too long") from slow
    if fetched.returncode != 0:
        raise harness.Skipped(f"npm cannot fetch {SPECTRAL}")
    return program


async def run(args, scratch):
    program = spectral()
    server = harness.Server(args.program, scratch)
    await server.start(sandbox=True)
    try:
        text = Client(server.port).ask("GET", "/openapi.json").text
    finally:
        server.stop()
    document = scratch / "openapi.json"
    document.write_text(text)
    judged = subprocess.run(
        [program, "lint", document, "--ruleset", HERE / "ruleset.yaml", "--format", "json",
         "--quiet", "--fail-severity", "hint"],
        capture_output=True, text=True, check=False, timeout=SPECTRAL_SECONDS_MAX)
    if judged.returncode not in (0, 1):
        return [f"Spectral broke off: {judged.stderr[-500:]}"]
    findings = json.loads(judged.stdout)
    return [f"{'.'.join(map(str, one['path']))}: {one['code']}: {one['message']}"
            for one in findings]


if __name__ == "__main__":
    harness.main(run)
