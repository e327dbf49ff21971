"""`check`: an answer goes through the examples of its exercise, from the smallest up."""

from __future__ import annotations

import linecache
import runpy
import textwrap
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ladder.cases import Case
from ladder.diagnosis import diagnose
from ladder.outcomes import Outcome, expected, run
from ladder.rungs import RUNGS
from ladder.rungs.rung import Rung
from ladder.verdict import Verdict, graph_text, paragraph, picture, small, table


def check(exercise: str, answer: Mapping[str, Any]) -> Verdict:
    """Check the function of an exercise among the names that a file has defined.

    Args:
        exercise: The name of the exercise, `02_add`, or its number.
        answer: The names that the learner's code has defined, `vars(module)` for instance.

    Raises:
        KeyError: If there is no such exercise.
    """
    rung = find(exercise)
    function = answer.get(rung.function)
    if not callable(function):
        return Verdict(rung.name, False, f"{rung.name}: define a function called {rung.function}.")
    try:
        return _on_examples(rung, function)
    except NotImplementedError as gap:
        return Verdict(rung.name, False, f"{rung.name}: not written yet. {gap}")


def check_source(exercise: str, source: str) -> Verdict:
    """Check an answer given as the text of its file."""
    rung = find(exercise)
    file, names = f"{rung.name}.py", {"__name__": rung.name}
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)  # to quote the line of an error
    try:
        exec(compile(source, file, "exec"), names)
    except Exception as error:
        return _did_not_run(rung, error)
    return check(rung.name, names)


def check_file(path: Path) -> Verdict:
    """Check an answer in a file that is named after its exercise."""
    rung = find(path.stem)
    try:
        names = runpy.run_path(str(path), run_name=rung.name)
    except Exception as error:
        return _did_not_run(rung, error)
    return check(rung.name, names)


def find(exercise: str) -> Rung:
    """The exercise of this name or number."""
    for rung in RUNGS:
        if exercise in (rung.name, rung.function) or exercise.zfill(2) == rung.name[:2]:
            return rung
    raise KeyError(f"there is no exercise {exercise!r}; they are {', '.join(rung.name for rung in RUNGS)}")


def _did_not_run(rung: Rung, error: Exception) -> Verdict:
    reason = "".join(traceback.format_exception_only(type(error), error)).strip()
    return Verdict(rung.name, False, f"{rung.name}: the file doesn't run.\n\n{reason}")


def _on_examples(rung: Rung, function: Callable[..., Any]) -> Verdict:
    cases = list(rung.cases())
    outcomes = [run(case, rung.function, function, rung.read) for case in cases]
    for first, (case, found) in enumerate(zip(cases, outcomes, strict=True)):
        right = expected(case, rung.function, rung.right, rung.read)
        if not found.agrees_with(right):
            return _counterexample(rung, cases, outcomes, first, right)
    return Verdict(rung.name, True, f"{rung.name}: right, on all of {len(cases)} examples.")


def _counterexample(rung: Rung, cases: list[Case], outcomes: list[Outcome], first: int, right: Outcome) -> Verdict:
    mistake, sure = diagnose(rung, cases, outcomes, first)
    case, found = cases[first], outcomes[first]
    root = small(found.root)
    parts = [f"{rung.name}: not yet. The smallest example that shows it:", _indented(str(case))]
    parts.append(_indented(table(found, right)))
    if found.error is not None:
        parts.append(_indented(_place(found.error, function_file=rung.name)))
    if root is not None:
        parts.append("The graph, from the inputs to the result:\n\n" + _indented(graph_text(root)))
    if mistake is not None:
        lead = "What it points at: " if sure else "What it may point at, though other examples differ: "
        parts.append(paragraph(lead + mistake.thought))
    text = "\n\n".join(part for part in parts if part.strip())
    return Verdict(rung.name, False, text, str(case), mistake.name if mistake else "", picture(root))


def _indented(text: str) -> str:
    return textwrap.indent(text, "    ")


def _place(error: Exception, function_file: str) -> str:
    """The learner's line where the exception was raised."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if function_file in frame.filename]
    return f"raised in line {frames[-1].lineno}: {frames[-1].line or ''}".rstrip(": ") if frames else ""
