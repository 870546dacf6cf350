"""The OpenAPI document as a judge of answers."""

import json

import harness

try:
    import jsonschema
except ImportError:
    jsonschema = None

# What every answer of HTTP has, or that the session adds; the document names the others.
PLAIN_HEADERS = {"date", "content-length", "content-type", "connection", "allow",
                 "content-security-policy", "x-content-type-options", "referrer-policy",
                 "cache-control", "vary"}


def resolved(document, value):
    """The value with what it refers to in place; schemas here never contain themselves."""
    if isinstance(value, list):
        return [resolved(document, item) for item in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        target = document
        for part in value["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        return resolved(document, target)
    return {name: resolved(document, below) for name, below in value.items()}


def strict(schema):
    """The schema, and no member beside those it names: an answer may not have more."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    out = {name: strict(below) for name, below in schema.items()}
    if isinstance(out.get("properties"), dict) and "type" in out:
        out.setdefault("additionalProperties", False)
    return out


class Operation:
    def __init__(self, method, path, said):
        self.method = method.upper()
        self.path = path
        self.said = said
        self.name = f"{self.method} {path}"
        self.validators = {}
        for status, answer in said["responses"].items():
            for kind, content in answer.get("content", {}).items():
                self.validators[status, kind] = jsonschema.Draft202012Validator(
                    strict(content["schema"]))
        self.body_kinds = list(said.get("requestBody", {}).get("content", {}))
        self.body_schema = None
        if self.body_kinds:
            self.body_schema = said["requestBody"]["content"][self.body_kinds[0]]["schema"]
            self.body_validator = jsonschema.Draft202012Validator(self.body_schema)

    def parameters(self, place):
        return [one for one in self.said["parameters"] if one["in"] == place]

    def allows(self, body):
        return self.body_validator.is_valid(body)

    def faults(self, answer):
        """What of the answer the document does not say."""
        status = str(answer.status)
        if status not in self.said["responses"]:
            return [f"status {status} is not documented: {answer.text[:300]}"]
        documented = self.said["responses"][status]
        return (self.faults_of_body(status, documented, answer)
                + self.faults_of_headers(documented.get("headers", {}), answer.headers))

    def faults_of_body(self, status, documented, answer):
        kind = answer.headers.get("content-type", "").split(";")[0]
        if not documented.get("content"):
            return [f"{status} has a body: {answer.text[:200]}"] if answer.text else []
        if (status, kind) not in self.validators:
            return [f"{status} comes as {kind or 'nothing'}"]
        value = json.loads(answer.text) if kind.endswith("json") else answer.text
        return [f"{status} at {error.json_path}: {error.message[:300]}"
                for error in self.validators[status, kind].iter_errors(value)]

    @staticmethod
    def faults_of_headers(documented, headers):
        by_name = {name.lower(): said for name, said in documented.items()}
        faults = [f"the header {name} is not documented"
                  for name in headers if name not in by_name and name not in PLAIN_HEADERS]
        for name, said in by_name.items():
            if name in headers and not jsonschema.Draft202012Validator(
                    said["schema"]).is_valid(headers[name]):
                faults.append(f"the header {name} is {headers[name]}")
        return faults


def operations_of(document):
    if jsonschema is None:
        raise harness.Skipped("python3-jsonschema is not installed")
    whole = resolved(document, document["paths"])
    return [Operation(method, path, said)
            for path, methods in whole.items() for method, said in methods.items()]
