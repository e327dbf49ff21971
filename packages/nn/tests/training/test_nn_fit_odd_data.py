"""`fit` with data that aren't what they should be, and with what fails on the way; with `jit` as without."""

from __future__ import annotations

import random
import warnings
from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import MicrogradTypeError, MicrogradValueError, Value  # noqa: E402
from micrograd.nn import (  # noqa: E402
    MLP,
    SGD,
    Adam,
    BatchNorm1d,
    Dropout,
    EarlyStopping,
    Linear,
    LogitsWarning,
    ReLU,
    Sequential,
    Softmax,
    StepLR,
    cross_entropy,
    fit,
    hinge_loss,
)

RNG = np.random.default_rng(0)
X = RNG.normal(size=(30, 3))
Y = (X[:, 0] > 0).astype(int)
SIGNS = 2 * Y - 1
NAMES = np.where(Y, "yes", "no")


class Sparse:
    """What a matrix of SciPy's is, as far as this goes."""

    def toarray(self) -> Any:
        return X


class Table:
    """What a table of pandas is, as far as this goes."""

    def __iter__(self) -> Any:
        return iter(["a", "b", "c"])

    def to_numpy(self) -> Any:
        return X

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return X


def net(*last: Any) -> Sequential:
    return Sequential(Linear(3, 8, rng=0), BatchNorm1d(8), ReLU(), Dropout(0.3, rng=2), Linear(8, 2, rng=1), *last)


def train(model: Any, data: Any, jit: bool, loss: Any = cross_entropy, **options: Any) -> Any:
    optimizer = options.pop("optimizer", None) or Adam(model.parameters(), lr=0.05)
    return fit(model, data, loss, optimizer, **{"steps": 3, "progress": False, "jit": jit, **options})


def numbers(model: Any) -> list[Any]:
    return [p.data.tolist() if hasattr(p.data, "tolist") else p.data for p in model.parameters()]


ODD = {
    "texts for labels": ((X, NAMES), r"names, y = np.unique\(y, return_inverse=True\)"),
    "a list of texts for labels": ((X, NAMES.tolist()), r"names, y = np.unique\(y, return_inverse=True\)"),
    "texts for numbers": ((X.astype(str), Y), "Convert it first"),
    "objects": ((X.astype(object), Y), "Convert it first"),
    "complex numbers": ((X + 0j, Y), "holds real numbers"),
    "masked numbers": ((np.ma.masked_array(X, X > 1.0), Y), "masked elements"),
    "a sparse matrix": ((Sparse(), Y), r"write X.toarray\(\)"),
    "a generator": (((row for row in X), Y), r"write X = list\(X\)"),
    "a dict": ({"X": X, "y": Y}, "a data set or a pair"),
    "pairs": (list(zip(X, Y, strict=True)), r"X, y = zip\(\*pairs\)"),
    "two pairs": (list(zip(X, Y, strict=True))[:2], r"X, y = zip\(\*pairs\)"),
    "two batches": ([(X, Y), (X, Y)], r"a list of pairs.*of pairs of batches, join all X and all y by np.concatenate"),
    "truths for labels": ((X, Y.astype(bool)), r"target.astype\(int\)"),
}


def test_a_table_of_numbers_is_learned_from() -> None:
    assert train(net(), (Table(), Y), False).loss == train(net(), (X, Y), False).loss


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("name", ODD)
def test_data_that_cannot_be_learned_from_are_refused_by_name(name: str, jit: bool) -> None:
    data, words = ODD[name]
    model = net()
    before = numbers(model)
    with pytest.raises(MicrogradTypeError, match=words):
        train(model, data, jit)
    assert numbers(model) == before


ODD_ROWS: dict[str, tuple[Any, type[Exception], str]] = {
    "texts": ([["1", "2", "3"]], MicrogradTypeError, "the text '1'"),
    "nothing": ([[None, 1.0, 2.0]], MicrogradTypeError, "None"),
    "Values": ([[Value(1.0)] * 3], MicrogradTypeError, "was given a Value"),
    "a complex number": ([[1j, 1.0, 2.0]], MicrogradTypeError, "complex number"),
    "a huge integer": ([[10**400, 1, 2]], MicrogradValueError, "larger than any float"),
    "rows of two lengths": ([[1.0, 2.0, 3.0], [1.0, 2.0]], MicrogradValueError, "features"),
    "rows of rows": (np.ones((1, 3, 2)), MicrogradTypeError, "a list"),
}


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("name", ODD_ROWS)
def test_rows_that_are_no_numbers_are_refused_of_a_scalar_net_too(name: str, jit: bool) -> None:
    rows, error, words = ODD_ROWS[name]
    model = MLP(3, [4, 1], rng=random.Random(0))
    before = numbers(model)
    with pytest.raises(error, match=words):
        train(model, (rows, [1] * len(rows)), jit, hinge_loss, optimizer=SGD(model.parameters(), lr=0.1))
    assert numbers(model) == before


@pytest.mark.parametrize("jit", [False, True])
def test_rows_of_integers_and_truths_are_numbers(jit: bool) -> None:
    losses = []
    for rows in ([[1, 0, 1], [0, 1, 1]], [[True, False, True], [False, True, True]], np.array([[1, 0, 1], [0, 1, 1]])):
        model = MLP(3, [4, 1], rng=random.Random(0))
        losses.append(train(model, (rows, [1, -1]), jit, hinge_loss, optimizer=SGD(model.parameters(), lr=0.1)).loss)
    assert losses[0] == losses[1] == losses[2]


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
def test_the_order_of_bytes_does_not_matter(order: str, jit: bool) -> None:
    plain, other = net(), net()
    expected = train(plain, (X, Y), jit).loss
    assert train(other, (X.astype(f"{order}f8"), Y.astype(f"{order}i4")), jit).loss == expected
    assert numbers(other) == numbers(plain)


@pytest.mark.parametrize("jit", [False, True])
def test_layouts_and_read_only_arrays_do_not_matter(jit: bool) -> None:
    expected = train(net(), (X, Y), jit).loss
    wide = np.zeros((60, 6), order="F")
    wide[::2, ::2] = X
    locked = X.copy()
    locked.setflags(write=False)
    for data in (wide[::2, ::2], locked, X[::-1].copy()[::-1]):
        assert train(net(), (data, Y), jit).loss == expected


@pytest.mark.parametrize("jit", [False, True])
def test_an_optimiser_that_moves_nothing_of_the_model_is_refused(jit: bool) -> None:
    model = net()
    with pytest.raises(MicrogradValueError, match=r"none of the model's parameters.*Make it anew: SGD"):
        train(model, (X, Y), jit, optimizer=SGD(net().parameters(), lr=0.1))
    with pytest.raises(MicrogradValueError, match=r"are frozen.*model.unfreeze\(\)"):
        train(model.freeze(), (X, Y), jit)
    model.unfreeze()[0].freeze()
    before = model[0].weight.data.copy()
    assert len(train(model, (X, Y), jit)) == 3
    assert (model[0].weight.data == before).all()


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("returned", [1.0, None, (1.0, 2.0), np.float64(1.0)])
def test_a_loss_that_returns_something_else_is_refused(returned: Any, jit: bool) -> None:
    with pytest.raises(MicrogradTypeError, match="Return the loss itself"):
        train(net(), (X, Y), jit, lambda scores, targets: returned)
    with pytest.raises(MicrogradTypeError, match="Return the loss itself"):
        train(net(), (X, Y), jit, lambda scores, targets: (cross_entropy(scores, targets), 1))


class Foreign:
    """An optimiser of some other kind."""

    def zero_grad(self) -> None:
        pass

    def step(self) -> None:
        pass


def test_roles_that_are_played_by_something_else_are_refused() -> None:
    model = net()
    optimizer, other = (SGD(model.parameters(), lr=0.1) for _ in range(2))
    with pytest.raises(MicrogradValueError, match="StepLR sets the rate of another optimiser"):
        train(model, (X, Y), False, optimizer=optimizer, scheduler=StepLR(other, 1))
    with pytest.raises(MicrogradTypeError, match=r"takes an optimiser of micrograd.nn.*Foreign"):
        train(model, (X, Y), False, optimizer=Foreign())
    with pytest.raises(MicrogradTypeError, match=r"Write callbacks=\[callback\]"):
        train(model, (X, Y), False, optimizer=optimizer, callbacks=EarlyStopping())
    with pytest.raises(MicrogradTypeError, match="the class Linear"):
        fit(Linear, (X, Y), cross_entropy, optimizer, steps=1, progress=False)


def test_data_and_targets_as_two_arguments_are_refused_with_the_call() -> None:
    model = net()
    with pytest.raises(MicrogradTypeError, match=r"fit\(model, \(X, y\), "):
        fit(model, X, Y, cross_entropy)  # type: ignore[arg-type]
    with pytest.raises(MicrogradTypeError, match=r"called as fit\(model, data, loss, optimizer"):
        fit(model, X, Y, cross_entropy, SGD(model.parameters(), lr=0.1))  # type: ignore[call-arg, arg-type]


@pytest.mark.parametrize("jit", [False, True])
def test_a_softmax_before_cross_entropy_is_noticed(jit: bool) -> None:
    with pytest.warns(LogitsWarning, match="result of a softmax"):
        train(net(Softmax()), (X, Y), jit)
    with warnings.catch_warnings():
        warnings.simplefilter("error", LogitsWarning)
        train(net(), (X, Y), jit)


class Stop(BaseException):
    """As Ctrl-C is, no Exception."""


@pytest.mark.parametrize("accumulate", [1, 2])
@pytest.mark.parametrize(
    ("place", "jit"),
    [
        *((place, jit) for place in ("metric", "on_step", "on_epoch", "scheduler") for jit in (False, True)),
        ("loss", False),  # with jit it runs once, to be compiled
    ],
)
def test_what_fails_on_the_way_leaves_a_whole_number_of_steps(place: str, accumulate: int, jit: bool) -> None:
    calls = []

    def maybe(here: str) -> None:
        if here == place:
            calls.append(here)
            if len(calls) == 4:
                raise Stop

    class Callback:
        def on_step(self, run: Any) -> None:
            maybe("on_step")

        def on_epoch(self, run: Any) -> None:
            maybe("on_epoch")

    class Schedule:
        def step(self) -> None:
            maybe("scheduler")

    def metric(scores: Any, targets: Any) -> float:
        maybe("metric")
        return 0.0

    def loss(scores: Any, targets: Any) -> Any:
        maybe("loss")
        return cross_entropy(scores, targets)

    options: dict[str, Any] = {"batch_size": 5, "accumulate": accumulate}
    model = net()
    optimizer = Adam(model.parameters(), lr=0.05)
    watch = {"metrics": [metric], "callbacks": [Callback()], "scheduler": Schedule()}
    with pytest.raises(Stop):
        # A compiled loss that knew of `calls` would be compiled anew whenever there is another.
        train(model, (X, Y), jit, cross_entropy if jit else loss, optimizer=optimizer, steps=100, **watch, **options)
    taken = {"metric": 3, "loss": 3 // accumulate, "on_step": 4, "on_epoch": 4 * 6 // accumulate, "scheduler": 4}[place]
    assert optimizer.steps == taken
    again = net()
    train(again, (X, Y), jit, steps=taken, **options)
    assert numbers(model) == numbers(again)
