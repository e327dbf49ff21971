"""A compiled step does what a recorded one does: dropout, running statistics, train and eval, settings that change."""

from __future__ import annotations

import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import Tensor, Value, detect_anomaly, jit, relu, vmap  # noqa: E402
from micrograd.engine.errors import MicrogradTypeError  # noqa: E402
from micrograd.engine.observing.listeners import listening  # noqa: E402
from micrograd.nn import (  # noqa: E402
    MLP,
    SGD,
    Adam,
    AdamW,
    BatchNorm1d,
    Checkpoint,
    DivergedError,
    Dropout,
    Linear,
    ReLU,
    Sequential,
    StepLR,
    TransformerBlock,
    clip_grad_norm,
    clip_grad_value,
    cross_entropy,
    fit,
    hinge_loss,
    jit_train_step,
    load_state,
    mse_loss,
)

X = np.random.default_rng(0).normal(size=(50, 3))
Y = (X[:, 0] > 0).astype(int)


@pytest.fixture(params=["numpy", "numba"])
def backend(request: pytest.FixtureRequest) -> str:
    if request.param == "numba":
        pytest.importorskip("llvmlite")
    name: str = request.param
    return name


def net() -> Sequential:
    rng = np.random.default_rng(5)
    return Sequential(
        # No bias: batch norm takes it out again, so that its gradient is rounding, of which Adam makes whole steps.
        Linear(3, 8, bias=False, rng=rng),
        BatchNorm1d(8),
        Dropout(0.2, rng=rng),
        ReLU(),
        Dropout(0.5, rng=rng),
        Linear(8, 2, rng=rng),
    )


def train(model: Any, **options: Any) -> Any:
    optimizer = options.pop("optimizer", None) or Adam(model.parameters(), lr=0.02)
    return fit(model, (X, Y), options.pop("loss", cross_entropy), optimizer, **{"progress": False, **options})


def assert_same(model: Any, other: Any) -> None:
    for (name, array), (also, expected) in zip(model.state_dict().items(), other.state_dict().items(), strict=True):
        assert name == also
        np.testing.assert_allclose(array, expected, rtol=1e-9, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("batch_size", [None, 12])
def test_dropout_and_batch_norm_as_without_jit(batch_size: Any) -> None:
    eager, compiled = net(), net()
    options = {"steps": 20, "batch_size": batch_size, "validation": (X, Y)}
    expected, history = train(eager, **options), train(compiled, jit=True, **options)
    np.testing.assert_allclose(history.loss, expected.loss, rtol=1e-10)
    np.testing.assert_allclose(history.validation["loss"], expected.validation["loss"], rtol=1e-10)
    assert history.metrics == expected.metrics
    assert_same(compiled, eager)
    assert int(compiled[1].num_batches_tracked) == 20
    assert compiled[2].rng.bit_generator.state == eager[2].rng.bit_generator.state


@pytest.mark.parametrize("layer", [BatchNorm1d(3, momentum=None), BatchNorm1d(3, track_running_stats=False)])
def test_batch_norm_of_other_kinds(layer: BatchNorm1d) -> None:
    models = [Sequential(layer, Linear(3, 2, rng=0)) for _ in range(2)]
    before = layer.state_dict()
    train(models[0], steps=5)
    after = layer.state_dict()
    layer.load_state_dict(before)
    train(models[1], steps=5, jit=True)
    for name, array in layer.state_dict().items():
        np.testing.assert_allclose(array, after[name], rtol=1e-10, err_msg=name)


@pytest.mark.parametrize("make", [lambda p: Adam(p, lr=0.02), lambda p: SGD(p, lr=0.1, momentum=0.9)])
@pytest.mark.parametrize("accumulate", [1, 2])
def test_in_single_precision(make: Any, accumulate: int) -> None:
    eager, compiled = net().float(), net().float()
    optimizers = [make(model.parameters()) for model in (eager, compiled)]
    options = {"steps": 5, "batch_size": 6, "accumulate": accumulate, "clip_norm": 1.0}
    expected = train(eager, optimizer=optimizers[0], **options)
    history = train(compiled, optimizer=optimizers[1], jit=True, **options)
    np.testing.assert_allclose(history.loss, expected.loss, rtol=1e-4)
    assert {array.dtype for name, array in compiled.state_dict().items() if "num" not in name} == {np.dtype("float32")}
    for states, expected_states in zip(*(optimizer.state_dict()["states"] for optimizer in optimizers), strict=True):
        for state, expected_state in zip(states, expected_states, strict=True):
            assert state.dtype == expected_state.dtype == np.float32
            np.testing.assert_allclose(state, expected_state, rtol=1e-2, atol=1e-5)


def test_dropout_within_attention() -> None:
    rows = np.random.default_rng(0).normal(size=(6, 5, 8))

    def run(jit: bool) -> Any:
        model = TransformerBlock(8, 2, dropout=0.2, rng=0)
        optimizer = SGD(model.parameters(), lr=0.01)
        return fit(model, (rows, rows), mse_loss, optimizer, steps=4, progress=False, jit=jit).loss

    np.testing.assert_allclose(run(True), run(False), rtol=1e-10)


def test_dropout_in_a_compiled_step(backend: str) -> None:
    def losses(compiled: bool) -> list[float]:
        w, dropout = Tensor(np.ones(3), requires_grad=True), Dropout(0.5, rng=0)
        optimizer = SGD([w], lr=0.1, momentum=0.9)

        def loss(rows: Any) -> Any:
            return ((dropout(rows * w)).sum(axis=1) ** 2).sum()

        if compiled:
            step = jit_train_step(loss, optimizer, backend=backend)
            return [step(X[:8]) for _ in range(5)]
        found = []
        for _ in range(5):
            optimizer.zero_grad()
            out = loss(Tensor(X[:8]))
            out.backward()
            optimizer.step()
            found.append(out.item())
        return found

    np.testing.assert_allclose(losses(True), losses(False), rtol=1e-10)


def test_a_resumed_training_with_dropout_ends_with_the_same_bits(tmp_path: Path) -> None:
    def run(path: Path, *parts: int) -> Any:
        for steps in parts:
            model = net()
            checkpoint = Checkpoint(path, every=5, resume=True)
            history = train(model, steps=steps, batch_size=12, jit=True, checkpoint=checkpoint)
        return model, history

    whole, losses = run(tmp_path / "whole", 30)
    parts, resumed = run(tmp_path / "parts", 13, 30)
    assert losses.loss == resumed.loss
    assert all((array == parts.state_dict()[name]).all() for name, array in whole.state_dict().items())
    assert repr(load_state(tmp_path / "whole")) == repr(load_state(tmp_path / "parts"))


def test_a_step_that_diverged_leaves_the_running_statistics() -> None:
    broken, model = X.copy(), net()
    broken[0, 0] = np.nan
    before = model.state_dict()
    with pytest.raises(DivergedError, match="step 0"):
        fit(model, (broken, Y), cross_entropy, SGD(model.parameters(), lr=0.1), steps=2, jit=True, progress=False)
    assert all((array == before[name]).all() for name, array in model.state_dict().items())


def test_a_compiled_model_follows_train_and_eval() -> None:
    model, twin = net(), net()
    f = jit(model)
    for is_training in (True, False, True, False):
        model.train(is_training), twin.train(is_training)
        np.testing.assert_allclose(f(Tensor(X)).data, twin(Tensor(X)).data, rtol=1e-10)
        if is_training:
            model[0].weight.data *= 0.5
            twin[0].weight.data *= 0.5
    assert len(f._compiled) == 2


def test_a_step_follows_train_and_eval_settings_and_layers() -> None:
    def run(compiled: bool) -> list[float]:
        model = net()
        optimizer = SGD(model.parameters(), lr=0.1, momentum=0.5)

        def loss(rows: Any, targets: Any) -> Any:
            return cross_entropy(model(rows), targets)

        step = jit_train_step(loss, optimizer)
        found = []
        changes = [
            lambda: None,
            model.eval,
            model.train,
            lambda: setattr(model[2], "p", 0.7),
            lambda: setattr(model[4], "rng", np.random.default_rng(77)),
            lambda: setattr(optimizer, "momentum", 0.9),
            model[0].freeze,
            model[0].unfreeze,
        ]
        for change in changes:
            change()
            for _ in range(2):
                if compiled:
                    found.append(step(X, Y))
                    continue
                optimizer.zero_grad()
                out = loss(Tensor(X), Y)
                out.backward()
                optimizer.step()
                found.append(out.item())
        return found

    np.testing.assert_allclose(run(True), run(False), rtol=1e-9)


@pytest.mark.parametrize(
    "options",
    [
        {"clip_norm": 0.05},
        {"batch_size": 8, "accumulate": 3},
        {"batch_size": 8, "accumulate": 3, "clip_norm": 0.1, "drop_last": True},
    ],
)
def test_clipped_and_accumulated_gradients_as_without_jit(options: Any) -> None:
    eager, compiled = net(), net()
    expected, history = train(eager, steps=7, **options), train(compiled, steps=7, jit=True, **options)
    np.testing.assert_allclose(history.loss, expected.loss, rtol=1e-9)
    assert history.metrics == expected.metrics
    assert_same(compiled, eager)


def test_accumulated_gradients_of_scalars() -> None:
    def run(jit: bool) -> Any:
        model = MLP(3, [4, 1], rng=random.Random(0))
        optimizer = SGD(model.parameters()[3:], lr=0.1, momentum=0.9)
        options = {"steps": 5, "batch_size": 4, "accumulate": 3, "clip_norm": 0.3, "progress": False}
        history = fit(model, (X[:20], 2 * Y[:20] - 1), hinge_loss, optimizer, jit=jit, **options)
        return history.loss, [p.data for p in model.parameters()]

    for found, expected in zip(run(True), run(False), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-9)


@pytest.mark.parametrize("limits", [{"clip_norm": 0.5}, {"clip_value": 0.1}, {"clip_norm": 0.5, "clip_value": 0.3}])
def test_a_compiled_step_clips(limits: Any, backend: str) -> None:
    def run(compiled: bool) -> Any:
        a, b = Tensor([1.0, -2.0], requires_grad=True), Value(3.0)
        optimizer = SGD([a, b], lr=0.1)

        def loss(x: Any) -> Any:
            return ((a * x) ** 2).sum() * b

        if compiled:
            step = jit_train_step(loss, optimizer, backend=backend, **limits)
            return [step(2.0) for _ in range(3)], a.data.copy(), b.data
        losses = []
        for _ in range(3):
            optimizer.zero_grad()
            out = loss(2.0)
            out.backward()
            if "clip_norm" in limits:
                clip_grad_norm([a, b], limits["clip_norm"])
            if "clip_value" in limits:
                clip_grad_value([a, b], limits["clip_value"])
            optimizer.step()
            losses.append(out.item())
        return losses, a.data.copy(), b.data

    for found, expected in zip(run(True), run(False), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_calls_of_a_compiled_step_that_make_one_step() -> None:
    a, b = (Tensor(np.ones(3), requires_grad=True) for _ in range(2))
    parts = jit_train_step(lambda x: ((x * a) ** 2).mean(), Adam([a], lr=0.1), accumulate=2)
    whole = jit_train_step(lambda x: ((x * b) ** 2).mean(), Adam([b], lr=0.1))
    for _ in range(3):
        before = a.data.copy()
        first = parts(X[:10])
        assert (a.data == before).all()
        assert whole(X[:20]) == pytest.approx((first + parts(X[10:20])) / 2)
        np.testing.assert_allclose(a.data, b.data, rtol=1e-9)


def test_a_part_that_is_nan_moves_nothing() -> None:
    broken, model = X.copy(), net()
    broken[20, 0] = np.nan  # in the second part of the first step
    before = model[0].state_dict()
    optimizer = SGD(model.parameters(), lr=0.1)
    options = {"batch_size": 12, "accumulate": 3, "shuffle": False, "steps": 2, "jit": True, "progress": False}
    with pytest.raises(DivergedError, match="step 0"):
        fit(model, (broken, Y), cross_entropy, optimizer, **options)
    assert optimizer.steps == 0
    assert all((array == before[name]).all() for name, array in model[0].state_dict().items())


def test_scalar_code_under_vmap(backend: str) -> None:
    """Traced for one row, with the gradients in the scalar parameters."""

    def run(compiled: bool) -> Any:
        model = MLP(3, [4, 1], rng=random.Random(0))
        optimizer = Adam(model.parameters(), lr=0.05)

        def loss(rows: Any, targets: Any) -> Any:
            penalty = 1e-2 * sum(p * p for p in model.parameters())
            return relu(1.0 - targets * vmap(model)(rows)).sum() * 0.1 + penalty

        rows, targets = X[:10], 2.0 * Y[:10] - 1.0
        if compiled:
            step = jit_train_step(loss, optimizer, backend=backend)
            losses = [step(rows, targets) for _ in range(5)]
            assert len(step.program) < 80
            return losses, [p.data for p in model.parameters()]
        losses = []
        for _ in range(5):
            optimizer.zero_grad()
            out = loss(Tensor(rows), targets)
            out.backward()
            optimizer.step()
            losses.append(out.item())
        return losses, [p.data for p in model.parameters()]

    for found, expected in zip(run(True), run(False), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_a_tensor_that_no_gradient_reaches_stays_as_without_jit() -> None:
    def run(compiled: bool) -> Any:
        a, b = (Tensor(np.ones(3), requires_grad=True) for _ in range(2))
        optimizer = SGD([a, b], lr=0.1, weight_decay=0.5)

        def loss(rows: Any) -> Any:
            return (rows * a).sum() + (b > 0.0).sum() * 1.0

        if compiled:
            jit_train_step(loss, optimizer)(X)
        else:
            loss(Tensor(X)).backward()
            optimizer.step()
        return a.data.copy(), b.data.copy()

    for array, expected in zip(run(True), run(False), strict=True):
        np.testing.assert_allclose(array, expected)


def grouped(kind: Any, first: Any, second: Any) -> Any:
    """An optimiser of two groups that differ in all that a group may have of its own."""
    own = {"lr": 0.03, "weight_decay": 0.1, **({"momentum": 0.9, "nesterov": True} if kind is SGD else {})}
    return kind([{"params": first, **own}, {"params": second}], lr=0.1)


@pytest.mark.parametrize("kind", [SGD, AdamW])
@pytest.mark.parametrize("options", [{}, {"batch_size": 8, "accumulate": 3, "clip_norm": 0.1}])
def test_groups_as_without_jit(kind: Any, options: Any) -> None:
    def run(jit: bool) -> Any:
        model = net()
        optimizer = grouped(kind, model[0].parameters(), [*model[1].parameters(), *model[5].parameters()])
        scheduler = StepLR(optimizer, step_size=3)
        return model, train(model, optimizer=optimizer, scheduler=scheduler, steps=7, jit=jit, **options), optimizer

    (eager, expected, there), (compiled, history, here) = run(False), run(True)
    np.testing.assert_allclose(history.loss, expected.loss, rtol=1e-12)
    assert_same(compiled, eager)
    for group, other in zip(here.state_dict()["groups"], there.state_dict()["groups"], strict=True):
        assert group["steps"] == other["steps"] == 7
        assert len(group["states"]) == len(other["states"])
        for states, known in zip(group["states"], other["states"], strict=True):
            np.testing.assert_allclose(states, known, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("kind", [SGD, AdamW])
def test_groups_of_scalars_and_tensors_in_a_compiled_step(kind: Any, backend: str) -> None:
    def run(compiled: bool) -> Any:
        a, b, fixed = Value(1.5), Value(-0.5), Value(2.0)
        v, w = (Tensor(np.linspace(0.5, 1.0, 3), requires_grad=True) for _ in range(2))
        optimizer = grouped(kind, [a, v], [w, b])

        def loss(rows: Any) -> Any:
            return ((rows * v - a) ** 2).mean() + ((rows * w) ** 2).mean() * b * b * fixed

        def undecorated() -> float:
            optimizer.zero_grad()
            out = loss(Tensor(X))
            out.backward()
            optimizer.step()
            return out.item()

        step = jit_train_step(loss, optimizer, backend=backend) if compiled else lambda _: undecorated()
        losses = [step(X) for _ in range(3)]
        optimizer.param_groups[1].lr = 0.01
        optimizer.param_groups[0].weight_decay = 0.3
        a.data += 0.25
        return [*losses, *(step(X) for _ in range(3))], [p.data for p in (a, b, fixed)], v.data, w.data

    for found, expected in zip(run(True), run(False), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-11)


def test_groups_are_resumed_and_told_one_by_one(tmp_path: Path) -> None:
    def run(path: Path, *parts: int) -> Any:
        for steps in parts:
            model = net()
            optimizer = grouped(AdamW, model[0].parameters(), model[5].parameters())
            checkpoint = Checkpoint(path, every=5, resume=True)
            history = train(model, optimizer=optimizer, steps=steps, batch_size=12, jit=True, checkpoint=checkpoint)
        return history.loss

    assert run(tmp_path / "whole", 20) == run(tmp_path / "parts", 8, 20)
    a, b = Value(1.0), Value(2.0)
    optimizer = grouped(SGD, [a], [b])
    told = []
    with listening(SimpleNamespace(stepped=lambda moves, loss: told.append((moves, loss)))):
        jit_train_step(lambda x: (a * x) ** 2 + b * x, optimizer)(1.0)
    ((moves, loss),) = told
    assert [(group, before[0], after[0]) for group, before, after in moves] == [
        (optimizer.param_groups[0], [1.0], [a.data]),
        (optimizer.param_groups[1], [2.0], [b.data]),
    ]
    assert loss == 3.0


def test_an_array_alone_is_not_taken_for_one_in_a_list() -> None:
    w = Tensor(np.ones(3), requires_grad=True)
    step = jit_train_step(lambda given: (given[0] * w).sum(), SGD([w], lr=0.0))
    for _ in range(2):
        assert step([X]) == pytest.approx(X.sum())
        assert step(X) == pytest.approx(X[0].sum())
        assert step(X[:5]) == pytest.approx(X[0].sum())


@pytest.mark.parametrize("read", [lambda w: w, lambda w: w.T, lambda w: w[0], lambda w: w.reshape(-1)])
def test_a_part_of_a_parameter_is_returned_as_it_was_before_the_step(read: Any, backend: str) -> None:
    w, v = Tensor(np.arange(6.0).reshape(2, 3), requires_grad=True), Value(3.0)
    step = jit_train_step(lambda x: (v * (w * x).sum(), (read(w), v)), SGD([w, v], lr=0.1), backend=backend)
    for _ in range(2):
        before = read(w).data.copy(), v.data
        _, (part, scalar) = step.with_results(2.0)
        np.testing.assert_array_equal(part, before[0])
        assert scalar.data == before[1]
        assert v.data != before[1]
    w.data = np.full((2, 3), 7.0)
    value = jit_train_step(lambda: w[0, 1], SGD([w], lr=1.0), backend=backend)
    assert [value(), value()] == [7.0, 6.0]


def test_a_rehearsal_draws_nothing_and_counts_nothing() -> None:
    watched, model = net(), net()
    with detect_anomaly():
        losses = train(watched, steps=3, jit=True).loss
    assert losses == train(model, steps=3, jit=True).loss
    assert_same(watched, model)


@pytest.mark.parametrize(
    ("args", "named", "why"),
    [
        ((), {}, "missing a required argument: 'x'"),
        ((1.0,), {}, "missing a required argument: 'y'"),
        ((1.0, 2.0, 3.0), {}, "too many positional arguments"),
        ((1.0,), {"z": 2.0}, "missing a required argument: 'y'"),
    ],
)
def test_a_step_says_which_arguments_it_takes(args: Any, named: Any, why: str) -> None:
    w = Value(3.0)
    step = jit_train_step(lambda x, y: (w * x - y) ** 2, SGD([w], lr=0.1), backend="numpy")
    with pytest.raises(MicrogradTypeError, match=rf"of the loss: {why}\. It is called as step\(x, y\)"):
        step(*args, **named)
    assert step(1.0, y=2.0) == 1.0
    assert w.data == pytest.approx(2.8)


def test_what_a_step_can_not_take_is_refused() -> None:
    w = Value(3.0)
    step = jit_train_step(lambda x, *, y: (w * x - y) ** 2, SGD([w], lr=0.1), backend="numpy")
    with pytest.raises(MicrogradTypeError, match="by position, but not y"):
        step(1.0, y=2.0)
    with pytest.raises(MicrogradTypeError, match=r"jit_train_step\(\) takes a function, but was given a Value"):
        jit_train_step(w * 2.0, SGD([w], lr=0.1))
