"""Lets pytest check exercises: `pytest exercises/02_add.py`, or `pytest exercises -x` for the whole ladder."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from ladder import Verdict, check_file  # noqa: E402


class NotYet(Exception):
    """The answer is not right yet."""


class ExerciseFile(pytest.File):
    """The file of one exercise."""

    def collect(self) -> Iterator[pytest.Item]:
        """One test: the check."""
        yield Check.from_parent(self, name=self.path.stem)


class Check(pytest.Item):
    """The check of one exercise."""

    def runtest(self) -> None:
        """Fail with what the check has to say."""
        verdict: Verdict = check_file(self.path)
        if not verdict.passed:
            raise NotYet(verdict.text)

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """The counterexample, without a traceback through the checker."""
        return str(excinfo.value) if excinfo.errisinstance(NotYet) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """What stands above the counterexample."""
        return self.path, 0, self.name


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ExerciseFile | None:
    """Take files such as 02_add.py, and the solutions if they are asked for."""
    if file_path.parent == HERE and re.fullmatch(r"\d\d_\w+\.py", file_path.name):
        return ExerciseFile.from_parent(parent, path=file_path)
    return None
