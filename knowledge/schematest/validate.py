"""Holds the JSON Schema of packs against a validator that others wrote.

Go's tests prove the schema with a validator of our own. This script, for
developers only, repeats it with jsonschema: every pack of the tree and every
example of FORMAT.md must be valid, and each of them with one mistake must not be.

    pip install jsonschema ruamel.yaml
    go run ./cmd/footnote schema | python knowledge/schematest/validate.py
"""
import copy
import glob
import json
import re
import sys

from jsonschema import Draft7Validator
from ruamel.yaml import YAML


def load(text):
    """Reads YAML 1.2, as editors do. To JSON a date is a text."""
    reader = YAML(typ="safe", pure=True)
    reader.constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda c, node: c.construct_scalar(node))
    return reader.load(text)


schema = json.load(sys.stdin)
Draft7Validator.check_schema(schema)
validator = Draft7Validator(schema)
failures = 0


def expect(name, document, valid):
    global failures
    errors = [e.message for e in validator.iter_errors(document)]
    if bool(errors) == valid:
        failures += 1
        print(f"{name}: {'refused: ' + errors[0][:200] if valid else 'accepted'}")


good = {}
for pattern in ("knowledge/packs/*/*.yaml", "knowledge/packs/*/facts/*.yaml", "cmd/footnote/testdata/walkthrough/*.yaml"):
    for name in glob.glob(pattern):
        if "/testdata/neo-stalinism-coverage" not in name:
            good[name] = load(open(name, encoding="utf-8").read())
examples = {}
for name, text in re.findall(r"```yaml\n# ([a-z.]+)\n(.*?)```", open("knowledge/FORMAT.md", encoding="utf-8").read(), re.S):
    examples.setdefault(name, load(text))
    good[f"FORMAT.md {name} {len(good)}"] = load(text)
for name, document in good.items():
    expect(name, document, True)

DELETE = object()
mistakes = [
    ("pack.yaml", ["id"], DELETE), ("pack.yaml", ["id"], "Not an id"), ("pack.yaml", ["schema"], "footnote/2"), ("pack.yaml", ["version"], "1"),
    ("pack.yaml", ["titel"], "x"), ("pack.yaml", ["synonyms", 0], ["one"]), ("pack.yaml", ["languages"], []), ("pack.yaml", ["history", 0, "changes", 0, "kind"], "lost"),
    ("sources.yaml", ["references", 0, "id"], DELETE), ("sources.yaml", ["references", 0, "type"], DELETE),
    ("facts.yaml", ["facts", 0, "answer"], DELETE), ("facts.yaml", ["facts", 0, "answer"], "x" * 301), ("facts.yaml", ["facts", 0, "status"], "certain"),
    ("facts.yaml", ["facts", 0, "questions"], []), ("facts.yaml", ["facts", 0, "cites"], DELETE), ("facts.yaml", ["facts", 0, "cites", 0, "source"], DELETE),
    ("facts.yaml", ["facts", 0, "cites", 0, "locator"], {"label": "pge", "value": "1"}), ("facts.yaml", ["facts", 0, "anwser"], "x"),
    ("facts.yaml", ["facts", 1, "according-to"], DELETE), ("facts.yaml", ["facts", 2, "positions"], []), ("facts.yaml", ["facts", 0, "topics"], "one"),
    ("unanswered.yaml", ["unanswered"], "one"), ("eval.yaml", ["decline", "gossip"], ["x"]), ("eval.yaml", ["find", "Not an id"], ["x"]),
]
for file, path, value in mistakes:
    document = copy.deepcopy(examples[file])
    at = document
    for step in path[:-1]:
        at = at[step]
    if value is DELETE:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    expect(f"{file} with {path} = {'nothing' if value is DELETE else repr(value)[:40]}", document, False)

print(f"{len(good)} good and {len(mistakes)} bad files, {failures} judged otherwise")
sys.exit(failures > 0)
