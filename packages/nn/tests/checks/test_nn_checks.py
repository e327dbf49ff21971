"""`check_training`: what it takes, what it refuses, and that it leaves everything as it was."""

from __future__ import annotations

import pickle
import random

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import Tensor, Value, dropout, jit, vmap  # noqa: E402
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError  # noqa: E402
from micrograd.nn import (  # noqa: E402
    MLP,
    SGD,
    Adam,
    BatchNorm1d,
    Dropout,
    Linear,
    Module,
    ReLU,
    Sequential,
    cross_entropy,
    hinge_loss,
    jit_train_step,
    mse_loss,
)
from micrograd.nn.checks import Problem, Report, check_training  # noqa: E402
from micrograd.nn.checks.keeping import unchanged  # noqa: E402


def classes(rows=32):
    X = np.random.default_rng(0).normal(size=(rows, 4))
    return X, X[:, :3].argmax(axis=1)


def line(rows=12):
    X = np.random.default_rng(0).normal(size=(rows, 2))
    return X, X[:, 0] - X[:, 1]


def net():
    return Sequential(Linear(4, 16, rng=0), BatchNorm1d(16), ReLU(), Dropout(0.1, rng=3), Linear(16, 3, rng=1))


def everything(model, optimizer):
    """All that could have changed, as bytes."""
    generators = [part.rng.bit_generator.state for part in model.modules() if isinstance(part, Dropout)]
    grads = [parameter.grad for parameter in model.parameters()]
    modes = [part.training for part in model.modules()]
    randomness = random.getstate(), np.random.get_state()
    return pickle.dumps((model.state_dict(), grads, modes, generators, randomness, optimizer.state_dict()))


class Failing(Module):
    """A model that has changed a lot by the time when it fails."""

    def __init__(self, fails_at, error=KeyboardInterrupt):
        self.net, self.calls, self.fails_at, self.error = net(), 0, fails_at, error

    def forward(self, x):
        self.calls += 1
        out = self.net(x)
        random.random()
        np.random.random()
        if self.calls == self.fails_at:
            self.net[0].weight.data[:] = 0.0
            self.eval()
            raise self.error("no more")
        return out


@pytest.mark.parametrize("step", [False, True])
def test_everything_is_as_it_was(step):
    model, (X, y) = net(), classes()
    optimizer = Adam(model.parameters(), lr=0.01)
    cross_entropy(model(X), y).backward()
    optimizer.step()

    def take_step():
        optimizer.zero_grad()
        cross_entropy(model(X), y).backward()
        optimizer.step()

    before = everything(model, optimizer)
    report = check_training(model, cross_entropy, (X, y), optimizer=optimizer, step=take_step if step else None)
    assert report.kinds == []
    assert everything(model, optimizer) == before


@pytest.mark.parametrize("fails_at", [1, 2, 5, 16])
def test_everything_is_as_it_was_when_somebody_interrupts(fails_at):
    model, (X, y) = Failing(fails_at), classes()
    optimizer = SGD(model.parameters(), lr=0.01, momentum=0.9)
    cross_entropy(model.net(X), y).backward()
    before = everything(model, optimizer)
    with pytest.raises(KeyboardInterrupt, match="no more"):
        check_training(model, cross_entropy, (X, y), optimizer=optimizer)
    assert everything(model, optimizer) == before


def test_everything_is_as_it_was_when_the_model_fails():
    model = Failing(1, ZeroDivisionError)
    optimizer = SGD(model.parameters(), lr=0.01)
    before = everything(model, optimizer)
    with pytest.raises(ZeroDivisionError, match="no more"):
        check_training(model, cross_entropy, classes(), optimizer=optimizer)
    assert everything(model, optimizer) == before


@pytest.mark.parametrize("fails_at", [2, 5, 16])
def test_a_model_that_fails_in_a_trial_is_not_tried(fails_at):
    model = Failing(fails_at, ZeroDivisionError)
    optimizer = SGD(model.parameters(), lr=0.01)
    before = everything(model, optimizer)
    assert check_training(model, cross_entropy, classes(), optimizer=optimizer).kinds == []
    assert everything(model, optimizer) == before


def test_the_very_arrays_are_as_they_were():
    model, batch = Linear(4, 3, rng=0), classes()
    cross_entropy(model(batch[0]), batch[1]).backward()
    data, grad, numbers = model.weight.data, model.weight.grad, model.weight.data.copy()
    check_training(model, cross_entropy, batch, optimizer=SGD(model.parameters(), lr=0.1))
    assert model.weight.data is data and model.weight.grad is grad
    assert (data == numbers).all()
    data[0, 0] = 7.0
    assert model.weight.data[0, 0] == 7.0


def test_parameters_that_only_the_optimiser_knows_are_left_alone():
    model, stranger = Linear(4, 3, rng=0), Value(1.0)
    stranger.grad = 5.0
    optimizer = SGD([*model.parameters(), stranger], lr=0.1)
    report = check_training(model, cross_entropy, classes(), optimizer=optimizer)
    assert report.kinds == ["optimiser of another model"]
    assert (stranger.data, stranger.grad) == (1.0, 5.0)


def test_values_are_as_they_were():
    model, (X, y) = MLP(2, [3, 1], rng=random.Random(0)), line()
    mse_loss([model(x) for x in X], y).backward()
    before = [(p.data, p.grad) for p in model.parameters()]
    check_training(model, mse_loss, (X, y), optimizer=SGD(model.parameters(), lr=0.01))
    assert [(p.data, p.grad) for p in model.parameters()] == before


def test_a_single_gradient_left_over_is_no_mistake():
    model, (X, y) = Linear(4, 3, rng=0), classes()
    cross_entropy(model(X), y).backward()
    assert check_training(model, cross_entropy, (X, y)).kinds == []


def test_a_step_that_zeroes_at_its_end_or_draws_at_random_is_sound():
    model, (X, y) = Linear(4, 3, rng=0), classes(200)
    optimizer, rng = SGD(model.parameters(), lr=0.1), np.random.default_rng(0)

    def step():
        rows = rng.permutation(len(X))[:16]
        cross_entropy(model(X[rows]), y[rows]).backward()
        optimizer.step()
        optimizer.zero_grad()

    def step_that_zeroes_first():
        optimizer.zero_grad()
        rows = rng.permutation(len(X))[:16]
        cross_entropy(model(X[rows]), y[rows]).backward()
        optimizer.step()

    # The first one would follow a gradient that is there before, but in its own loop there is none.
    assert check_training(model, cross_entropy, (X, y), optimizer=optimizer, step=step).kinds == []
    again = check_training(model, cross_entropy, (X, y), optimizer=optimizer, step=step_that_zeroes_first)
    assert again.kinds == []


@pytest.mark.parametrize(
    ("make", "kind", "words"),
    [
        (lambda: check_training(net(), cross_entropy, 3), MicrogradTypeError, "pair"),
        (lambda: check_training(net(), cross_entropy, classes()[0]), MicrogradTypeError, "pair"),
        (lambda: check_training(net(), cross_entropy, (["a"], [1])), MicrogradTypeError, "X is numbers"),
        (lambda: check_training(net(), cross_entropy, ([[1.0], [1.0, 2.0]], [1, 2])), MicrogradTypeError, "rows"),
        (lambda: check_training(net(), cross_entropy, (np.zeros((0, 4)), [])), MicrogradValueError, "no rows"),
        (lambda: check_training(net(), cross_entropy, (1.0, 2.0)), MicrogradTypeError, "rows"),
        (lambda: check_training(lambda x: x, mse_loss, line()), MicrogradTypeError, "no parameters"),
        (lambda: check_training(net(), None, classes()), MicrogradTypeError, "loss_fn is a function"),
        (lambda: check_training(3, mse_loss, classes()), MicrogradTypeError, "model is a function"),
    ],
)
def test_what_can_t_be_checked_is_refused(make, kind, words):
    with pytest.raises(kind, match=words):
        make()


def test_a_refusal_of_the_model_is_a_problem_with_its_cure():
    report = check_training(Linear(5, 3, rng=0), cross_entropy, classes())
    assert report.kinds == ["step that can't be taken"]
    assert "5" in report[0].what


def test_functions_of_bare_parameters():
    w, b = Value(0.1, label="w"), Value(0.0, label="b")
    report = check_training(lambda x: w * x + b, mse_loss, ([0.1, 0.5, 0.9], [0.2, 0.1, 0.4]), parameters=[w])
    assert report.kinds == []
    used = check_training(lambda x: w * x, mse_loss, ([0.1, 0.5, 0.9], [0.2, 0.1, 0.4]), parameters=[w, b])
    assert (used.kinds, used[0].where) == (["parameter without gradient"], "b")


def test_targets_keep_the_form_in_which_they_were_given():
    seen = set()

    def loss(predictions, targets):
        seen.add(type(targets))
        return mse_loss(predictions, targets)

    X, y = line()
    check_training(Linear(2, 1, rng=0), loss, (X, Tensor(y[:, None])))
    check_training(MLP(2, [1]), loss, (X, y.tolist()), run_trials=False)
    check_training(MLP(2, [1]), loss, (X, y), run_trials=False)
    assert seen == {Tensor, list, np.ndarray}


def test_integers_of_an_embedding_are_passed_as_they_are():
    table = Tensor(np.random.default_rng(0).normal(size=(7, 3)), requires_grad=True, label="table")
    X = np.arange(14) % 7
    report = check_training(lambda rows: table[rows], cross_entropy, (X, X % 3), parameters=[table])
    assert report.kinds == []


def test_dropout_and_batch_norm_are_no_mixing_of_samples():
    rng = np.random.default_rng(0)
    model = net()
    report = check_training(lambda x: dropout(model(x), 0.1, rng=rng), cross_entropy, classes(), parameters=model)
    assert report.kinds == []


def test_a_trained_model_is_sound():
    model, (X, y) = Sequential(Linear(4, 16, rng=0), ReLU(), Linear(16, 3, rng=1)), classes()
    optimizer = Adam(model.parameters(), lr=0.02)
    for _ in range(300):
        optimizer.zero_grad()
        cross_entropy(model(X), y).backward()
        optimizer.step()
    assert check_training(model, cross_entropy, (X, y), optimizer=optimizer).kinds == []


def test_float32_is_sound():
    model, (X, y) = Sequential(Linear(4, 16, rng=0), ReLU(), Linear(16, 3, rng=1)).float(), classes()
    optimizer = SGD(model.parameters(), lr=0.1)
    assert check_training(model, cross_entropy, (X.astype(np.float32), y), optimizer=optimizer).kinds == []


def test_a_scalar_net_with_a_hinge_is_sound():
    X, y = line()
    report = check_training(MLP(2, [8, 1], rng=random.Random(1)), hinge_loss, (X, np.sign(y)))
    assert report.kinds == []


def test_a_report_is_a_sequence_that_prints():
    problem = Problem("kind", "<where>", "what", "why", "instead")
    report = Report([problem, problem])
    assert report[0] is problem and report[:1].kinds == ["kind"] and bool(report) and not Report([])
    assert str(report).count("Why it matters: why") == 2
    assert "&lt;where&gt;" in report._repr_html_() and "no problem" in Report([])._repr_html_()


@pytest.mark.parametrize("is_scalar", [True, False])
def test_a_compiled_training_goes_on_as_if_nothing_had_been(is_scalar):
    X, y = line()

    def trained(is_checked):
        model = MLP(2, [3, 1], rng=random.Random(0)) if is_scalar else Linear(2, 1, rng=0)
        targets = y if is_scalar else y[:, None]
        optimizer = Adam(model.parameters(), lr=0.01)
        take = (lambda rows, t: mse_loss([model(row) for row in rows], t)) if is_scalar else None
        step = jit_train_step(take or (lambda rows, t: mse_loss(model(rows), t)), optimizer, backend="numpy")
        for number in range(4):
            step(X, targets)
            if is_checked and number == 1:
                check_training(model, mse_loss, (X, targets), optimizer=optimizer)
        return [np.asarray(parameter.data).tolist() for parameter in model.parameters()], optimizer.steps

    assert trained(True) == trained(False)


def test_a_problem_is_at_the_user_s_line_and_never_at_that_of_the_check():
    def loss(predictions, targets):
        return ((predictions - targets) ** 2).mean()  # here

    X, y = line()
    report = check_training(Linear(2, 1, rng=0), loss, (X, y), run_trials=False)
    assert "(N, 1)" in report[0].kind and report[0].where.endswith("# here") and __file__ in report[0].where
    model = Sequential(Linear(2, 8, rng=0), ReLU(), Linear(8, 1, rng=1))
    model[0].bias.data -= 100.0
    report = check_training(model, mse_loss, (X, y[:, None]), run_trials=False)
    assert next(problem.where for problem in report if problem.kind == "dead relu units") == "layer 0"


def test_a_compiled_function_sees_the_numbers_that_a_check_puts_back():
    w = [Value(0.5), Value(-2.0)]
    f = jit(vmap(lambda x: w[0] * x + w[1]), backend="numpy")
    X = np.array([1.0, 2.0])
    before = f(X).data
    with unchanged([], w, None):
        w[0].data = 3.0
        assert f(X).data.tolist() == [1.0, 4.0]
    assert f(X).data.tolist() == before.tolist()
