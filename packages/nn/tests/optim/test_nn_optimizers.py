"""Every optimiser against PyTorch, on Values and on Tensors, and its state from one run to the next."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from micrograd.engine import MicrogradTypeError, MicrogradValueError, Tensor, Value, stop_gradient
from micrograd.nn import (
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    Adamax,
    AdamW,
    Lion,
    NAdam,
    RAdam,
    RMSprop,
    Rprop,
    jit_train_step,
)

SETTINGS: list[tuple[Any, dict[str, Any]]] = [
    (SGD, {"lr": 0.05, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01}),
    (RMSprop, {"lr": 0.01}),
    (RMSprop, {"lr": 0.01, "alpha": 0.9, "momentum": 0.5, "weight_decay": 0.1}),
    (Adagrad, {"lr": 0.1, "lr_decay": 0.01, "weight_decay": 0.1}),
    (Adadelta, {"lr": 1.0, "rho": 0.8}),
    (Adam, {"lr": 0.05}),
    (Adam, {"lr": 0.05, "betas": (0.8, 0.9), "eps": 1e-4, "weight_decay": 0.1}),
    (AdamW, {"lr": 0.05, "weight_decay": 0.1}),
    (SGD, {"lr": 0.05, "momentum": 0.9, "dampening": 0.3}),
    (SGD, {"lr": 0.05, "weight_decay": 0.1, "maximize": True}),
    (RMSprop, {"lr": 0.01, "centered": True}),
    (RMSprop, {"lr": 0.01, "centered": True, "momentum": 0.9, "maximize": True, "weight_decay": 0.1}),
    (Adagrad, {"lr": 0.1, "initial_accumulator_value": 0.5, "maximize": True}),
    (Adadelta, {"lr": 1.0, "maximize": True, "weight_decay": 0.1}),
    (Adam, {"lr": 0.05, "amsgrad": True}),
    (Adam, {"lr": 0.05, "amsgrad": True, "weight_decay": 0.1, "decoupled_weight_decay": True, "maximize": True}),
    (AdamW, {"lr": 0.05, "amsgrad": True, "maximize": True}),
    (NAdam, {"lr": 0.05, "weight_decay": 0.1, "decoupled_weight_decay": True, "maximize": True}),
    (NAdam, {"lr": 0.05}),
    (NAdam, {"lr": 0.05, "weight_decay": 0.1, "momentum_decay": 0.01}),
    (RAdam, {"lr": 0.05}),
    (RAdam, {"lr": 0.05, "betas": (0.8, 0.9), "eps": 1e-4, "weight_decay": 0.1}),
    (RAdam, {"lr": 0.05, "betas": (0.9, 0.5)}),  # so short a mean of squares that it never counts
    (RAdam, {"lr": 0.05, "weight_decay": 0.1, "decoupled_weight_decay": True, "maximize": True}),
    (Adamax, {"lr": 0.05}),
    (Adamax, {"lr": 0.05, "betas": (0.8, 0.9), "eps": 1e-2, "weight_decay": 0.1}),
    (Adamax, {"lr": 0.05, "maximize": True}),
    (Rprop, {"lr": 0.05}),
    (Rprop, {"lr": 0.05, "etas": (0.3, 1.7), "step_sizes": (0.01, 0.08)}),
    (Rprop, {"lr": 0.001, "maximize": True}),
]
START = [3.0, -2.0, 0.5]
IDS = ["-".join((kind.__name__, *(name for name in settings if name != "lr"))) for kind, settings in SETTINGS]


def wavy(a: Any, b: Any, c: Any) -> Any:
    return a**2 + (b * a).sin() + (c - b) ** 2


@pytest.mark.torch
@pytest.mark.parametrize(("kind", "settings"), SETTINGS, ids=IDS)
def test_two_hundred_steps_as_pytorch(kind: Any, settings: dict[str, Any], request: pytest.FixtureRequest) -> None:
    torch = pytest.importorskip("torch")
    default = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)  # in which NAdam then keeps its product
    request.addfinalizer(lambda: torch.set_default_dtype(default))
    values, tensor = [Value(x) for x in START], Tensor(START, requires_grad=True)
    theirs = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizers = [kind(values, **settings), kind([tensor], **settings)]
    optimizers.append(getattr(torch.optim, kind.__name__)([theirs], **settings))
    for step in range(200):
        # The same gradients for all: what is compared is the rule, and not how a difference in the last bit grows.
        optimizers[0].zero_grad()
        wavy(*values).backward()
        tensor.grad = np.array([p.grad for p in values])
        theirs.grad = torch.tensor(tensor.grad)
        for optimizer in optimizers:
            optimizer.step()
        expected = pytest.approx(theirs.tolist(), rel=1e-12, abs=1e-13)
        assert [p.data for p in values] == expected, step
        assert tensor.data.tolist() == expected, step


def test_lion_by_its_papers_formula() -> None:
    x, m, p = Value(1.0), 0.0, 1.0
    optimizer = Lion([x], lr=0.1, betas=(0.9, 0.99), weight_decay=0.5)
    for g in (2.0, -3.0, 0.5, -0.1):
        x.grad = g
        optimizer.step()
        p -= 0.1 * (np.sign(0.9 * m + 0.1 * g) + 0.5 * p)
        m = 0.99 * m + 0.01 * g
        assert x.data == pytest.approx(p, rel=1e-14)


@pytest.mark.parametrize(
    ("kind", "settings"), [(RAdam, {"weight_decay": 0.1}), (Adamax, {}), (Rprop, {"etas": (0.3, 1.7)})]
)
def test_a_compiled_step_moves_as_the_loop_does(kind: Any, settings: dict[str, Any]) -> None:
    pairs = [([Value(x) for x in START], Tensor(START, requires_grad=True)) for _ in range(2)]
    compiled, eager = (kind([*values, tensor], lr=0.05, **settings) for values, tensor in pairs)

    def loss(values: list[Value], tensor: Tensor) -> Any:
        return wavy(*values) + wavy(tensor[0], tensor[1], tensor[2])

    step = jit_train_step(lambda: loss(*pairs[0]), compiled)
    for _ in range(30):  # those of RAdam have another formula from the sixth on
        step()
        eager.zero_grad()
        loss(*pairs[1]).backward()
        eager.step()
        for p, q in zip(compiled.parameters, eager.parameters, strict=True):
            np.testing.assert_allclose(p.data, q.data, rtol=1e-10)


def test_a_length_of_rprop_begins_at_the_rate_of_its_first_step() -> None:
    x = Value(1.0)
    optimizer = Rprop([x], lr=0.5)
    for lr, expected in ((0.1, 0.9), (7.0, 0.78)):
        optimizer.lr, x.grad = lr, 1.0
        optimizer.step()
        assert x.data == pytest.approx(expected)


@pytest.mark.parametrize("kind", [SGD, RMSprop, Adagrad, Adadelta, Adam, Adamax, AdamW, NAdam, RAdam, Lion, Rprop])
def test_a_run_goes_on_from_its_state(kind: Any) -> None:
    def run(parameters: list[Any], optimizer: Any, steps: int) -> None:
        for _ in range(steps):
            optimizer.zero_grad()
            (wavy(*parameters[0]) + parameters[1] ** 2).backward()
            optimizer.step()

    whole = [Tensor(START, requires_grad=True), Value(0.5)]
    run(whole, kind(whole, lr=0.01), 9)
    parts = [Tensor(START, requires_grad=True), Value(0.5)]
    first = kind(parts, lr=0.01)
    run(parts, first, 5)
    second = kind(parts, lr=0.5)
    second.load_state_dict(first.state_dict())
    run(parts, second, 4)
    assert [parts[0].data.tolist(), parts[1].data] == [whole[0].data.tolist(), whole[1].data]


def test_a_foreign_state_changes_nothing() -> None:
    optimizer, other = Adam([Value(1.0)]), Adam([Value(1.0), Value(2.0)])
    before = optimizer.state_dict()
    with pytest.raises(MicrogradValueError, match="2 parameters"):
        optimizer.load_state_dict(other.state_dict())
    assert optimizer.state_dict() == before


def test_a_tensor_without_gradient_stays() -> None:
    used, unused = Tensor([1.0], requires_grad=True), Tensor([1.0], requires_grad=True)
    optimizer = Adam([used, unused], lr=0.1, weight_decay=0.1)
    (used * 2.0).sum().backward()
    optimizer.step()
    assert used.data.tolist() != [1.0]
    assert unused.data.tolist() == [1.0]


@pytest.mark.torch
@pytest.mark.parametrize(("kind", "settings"), SETTINGS, ids=IDS)
def test_a_parameter_that_joins_late_counts_its_own_steps(
    kind: Any, settings: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    torch = pytest.importorskip("torch")
    default = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    request.addfinalizer(lambda: torch.set_default_dtype(default))
    ours = [Tensor(START, requires_grad=True) for _ in range(2)]
    theirs = [torch.tensor(START, dtype=torch.float64, requires_grad=True) for _ in range(2)]
    optimizers = kind(ours, **settings), getattr(torch.optim, kind.__name__)(theirs, **settings)
    for step in range(40):
        for k, (p, q) in enumerate(zip(ours, theirs, strict=True)):
            g = np.sin(np.arange(3) + 0.3 * step + k)
            is_frozen = k and (step < 20 or step % 3 == 0)
            p.grad, q.grad = (None, None) if is_frozen else (g, torch.tensor(g))
        for optimizer in optimizers:
            optimizer.step()
        if step == 25:  # the counts belong to the state
            state = optimizers[0].state_dict()
            assert state["sat_out"] == [0, 22]
            optimizers = kind(ours, **settings), optimizers[1]
            optimizers[0].load_state_dict(state)
        for p, q in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(p.data, q.detach().numpy(), rtol=1e-12, atol=1e-14)


def test_a_compiled_step_leaves_what_no_gradient_reaches() -> None:
    pairs = [[Tensor([1.0, 2.0], requires_grad=True) for _ in range(3)] for _ in range(2)]

    def loss(a: Any, b: Any, c: Any) -> Any:
        return (a * a).sum() + (stop_gradient(b) * a).sum()

    compiled, eager = (AdamW(parameters, lr=0.1, weight_decay=0.5) for parameters in pairs)
    step = jit_train_step(lambda scale: loss(*pairs[0]) * scale, compiled)
    for _ in range(3):
        step(np.array(1.0))
        eager.zero_grad()
        loss(*pairs[1]).backward()
        eager.step()
    for p, q in zip(*pairs, strict=True):
        np.testing.assert_allclose(p.data, q.data, rtol=1e-14)
    assert compiled.sat_out == eager.sat_out == [0, 3, 3]
    assert compiled.state_dict()["sat_out"] == [0, 3, 3]


def test_a_compiled_step_refuses_parameters_of_different_counts() -> None:
    a, b = Tensor([1.0], requires_grad=True), Tensor([1.0], requires_grad=True)
    for kind, is_refused in ((Adam, True), (SGD, False)):
        optimizer = kind([a, b], lr=0.1)
        a.grad, b.grad = np.ones(1), None
        optimizer.step()
        step = jit_train_step(lambda scale: ((a + b) * scale).sum(), optimizer)
        if is_refused:
            with pytest.raises(MicrogradValueError, match="Train without jit"):
                step(np.array(1.0))
        else:
            step(np.array(1.0))
            assert optimizer.steps == 2


def test_settings_that_make_no_sense() -> None:
    with pytest.raises(MicrogradValueError, match="share below 1"):
        Adam([Value(1.0)], betas=(1.0, 0.9))
    with pytest.raises(MicrogradValueError, match="eps must not be negative"):
        RMSprop([Value(1.0)], eps=-1.0)
    with pytest.raises(MicrogradTypeError, match="Lion takes a list of parameters"):
        Lion(Value(1.0))
    with pytest.raises(MicrogradValueError, match="the first shortens"):
        Rprop([Value(1.0)], etas=(1.2, 0.5))
    with pytest.raises(MicrogradValueError, match=r"step_sizes=\(1e-06, 50.0\)"):
        Rprop([Value(1.0)], step_sizes=(50.0, 1e-6))
    with pytest.raises(MicrogradTypeError, match="etas is a pair of numbers"):
        Rprop([Value(1.0)], etas=0.5)
    with pytest.raises(MicrogradValueError, match="share below 1"):
        Adamax([Value(1.0)], betas=(0.9, 1.0))
