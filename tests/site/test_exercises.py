"""The Check button of every exercise, pressed: on the gap, on each mistake that is known, and on the solution.

A mistake gets the counterexample that is meant for it, which tests/data/counterexamples.json says.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
EXERCISES = ROOT / "exercises"
COUNTEREXAMPLES = json.loads((ROOT / "tests" / "data" / "counterexamples.json").read_text("utf-8"))
PAGES = {
    "operations": range(1, 8),
    "graphs": range(8, 10),
    "nets": range(10, 16),
    "arrays": range(16, 18),
    "classification": range(18, 22),
    "craft": range(22, 25),
}

# Presses Check on what stands on the page under these exercises, and on each of these answers to them.
CHECK_ALL = """
async ([path, answers]) => {
  const article = await adopt(path);
  const found = {};
  for (const [name, texts] of Object.entries(answers)) {
    const exercise = article.querySelector(`[data-exercise="${name}"]`);
    const block = exercise.querySelector(".live");
    const verdict = async () => {
      block.querySelector(".live-check").click();
      await settled(block);
      const output = block.querySelector(".live-output");
      return { state: block.dataset.state, text: output.textContent, pictures: output.querySelectorAll("img").length };
    };
    found[name] = [await verdict()];
    block.querySelector(".live-edit").click();
    for (const answer of texts) {
      exercise.querySelector(".live-editor").value = answer;
      found[name].push(await verdict());
    }
  }
  return found;
}
"""


def answers(name: str) -> list[str]:
    """Each mistake under the name that the exercise asks for, and last the solution."""
    wrong, right = ((EXERCISES / kind / f"{name}.py").read_text("utf-8") for kind in ("wrong", "solutions"))
    return [*(f"{wrong}\n\n{name[3:]} = {mistake}\n" for mistake in COUNTEREXAMPLES[name]), right]


@pytest.mark.parametrize("page", PAGES)
def test_check_tells_gap_mistakes_and_solution(stage: Any, page: str) -> None:
    given = {name: answers(name) for name in COUNTEREXAMPLES if int(name[:2]) in PAGES[page]}
    found = stage.evaluate(CHECK_ALL, [f"/exercises/{page}/", given])
    for name, (gap, *mistakes, solution) in found.items():
        assert gap["state"] == "failed" and "not written yet" in gap["text"]
        assert solution["state"] == "same", solution["text"]
        for example, verdict in zip(COUNTEREXAMPLES[name].values(), mistakes, strict=True):
            assert verdict["state"] == "failed"
            expected = f"{name}: not yet. The smallest example that shows it:\n\n    {example}\n"
            assert verdict["text"].startswith(expected)


def test_counterexample_is_drawn_and_explained(stage: Any) -> None:
    found = stage.evaluate(CHECK_ALL, ["/exercises/operations/", {"02_add": answers("02_add")}])
    mistake = found["02_add"][1 + list(COUNTEREXAMPLES["02_add"]).index("assigns")]
    assert mistake["pictures"] == 1
    assert "What it points at: `=` where `+=` belongs." in mistake["text"]
