"""Clipping against PyTorch, groups of parameters, and averages of weights."""

from __future__ import annotations

import math
from typing import Any

import pytest

from micrograd.engine import MicrogradTypeError, MicrogradValueError, Value
from micrograd.nn import MLP, SGD, Adam, WeightAverage, clip_grad_norm, clip_grad_value
from micrograd.nn.optim.optimizer import GroupedOptimizer

GRADIENTS = [[1.5, -2.0, 0.0], [[30.0, -0.1]], [1e-3]]


def tensors() -> list[Any]:
    np = pytest.importorskip("numpy")
    from micrograd.engine import Tensor

    out = [Tensor(np.zeros_like(g, dtype=float), requires_grad=True) for g in GRADIENTS]
    for tensor, g in zip(out, GRADIENTS, strict=True):
        tensor.grad = np.array(g)
    return [*out, Tensor([1.0], requires_grad=True)]  # the last has none


@pytest.mark.torch
@pytest.mark.parametrize("order", [2.0, 1.0, 3.0, math.inf])
@pytest.mark.parametrize("limit", [0.5, 100.0])
def test_the_norm_is_clipped_as_by_pytorch(order: float, limit: float) -> None:
    torch = pytest.importorskip("torch")
    theirs = [torch.zeros(torch.tensor(g).shape, dtype=torch.float64, requires_grad=True) for g in GRADIENTS]
    for tensor, g in zip(theirs, GRADIENTS, strict=True):
        tensor.grad = torch.tensor(g, dtype=torch.float64)
    ours = tensors()
    total = clip_grad_norm(ours, limit, order)
    assert total == pytest.approx(torch.nn.utils.clip_grad_norm_(theirs, limit, order).item(), rel=1e-12)
    for x, y in zip(ours, theirs, strict=False):
        assert abs(x.grad - y.grad.numpy()).max() <= 1e-12
    assert ours[-1].grad is None


def test_values_are_clipped_too() -> None:
    x, y = Value(3.0), Value(-4.0)
    (x * 3.0 + y * -4.0).backward()
    assert clip_grad_norm([x, y], 2.5) == 5.0
    assert (x.grad, y.grad) == pytest.approx((1.5, -2.0), rel=1e-6)
    clip_grad_value([x, y], 1.0)
    assert (x.grad, y.grad) == (1.0, -1.0)


def test_a_norm_that_is_not_finite_can_be_an_error() -> None:
    x, y = Value(1.0), Value(1.0)
    x.grad, y.grad = math.nan, 2.0
    with pytest.raises(MicrogradValueError, match="nothing was changed"):
        clip_grad_norm([x, y], 1.0, error_if_nonfinite=True)
    assert y.grad == 2.0
    assert math.isnan(clip_grad_norm([x, y], 1.0))
    assert math.isnan(y.grad)
    with pytest.raises(MicrogradValueError, match="max_norm"):
        clip_grad_norm([y], -1.0)


# ---- groups ----------------------------------------------------------------------------------------------------------


@pytest.mark.torch
@pytest.mark.parametrize("kind", ["SGD", "Adam"])
def test_groups_are_pytorchs(kind: str) -> None:
    torch = pytest.importorskip("torch")
    import micrograd.nn

    settings = {"SGD": {"momentum": 0.9}, "Adam": {"betas": (0.8, 0.99)}}[kind]
    a, b = Value(1.0), Value(-2.0)
    ours = getattr(micrograd.nn, kind)(
        [{"params": [a], "lr": 0.1}, {"params": [b], "weight_decay": 0.1}], 0.01, **settings
    )
    x, y = (torch.tensor(float(v.data), dtype=torch.float64, requires_grad=True) for v in (a, b))
    theirs = getattr(torch.optim, kind)(
        [{"params": [x], "lr": 0.1}, {"params": [y], "weight_decay": 0.1}], 0.01, **settings
    )
    for _ in range(20):
        for optimizer, (p, q) in ((ours, (a, b)), (theirs, (x, y))):
            optimizer.zero_grad()
            ((p * q + p - 3.0 * q) ** 2).backward()
            optimizer.step()
    assert [a.data, b.data] == pytest.approx([x.item(), y.item()], rel=1e-12)


def test_groups_have_settings_of_their_own_and_one_state() -> None:
    a, b = Value(1.0), Value(1.0)
    optimizer = Adam([{"params": [a], "lr": 0.5}, {"params": [b]}])
    assert isinstance(optimizer, GroupedOptimizer)
    assert [group.lr for group in optimizer.param_groups] == [0.5, 1e-3]
    (a * a + b).backward()
    optimizer.step()
    state, data = optimizer.state_dict(), (a.data, b.data)
    optimizer.step()
    after = a.data, b.data
    a.data, b.data = data
    optimizer.load_state_dict(state)
    optimizer.step()
    assert (a.data, b.data) == after
    with pytest.raises(MicrogradValueError, match="1 groups"):
        optimizer.load_state_dict({"groups": state["groups"][:1]})
    optimizer.lr = 0.25
    assert [group.lr for group in optimizer.param_groups] == [0.25, 0.25]


def test_a_step_of_groups_that_fails_changes_nothing() -> None:
    a, b = Value(1.0), Value(1.0)
    optimizer = SGD([{"params": [a]}, {"params": [b]}], lr=0.1)
    a.grad, b.grad = 1.0, "no number"
    with pytest.raises(TypeError):
        optimizer.step()
    assert (a.data, b.data) == (1.0, 1.0)


def test_groups_that_make_no_sense() -> None:
    a, b = Value(1.0), Value(1.0)
    with pytest.raises(MicrogradTypeError, match='dict with "params"'):
        SGD([{"params": [a]}, [b]], lr=0.1)
    with pytest.raises(MicrogradValueError, match="in two groups"):
        SGD([{"params": [a]}, {"params": [a]}], lr=0.1)
    with pytest.raises(TypeError, match="momentun"):
        SGD([{"params": [a], "momentun": 0.9}], lr=0.1)


# ---- averages --------------------------------------------------------------------------------------------------------


def test_an_average_follows_and_the_model_goes_on() -> None:
    model = MLP(2, [2, 1])
    average = WeightAverage(model, decay=0.9)
    expected = model.state_dict()
    for step in range(5):
        for parameter in model.parameters():
            parameter.data += 0.1 * step
        average.update()
        now = model.state_dict()
        expected = {name: 0.9 * mean + (1.0 - 0.9) * now[name] for name, mean in expected.items()}
    with average.applied():
        assert model.state_dict() == pytest.approx(expected, rel=1e-12)
    assert model.state_dict() == now
    other = WeightAverage(MLP(2, [2, 1]))
    other.load_state_dict(average.state_dict())
    assert other.state_dict() == average.state_dict()
    with pytest.raises(MicrogradValueError, match="another model"):
        WeightAverage(MLP(2, [1])).load_state_dict(average.state_dict())
    with pytest.raises(MicrogradValueError, match="below 1"):
        WeightAverage(model, decay=1.0)


def test_an_infinite_limit_tells_the_norm_and_changes_nothing() -> None:
    x, y = Value(3.0), Value(4.0)
    ((x * x + y * y) / 2).backward()
    assert clip_grad_norm([x, y], math.inf) == 5.0
    assert (x.grad, y.grad) == (3.0, 4.0)
    x.grad = math.inf
    assert clip_grad_norm([x, y], math.inf) == math.inf
    assert (x.grad, y.grad) == (math.inf, 4.0)


@pytest.mark.parametrize("order", [0.0, -1.0, math.nan, "inf"])
def test_an_order_that_is_none_is_refused(order: Any) -> None:
    with pytest.raises((MicrogradValueError, MicrogradTypeError), match="norm_type"):
        clip_grad_norm([Value(1.0)], 1.0, order)


def test_an_average_takes_in_what_joins_the_model() -> None:
    model = MLP(1, [1])
    average = WeightAverage(model, decay=0.5)
    model.extra = Value(4.0)
    average.update()
    assert average.state_dict()["extra"] == 4.0
    model.extra.data = 2.0
    average.update()
    assert average.state_dict()["extra"] == 3.0
