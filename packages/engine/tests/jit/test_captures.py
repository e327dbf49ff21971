"""What a compiled function knows from elsewhere: when that changes, it is compiled anew, and says so of numbers."""

from __future__ import annotations

import contextlib
import functools
import warnings
from collections import deque
from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import Tensor, Value, detect_anomaly, grad, vmap  # noqa: E402
from micrograd.engine import jit as compile_  # noqa: E402
from micrograd.engine.observing.changes import Announcing, changes  # noqa: E402

SCALE = 2.0
BACKENDS = ("numpy", "python")
jit = functools.partial(compile_, backend="numpy")


@pytest.fixture(params=BACKENDS)
def compiled(request: pytest.FixtureRequest) -> Any:
    return lambda f: compile_(f, backend=request.param)


def count(f: Any) -> int:
    return len(f._compiled)


def test_a_number_that_a_function_closes_over(compiled: Any) -> None:
    alpha = 0.5
    f = compiled(lambda x: x * alpha)
    assert f(2.0) == 1.0
    alpha = 3.0
    with pytest.warns(RuntimeWarning, match="the number alpha, which the function knows from elsewhere.*argument"):
        assert f(2.0) == 6.0
    alpha = float("3")  # another object, the same number
    assert f(2.0) == 6.0
    alpha = 0.5
    assert f(2.0) == 1.0  # known from the first time
    assert count(f) == 2


def test_calls_and_new_tensors_are_no_change() -> None:
    weight = Value(2.0)
    f = jit(vmap(lambda x: weight * x))
    f(np.ones(3))
    before = changes.count
    f(np.ones(3)).sum().backward()
    Tensor([1.0], requires_grad=True).requires_grad = True
    assert changes.count == before


def test_a_global_number(compiled: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def scaled(x: Any) -> Any:
        return x * SCALE

    f = compiled(lambda x: scaled(x) + 1.0)
    assert f(2.0) == 5.0
    monkeypatch.setitem(globals(), "SCALE", 10.0)
    with pytest.warns(RuntimeWarning, match="the number SCALE"):
        assert f(2.0) == 21.0


def test_the_warning_points_at_the_users_line() -> None:
    alpha = 0.5
    f = jit(lambda x: x * alpha)
    f(2.0)
    alpha = 1.5
    with pytest.warns(RuntimeWarning) as caught:
        f(2.0)
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    "data",
    [[1.0, 2.0, 3.0], [[1.0, 2.0], [3.0]], np.arange(3.0), np.arange(6).reshape(2, 3)[:, ::2], np.zeros((100, 100))],
    ids=["list", "rows", "array", "strided", "large"],
)
def test_numbers_written_into_a_list_or_an_array(data: Any) -> None:
    def total(x: Any) -> Any:
        return x * float(np.sum([np.sum(row) for row in data]))

    f = jit(total)
    assert f(2.0) == pytest.approx(total(2.0))
    if isinstance(data, list):
        data[0] = [7.0] if isinstance(data[0], list) else 7.0
    else:
        data[:] = 7
    with pytest.warns(RuntimeWarning, match="the (list|array) data"):
        assert f(2.0) == pytest.approx(total(2.0))
    assert f(2.0) == pytest.approx(total(2.0))
    assert count(f) == 2


@pytest.mark.parametrize(
    ("container", "total", "change"),
    [
        ([], sum, lambda c: c.append(3.0)),
        ([3.0], sum, lambda c: c.clear()),
        ({}, lambda c: sum(c.values()), lambda c: c.update(a=3.0)),
        ({"a": {"b": 1.0}}, lambda c: c["a"]["b"], lambda c: c.update(a={"b": 3.0})),
        ({1.0}, sum, lambda c: c.add(3.0)),
        (deque([1.0]), sum, lambda c: c.append(3.0)),
        ([abs, 2.0], lambda c: c[-1], lambda c: c.append(5.0)),
        ([lambda: 1.0], lambda c: c[0](), lambda c: c.__setitem__(0, lambda: 3.0)),
        ([np.ones(2), np.ones(2)], lambda c: float(c[0].sum()), lambda c: c.__setitem__(0, np.zeros(2))),
    ],
    ids=["empty", "emptied", "empty dict", "dicts", "set", "deque", "mixed", "functions", "arrays"],
)
def test_what_is_put_into_a_container_and_taken_out(container: Any, total: Any, change: Any) -> None:
    def f(x: Any) -> Any:
        return x + total(container)

    g = jit(f)
    assert g(2.0) == g(2.0) == f(2.0)
    change(container)
    with pytest.warns(RuntimeWarning, match="the (list|dict|set) container"):
        assert g(2.0) == f(2.0)
    assert count(g) == 2


@pytest.mark.parametrize("is_watched", [False, True])
def test_a_list_that_others_fill_counts_whether_or_not_somebody_watches(is_watched: bool) -> None:
    calls: list[str] = []
    f = jit(lambda x: x * float(len(calls)))
    with detect_anomaly() if is_watched else contextlib.nullcontext():
        for k in range(3):
            with pytest.warns(RuntimeWarning, match="the list calls") if k else contextlib.nullcontext():
                assert f(2.0) == 2.0 * k
            calls.append("once more")


def test_another_array_of_the_same_numbers_is_no_change() -> None:
    data = np.arange(3.0)
    f = jit(lambda x: (x * data).sum())
    assert f(1.0) == 3.0
    data = data.copy()
    assert f(1.0) == 3.0
    assert count(f) == 1


def test_numbers_in_a_dict_and_defaults() -> None:
    settings = {"alpha": 0.5, "name": "mine"}

    def f(x: Any, weights: Any = [1.0, 2.0]) -> Any:  # noqa: B006
        return x * settings["alpha"] * sum(weights)

    g = jit(lambda x: f(x))
    assert g(2.0) == 3.0
    settings["alpha"] = 1.0
    with pytest.warns(RuntimeWarning, match="the dict settings"):
        assert g(2.0) == 6.0
    f.__defaults__[0][0] = 3.0
    with pytest.warns(RuntimeWarning, match=r"the list weights of f\(\)"):
        assert g(2.0) == 10.0


class Trainer:
    """An object of a user's own."""

    def __init__(self) -> None:
        self.alpha, self.steps = 0.5, 0

    def scaled(self, x: Any) -> Any:
        return x * self.alpha

    def loss(self, x: Any) -> Any:
        return self.scaled(x) + 1.0


def test_attributes_that_the_code_names_and_no_others() -> None:
    trainer = Trainer()
    f = jit(trainer.loss)
    assert f(2.0) == 2.0
    trainer.steps += 1  # which nobody reads
    assert f(2.0) == 2.0
    assert count(f) == 1
    trainer.alpha = 2.0
    with pytest.warns(RuntimeWarning, match=r"the number self.alpha, which loss\(\) knows"):
        assert f(2.0) == 5.0


class Net(Announcing):
    """A module, as nn has them."""

    def __init__(self) -> None:
        self.training, self.parts = True, [Value(3.0)]

    def __call__(self, x: Any) -> Any:
        return x * self.parts[0] * (2.0 if self.training else 1.0)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda net: net,
        lambda net: lambda x: net(x),
        lambda net: functools.partial(lambda model, x: model(x), net),
        lambda net: lambda x: [net][0](x),
        lambda net: grad(lambda x: net(x) * x / 2.0),
    ],
    ids=["itself", "closure", "partial", "list", "grad"],
)
def test_a_module_goes_from_training_to_evaluation_and_back(wrap: Any) -> None:
    net = Net()
    f = jit(wrap(net))
    for is_training in (True, False, True, False, False):
        net.training = is_training
        out = f(Value(1.0))
        assert getattr(out, "data", out) == (6.0 if is_training else 3.0)
    assert count(f) == 2


def test_training_that_is_first_set_to_what_it_was_is_no_change() -> None:
    class Quiet(Net):
        training = True

        def __init__(self) -> None:
            self.parts = [Value(3.0)]

    net = Quiet()
    f = jit(net)
    for mode in (True, False, True):
        net.training = mode
        assert f(1.0).data == (6.0 if mode else 3.0)
    assert count(f) == 2


def test_under_vmap_too() -> None:
    net = Net()
    f = jit(vmap(net))
    assert f(np.ones(2)).data.tolist() == [6.0, 6.0]
    net.training = False
    assert f(np.ones(2)).data.tolist() == [3.0, 3.0]


def test_another_parameter_in_the_place_of_one() -> None:
    w = Value(2.0)
    f = jit(lambda x: x * w)
    assert f(3.0).data == 6.0
    w = Value(5.0)
    out = f(3.0)
    out.backward()
    assert (out.data, w.grad) == (15.0, 3.0)


def test_what_a_function_writes_itself_is_no_reason_to_compile_again() -> None:
    log: list[Any] = []

    def f(x: Any) -> Any:
        log.append(len(log))
        return x * 2.0

    g = jit(f)
    g(1.0)
    f(1.0)
    g(1.0)
    assert (count(g), log) == (1, [0, 1])


def test_a_count_that_a_function_keeps_is_warned_of() -> None:
    calls = 0

    def f(x: Any) -> Any:
        nonlocal calls
        calls += 1
        return x * calls

    g = jit(f)
    with pytest.warns(RuntimeWarning, match=r"f\(\) changes calls as it runs.*register_buffer"):
        assert g(1.0) == 1.0


def test_programs_of_states_that_are_long_gone_are_forgotten() -> None:
    alpha = 0.0
    f = jit(lambda x: x * alpha)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for k in range(20):
            alpha = float(k)
            assert f(2.0) == 2.0 * k
    assert count(f) == 8


def test_a_frozen_tensor_gets_no_gradient_from_then_on() -> None:
    w = Tensor([1.0, 2.0], requires_grad=True)
    f = jit(lambda x: (x * w).sum())
    f(np.ones(2)).backward()
    assert w.grad.tolist() == [1.0, 1.0]
    w.requires_grad = False
    assert not f(np.ones(2)).requires_grad


def test_it_ends_on_objects_that_know_each_other_and_on_endless_ones() -> None:
    class Endless:
        def __getattr__(self, name: str) -> Any:
            return Endless()

    one, two = Trainer(), Trainer()
    one.other, two.other = two, one  # type: ignore[attr-defined]
    endless = Endless()
    f = jit(lambda x: one.loss(x) + two.other.loss(x) if endless else x)
    assert f(2.0) == 4.0
