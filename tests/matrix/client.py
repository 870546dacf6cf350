"""One keep-alive connection to the server under test."""

import http.client
import json


class Answer:
    """Status, headers by lower-case name, and the body as text."""

    def __init__(self, status, headers, text):
        self.status = status
        self.headers = headers
        self.text = text

    def json(self):
        return json.loads(self.text)


class Client:
    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def ask(self, method, path, token=None, body=None, headers=()):
        """`body`: (media type, bytes), or a value to be sent as JSON, or None."""
        fields = dict(headers)
        if token:
            fields["Authorization"] = f"Bearer {token}"
        payload = None
        if body is not None:
            kind, payload = body if isinstance(body, tuple) else as_json(method, body)
            fields.setdefault("Content-Type", kind)
        try:
            self.connection.request(method, path, payload, fields)
            response = self.connection.getresponse()
            text = text_of(response, method)
            if is_stream(response):
                self.connection.close()  # more would come
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, text)

    def must(self, method, path, token, body=None):
        """The JSON of a request that has to succeed."""
        answer = self.ask(method, path, token, body)
        if answer.status // 100 != 2:
            raise RuntimeError(f"{method} {path} was answered {answer.status}: {answer.text}")
        return answer.json() if answer.text else None


def is_stream(response):
    return response.getheader("Content-Type", "") == "text/event-stream"


def text_of(response, method):
    """The body; of a stream what comes at once, up to the first empty line."""
    if not is_stream(response) or method == "HEAD":
        return response.read().decode()
    lines = []
    while not lines or lines[-1] not in (b"\n", b""):
        lines.append(response.readline())
    return b"".join(lines).decode()


def as_json(method, value):
    kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
    return kind, json.dumps(value).encode()
