"""Two clusters, ten callers, and the things that they may or may not see.

A thing is `own` (the caller is bound to it), a `colleague`'s (the same kind, beside it) or
`unrelated`; in the `own` cluster or the `other`. Of instances and companies the other cluster's
`own` one is a guest: its company lies there, its instance runs in our cohort. Where a cluster-wide
caller has no narrower binding, all three of its cluster are its own, and the table says so.
"""

from pathlib import Path

HERE = Path(__file__).resolve().parent
CALLERS = ["anonymous", "company", "mentor", "evaluator", "manager", "network", "admin",
           "integration", "expired", "revoked"]
UNKNOWN = "0123456789ABCDEFGHJKMNPQRS"  # a ULID that nobody has: year 2006


class World:
    """Builds everything through the API, as its first administrator."""

    def __init__(self, client, root):
        self.client = client
        self.root = root
        self.tokens = {"anonymous": None}
        self.accounts = {}
        self.things = {}
        self.publish()
        self.found()
        self.enrol()
        self.people()

    def make(self, path, body):
        return self.client.must("POST", path, self.root, body)["id"]

    def publish(self):
        text = (HERE / "matrix.yaml").read_bytes()
        self.client.must("POST", "/v1/workflows", self.root, ("application/yaml", text))

    def found(self):
        self.clusters = [self.make("/v1/clusters", {"name": name}) for name in ("Ours", "Theirs")]
        ours, theirs = self.clusters
        self.things["cluster"] = {"own": ours, "other": theirs}
        sides = [(ours, "own"), (theirs, "other")]
        self.things["company"] = {
            f"{side}/{who}": self.make("/v1/companies", {"cluster": cluster,
                                                         "name": f"{side} {who}"})
            for cluster, side in sides for who in ("own", "colleague", "unrelated")}
        self.things["cohort"] = {
            f"{side}/{who}": self.make("/v1/cohorts", {"cluster": cluster, "workflow": "matrix",
                                                       "name": f"{side} {who}"})
            for cluster, side in sides for who in ("own", "colleague", "unrelated")}

    def enrol(self):
        """Own and colleague's, and the guest, in our first cohort; the rest beside it."""
        cohorts = self.things["cohort"]
        of = {"own/own": cohorts["own/own"], "own/colleague": cohorts["own/own"],
              "own/unrelated": None, "other/own": cohorts["own/own"],
              "other/colleague": cohorts["other/own"], "other/unrelated": None}
        self.things["instance"] = {
            where: self.start(self.things["company"][where], cohort)
            for where, cohort in of.items()}

    def start(self, company, cohort):
        body = {"workflow": "matrix", "company": company}
        if cohort:
            body["cohort"] = cohort
        return self.make("/v1/instances", body)

    def account(self, name, roles):
        self.accounts[name] = self.make("/v1/accounts", {"name": name, "roles": roles})
        return self.accounts[name]

    def token(self, account, **terms):
        made = self.client.must("POST", f"/v1/accounts/{account}/tokens", self.root,
                                {"name": "matrix", **terms})
        return made["id"], made["token"]

    def people(self):
        ours, theirs = self.clusters
        company, cohort = self.things["company"], self.things["cohort"]
        instance = self.things["instance"]
        bindings = {
            "company": [{"role": "sme", "company": company["own/own"]}],
            "mentor": [{"role": "mentor", "cohort": cohort["own/own"]}],
            "evaluator": [{"role": "evaluator", "instance": instance["own/own"]}],
            "manager": [{"role": "manager", "cluster": ours}],
            "network": [{"role": "manager"}],
            "admin": [{"role": "admin"}],
            "integration": [{"role": "integration", "cluster": ours}],
        }
        for name, roles in bindings.items():
            self.tokens[name] = self.token(self.account(name, roles))[1]
        self.others(ours, theirs)
        self.gone()

    def others(self, ours, theirs):
        """Accounts to look at: beside the caller's own one, colleagues', strangers', and one of an
        administrator, who is over everybody."""
        self.things["account"] = {
            "own/own": None,  # each caller's own
            "own/colleague": self.account("our mentor", [{"role": "mentor", "cluster": ours}]),
            "own/unrelated": self.account("our auditor", [{"role": "auditor", "cluster": ours}]),
            "other/own": self.account("guest", [
                {"role": "sme", "company": self.things["company"]["other/own"]}]),
            "other/colleague": self.account("their mentor", [
                {"role": "mentor", "cluster": theirs}]),
            "other/unrelated": self.account("administrator", [{"role": "admin"}]),
        }

    def gone(self):
        """Managers whose tokens are good no more: the clock is the sandbox's."""
        self.tokens["expired"] = self.token(
            self.account("expired", [{"role": "manager"}]),
            expires_at="2027-01-02T00:00:00Z")[1]
        account = self.account("revoked", [{"role": "manager"}])
        token, self.tokens["revoked"] = self.token(account)
        for name in ("expired", "revoked"):
            self.client.must("GET", "/v1/me", self.tokens[name])  # both were good once
        self.client.must("DELETE", f"/v1/accounts/{account}/tokens/{token}", self.root)
        self.client.must("POST", "/v1/sandbox/advance", self.root, {"by": "2 days"})

    def link(self, account):
        """The path of a login link of the account's."""
        made = self.client.must("POST", f"/v1/accounts/{account}/links", self.root, {})
        return "/login/" + made["url"].rsplit("/", 1)[1]

    def own(self, caller):
        """The id of the caller's own account; of who has none: a stranger's."""
        return self.accounts.get(caller, self.accounts["our auditor"])
