"""`fit` on models of Tensors: what the loop does by hand, and what can be asked of it."""

from __future__ import annotations

from itertools import chain
from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import MicrogradTypeError, MicrogradValueError, Tensor, TracingError  # noqa: E402
from micrograd.nn import (  # noqa: E402
    SGD,
    Adam,
    DivergedError,
    EarlyStopping,
    History,
    Linear,
    ReduceLROnPlateau,
    ReLU,
    Sequential,
    StepLR,
    accuracy,
    clip_grad_norm,
    cross_entropy,
    evaluate,
    fit,
    mse_loss,
)
from micrograd.nn.layers.dropout import Dropout  # noqa: E402
from micrograd.nn.module import Module  # noqa: E402

RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 3))
Y = (X @ np.array([1.0, -2.0, 0.5]) > 0).astype(int)


def net(*inner: Any) -> Sequential:
    return Sequential(Linear(3, 8, rng=0), *inner, ReLU(), Linear(8, 2, rng=1))


def train(model: Any, data: Any = (X, Y), loss: Any = cross_entropy, **options: Any) -> History:
    optimizer = options.pop("optimizer", None) or SGD(model.parameters(), lr=0.5)
    return fit(model, data, loss, optimizer, **{"progress": False, **options})


def numbers(model: Any) -> list[Any]:
    return [p.data.tolist() for p in model.parameters()]


def test_it_does_what_the_loop_does_by_hand() -> None:
    trained, by_hand = net(), net()
    history = train(trained, steps=5)
    optimizer = SGD(by_hand.parameters(), lr=0.5)
    for k in range(5):
        scores = by_hand(Tensor(X))
        loss = cross_entropy(scores, Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        assert history.loss[k] == loss.item()
        assert history.accuracy[k] == (scores.data.argmax(axis=1) == Y).mean()
    assert numbers(trained) == numbers(by_hand)


def test_every_epoch_sees_every_sample_once_in_another_order() -> None:
    seen: list[Any] = []

    def loss(scores: Any, targets: Any) -> Any:
        seen.append(targets.tolist())
        return mse_loss(scores[:, 0], targets)

    train(net(), (X, np.arange(50.0)), loss, epochs=2, batch_size=20)
    assert [len(batch) for batch in seen] == [20, 20, 10] * 2
    first, second = list(chain(*seen[:3])), list(chain(*seen[3:]))
    assert sorted(first) == sorted(second) == list(range(50))
    assert first != second
    seen.clear()
    train(net(), (X, np.arange(50.0)), loss, epochs=1, batch_size=20, shuffle=False, drop_last=True)
    assert list(chain(*seen)) == list(range(40))


def test_a_compiled_step_gives_the_same_numbers() -> None:
    options = {"epochs": 3, "batch_size": 16, "validation": (X, Y)}
    eager, compiled = train(net(), **options), train(net(), jit=True, **options)
    np.testing.assert_allclose(compiled.loss, eager.loss, rtol=1e-12)
    np.testing.assert_allclose(compiled.validation["loss"], eager.validation["loss"], rtol=1e-12)
    assert compiled.accuracy == eager.accuracy


def test_accumulated_batches_count_as_one() -> None:
    one, parts = net(), net()
    whole = train(one, epochs=2, batch_size=24)
    split = train(parts, epochs=2, batch_size=8, accumulate=3)
    np.testing.assert_allclose(split.loss, whole.loss, rtol=1e-12)
    assert split.accuracy == whole.accuracy
    for p, q in zip(parts.parameters(), one.parameters(), strict=True):
        np.testing.assert_allclose(p.data, q.data, rtol=1e-10)


def test_gradients_are_clipped() -> None:
    model, by_hand = net(), net()
    train(model, steps=1, clip_norm=1e-3)
    cross_entropy(by_hand(Tensor(X)), Y).backward()
    assert clip_grad_norm(by_hand.parameters(), 1e-3) > 1e-3
    SGD(by_hand.parameters(), lr=0.5).step()
    assert numbers(model) == numbers(by_hand)


def test_validation_data_are_looked_at_after_each_epoch_without_dropout() -> None:
    model = net(Dropout(0.5, rng=0))
    history = train(model, epochs=3, batch_size=20, validation=(X[:7], Y[:7]))
    assert history.validated_at == [3, 6, 9]
    assert history.validation["loss"][-1] == evaluate(model, (X[:7], Y[:7]), cross_entropy)["loss"]
    assert model.training and all(module.training for module in model.modules())
    assert "validation accuracy" in repr(history)
    assert train(net(), steps=4, batch_size=20, validation=(X, Y)).validated_at == [3, 4]


def test_early_stopping_brings_the_best_weights_back() -> None:
    model = net()
    states = []

    class Spoil:
        def on_step(self, run: Any) -> None:
            states.append(run.model.state_dict())
            if run.step == 4:
                for p in run.model.parameters():
                    p.data += 5.0

    stopping = EarlyStopping(patience=3)
    optimizer = SGD(model.parameters(), lr=0.01)
    history = train(model, epochs=50, validation=(X, Y), callbacks=[stopping, Spoil()], optimizer=optimizer)
    assert len(history) == 7  # 4, and three that were no better
    assert stopping.best_step == 4
    np.testing.assert_array_equal(model.state_dict()["0.weight"], states[3]["0.weight"])
    with pytest.raises(MicrogradValueError, match="watches 'f1', but what is recorded is loss, accuracy"):
        train(net(), epochs=1, callbacks=[EarlyStopping("f1")])


def test_schedules_step_after_each_step_or_each_epoch() -> None:
    for every, expected in (("step", [1.0, 0.5, 0.25, 0.125]), ("epoch", [1.0, 1.0, 0.5, 0.5])):
        model = net()
        optimizer = SGD(model.parameters(), lr=1.0)
        schedule = StepLR(optimizer, 1, 0.5)
        history = train(model, epochs=2, batch_size=25, optimizer=optimizer, scheduler=schedule, scheduler_every=every)
        assert history.lr == expected


def test_a_plateau_is_told_of_the_validation_loss() -> None:
    model = net()
    optimizer = SGD(model.parameters(), lr=0.0)
    schedule = ReduceLROnPlateau(optimizer, patience=1)
    told = []
    step = schedule.step
    schedule.step = lambda measure: (told.append(measure), step(measure))[1]  # type: ignore[method-assign]
    history = train(model, epochs=3, batch_size=25, optimizer=optimizer, scheduler=schedule, validation=(X, Y))
    assert told == history.validation["loss"]


def test_targets_in_several_parts_reach_the_loss() -> None:
    weights = np.where(Y == 1, 2.0, 1.0)

    def weighted(scores: Any, targets: Any) -> Any:
        labels, counts = targets
        return (cross_entropy(scores, labels, reduction="none") * counts).mean()

    assert len(train(net(), (X, (Y, weights)), weighted, epochs=2, batch_size=16)) == 8
    assert len(train(net(), (X, (Y, weights)), weighted, epochs=2, batch_size=25, jit=True)) == 4


def test_without_labels_no_accuracy_is_expected() -> None:
    assert train(net(), (X, X[:, :2]), mse_loss, steps=1).metrics == {}
    assert list(train(net(), steps=1, metrics=accuracy).metrics) == ["accuracy"]


@pytest.mark.parametrize("jit", [False, True])
def test_a_loss_that_is_nan_names_step_module_and_operation(jit: bool) -> None:
    broken = X.copy()
    broken[0, 0] = np.nan
    model = net()
    before = numbers(model)
    with pytest.raises(DivergedError, match=r"step 0 .*\n.*began here: in 0 \(Linear\(3, 8\)\): affine\(") as caught:
        train(model, (broken, Y), steps=3, optimizer=Adam(model.parameters()), jit=jit)
    assert caught.value.step == 0
    assert numbers(model) == before


class Noisy(Module):
    """A module of a user's own, which draws where the engine doesn't see it."""

    def __init__(self) -> None:
        self.rng = np.random.default_rng(0)

    def __call__(self, x: Any) -> Any:
        return x + self.rng.normal(size=x.shape)


class Counting(Module):
    """One that asks for the number of what it keeps."""

    def __init__(self) -> None:
        self.register_buffer("seen", np.zeros(()))

    def forward(self, x: Any) -> Any:
        self.seen = np.array(int(self.seen) + 1.0)
        return x


@pytest.mark.parametrize(
    ("inner", "message"), [(Noisy(), r"draws random numbers, from 1.rng"), (Counting(), "in 1 .*int\\(\\) of")]
)
def test_what_a_program_cannot_do_is_said_and_changes_nothing(inner: Any, message: str) -> None:
    model = net(inner)
    draws, before = inner.__dict__.get("rng"), model.state_dict()
    state = draws.bit_generator.state if draws else None
    with pytest.raises(TracingError, match=f"jit=False runs it.*{message}"):
        train(model, steps=3, jit=True)
    assert all((array == before[name]).all() for name, array in model.state_dict().items())
    assert draws is None or draws.bit_generator.state == state


@pytest.mark.parametrize("jit", [False, True])
def test_a_model_in_single_precision_computes_in_it(jit: bool) -> None:
    model, seen = net().float(), []

    def loss(scores: Any, targets: Any) -> Any:
        seen.append(np.dtype(scores.dtype))
        return cross_entropy(scores, targets)

    history = train(model, loss=loss, steps=3, validation=(X, Y), jit=jit)
    assert set(seen) == {np.dtype("float32")}
    assert history.loss == pytest.approx(train(net(), steps=3).loss, rel=1e-5)


def test_wrong_calls() -> None:
    with pytest.raises(MicrogradValueError, match=r"Tensor of shape \(50,\).*one number"):
        train(net(), loss=lambda scores, targets: cross_entropy(scores, targets, reduction="none"), steps=1)
    with pytest.raises(MicrogradTypeError, match="the loss returned the float"):
        train(net(), loss=lambda scores, targets: cross_entropy(scores, targets).item(), steps=1)
    with pytest.raises(MicrogradValueError, match="X has 50 samples but y has 49"):
        train(net(), (X, Y[1:]), steps=1)
    with pytest.raises(MicrogradValueError, match="drop_last=True leaves out"):
        train(net(), steps=1, batch_size=64, drop_last=True)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"validation": (X[:, :2], Y)}, "expects shape"),
        ({"callbacks": [3]}, "a callback has some of on_begin"),
        ({"callbacks": [EarlyStopping]}, "a callback has some of on_begin"),
        ({"checkpoint": "run.st"}, r"checkpoint has resume\(\), which the str 'run.st' hasn't"),
        ({"scheduler_every": "day"}, 'scheduler_every is "step" or "epoch"'),
    ],
)
def test_what_cannot_play_its_part_is_refused_before_anything_moves(settings: Any, message: str) -> None:
    model = net()
    before = numbers(model)
    with pytest.raises((MicrogradTypeError, MicrogradValueError), match=message):
        train(model, epochs=1, **settings)
    assert numbers(model) == before


class Keeping(Sequential):
    """Keeps what it was given."""

    def forward(self, x: Any) -> Any:
        self.kept = x
        return super().forward(x)


class Writing:
    """A callback that would write into the batch."""

    def on_step(self, run: Any) -> None:
        with pytest.raises(ValueError, match="read-only"):
            run.batch[0][:] = 0.0
        np.testing.assert_array_equal(run.model.kept.data, run.batch[0])


def test_a_batch_that_the_model_kept_cannot_be_written() -> None:
    train(Keeping(Linear(3, 2, rng=0)), steps=3, batch_size=20, callbacks=[Writing()])
