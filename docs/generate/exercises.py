"""The pages of the exercises, from the files in exercises/, and those files as one bundle for the check in a page."""

from __future__ import annotations

import ast
import inspect
import json
import sys
import textwrap
from pathlib import Path
from typing import Any, NamedTuple

from reference import ROOT

FOLDER = Path("docs/exercises")
ASSETS = Path("docs/assets/exercises")
HOME = ROOT / "exercises"
TEMPLATE = Path(__file__).with_suffix(".template")

sys.path.insert(0, str(HOME))
from ladder import RUNGS, check  # noqa: E402
from ladder.diagnosis import mistakes  # noqa: E402


class Group(NamedTuple):
    """A page: its file, its title, what it says first, and the numbers of its exercises."""

    file: str
    title: str
    about: str
    first: int
    last: int


GROUPS = (
    Group("operations", "Operations", "A slope by trying, and operations that hand their gradient on.", 1, 7),
    Group("graphs", "The walk back", "What is summed, and in which order.", 8, 9),
    Group("nets", "Nets and steps", "Neurons, losses, and the steps that make a loss smaller.", 10, 15),
    Group("arrays", "Arrays", "What broadcasting and a matrix product hand back. Arrays are lists of rows.", 16, 17),
    Group("classification", "Softmax and cross-entropy", "Without overflow, and with their gradients.", 18, 21),
    Group("craft", "Craft", "Dropout, trusting a gradient, and derivatives of derivatives.", 22, 24),
)

TUTORIALS = {
    "01-derivative": (1, 1),
    "02-engine-in-60-lines": (2, 7),
    "03-order-and-sums": (8, 9),
    "04-neuron-layer-mlp": (10, 11),
    "05-two-moons": (12, 15),
    "06-tensors": (16, 17),
    "07-softmax-digits": (18, 21),
    "08-what-goes-wrong": (22, 22),
    "09-debugging": (23, 23),
    "13-higher-order": (24, 24),
}
"""Which exercises belong to which tutorial."""


class Exercise(NamedTuple):
    """One file, taken apart."""

    name: str
    title: str
    question: str
    code: str

    @property
    def number(self) -> int:
        """Its place on the ladder."""
        return int(self.name[:2])


def files() -> dict[Path, str]:
    """Every page, picture and bundle, by its path below the root."""
    exercises = [_read(HOME / f"{rung.name}.py") for rung in RUNGS]
    groups = {FOLDER / f"{group.file}.md": _page(group, _within(exercises, group)) for group in GROUPS}
    known = {mistake.name: mistake for mistake in mistakes("02_add")}["assigns"]
    verdict = check("02_add", {"add": known.answer})
    return {
        FOLDER / "index.md": _index(exercises, verdict.text, known.answer),
        **groups,
        ASSETS / "assigns.svg": verdict.svg,
        ASSETS / "bundle.json": bundle(),
    }


def bundle() -> str:
    """The checker and its mistakes, by their paths: what a page writes to the disk of its own Python."""
    paths = sorted([*HOME.glob("ladder/**/*.py"), *HOME.glob("wrong/*.py")])
    texts = {path.relative_to(HOME).as_posix(): path.read_text("utf-8") for path in paths}
    return json.dumps(texts, indent=0, ensure_ascii=False) + "\n"


def _read(path: Path) -> Exercise:
    text = path.read_text("utf-8")
    title, _, question = (ast.get_docstring(ast.parse(text)) or "").partition("\n\n")
    return Exercise(path.stem, title.rstrip("."), question, _without_docstring(text))


def _without_docstring(text: str) -> str:
    return text.split('"""')[2].strip()


def _within(exercises: list[Exercise], group: Group) -> list[Exercise]:
    return [exercise for exercise in exercises if group.first <= exercise.number <= group.last]


def _index(exercises: list[Exercise], verdict: str, answer: Any) -> str:
    head, _, body = inspect.getsource(answer).split('"""')
    code = head.rstrip().replace(answer.__name__, "add") + body
    return TEMPLATE.read_text("utf-8").format(
        count=len(exercises),
        answer=_block("from micrograd.engine import Value\n\n\n" + code.strip()),
        verdict=verdict,
        table="\n".join(["| | exercise | belongs to |", "|--:|---|---|", *map(_row, exercises)]),
    )


def _row(exercise: Exercise) -> str:
    group = next(group for group in GROUPS if group.first <= exercise.number <= group.last)
    link = f"[{exercise.title}]({group.file}.md#{exercise.name})"
    return f"| {exercise.number} | {link} | {_tutorial(exercise)} |"


def _tutorial(exercise: Exercise) -> str:
    file = next(file for file, (first, last) in TUTORIALS.items() if first <= exercise.number <= last)
    return f"[tutorial {int(file[:2])}](../tutorials/{file}.md)"


def _page(group: Group, exercises: list[Exercise]) -> str:
    head = f"# {group.title}\n\n{group.about} [How to work on an exercise](index.md#how-to).\n"
    return "\n".join([head, *map(_section, exercises)])


def _section(exercise: Exercise) -> str:
    solution = _without_docstring((HOME / "solutions" / f"{exercise.name}.py").read_text("utf-8"))
    known = "\n".join(f"- {' '.join(mistake.thought.split())}" for mistake in mistakes(exercise.name))
    return f"""## {exercise.number}. {exercise.title} {{ #{exercise.name} }}

{exercise.question}

It belongs to {_tutorial(exercise)}, and its file is `exercises/{exercise.name}.py`.

<div class="exercise" data-exercise="{exercise.name}" markdown>

{_block(exercise.code)}

</div>

??? success "A solution"

{textwrap.indent(_block(solution), "    ")}

??? tip "Mistakes that the check knows"

{textwrap.indent(known, "    ")}
"""


def _block(code: str) -> str:
    return f"```python\n{code}\n```"
