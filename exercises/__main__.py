"""Climbs the ladder of exercises: complete the files in order, and let this check them.

python exercises              # from the first, up to the first that isn't right yet
python exercises 2            # one of them, by number or by name
python exercises 2 --svg add.svg    # and draw the graph of the example on which it fails
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from ladder import RUNGS, Verdict, check_file
from ladder.checking import find

HERE = Path(__file__).parent


def climb(names: list[str]) -> Iterator[Verdict]:
    """The verdict on each exercise, as far as the first that isn't right."""
    for name in names:
        verdict = check_file(HERE / f"{name}.py")
        yield verdict
        if not verdict.passed:
            return


def main() -> int:
    """Check, and exit with 1 if something isn't right yet."""
    parser = argparse.ArgumentParser(
        prog="python exercises", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("exercise", nargs="?", help="the number or the name of one exercise")
    parser.add_argument("--svg", type=Path, help="the file to draw the counterexample's graph into")
    options = parser.parse_args()
    try:
        names = [find(options.exercise).name] if options.exercise else [rung.name for rung in RUNGS]
    except KeyError as error:
        parser.error(str(error.args[0]))
    last = None
    for last in climb(names):
        print(last.text)
    if options.svg and last and last.svg:
        options.svg.write_text(last.svg, "utf-8")
        print(f"\nThe graph is drawn in {options.svg}.")
    return int(not (last and last.passed))


if __name__ == "__main__":
    raise SystemExit(main())
