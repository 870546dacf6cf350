"""The routes as the server itself documents them, so that none can be left out of a test."""

from harness import must


def resolved(document, value):
    """What a `$ref` means, or the value itself."""
    for name in value.get("$ref", "").split("/")[1:]:
        document = document[name]
    return document if "$ref" in value else value


async def documented(port):
    """Method, pattern and names of query parameters of every operation of /openapi.json."""
    document = await must(port, "GET", "/openapi.json", token=None)
    table = []
    for pattern, methods in document["paths"].items():
        for method, operation in methods.items():
            said = [resolved(document, one) for one in operation.get("parameters", [])]
            table.append((method.upper(), pattern,
                          [one["name"] for one in said if one["in"] == "query"]))
    return table
