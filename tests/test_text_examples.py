"""The examples that learn from a text of yours: one that is too short is refused in words."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.mark.parametrize("letters", [0, 80], ids=["empty", "short"])
@pytest.mark.parametrize(("name", "least"), [("char_lm.py", 241), ("scalar_gpt.py", 81)])
def test_a_text_that_is_too_short_is_refused(name, least, letters, tmp_path):
    path = tmp_path / "short.txt"
    path.write_text("ab" * (letters // 2), "utf-8")
    example = runpy.run_path(str(EXAMPLES / name), run_name="example")
    with pytest.raises(SystemExit, match=f"takes {least} letters, but has {letters}$"):
        example["main"](["--text", str(path), "--out", str(tmp_path)])


def test_the_fewest_steps_are_those_of_the_schedule(capsys):
    example = runpy.run_path(str(EXAMPLES / "char_lm.py"), run_name="example")
    assert example["arguments"](["--steps", "2"]).steps == 2
    with pytest.raises(SystemExit):
        example["arguments"](["--steps", "1"])
    assert "--steps 2" in capsys.readouterr().err
