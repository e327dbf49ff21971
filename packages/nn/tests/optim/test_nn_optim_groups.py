"""Settings of optimisers, read and written as in PyTorch: groups as dicts, groups that join, states with settings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from micrograd.engine import MicrogradTypeError, MicrogradValueError, Tensor, Value
from micrograd.nn import SGD, Adam, AdamW, LRScheduler, NAdam, RMSprop, StepLR, jit_train_step
from micrograd.nn.optim import Optimizer

START = [3.0, -2.0, 0.5]


def tensor() -> Tensor:
    return Tensor(START, requires_grad=True)


def test_a_group_is_read_and_written_as_a_dict() -> None:
    optimizer = Adam([{"params": [tensor()], "lr": 0.5}, {"params": [tensor()], "betas": (0.8, 0.9)}], lr=0.1)
    assert [group["lr"] for group in optimizer.param_groups] == [0.5, 0.1]
    assert optimizer.param_groups[1]["betas"] == (0.8, 0.9)
    assert optimizer.param_groups[0]["params"] == optimizer.parameters[:1]
    for group in optimizer.param_groups:
        group["lr"] *= 0.1
        group["weight_decay"] = 0.2
    assert [group.lr for group in optimizer.param_groups] == pytest.approx([0.05, 0.01])
    assert [group.weight_decay for group in optimizer.param_groups] == [0.2, 0.2]
    with pytest.raises(MicrogradValueError, match="no setting 'momentum'; it has params, lr, betas"):
        optimizer.param_groups[0]["momentum"] = 0.9
    with pytest.raises(MicrogradTypeError, match="make a new optimiser"):
        optimizer.param_groups[0]["params"] = []
    with pytest.raises(MicrogradValueError, match="must not be negative"):
        optimizer.param_groups[0]["lr"] = -1.0


@pytest.mark.torch
def test_a_group_that_joins_later_moves_as_in_pytorch() -> None:
    torch = pytest.importorskip("torch")
    ours, theirs = (
        [tensor(), tensor()],
        [torch.tensor(START, dtype=torch.float64, requires_grad=True) for _ in range(2)],
    )
    optimizers = Adam(ours[:1], lr=0.1), torch.optim.Adam(theirs[:1], lr=0.1)
    for step in range(12):
        if step == 5:
            for optimizer, parameters in zip(optimizers, (ours, theirs), strict=True):
                optimizer.add_param_group({"params": parameters[1:], "lr": 0.03, "weight_decay": 0.1})
        for k, (p, q) in enumerate(zip(ours, theirs, strict=True)):
            p.grad = np.cos(np.arange(3.0) + step + k)
            q.grad = torch.tensor(p.grad)
        for optimizer in optimizers:
            optimizer.step()
        for p, q in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(p.data, q.detach().numpy(), rtol=1e-13)
    assert len(optimizers[0].param_groups) == 2


def test_a_compiled_step_moves_the_group_that_joins_later() -> None:
    pairs = [[tensor(), tensor()] for _ in range(2)]
    compiled, eager = (Adam(parameters[:1], lr=0.1) for parameters in pairs)
    step = jit_train_step(lambda: (pairs[0][0] * pairs[0][1]).sum() ** 2, compiled, backend="numpy")
    for k in range(6):
        if k == 3:
            for optimizer, parameters in ((compiled, pairs[0]), (eager, pairs[1])):
                optimizer.add_param_group({"params": parameters[1:], "lr": 0.03})
        step()
        eager.zero_grad()
        ((pairs[1][0] * pairs[1][1]).sum() ** 2).backward()
        eager.step()
        for p, q in zip(*pairs, strict=True):
            np.testing.assert_allclose(p.data, q.data, rtol=1e-13)
    assert pairs[0][1].data.tolist() != START


def test_a_group_with_a_parameter_that_is_learned_already_changes_nothing() -> None:
    x, y = Value(1.0), Value(2.0)
    for optimizer in (SGD([x], lr=0.1), SGD([{"params": [x]}], lr=0.1)):
        with pytest.raises(MicrogradValueError, match="in two groups"):
            optimizer.add_param_group({"params": [x, y]})
        with pytest.raises(MicrogradTypeError, match='a dict with "params"'):
            optimizer.add_param_group([y])  # type: ignore[arg-type]
        assert optimizer.parameters == [x]
        optimizer.add_param_group({"params": [y]})
        assert optimizer.parameters == [x, y]
        (x + y).backward()
        optimizer.step()
        optimizer.zero_grad()
    assert (round(x.data, 9), round(y.data, 9)) == (0.8, 1.8)


@pytest.mark.parametrize("is_grouped", [False, True])
def test_a_schedule_says_that_groups_joined_after_it_was_made(is_grouped: bool) -> None:
    optimizer = SGD([{"params": [Value(1.0)]}] if is_grouped else [Value(1.0)], lr=0.1)
    schedule: LRScheduler = StepLR(optimizer, step_size=1)
    optimizer.add_param_group({"params": [Value(2.0)], "lr": 1.0})
    with pytest.raises(MicrogradValueError, match="joined after StepLR was made"):
        schedule.step()
    assert [group.lr for group in optimizer.param_groups] == [0.1, 1.0]
    assert schedule.last_epoch == 0


def test_a_state_brings_its_settings() -> None:
    def run(optimizer: Any, parameter: Any, steps: int) -> None:
        for _ in range(steps):
            optimizer.zero_grad()
            (parameter * parameter).sum().backward()
            optimizer.step()

    whole, part = tensor(), tensor()
    settings: dict[str, Any] = {"lr": 0.1, "betas": (0.5, 0.7), "weight_decay": 0.1, "amsgrad": True}
    run(Adam([whole], **settings), whole, 8)
    first, second = Adam([part], **settings), Adam([part], lr=9.0, amsgrad=True)
    run(first, part, 5)
    second.load_state_dict(first.state_dict())
    run(second, part, 3)
    assert part.data.tolist() == whole.data.tolist()
    assert (second.betas, second.weight_decay) == ((0.5, 0.7), 0.1)


def test_a_state_of_another_kind_of_optimiser_changes_nothing() -> None:
    optimizer = SGD([Value(1.0)], lr=0.1, momentum=0.9)
    good = optimizer.state_dict()
    settings = good["settings"]
    for bad in ({**settings, "betas": (0.9, 0.99)}, {**settings, "momentum": "0.9"}, {**settings, "nesterov": 1.0}, {}):
        with pytest.raises(MicrogradValueError, match="no settings of SGD"):
            optimizer.load_state_dict({**good, "lr": 0.5, "settings": bad})
    assert optimizer.state_dict() == good
    for kind, other in ((Adam, AdamW), (Adam, NAdam), (AdamW, Adam)):
        with pytest.raises(MicrogradValueError, match=f"is of '{kind.__name__}', but here is {other.__name__}"):
            other([Value(1.0)]).load_state_dict(kind([Value(1.0)]).state_dict())


def test_a_state_of_a_version_that_kept_no_settings_is_taken() -> None:
    optimizer = SGD([Value(1.0)], lr=0.1, momentum=0.9)
    state = {name: part for name, part in optimizer.state_dict().items() if name not in ("kind", "settings")}
    optimizer.momentum = 0.5
    optimizer.load_state_dict({**state, "lr": 0.2})
    assert (optimizer.lr, optimizer.momentum) == (0.2, 0.5)


@pytest.mark.parametrize(
    ("optimizer", "name", "value"),
    [
        (lambda p: SGD(p, lr=0.1), "momentum", 0.9),
        (lambda p: Adam(p), "amsgrad", True),
        (lambda p: RMSprop(p), "centered", True),
        (lambda p: RMSprop(p, momentum=0.5), "momentum", 0.0),
    ],
)
def test_a_setting_that_needs_other_states_is_refused_when_it_is_written_later(
    optimizer: Any, name: str, value: Any
) -> None:
    x = tensor()
    made = optimizer([x])
    setattr(made, name, value)
    x.grad = np.ones(3)
    with pytest.raises(MicrogradValueError, match="Make it anew"):
        made.step()
    assert x.data.tolist() == START
    step = jit_train_step(lambda: (x * x).sum(), made, backend="numpy")
    with pytest.raises(MicrogradValueError, match="Make it anew"):
        step()
    assert x.data.tolist() == START


def test_settings_written_between_steps_count_from_the_next_one() -> None:
    eager, compiled = tensor(), tensor()
    optimizers = NAdam([eager], lr=0.1), NAdam([compiled], lr=0.1)
    step = jit_train_step(lambda: (compiled * compiled).sum(), optimizers[1], backend="numpy")
    for k in range(6):
        for optimizer in optimizers:
            optimizer.betas, optimizer.weight_decay = (0.9 - 0.1 * k, 0.99), 0.1 * k
        optimizers[0].zero_grad()
        (eager * eager).sum().backward()
        optimizers[0].step()
        step()
        np.testing.assert_allclose(compiled.data, eager.data, rtol=1e-13)


@pytest.mark.torch
@pytest.mark.parametrize(("name", "value"), [("betas", (0.5, 0.9)), ("momentum_decay", 0.1)])
def test_the_momenta_of_the_steps_that_were_taken_stay_as_in_pytorch(
    name: str, value: Any, request: pytest.FixtureRequest
) -> None:
    torch = pytest.importorskip("torch")
    default = torch.get_default_dtype()
    request.addfinalizer(lambda: torch.set_default_dtype(default))
    torch.set_default_dtype(torch.float64)  # in which NAdam then keeps its product
    x, theirs = tensor(), torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer, their_optimizer = NAdam([x], lr=0.1), torch.optim.NAdam([theirs], lr=0.1)
    for step in range(12):
        if step == 5:
            optimizer.param_groups[0][name] = their_optimizer.param_groups[0][name] = value
        x.grad, theirs.grad = 2.0 * x.data, 2.0 * theirs.detach()
        optimizer.step()
        their_optimizer.step()
    np.testing.assert_allclose(x.data, theirs.detach().numpy(), rtol=1e-12)


def test_a_loaded_state_forgets_the_momenta_of_other_steps() -> None:
    first, second = (NAdam([tensor()], lr=0.1, betas=(beta, 0.99)) for beta in (0.5, 0.9))
    for optimizer in (first, second):
        for _ in range(4):
            optimizer.parameters[0].grad = np.ones_like(START)
            optimizer.step()
    second.load_state_dict(first.state_dict())
    assert second.numbers(5) == first.numbers(5)


def test_a_closure_computes_the_gradients_that_a_step_takes() -> None:
    x = Value(3.0)
    optimizer = SGD([x], lr=0.1)

    def closure() -> Value:
        optimizer.zero_grad()
        loss = x * x
        loss.backward()
        return loss

    assert optimizer.step(closure).data == 9.0
    assert x.data == pytest.approx(2.4)
    assert optimizer.step() is None


def test_gradients_of_zeros_move_what_gradients_of_none_leave() -> None:
    x, y = tensor(), tensor()
    for parameter, to_none in ((x, True), (y, False)):
        optimizer = AdamW([parameter], lr=0.1, weight_decay=0.5)
        parameter.grad = np.ones(3)
        optimizer.zero_grad(set_to_none=to_none)
        optimizer.step()
    assert x.data.tolist() == START
    assert y.data.tolist() == pytest.approx([0.95 * number for number in START])


@pytest.mark.torch
@pytest.mark.parametrize(
    "name", ["SGD", "Adam", "Adamax", "AdamW", "NAdam", "RAdam", "RMSprop", "Rprop", "Adagrad", "Adadelta"]
)
def test_the_settings_come_in_pytorch_s_order_with_its_defaults(name: str) -> None:
    torch = pytest.importorskip("torch")
    import inspect

    from micrograd import nn

    without_effect = {"foreach", "fused", "capturable", "differentiable"}
    theirs = list(inspect.signature(getattr(torch.optim, name).__init__).parameters.values())[2:]
    ours = list(inspect.signature(getattr(nn, name).__init__).parameters.values())[2:]
    wanted = [(p.name, p.default) for p in theirs if p.name not in without_effect]
    in_order = [(p.name, p.default) for p in ours if p.kind != p.KEYWORD_ONLY]
    assert in_order == wanted[: len(in_order)]
    assert {p.name: p.default for p in ours} == dict(wanted)


class SignSGD(Optimizer):
    """An optimiser in the users' manner, whose rule heeds neither decay nor direction."""

    def rule(self, p: Any, g: Any, states: Any, numbers: dict[str, Any]) -> tuple[Any, Any]:
        return p - numbers["lr"] * (g / abs(g)), ()


def test_a_rule_has_no_settings_that_it_does_not_heed() -> None:
    for settings in ({"maximize": True}, {"weight_decay": 0.1}):
        with pytest.raises(TypeError, match="unexpected keyword"):
            SignSGD([Value(1.0)], lr=0.1, **settings)
    optimizer = SignSGD([Value(1.0)], lr=0.1)
    with pytest.raises(MicrogradValueError, match="no setting 'weight_decay'; it has params, lr"):
        optimizer.param_groups[0]["weight_decay"] = 0.1
    optimizer.load_state_dict(optimizer.state_dict())
    assert repr(optimizer) == "SignSGD(1 parameters, lr=0.1)"
