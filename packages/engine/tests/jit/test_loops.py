"""Code on arrays as loops in machine code, with products by BLAS between them: the same numbers as without jit."""

from __future__ import annotations

import math
from typing import Any

import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("llvmlite")

from micrograd import engine  # noqa: E402
from micrograd.engine import Tensor, cross_entropy, jit, matmul  # noqa: E402
from micrograd.engine.errors import MicrogradValueError  # noqa: E402
from micrograd.engine.jit.backends.choice import build  # noqa: E402
from micrograd.engine.jit.backends.numba_source import NumbaSource  # noqa: E402
from micrograd.engine.jit.stepping.steps import CompiledStep, Group  # noqa: E402

RNG = np.random.default_rng(0)
LABELS = np.array([1, 0, 2, 2, 1, 0])


def logits(**changed: float) -> Any:
    x = RNG.normal(scale=3.0, size=(6, 3))
    for place, number in changed.items():
        x[int(place[1]), int(place[2])] = number
    return x


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize(
    "x",
    [
        logits(),
        logits(_00=800.0, _11=-800.0, _20=50.0, _32=50.0),
        np.zeros((6, 3)),
        logits(_01=math.nan, _20=math.inf, _32=math.inf, _41=-math.inf),
    ],
    ids=["random", "far", "equal", "not finite"],
)
@pytest.mark.parametrize("ignored", [-100, 2, -1])
@pytest.mark.parametrize(("dtype", "rtol"), [(np.float64, 1e-12), (np.float32, 1e-5)])
def test_cross_entropy_in_loops(reduction: str, x: Any, ignored: int, dtype: Any, rtol: float) -> None:
    labels = np.where(LABELS == 0, ignored, LABELS) if ignored < 0 else LABELS

    def f(x: Any, labels: Any) -> Any:
        losses = cross_entropy(x, labels, reduction=reduction, ignore_index=ignored)
        return losses if reduction != "none" else (losses * np.arange(6, dtype=dtype)).sum()

    found = []
    for g in (f, jit(f, backend="numba")):
        given = Tensor(x, requires_grad=True, dtype=dtype)
        out = g(given, labels)
        out.backward()
        found.append((out.data, given.grad))
    for mine, expected in zip(found[1], found[0], strict=True):
        assert mine.dtype == expected.dtype == dtype
        np.testing.assert_allclose(mine, expected, rtol=rtol, atol=np.finfo(dtype).tiny)


def test_a_batch_of_no_label_that_counts_moves_nothing() -> None:
    def f(x: Any, labels: Any) -> Any:
        return cross_entropy(x, labels)

    for g in (f, jit(f), jit(f, backend="numba")):
        given = Tensor(logits(), requires_grad=True)
        out = g(given, np.full(6, -100))
        out.backward()
        assert math.isnan(out.item())
        assert (given.grad == 0.0).all()


def test_a_label_out_of_range_is_refused_before_anything_moves() -> None:
    w = Tensor(np.zeros((3, 3)), requires_grad=True)
    group = Group([w], lambda p, g, states, numbers: (p - g, ()), 0, {})
    step = CompiledStep(lambda x, y: cross_entropy(x @ w, y), (logits(), LABELS), [group], "numba")
    step((logits(), LABELS), {})
    before = w.data.copy()
    for wrong in (3, -1):
        with pytest.raises(MicrogradValueError, match=f"label {wrong} is out of range"):
            step((logits(), np.full(6, wrong)), {})
    assert (w.data == before).all()


SHAPES = {
    "small": [((4, 3), (3, 5)), ((3,), (3, 5)), ((4, 3), (3,)), ((3,), (3,))],
    "by BLAS": [((60, 30), (30, 50)), ((50_000,), (50_000, 2)), ((300, 200), (200,)), ((1, 60_000), (60_000, 1))],
}


@pytest.mark.parametrize(("size", "shapes"), [(size, shapes) for size in SHAPES for shapes in SHAPES[size]])
def test_products(size: str, shapes: Any) -> None:
    x, y = (Tensor(RNG.normal(size=shape), requires_grad=True) for shape in shapes)

    def f(x: Any, y: Any) -> Any:
        return (matmul(x, y).tanh() ** 2).sum()

    found = []
    for g in (f, jit(f, backend="numba")):
        x.grad = y.grad = None
        out = g(x, y)
        out.backward()
        found.append((out.data, x.grad, y.grad))
    for mine, expected in zip(found[1], found[0], strict=True):
        np.testing.assert_allclose(mine, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", ["exp", "log", "tanh", "sin", "arctan2", "sigmoid", "softplus", "elu"])
@pytest.mark.parametrize("count", [30, 600, 5000])
def test_functions_of_few_and_of_many_numbers(name: str, count: int) -> None:
    function = getattr(engine, name)
    x, y = (Tensor(RNG.normal(size=(count // 10, 10)), requires_grad=True) for _ in range(2))
    x.data[0, :4] = math.nan, math.inf, -math.inf, 0.0

    def f(x: Any, y: Any) -> Any:
        given = (x.T * 1.5, y.T) if name == "arctan2" else (x.T * 1.5,)
        return function(*given) * 2.0 + y.T

    found = []
    for g in (f, jit(f, backend="numba")):
        x.grad = y.grad = None
        out = g(x, y)
        out.sum().backward()
        found.append((out.data, x.grad, y.grad))
    for mine, expected in zip(found[1], found[0], strict=True):
        np.testing.assert_allclose(mine, expected, rtol=1e-12, atol=1e-14)


def linear_net() -> tuple[list[Tensor], Any]:
    W, b, V = (Tensor(RNG.normal(size=shape), requires_grad=True) for shape in [(40, 30), (40,), (3, 40)])

    def loss(x: Any, y: Any) -> Any:
        return cross_entropy((x @ W.T + b).relu() @ V.T, y)

    return [W, b, V], loss


def test_a_step_is_loops_and_the_products_between_them() -> None:
    held, loss = linear_net()
    group = Group(held, lambda p, g, states, numbers: (p - numbers["lr"] * g, ()), 0, {"lr": "lr"})
    given = RNG.normal(size=(64, 30)), RNG.integers(0, 3, 64)
    step = CompiledStep(loss, given, [group], "auto")
    calls = step.backend.source.partition("def step():\n")[2].split("\n")
    assert [call.split("(")[0].strip() for call in calls] == ["check_labels", "matmul", "part0", "matmul", "part1"]


def test_an_update_reads_the_old_numbers_wherever_it_reads_them() -> None:
    """Written over its input where each number is read for itself alone; else put aside first."""

    def run(rule: Any, backend: str) -> Any:
        w = Tensor(np.arange(9.0).reshape(3, 3), requires_grad=True)
        v = Tensor(np.arange(9.0).reshape(3, 3) / 7.0, requires_grad=True)
        step = CompiledStep(lambda x: ((x @ w) * v).sum(), (np.ones((3, 3)),), [Group([w, v], rule, 1, {})], backend)
        losses = [step((np.eye(3),), {})[0] for _ in range(3)]
        return losses, w.data.copy(), v.data.copy()

    def plain(p: Any, g: Any, states: Any, numbers: Any) -> Any:
        return p - 0.1 * (states[0] + g), (0.5 * states[0] + g,)

    def transposed(p: Any, g: Any, states: Any, numbers: Any) -> Any:
        return p.T - 0.1 * g, (states[0].T + p,)

    def swapped(p: Any, g: Any, states: Any, numbers: Any) -> Any:
        return states[0] + g, (p * 1.0,)

    for rule in (plain, transposed, swapped):
        for mine, expected in zip(run(rule, "numba"), run(rule, "numpy"), strict=True):
            np.testing.assert_allclose(mine, expected, rtol=1e-13)


def test_functions_of_many_numbers_are_calls_of_numpy() -> None:
    def source(count: int) -> str:
        step = jit(lambda x: (np.tanh(x) * engine.sigmoid(x)).sum(), backend="numba")
        step(np.ones(count))
        text: str = step.source
        return text.partition("def step():")[2]

    assert source(100) == ""  # a single function
    assert "tanh(x, out=" in source(600)
    assert "sigmoid" not in source(600)
    assert "copyto(" in source(5000)


def test_sums_over_no_axes() -> None:
    f = jit(lambda x: np.mean(x[0], axis=-1) * np.sum(x[1], axis=()), backend="numba")
    assert f(Tensor([2.0, 3.0])).item() == 6.0


def test_truth_stays_truth() -> None:
    f = jit(lambda x: (x > 0.0, (x * 2.0).sum()), backend="numba")
    for sign in (1.0, -1.0):
        is_positive, total = f(Tensor(np.array([1.0, -2.0]) * sign))
        assert is_positive.dtype == bool
        assert is_positive.data.tolist() == [sign > 0, sign < 0]
        assert total.item() == -2.0 * sign


def test_what_the_loops_do_not_know_is_left_to_numpy() -> None:
    def kind(f: Any, dtype: Any = float) -> type:
        compiled = jit(f)
        compiled(np.ones(3, dtype))
        return type(build(compiled.program, [np.ones(3, dtype) for _ in compiled.program.inputs], "auto"))

    assert kind(lambda x: (x * 2.0).sum()) is NumbaSource
    assert kind(lambda x: np.cumsum(x).sum()) is not NumbaSource
    assert kind(lambda x: (x * 2.0).sum(), np.float32) is NumbaSource
    assert kind(lambda x: (x * 2.0).sum(), np.float16) is not NumbaSource
    assert kind(lambda x: (x.astype(np.float32) * 2.0).sum()) is not NumbaSource
    assert kind(lambda x: x.sum().astype(float), np.float32) is not NumbaSource
    assert kind(lambda x: x.astype(bool), np.float32) is not NumbaSource
