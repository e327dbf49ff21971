"""Checks a learner's answer to an exercise, and shows the smallest example on which it fails.

An exercise is a *rung*: a name such as `02_add`, what is right, and examples from the smallest up (`rungs/`).
`cases.py` lists small expressions and numbers in order of size, `outcomes.py` runs one example on one answer,
`diagnosis.py` knows which mistake gives the same numbers (each file in `wrong/` is a list of mistakes, whose docstrings
say what was thought), and `verdict.py` says it in words and as a picture. All of it needs the standard library and the
engine alone, and so also runs in a web page.

Example:
    >>> verdict = check("02_add", {"add": lambda a, b: a + b})
    >>> verdict.passed
    True
"""

from ladder.checking import check, check_file, check_source
from ladder.rungs import RUNGS
from ladder.verdict import Verdict

__all__ = ["RUNGS", "Verdict", "check", "check_file", "check_source"]
