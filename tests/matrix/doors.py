"""The side doors: ids that stand in a body or a query instead of the path. Whoever may not know of
a thing must be answered about it exactly as about one that does not exist."""

from world import CALLERS, UNKNOWN

HIDDEN = ["other/colleague", "other/unrelated"]
FILTERS = {"cohort": "cohort", "cluster": "cluster", "company": "company", "parent": "instance"}
# They have something of our cluster, and of theirs nothing but the guest.
BOUND = ["company", "mentor", "evaluator", "manager", "integration"]


def hidden_of(world, kind):
    things = world.things[kind]
    return [things[where] for where in (["other"] if kind == "cluster" else HIDDEN)]


def bodies(world):
    """(path, the kind of the id, what is sent about it)"""
    own = {kind: things.get("own/own") or things.get("own")
           for kind, things in world.things.items()}

    def role(kind):
        return lambda thing: {"name": "x", "roles": [{"role": "auditor", kind: thing}]}

    yield from (("/v1/accounts", kind, role(kind))
                for kind in ("cluster", "company", "cohort", "instance"))
    yield ("/v1/instances", "company", lambda thing: {"workflow": "matrix", "company": thing})
    yield ("/v1/instances", "cohort", lambda thing: {
        "workflow": "matrix", "company": own["company"], "cohort": thing})
    yield ("/v1/companies", "cluster", lambda thing: {"name": "x", "cluster": thing})
    yield ("/v1/cohorts", "cluster", lambda thing: {
        "name": "x", "cluster": thing, "workflow": "matrix"})
    yield (f"/v1/cohorts/{own['cohort']}/events", "instance", lambda thing: {
        "event": "note", "instances": [thing]})
    yield (f"/v1/cohorts/{own['cohort']}/events?dry_run=true", "company", lambda thing: {
        "event": "note", "filter": {"company": thing}})


def differences(world, comparable):
    """What tells a hidden thing from an unknown one, through a body or a filter."""
    client, found, asked = world.client, [], 0
    for caller in CALLERS:
        token = world.tokens[caller]
        for path, kind, body in bodies(world):
            for thing in hidden_of(world, kind) if caller in BOUND else []:
                stranger = thing[:4] + UNKNOWN
                told = comparable(client.ask("POST", path, token, body(thing)), thing)
                expected = comparable(client.ask("POST", path, token, body(stranger)), stranger)
                asked += 2
                if told != expected:
                    found.append(f"TM2: POST {path} as {caller} tells {thing} from an unknown id:"
                                 f"\n  {told}\n  {expected}")
        for name, kind in FILTERS.items():
            for thing in hidden_of(world, kind) if caller in BOUND else []:
                stranger = thing[:4] + UNKNOWN
                query = f"/v1/instances?{name}="
                told = comparable(client.ask("GET", query + thing, token), thing)
                expected = comparable(client.ask("GET", query + stranger, token), stranger)
                asked += 2
                is_guest = kind == "cluster" and caller in ("mentor",)  # who stands in its cohort
                if told != expected and not is_guest:
                    found.append(f"TM2: GET {query} as {caller} tells {thing} from an unknown id:"
                                 f"\n  {told}\n  {expected}")
    return found, asked
