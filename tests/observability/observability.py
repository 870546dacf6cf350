#!/usr/bin/env python3
"""What a running server tells of itself: metrics that promtool finds nothing wrong with, log lines
that are JSON and hold no secret, and traces that are passed on."""

import json
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "reliability"))

import harness  # noqa: E402
from harness import ADMIN_TOKEN, answer_of, must  # noqa: E402

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
SERIES_MAX = 5000
EXPECTED = [
    'sillage_http_requests_total{method="POST",route="/v1/instances",status="2xx"} 1',
    'sillage_http_requests_total{method="POST",route="/v1/instances/{id}/events",status="2xx"} 1',
    'sillage_http_requests_total{method="none",route="none",status="4xx"} 1',
    "sillage_entries_total 2",
    "sillage_stream_clients 0",
    "sillage_timers_fired_total 0"]
GROWING = ["sillage_commit_seconds_count", "sillage_fsync_seconds_count", "sillage_step_seconds_count",
           "sillage_engine_wait_seconds_count", "process_resident_memory_bytes"]


async def work(port):
    """An instance and one event, refused and taken; both with a trace."""
    await must(port, "POST", "/v1/workflows",
               (HERE.parent / "reliability" / "relay.yaml").read_bytes())
    cluster = (await must(port, "POST", "/v1/clusters", {"name": "A", "country": "FR"}))["id"]
    company = (await must(port, "POST", "/v1/companies",
                          {"cluster": cluster, "name": "M", "country": "FR"}))["id"]
    account = (await must(port, "POST", "/v1/accounts",
                          {"name": "R", "roles": [{"role": "runner", "cluster": cluster}]}))["id"]
    token = (await must(port, "POST", f"/v1/accounts/{account}/tokens", {"name": "t"}))["token"]
    instance = (await must(port, "POST", "/v1/instances",
                           {"workflow": "relay", "company": company}))["id"]
    status, _ = await answer_of(port, "POST", f"/v1/instances/{instance}/events",
                                {"event": "note", "data": {"token": "t-1"}}, token,
                                [("traceparent", TRACEPARENT)])
    return instance, token, status


def check_text(text):
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    wrong = [f"/metrics lacks {line}" for line in EXPECTED if line not in lines]
    for name in GROWING:
        found = re.search(rf"^{name} (\S+)$", text, re.MULTILINE)
        if found is None or float(found.group(1)) <= 0:
            wrong.append(f"{name} has counted nothing")
    wrong += [f"{len(lines)} series"] if len(lines) > SERIES_MAX else []
    return wrong


def promtool(text):
    if shutil.which("promtool") is None:
        harness.say("  promtool SKIPPED: it is not installed")
        return []
    judged = subprocess.run(["promtool", "check", "metrics"], input=text, text=True,
                            capture_output=True, check=False)
    said = (judged.stdout + judged.stderr).strip()
    return [f"promtool: {said}"] if judged.returncode or said else []


def check_log(path, secrets):
    """Every line is JSON with the same first members; the traced request is found by its trace."""
    text = path.read_text()
    lines = [json.loads(line) for line in text.splitlines() if line]
    wrong = [f"a line lacks at or event: {line}" for line in lines
             if not {"at", "event"} <= line.keys()]
    wrong += ["TM18: the log has a token" for secret in secrets if secret in text]
    traced = [line for line in lines if line.get("trace_id") == TRACE]
    if not any(line["event"] == "request" and line["status"] == 200
               and line["route"] == "/v1/instances/{id}/events" for line in traced):
        wrong.append(f"the log does not tell of the traced request: {traced}")
    return wrong


def metrics(port, token=None):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, ""


async def row(args, scratch):
    server = harness.Server(args.program, scratch, environment={"SILLAGE_LOG_REQUESTS": "true"})
    await server.start()
    wrong = []
    try:
        instance, token, status = await work(server.port)
        wrong += [] if status == 200 else [f"the event was answered {status}"]
        await answer_of(server.port, "GET", "/nowhere")
        history = await must(server.port, "GET", f"/v1/instances/{instance}/history")
        if history["items"][-1].get("traceparent") != TRACEPARENT:
            wrong.append(f"the history lacks the trace: {history['items'][-1]}")
        status, text = metrics(server.port)
        wrong += [] if status == 200 else [f"/metrics was answered {status}"]
        wrong += check_text(text) + promtool(text)
        wrong += [f"/metrics tells of {secret}" for secret in (instance, token) if secret in text]
    finally:
        wrong += [] if server.stop() == 0 else ["the server did not end well"]
    wrong += check_log(server.log_path(), [token, ADMIN_TOKEN])
    return wrong + await with_token(args, scratch)


async def with_token(args, scratch):
    """TM44: where a token is set, nobody reads metrics without it."""
    server = harness.Server(args.program, scratch, environment={"SILLAGE_METRICS_TOKEN": "m-token"})
    await server.start()
    answers = [metrics(server.port, token)[0] for token in (None, "other", ADMIN_TOKEN, "m-token")]
    server.stop()
    return [] if answers == [404, 404, 404, 200] else [f"TM44: /metrics is answered {answers}"]


if __name__ == "__main__":
    harness.main(row)
