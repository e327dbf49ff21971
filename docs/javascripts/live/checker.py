"""Checks an exercise in the worker: unpacks the checker from its bundle, and hands back what it says as plain data."""

import json
import sys
from pathlib import Path

HOME = Path("/home/pyodide/exercises")


def unpack(options):
    """Write the files of the bundle, `{path: source}`, and make them importable."""
    for path, source in json.loads(options).items():
        file = HOME / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source, "utf-8")
    if str(HOME) not in sys.path:
        sys.path.insert(0, str(HOME))
    return "null"


def check(options):
    """The verdict on the source of an answer to the exercise of that name."""
    from ladder import check_source

    asked = json.loads(options)
    verdict = check_source(asked["exercise"], asked["source"])
    return json.dumps({"passed": verdict.passed, "text": verdict.text, "svg": verdict.svg})
