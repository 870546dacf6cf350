#!/usr/bin/env python3
"""Signing in by a provider: the real `oidc-provider` of npm, the real server, a browser's requests.

Tests TM6: a login that was forged, replayed, swapped, begun elsewhere or answered by another
provider is refused, and no way leads off this server.
"""

import argparse
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROVIDER = "oidc-provider@8.8.1"
NPM_SECONDS_MAX = 60
START_SECONDS_MAX = 60
HOPS_MAX = 12
EXIT_SKIPPED = 77
TOKEN = "sil_" + "a1b2c3d4" * 8
SECRET = "of a test, long enough"


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(EXIT_SKIPPED)


def provider_folder():
    """Where the provider is installed, kept for all runs."""
    folder = HERE.parents[1] / "build" / "login"
    if shutil.which("npm") is None or shutil.which("node") is None:
        skip("npm is not installed")
    if not (folder / "node_modules" / "oidc-provider").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            fetched = subprocess.run(
                ["npm", "install", "--silent", "--no-audit", "--no-fund", "--no-save",
                 "--fetch-retries=0", "--prefix", folder, PROVIDER],
                capture_output=True, check=False, timeout=NPM_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            skip("npm takes too long")
        if fetched.returncode != 0:
            skip(f"npm cannot fetch {PROVIDER}")
    shutil.copy(HERE / "provider.mjs", folder)  # a module finds its packages beside itself
    return folder


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Answer:
    def __init__(self, answer, url):
        self.url = url
        self.status = answer.status
        self.location = answer.getheader("Location")
        self.cookies = answer.headers.get_all("Set-Cookie") or []
        self.text = answer.read().decode()


class Browser:
    """Keeps cookies by origin and goes where it is sent, a step at a time."""

    def __init__(self):
        self.cookies = {}

    def ask(self, method, url, form=None, headers=None):
        parts = urllib.parse.urlsplit(url)
        kept = self.cookies.setdefault(parts.netloc, {})
        sent = dict(headers or {})
        if kept:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in kept.items())
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(parts.netloc, timeout=30)
        target = parts.path or "/"
        connection.request(method, target + ("?" + parts.query if parts.query else ""), body, sent)
        answer = Answer(connection.getresponse(), url)
        connection.close()
        for cookie in answer.cookies:
            name, value = cookie.split(";")[0].split("=", 1)
            kept.pop(name, None)
            if value and "Max-Age=0" not in cookie and "1970" not in cookie:
                kept[name] = value
        return answer

    def follow(self, answer, until):
        """Goes on until it is sent to an address that begins so; gives that address."""
        for _ in range(HOPS_MAX):
            if answer.location is None:
                answer = self.fill_in(answer)
                continue
            url = urllib.parse.urljoin(answer.url, answer.location)
            if url.startswith(until):
                return url
            answer = self.ask("GET", url)
        raise AssertionError(f"it never led to {until}")

    def fill_in(self, page):
        """The provider asks who it is, then whether the client may know."""
        action = re.search(r'action="([^"]+)"', page.text)
        check(f"a form is shown: {page.status} {page.text[:300]}", action is not None)
        prompt = re.search(r'name="prompt" value="(\w+)"', page.text)[1]
        form = {"prompt": prompt}
        if prompt == "login":
            form.update({"login": self.name, "password": "any"})
        return self.ask("POST", urllib.parse.urljoin(page.url, action[1]), form)

    def callback(self, site, name, return_to="/"):
        """The address that the provider sends this person back to, not gone to yet."""
        self.name = name
        begun = self.ask("GET", f"{site.url}/login/oidc?return_to={return_to}")
        check(f"a login begins: {begun.status} {begun.text[:300]}", begun.status == 303)
        return self.follow(begun, site.url + "/login/oidc/callback")


class Site:
    """The server under test."""

    def __init__(self, program, scratch, port, issuer):
        self.url = f"http://127.0.0.1:{port}"
        (scratch / "secret").write_text(SECRET + "\n")
        settings = {
            "data": str(scratch / "data"), "listen": f"127.0.0.1:{port}", "base_url": self.url,
            "oidc_issuer": issuer, "oidc_client_id": "sillage",
            "oidc_client_secret_file": str(scratch / "secret"), "oidc_insecure_loopback": True}
        config = scratch / "sillage.yaml"
        config.write_text("".join(f"{key}: {json.dumps(value)}\n"
                                  for key, value in settings.items()))
        with open(scratch / "server.log", "wb") as log:
            self.process = subprocess.Popen(
                [program, "serve", "--config", str(config)], cwd=scratch, stdout=log, stderr=log,
                env={**os.environ, "SILLAGE_ADMIN_TOKEN": TOKEN})
        self.wait()

    def wait(self):
        end = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < end and self.process.poll() is None:
            try:
                if Browser().ask("GET", self.url + "/readyz").status == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the server was not ready in time")

    def make_account(self, name):
        connection = http.client.HTTPConnection(self.url.split("//")[1], timeout=30)
        body = json.dumps({"name": name, "email": f"{name}@a.example", "roles": []})
        connection.request("POST", "/v1/accounts", body, {
            "Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"})
        check("an account is made", connection.getresponse().status == 201)

    def name_of(self, browser):
        answer = browser.ask("GET", self.url + "/v1/me")
        return json.loads(answer.text)["name"] if answer.status == 200 else None

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=START_SECONDS_MAX)


def check(what, held):
    if not held:
        raise AssertionError(what)


def changed(url, **parameters):
    """The address with other parameters; None leaves one out."""
    parts = urllib.parse.urlsplit(url)
    query = {**dict(urllib.parse.parse_qsl(parts.query)), **parameters}
    kept = {key: value for key, value in query.items() if value is not None}
    return parts._replace(query=urllib.parse.urlencode(kept)).geturl()


def parameter(url, name):
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query)).get(name)


def refused(what, browser, site, url):
    answer = browser.ask("GET", url)
    check(f"TM6: {what} is answered {answer.status}", answer.status in (400, 401, 403))
    check(f"TM6: {what} signs nobody in", site.name_of(browser) is None)


def try_good_login(site):
    browser = Browser()
    page = browser.ask("GET", site.url + "/login").text
    check("the page offers the provider", '<a href="/login/oidc"' in page)
    back = browser.callback(site, "ana", "/v1/me")
    answer = browser.ask("GET", back)
    check(f"a login ends well: {answer.status} {answer.text}", answer.status == 303)
    check("and leads where it was to", answer.location == "/v1/me")
    check("as who signed in there", site.name_of(browser) == "ana")
    refused("a callback that was used", Browser(), site, back)
    again = Browser()
    again.cookies = {site.url.split("//")[1]: {}}
    check("a later login is the same account",
          again.ask("GET", again.callback(site, "ana")).status == 303)
    check("again", site.name_of(again) == "ana")


def try_return_paths(site):
    for path in ("//evil.example", "https://evil.example", "/\\evil.example", "/%2fevil.example",
                 "/a/../../b", "evil", "/x%0d%0aSet-Cookie:a=b"):
        browser = Browser()
        answer = browser.ask("GET", browser.callback(site, "ana", urllib.parse.quote(path)))
        check(f"TM6: {path} leads to {answer.location}", answer.location == "/")


def try_attacks(site, issuer):
    victim = Browser()
    back = victim.callback(site, "ana")
    refused("another browser's login", Browser(), site, back)
    refused("a state of no login", victim, site, changed(back, state="x" * 43))
    refused("no state", victim, site, changed(back, state=None))
    refused("no code", victim, site, changed(back, code=None))
    refused("another provider's answer", victim, site, changed(back, iss="https://e.example"))
    refused("a login that was refused once", victim, site, back)
    victim = Browser()
    refused("a missing issuer", victim, site, changed(victim.callback(site, "ana"), iss=None))
    refused("a code that is none", victim, site,
            changed(victim.callback(site, "ana"), code="x" * 43))


def try_foreign_codes(site, issuer):
    attacker, victim = Browser(), Browser()
    stolen = parameter(attacker.callback(site, "bob"), "code")
    refused("a code of another login", victim, site,
            changed(victim.callback(site, "ana"), code=stolen))
    foreign = Browser()
    foreign.name = "bob"
    begun = foreign.ask("GET", issuer + "/auth?" + urllib.parse.urlencode({
        "client_id": "another", "response_type": "code", "scope": "openid email",
        "redirect_uri": site.url + "/login/oidc/callback", "state": "s",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256"}))
    code = parameter(foreign.follow(begun, site.url + "/login/oidc/callback"), "code")
    refused("a code for another client", victim, site,
            changed(victim.callback(site, "ana"), code=code))


def try_strangers(site):
    for name in ("nobody", "unverified"):
        browser = Browser()
        refused(f"{name}, who has no account", browser, site, browser.callback(site, name))


def row(program, scratch):
    folder = provider_folder()
    port = free_port()
    with open(scratch / "provider.log", "wb") as log:
        provider = subprocess.Popen(
            ["node", folder / "provider.mjs", f"http://127.0.0.1:{port}/login/oidc/callback",
             SECRET], stdout=subprocess.PIPE, stderr=log, text=True)
    site = None
    try:
        issuer = provider.stdout.readline().split()[-1]
        site = Site(program, scratch, port, issuer)
        for name in ("ana", "bob", "unverified"):
            site.make_account(name)
        try_good_login(site)
        try_return_paths(site)
        try_attacks(site, issuer)
        try_foreign_codes(site, issuer)
        try_strangers(site)
    finally:
        provider.terminate()
        provider.wait()
        if site is not None:
            site.stop()
    log = (scratch / "server.log").read_text()
    check("TM18: the log names nobody", "a.example" not in log and SECRET not in log)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sillage", required=True)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        try:
            row(arguments.sillage, Path(scratch))
        except Exception:
            for name in ("server.log", "provider.log"):
                if (Path(scratch) / name).exists():
                    print((Path(scratch) / name).read_text()[-3000:])
            raise
    print("all held")


if __name__ == "__main__":
    main()
