"""The exercises: solutions agree with the library, and every planted mistake gets the counterexample meant for it."""

from __future__ import annotations

import json
import math
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from micrograd.engine import Tensor, Value
from micrograd.nn import SGD, Dropout, Layer, cross_entropy, hinge_loss

ROOT = Path(__file__).parents[1]
EXERCISES = ROOT / "exercises"
SOLUTIONS = EXERCISES / "solutions"
FILES = sorted(EXERCISES.glob("[0-9][0-9]_*.py"))
NAMES = [file.stem for file in FILES]
COUNTEREXAMPLES = json.loads((ROOT / "tests" / "data" / "counterexamples.json").read_text("utf-8"))
MISTAKES = [(name, mistake) for name, known in COUNTEREXAMPLES.items() for mistake in known]


@pytest.fixture(scope="module")
def ladder():
    """The checker, which stands beside the exercises and is no part of a package."""
    sys.path.insert(0, str(EXERCISES))
    try:
        import ladder
        import ladder.diagnosis

        yield ladder
    finally:
        sys.path.remove(str(EXERCISES))


def solution(name: str) -> Any:
    return runpy.run_path(str(SOLUTIONS / f"{name}.py"))[name[3:]]


def test_each_exercise_has_a_rung_a_solution_and_mistakes(ladder) -> None:
    assert [rung.name for rung in ladder.RUNGS] == NAMES == sorted(path.stem for path in SOLUTIONS.glob("*.py"))
    assert {name: len(ladder.diagnosis.mistakes(name)) >= 2 for name in NAMES} == dict.fromkeys(NAMES, True)
    known = {name: [mistake.name for mistake in ladder.diagnosis.mistakes(name)] for name in NAMES}
    assert known == {name: list(mistakes) for name, mistakes in COUNTEREXAMPLES.items()}


@pytest.mark.parametrize("name", NAMES)
def test_solution_passes(ladder, name: str) -> None:
    verdict = ladder.check_file(SOLUTIONS / f"{name}.py")
    assert verdict.passed, verdict.text


@pytest.mark.parametrize("name", NAMES)
def test_solution_completes_the_file(name: str) -> None:
    unfinished, finished = (_without_docstring(folder / f"{name}.py") for folder in (EXERCISES, SOLUTIONS))
    (gap,) = [place for place, line in enumerate(unfinished) if "raise NotImplementedError(" in line]
    assert finished[:gap] == unfinished[:gap]
    rest = unfinished[gap + 1 :]
    assert not rest or finished[-len(rest) :] == rest


def _without_docstring(path: Path) -> list[str]:
    return path.read_text("utf-8").split('"""')[2].splitlines()


@pytest.mark.parametrize("name", NAMES)
def test_unfinished_file_says_what_to_write(ladder, name: str) -> None:
    verdict = ladder.check_file(EXERCISES / f"{name}.py")
    assert not verdict.passed
    assert verdict.text.startswith(f"{name}: not written yet. ")


@pytest.mark.parametrize(("name", "mistake"), MISTAKES)
def test_mistake_gets_its_counterexample(ladder, name: str, mistake: str) -> None:
    (known,) = [known for known in ladder.diagnosis.mistakes(name) if known.name == mistake]
    verdict = ladder.check(name, {name[3:]: known.answer})
    assert not verdict.passed
    assert (verdict.mistake, verdict.example) == (mistake, COUNTEREXAMPLES[name][mistake])
    assert "What it points at: " in verdict.text
    assert " ".join(verdict.text.split()).endswith(" ".join(known.thought.split()))


def test_counterexample_of_assigning_is_a_sum_of_the_same(ladder) -> None:
    source = """
from micrograd.engine import Value
def add(x, y):
    total = Value(x.data + y.data, (x, y), "+")
    def hand_on():
        for operand in (x, y):
            operand.grad = 1.0 * total.grad
    total._backward = hand_on
    return total
"""
    verdict = ladder.check_source("02_add", source)
    assert (verdict.mistake, verdict.example) == ("assigns", "add(a, a), where a = 1")
    assert "    a.grad      1      2  <--" in verdict.text
    assert "    c = a + a  = 2  grad 1" in verdict.text
    assert verdict.svg.startswith("<svg")
    assert (repr(verdict), verdict._repr_svg_()) == (verdict.text, verdict.svg)


def test_mistake_that_nobody_thought_of_gets_a_counterexample(ladder) -> None:
    verdict = ladder.check("03_multiply", {"multiply": lambda a, b: a * b + 0.25})
    assert (verdict.passed, verdict.mistake) == (False, "")
    assert verdict.example == "multiply(a, b), where a = 1, b = 1"
    assert "points at" not in verdict.text


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def slope(f, x, h):\n    return 1 / 0", "raised in line 2: return 1 / 0"),
        ("def slope(f, x, h):\n    f(x)", "None"),
        ("def slope(f, x, h)\n    return 0", "the file doesn't run"),
        ("import nothing_of_that_name", "ModuleNotFoundError"),
        ("gradient = 3", "define a function called slope"),
    ],
)
def test_answer_that_does_not_work_is_told_why(ladder, source: str, said: str) -> None:
    verdict = ladder.check_source("01_slope", source)
    assert not verdict.passed
    assert said in verdict.text


@pytest.mark.parametrize("exercise", ["02_add", "add", "2", "02"])
def test_exercise_is_found_by_name_and_number(ladder, exercise: str) -> None:
    assert ladder.check(exercise, {"add": lambda a, b: a + b}).exercise == "02_add"


def test_exercise_that_does_not_exist(ladder) -> None:
    with pytest.raises(KeyError, match=r"no exercise '99'.*01_slope"):
        ladder.check("99", {})


# ---- in the hands of a learner ---------------------------------------------------------------------------------------


def run(*command: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False, cwd=ROOT, **options)


def test_command_stops_at_the_first_that_is_not_right() -> None:
    climbed = run("exercises")
    assert (climbed.returncode, climbed.stdout.count("\n")) == (1, 1)
    assert climbed.stdout.startswith("01_slope: not written yet")


def test_command_refuses_what_does_not_exist() -> None:
    refused = run("exercises", "99")
    assert refused.returncode == 2
    assert "there is no exercise '99'" in refused.stderr


def test_pytest_checks_one_file() -> None:
    checked = run("-m", "pytest", "exercises/05_tanh.py", "-p", "no:cacheprovider")
    assert checked.returncode == 1
    assert "05_tanh: not written yet. Add to a.grad" in checked.stdout
    assert "Traceback" not in checked.stdout


def test_checker_needs_the_standard_library_and_the_engine_alone() -> None:
    code = """
import sys
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("numpy", "pytest") or name.startswith("micrograd.nn"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Nothing())
sys.path.insert(0, "exercises")
import ladder, pathlib
for path in sorted(pathlib.Path("exercises/solutions").glob("*.py")):
    assert ladder.check_file(path).passed, path
    assert not ladder.check(path.stem, {path.stem[3:]: lambda *args, **kwargs: None}).passed
"""
    alone = run("-c", code)
    assert alone.returncode == 0, alone.stderr


# ---- the solutions against the library, where the checker itself uses plain arithmetic -------------------------------


def test_neuron_and_layer_are_those_of_nn() -> None:
    layer = Layer(2, 3)
    W, b = [neuron.w for neuron in layer.neurons], [neuron.b for neuron in layer.neurons]
    for x in ([1.0, -2.0], [0.5, 3.0]):
        ours = [out.data for out in layer(x)]
        assert [out.data for out in solution("11_layer")(W, x, b)] == pytest.approx(ours)
        assert solution("10_neuron")(W[0], x, b[0]).data == pytest.approx(ours[0])


def test_losses_are_those_of_nn() -> None:
    scores, labels = [Value(0.3), Value(-2.0), Value(1.5)], [1.0, 1.0, -1.0]
    assert solution("13_hinge_loss")(scores, labels).data == pytest.approx(hinge_loss(scores, labels).data)
    squares = np.mean((np.array([0.3, -2.0, 1.5]) - labels) ** 2)
    assert solution("12_mean_squared_error")(scores, labels).data == pytest.approx(squares)
    logits = [0.5, -1.0, 2.0]
    tensor = Tensor([logits], requires_grad=True)
    loss = cross_entropy(tensor, [1])
    loss.backward()
    assert solution("20_cross_entropy")(logits, 1) == pytest.approx(loss.item())
    assert solution("21_cross_entropy_gradient")(logits, 1) == pytest.approx(tensor.grad[0])


def test_steps_are_those_of_nn() -> None:
    p = Value(1.0)
    optimizer = SGD([p], lr=0.1, momentum=0.9)
    data, velocity = 1.0, 0.0
    for _ in range(3):
        data, velocity = solution("15_momentum_step")(data, 2 * data, velocity, lr=0.1, momentum=0.9)
        optimizer.zero_grad()
        (p * p).backward()
        optimizer.step()
        assert data == pytest.approx(p.data)


def test_arrays_are_those_of_the_engine() -> None:
    X, W = Tensor([[1.0, 2.0], [3.0, -1.0], [0.5, 4.0]]), Tensor([[2.0, 0.0], [1.0, -3.0]])
    X.requires_grad = W.requires_grad = True
    bias = Tensor([[0.5, 1.0]], requires_grad=True)
    g = np.array([[1.0, 2.0], [-1.0, 0.5], [3.0, 1.0]])
    ((X @ W + bias) * g).sum().backward()
    dX, dW = solution("17_matmul_backward")(g.tolist(), X.numpy().tolist(), W.numpy().tolist())
    assert np.allclose(dX, X.grad)
    assert np.allclose(dW, W.grad)
    assert np.allclose(solution("16_unbroadcast")(g.tolist(), (1, 2)), bias.grad)


def test_dropout_scales_as_nn_does() -> None:
    x = [3.0] * 200
    layer = Dropout(0.25, rng=np.random.default_rng(1))
    ours = layer(Tensor(x)).numpy().tolist()
    assert solution("22_dropout")(x, [out != 0 for out in ours], p=0.25, training=True) == pytest.approx(ours)
    layer.eval()
    assert solution("22_dropout")(x, [], p=0.25, training=False) == layer(Tensor(x)).numpy().tolist()


def test_log_sum_exp_is_that_of_the_engine() -> None:
    logits = [1000.0, 999.0, -1000.0]
    assert solution("18_log_sum_exp")(logits) == pytest.approx(1000 + math.log1p(math.exp(-1)))
