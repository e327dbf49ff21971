import copy
import math
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from micrograd.engine import MicrogradTypeError, MicrogradValueError, Value
from micrograd.nn import MLP, SGD, Adam, jit_train_step

SETTINGS = [
    {},
    {"momentum": 0.9},
    {"weight_decay": 0.01},
    {"momentum": 0.9, "weight_decay": 0.01},
    {"momentum": 0.5, "nesterov": True},
    {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1},
]


@given(st.floats(-100, 100), st.floats(-100, 100), st.floats(0, 2))
def test_a_plain_step_is_that_of_micrograds_notebook(data: float, grad: float, lr: float) -> None:
    p = Value(data)
    p.grad = grad
    SGD([p], lr).step()
    assert p.data == data - lr * grad


def test_momentum_by_hand() -> None:
    p = Value(0.0)
    optimizer = SGD([p], lr=1.0, momentum=0.5)
    places = []
    for _ in range(3):
        p.grad = 1.0
        optimizer.step()
        places.append(p.data)
    assert places == [-1.0, -2.5, -4.25]


def test_nesterov_by_hand() -> None:
    p = Value(0.0)
    optimizer = SGD([p], lr=1.0, momentum=0.5, nesterov=True)
    places = []
    for _ in range(2):
        p.grad = 1.0
        optimizer.step()
        places.append(p.data)
    assert places == [-1.5, -3.25]


@pytest.mark.torch
@pytest.mark.parametrize("settings", SETTINGS)
def test_two_hundred_steps_as_pytorch(settings: dict[str, float]) -> None:
    torch = pytest.importorskip("torch")
    start = [3.0, -2.0, 0.5]
    ours, theirs = [Value(x) for x in start], torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer, peer = SGD(ours, lr=0.05, **settings), torch.optim.SGD([theirs], lr=0.05, **settings)
    for step in range(200):
        optimizer.lr = peer.param_groups[0]["lr"] = 0.05 / (1 + step / 50)
        optimizer.zero_grad()
        peer.zero_grad()
        a, b, c = ours
        (a**2 + (b * a).sin() + (c - b) ** 2).backward()
        a, b, c = theirs
        (a**2 + (b * a).sin() + (c - b) ** 2).backward()
        optimizer.step()
        peer.step()
        assert [p.data for p in ours] == pytest.approx(theirs.tolist(), rel=1e-12, abs=1e-14)


def test_zero_grad() -> None:
    p = Value(1.0)
    p.grad = 3.0
    SGD([p], lr=1.0).zero_grad()
    assert p.grad == 0.0


def test_no_decay_adds_nothing() -> None:
    p = Value(math.inf)
    p.grad = 1.0
    SGD([p], lr=1.0).step()
    assert p.data == math.inf


def test_the_rate_can_be_written_and_is_checked() -> None:
    optimizer = SGD([Value(1.0)], lr=0.1)
    optimizer.lr = 0
    assert optimizer.lr == 0.0
    for lr in (math.nan, math.inf, -0.1):
        with pytest.raises(MicrogradValueError, match="learning rate"):
            optimizer.lr = lr
    with pytest.raises(MicrogradTypeError, match="learning rate"):
        optimizer.lr = "0.1"
    assert optimizer.lr == 0.0


@pytest.mark.parametrize(
    "settings",
    [
        {"lr": math.nan},
        {"lr": -1.0},
        {"lr": math.inf},
        {"lr": 0.1, "momentum": -0.1},
        {"lr": 0.1, "momentum": math.nan},
        {"lr": 0.1, "weight_decay": -1.0},
        {"lr": 0.1, "nesterov": True},
    ],
)
def test_settings_that_make_no_sense(settings: dict[str, float]) -> None:
    with pytest.raises(MicrogradValueError, match=r"Write SGD\(model.parameters\(\), lr=0.1"):
        SGD([Value(1.0)], **settings)


@pytest.mark.parametrize("lr", [None, "0.1", True, 1j, Value(0.1), [0.1]])
def test_rates_that_are_no_numbers(lr: object) -> None:
    with pytest.raises(MicrogradTypeError, match="learning rate"):
        SGD([Value(1.0)], lr=lr)


def test_parameters_that_cannot_be_learned() -> None:
    w = Value(1.0)
    with pytest.raises(MicrogradValueError, match="no parameters"):
        SGD([], lr=0.1)
    with pytest.raises(MicrogradValueError, match="twice"):
        SGD([w, w], lr=0.1)
    with pytest.raises(MicrogradValueError, match=r"parameter 1 was computed, by '\*'"):
        SGD([w, w * 2], lr=0.1)
    with pytest.raises(MicrogradTypeError, match=r"not an MLP. Write SGD\(model.parameters\(\)"):
        SGD(MLP(2, [1]), lr=0.1)
    with pytest.raises(MicrogradTypeError, match="parameter 0 is a float"):
        SGD([1.0], lr=0.1)


def test_a_failed_step_changes_nothing() -> None:
    a, b = Value(1.0), Value(2.0)
    optimizer = SGD([a, b], lr=0.1, momentum=0.9)
    a.grad = b.grad = 1.0
    optimizer.step()
    before = [a.data, b.data]
    b.grad = None
    with pytest.raises(TypeError):
        optimizer.step()
    assert [a.data, b.data] == before
    a.grad = b.grad = 1.0
    optimizer.step()
    assert a.data - b.data == pytest.approx(-1.0)  # the velocity of neither had moved


def test_ctrl_c_between_two_writes_changes_nothing() -> None:
    class Interrupted(Value):
        @property
        def data(self) -> float:
            return self._data

        @data.setter
        def data(self, data: float) -> None:
            self._data = float(data)
            if data < 0:
                raise KeyboardInterrupt

    a, b = Value(1.0), Interrupted(0.05)
    optimizer = SGD([a, b], lr=0.1, momentum=0.9)
    a.grad = b.grad = 1.0
    with pytest.raises(KeyboardInterrupt):
        optimizer.step()
    assert (a.data, b.data) == (1.0, 0.05)
    b.grad = 0.0
    optimizer.step()
    assert a.data == 0.9


def test_repr_says_the_settings() -> None:
    assert repr(SGD([Value(1.0)], lr=0.1)) == "SGD(1 parameters, lr=0.1)"
    assert repr(SGD([Value(1.0)], lr=0.1, momentum=0.9, nesterov=True)) == (
        "SGD(1 parameters, lr=0.1, momentum=0.9, nesterov=True)"
    )


def test_a_copy_goes_on_from_the_states_that_a_compiled_step_holds():
    pytest.importorskip("numpy")
    x = Value(3.0)
    optimizer = Adam([x], lr=0.1)
    step = jit_train_step(lambda: x * x, optimizer, backend="numpy")
    step()
    twin = pickle.loads(pickle.dumps(copy.deepcopy(optimizer)))
    step()
    (z,) = twin.parameters
    (z * z).backward()
    twin.step()
    assert z.data == pytest.approx(x.data, rel=1e-12)
    assert twin.steps == optimizer.steps == 2
