import math
import pickle
import random

import pytest

from micrograd.engine import MicrogradTypeError, MicrogradValueError, Value
from micrograd.nn import MLP, SGD, DivergedError, History, StepLR, accuracy, fit, hinge_loss, mse_loss
from micrograd.nn.training import Loss

X = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [0.5, 0.2]]
Y = [-1, 1, 1, -1, -1]


def net() -> MLP:
    return MLP(2, [4, 1], rng=random.Random(3))


def train(model: MLP, data: object = (X, Y), loss: Loss = hinge_loss, **options: object) -> History:
    optimizer = SGD(model.parameters(), lr=0.1)
    return fit(model, data, loss, optimizer, **{"progress": False, **options})


def numbers(model: MLP) -> list[float]:
    return [p.data for p in model.parameters()]


def test_fit_does_what_the_loop_does_by_hand() -> None:
    trained, by_hand = net(), net()
    history = train(trained, steps=5)
    for k in range(5):
        scores = [by_hand([Value(number) for number in row]) for row in X]
        loss = hinge_loss(scores, Y)
        by_hand.zero_grad()
        loss.backward()
        for p in by_hand.parameters():
            p.data -= 0.1 * p.grad
        assert history.loss[k] == loss.data
        assert history.accuracy[k] == accuracy(scores, Y)
    assert numbers(trained) == numbers(by_hand)


def test_one_forward_pass_a_step() -> None:
    calls = []
    model = net()

    def counted(x: list[Value]) -> Value:
        calls.append(x)
        return model(x)

    fit(counted, (X, Y), hinge_loss, SGD(model.parameters(), lr=0.1), steps=3, progress=False)
    assert len(calls) == 3 * len(X)


def test_epochs_and_batches() -> None:
    seen: list[list[float]] = []

    def loss(scores: list[Value], targets: list[float]) -> Value:
        seen.append(targets)
        return mse_loss(scores, targets)

    history = train(net(), (X, [0, 1, 2, 3, 4]), loss, epochs=3, batch_size=2, metrics=())
    assert [len(batch) for batch in seen] == [2, 2, 1] * 3
    assert len(history) == 9
    epochs = [[target for batch in seen[i : i + 3] for target in batch] for i in (0, 3, 6)]
    assert all(sorted(epoch) == [0, 1, 2, 3, 4] for epoch in epochs)
    assert len(set(map(tuple, epochs))) > 1


def test_a_full_batch_keeps_the_order_of_the_data() -> None:
    for size in (None, 5, 100):
        seen = []

        def loss(scores: list[Value], targets: list[float], seen: list[list[float]] = seen) -> Value:
            seen.append(targets)
            return mse_loss(scores, targets)

        train(net(), (X, [0, 1, 2, 3, 4]), loss, epochs=2, batch_size=size, metrics=())
        assert seen == [[0, 1, 2, 3, 4]] * 2


def test_the_seed_decides_the_batches() -> None:
    one, same, other = net(), net(), net()
    assert train(one, epochs=4, batch_size=2, seed=7).loss == train(same, epochs=4, batch_size=2, seed=7).loss
    assert train(other, epochs=4, batch_size=2, seed=8).loss != train(net(), epochs=4, batch_size=2, seed=7).loss


def test_steps_may_end_within_an_epoch() -> None:
    assert len(train(net(), steps=4, batch_size=2)) == 4


def test_the_history_keeps_the_rate_that_each_step_used() -> None:
    model = net()
    optimizer = SGD(model.parameters(), lr=1.0)
    schedule = StepLR(optimizer, step_size=2, gamma=0.5)
    history = fit(model, (X, Y), hinge_loss, optimizer, steps=5, scheduler=schedule, progress=False)
    assert history.lr == [1.0, 1.0, 0.5, 0.5, 0.25]


def test_metrics_of_ones_own() -> None:
    def bias(scores: list[Value], targets: list[float]) -> float:
        return sum(score.data - target for score, target in zip(scores, targets, strict=True))

    history = train(net(), steps=2, metrics=[accuracy, bias])
    assert list(history.metrics) == ["accuracy", "bias"]
    assert list(train(net(), steps=2, metrics=bias).metrics) == ["bias"]
    with pytest.raises(MicrogradValueError, match="same name"):
        train(net(), steps=1, metrics=[bias, bias])


def test_the_model_is_in_training_mode() -> None:
    model = net().eval()
    train(model, steps=1)
    assert model.training


def test_the_bar_shows_loss_and_accuracy(capsys: pytest.CaptureFixture[str]) -> None:
    history = train(net(), steps=3, progress=True)
    shown = capsys.readouterr().err
    for part in (f"loss={history.loss[-1]:.4f}", f"accuracy={history.accuracy[-1]:.4f}", "3/3"):
        assert part in shown


def test_ctrl_c_leaves_the_last_complete_step() -> None:
    model, reference = net(), net()
    calls = 0

    def loss(scores: list[Value], targets: list[float]) -> Value:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise KeyboardInterrupt
        return hinge_loss(scores, targets)

    with pytest.raises(KeyboardInterrupt):
        train(model, loss=loss, steps=10)
    train(reference, steps=3)
    assert numbers(model) == numbers(reference)


def test_a_diverging_loss_is_stopped_before_the_step() -> None:
    model = net()
    optimizer = SGD(model.parameters(), lr=1e200)
    with pytest.raises(DivergedError, match=r"loss of step \d+ .* is (inf|nan).*try optimizer.lr = 1e\+199") as caught:
        fit(model, (X, Y), mse_loss, optimizer, steps=50, progress=False)
    error = caught.value
    assert error.step == len(error.history) > 0
    assert all(map(math.isfinite, error.history.loss))
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_nan_in_the_data_is_stopped_at_once() -> None:
    model = net()
    before = numbers(model)
    with pytest.raises(DivergedError, match=r"step 0 .* It is the first one, so look for nan"):
        train(model, ([[math.nan, 1.0]], [1.0]), mse_loss, steps=1, metrics=())
    assert numbers(model) == before


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (([], []), "X is empty"),
        ((X, Y[:3]), "X has 5 samples but y has 3"),
        ((X, []), "X has 5 samples but y has 0"),
    ],
)
def test_data_that_cannot_be_learned_from(data: object, message: str) -> None:
    with pytest.raises(MicrogradValueError, match=message):
        train(net(), data, steps=1)


@pytest.mark.parametrize("data", [None, X, 3, (X,), (X, Y, Y), ([1.0, 2.0], [1, -1])])
def test_data_that_is_no_pair(data: object) -> None:
    with pytest.raises(MicrogradTypeError, match=r"Write fit\(model, \(X, y\)|write X = \[\[x\] for x in X\]"):
        train(net(), data, steps=1)


def test_wrong_calls() -> None:
    for options in ({}, {"epochs": 1, "steps": 1}):
        with pytest.raises(MicrogradValueError, match=r"epochs=10.*steps=100"):
            train(net(), **options)
    for options in ({"epochs": 0}, {"steps": 0}, {"steps": 1, "batch_size": 0}):
        with pytest.raises(MicrogradValueError, match="must be at least 1"):
            train(net(), **options)
    with pytest.raises(MicrogradTypeError, match="the loss returned the float"):
        train(net(), loss=lambda scores, targets: hinge_loss(scores, targets).data, steps=1)
    with pytest.raises(MicrogradTypeError, match="the loss returned the NoneType None"):
        train(net(), loss=lambda scores, targets: None, steps=1)
    with pytest.raises(MicrogradValueError, match="Layer 0 of MLP takes 2 inputs but was given 3"):
        train(net(), ([[1.0, 2.0, 3.0]], [1]), steps=1)


def test_arrays_are_data() -> None:
    numpy = pytest.importorskip("numpy")
    assert train(net(), (numpy.array(X), numpy.array(Y)), steps=3).loss == train(net(), steps=3).loss


def test_history() -> None:
    assert repr(History()) == "<History of 0 steps>"
    history = train(net(), steps=1, metrics=())
    assert repr(history).startswith("<History of 1 step: loss ")
    with pytest.raises(MicrogradValueError, match=r"no accuracy.*metrics=\(accuracy,\)"):
        _ = history.accuracy
