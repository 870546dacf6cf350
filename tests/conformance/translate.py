#!/usr/bin/env python3
"""Translates the public SCXML suites to CEL: translate.py PACKAGE-TEST-FOLDER EXCLUDED OUT-FOLDER

Writes the translated documents and what they load to OUT-FOLDER/w3c and OUT-FOLDER/scion, and
OUT-FOLDER/suite.json, which says what to run and to expect. Every test that is not translated must
be listed in EXCLUDED with its reason, and nothing else may be: otherwise it ends with status 1.
"""

import json
import pathlib
import shutil
import sys
import xml.dom.minidom
import xml.etree.ElementTree

from ecmascript import Untranslatable, translate

CONDITIONS = {"cond"}
EXPRESSIONS = {"expr", "array", "eventexpr", "targetexpr", "typeexpr", "delayexpr", "srcexpr",
               "sendidexpr"}
# Their first script takes a parallel state for the domain of its child's transition to itself, as
# SCION does. SCXML 1.0 (appendix D, findLCCA) leaves the parallel state; the script for that, which
# the package has beside it, is under `legacySemantics`.
LEGACY = {"scion/more-parallel/test10", "scion/more-parallel/test10b"}
HTTP = "http://www.w3.org/TR/scxml/#BasicHTTPEventProcessor"


def translate_element(element):
    if element.localName == "script":
        raise Untranslatable("<script>")
    if element.getAttribute("type") == HTTP:
        raise Untranslatable("HTTP")
    if element.localName in ("data", "content") and any(
            child.nodeType == child.ELEMENT_NODE and child.localName != "scxml"
            for child in element.childNodes):
        raise Untranslatable("an XML document as a value")
    for name, value in list(element.attributes.items()):
        if name in CONDITIONS | EXPRESSIONS:
            element.setAttribute(name, translate(value, name in CONDITIONS))
    if element.getAttribute("datamodel") == "ecmascript":
        element.setAttribute("datamodel", "cel")


def translate_document(source):
    """The text of the translated document. Errors: Untranslatable."""
    document = xml.dom.minidom.parse(str(source))
    for element in document.getElementsByTagName("*"):
        translate_element(element)
    return document.toxml()


def read_excluded(path):
    """By id, the reason; lines are `id reason`, `#` begins a comment."""
    excluded = {}
    for line in path.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            identity, reason = line.split(maxsplit=1)
            excluded[identity] = reason
    return excluded


def w3c_tests(folder):
    """Id, document and expectation of each test of the W3C's implementation report."""
    kinds = {}
    for test in xml.etree.ElementTree.parse(folder / "manifest.xml").iter("test"):
        kinds[test.get("id")] = test
    for path in sorted(folder.glob("test*.txml.scxml")):
        number = path.name[len("test"):-len(".txml.scxml")]
        manifest = kinds.get(number)
        if manifest is None:  # 303-1 and 403a are parts of 303 and 403.
            manifest = kinds[number[:3]]
        yield f"w3c/{number}", path, {
            "suite": "w3c",
            "mandatory": manifest.get("conformance") == "mandatory",
            "automatic": manifest.get("manual") == "false",
            "file": f"w3c/{path.name}",
        }


def scion_tests(folder):
    for path in sorted(folder.glob("*/*.scxml")):
        script = path.with_suffix(".json")
        if path.parent.name == "w3c-ecma" or not script.exists():
            continue
        name = path.relative_to(folder)
        identity = f"scion/{name.with_suffix('')}"
        told = json.loads(script.read_text())
        told = told["legacySemantics"] if identity in LEGACY else told
        yield identity, path, {
            "suite": "scion",
            "file": f"scion/{name}",
            "initial": told["initialConfiguration"],
            "events": [{"after": event.get("after", 0),
                        "name": event["event"]["name"],
                        "data": event["event"].get("data"),
                        "next": event["nextConfiguration"]} for event in told["events"]],
        }


def copy_helpers(source, target):
    """What tests load: other documents, translated, and texts."""
    for path in sorted(source.glob("*")):
        if path.name.endswith("sub1.scxml"):
            (target / path.name).write_text(translate_document(path))
        elif path.suffix == ".txt":
            shutil.copy(path, target / path.name)


def main(source, excluded_path, target):
    excluded = read_excluded(excluded_path)
    shutil.rmtree(target, ignore_errors=True)
    (target / "w3c").mkdir(parents=True)
    suite = {"tests": [], "excluded": []}
    faults = []
    tests = [*w3c_tests(source / "w3c-ecma"), *scion_tests(source)]
    for identity, path, test in tests:
        test = {"id": identity, **test}
        if identity in excluded:
            suite["excluded"].append({**test, "reason": excluded[identity]})
            continue
        try:
            text = translate_document(path)
        except Untranslatable as beyond:
            faults.append(f"{identity} needs {beyond}, and is not in {excluded_path.name}")
            continue
        written = target / test["file"]
        written.parent.mkdir(parents=True, exist_ok=True)
        written.write_text(text)
        suite["tests"].append(test)
    copy_helpers(source / "w3c-ecma", target / "w3c")
    known = {identity for identity, _, _ in tests}
    faults += [f"{identity} is excluded, and is no test" for identity in excluded.keys() - known]
    (target / "suite.json").write_text(json.dumps(suite, indent=1))
    for fault in sorted(faults):
        print(fault, file=sys.stderr)
    print(f"{len(suite['tests'])} translated, {len(suite['excluded'])} excluded, {len(tests)} in all")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*map(pathlib.Path, sys.argv[1:4])))
