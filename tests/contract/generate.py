"""Requests out of the document: values that its schemas allow, and values that they do not."""

import json
import urllib.parse

NAMES = ["Ana", "Maison Exemple", "Élan & Cie", "名前", "=1+1", "O'Brien", "<b>x</b>", "a" * 200]
# Sent as bodies: none of them is a JSON object.
MALFORMED = [b"", b"{", b"[]", b"null", b'"text"', b'{"a":1,"a":2}', b"\xff\xfe", b"{" * 64,
             b'{"name":"\\ud800"}', b'{"name":1e999}', b"[" * 40 + b"]" * 40]
UNKNOWN_MEMBER = "no_such_member"
FORM = "application/x-www-form-urlencoded"


def encoded(kind, value):
    """A body of that media type: the fields of a form, or JSON."""
    if kind == FORM:
        return urllib.parse.urlencode(value).encode()
    return json.dumps(value).encode()


def type_of(schema):
    types = schema.get("type", "any")
    return types if isinstance(types, list) else [types]


class Generator:
    """`known`: what is likely to be meant by a member or parameter of that name."""

    def __init__(self, chance, known):
        self.chance = chance
        self.known = known

    def value(self, schema, name=""):
        """A value that the schema allows."""
        if "anyOf" in schema:
            return self.value(self.chance.choice(schema["anyOf"]), name)
        if "enum" in schema:
            return self.chance.choice(schema["enum"])
        kind = self.chance.choice(type_of(schema))
        return getattr(self, f"a_{kind}")(schema, name)

    def a_any(self, schema, name):
        return self.chance.choice([None, 1, "text", [], {}])

    def a_null(self, schema, name):
        return None

    def a_boolean(self, schema, name):
        return self.chance.random() < 0.5

    def a_integer(self, schema, name):
        low = int(schema.get("minimum", -10))
        return self.chance.randint(low, int(min(schema.get("maximum", 10), low + 1000)))

    def a_number(self, schema, name):
        return self.a_integer(schema, name) + self.chance.choice([0, 0.5])

    def a_string(self, schema, name):
        if name in self.known and self.chance.random() < 0.8:
            return self.chance.choice(self.known[name])
        made = {"email": "ana@example.com", "uri": "https://example.com/a",
                "date-time": "2028-03-15T16:00:00Z"}.get(schema.get("format"))
        if made is not None:
            return made
        if "pattern" in schema:
            return self.chance.choice(self.known.get("pattern " + schema["pattern"], ["ab12"]))
        text = self.chance.choice(NAMES)[:schema.get("maxLength", 200)]
        return text.ljust(schema.get("minLength", 0), "x")

    def a_array(self, schema, name):
        items = schema.get("items", {})
        return [self.value(items, name) for _ in range(self.chance.randint(0, 2))]

    def a_object(self, schema, name):
        wanted = set(schema.get("required", []))
        members = {}
        for key, below in schema.get("properties", {}).items():
            if key in wanted or self.chance.random() < 0.4:
                members[key] = self.value(below, key)
        return members

    def invalid(self, schema, value):
        """The value with one fault; it may still be allowed where the schema asks for little."""
        if not isinstance(value, dict) or "properties" not in schema:
            return value
        broken = json.loads(json.dumps(value))
        fault = self.chance.choice(["missing", "unknown", "type", "length", "range"])
        key = self.chance.choice(sorted(schema["properties"]))
        if fault == "missing" and schema.get("required"):
            broken.pop(self.chance.choice(schema["required"]), None)
        elif fault == "unknown":
            broken[UNKNOWN_MEMBER] = 1
        elif fault == "length":
            broken[key] = "x" * 300
        elif fault == "range":
            broken[key] = self.chance.choice([-1, 1e300, 2**63, 0.5])
        else:
            broken[key] = self.chance.choice([True, 7, [[]], {"a": {}}, ["x"]])
        return broken
