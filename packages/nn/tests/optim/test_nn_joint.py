"""Small parameters that move as one: the same bits as one by one, whatever somebody does to them between the steps."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from micrograd.engine import Tensor
from micrograd.nn import SGD, Adadelta, Adagrad, Adam, Adamax, AdamW, Lion, NAdam, RAdam, RMSprop, Rprop

SHAPES = [(3, 2), (3,), (100, 90), (), (1, 3), (0, 2)]  # the third is large, and moves by itself
KINDS: list[Callable[..., Any]] = [
    lambda ps: SGD(ps, lr=0.1),
    lambda ps: SGD(ps, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.1),
    lambda ps: Adam(ps, lr=0.1, weight_decay=0.1),
    AdamW,
    NAdam,
    lambda ps: RMSprop(ps, momentum=0.5),
    Adagrad,
    Adadelta,
    Lion,
    Adamax,
    RAdam,
    Rprop,
]


def parameters(dtype: Any = float) -> list[Tensor]:
    rng = np.random.default_rng(0)
    return [Tensor(rng.normal(size=shape), requires_grad=True, dtype=dtype) for shape in SHAPES]


def pair(kind: Callable[..., Any], dtype: Any = float) -> tuple[Any, Any]:
    """An optimiser that moves its parameters as one, and the same that moves them one by one."""
    joined, alone = kind(parameters(dtype)), kind(parameters(dtype))
    assert joined._joint is not None
    alone._joint = None
    return joined, alone


def step(optimizer: Any, seed: int, skip: int | None = None) -> None:
    rng = np.random.default_rng(seed)
    for k, p in enumerate(optimizer.parameters):
        p.grad = None if k == skip else rng.normal(size=p.shape).astype(p.dtype)
    optimizer.step()


def assert_same(joined: Any, alone: Any) -> None:
    for p, q in zip(joined.parameters, alone.parameters, strict=True):
        assert p._data.tobytes() == q._data.tobytes()
        assert (p.shape, p.dtype) == (q.shape, q.dtype)
    ours, theirs = joined.state_dict(), alone.state_dict()
    assert ours["steps"] == theirs["steps"]
    flat = [[np.asarray(part).tobytes() for states in state["states"] for part in states] for state in (ours, theirs)]
    assert flat[0] == flat[1]


@pytest.mark.parametrize("dtype", [float, np.float32])
@pytest.mark.parametrize("kind", KINDS)
def test_the_same_bits(kind: Any, dtype: Any) -> None:
    joined, alone = pair(kind, dtype)
    for seed in range(4):
        step(joined, seed)
        step(alone, seed)
        assert_same(joined, alone)


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_happens_between_steps(kind: Any) -> None:
    joined, alone = pair(kind)
    for seed in range(6):
        for optimizer in (joined, alone):
            step(optimizer, seed, skip=1 if seed == 2 else None)
            first, second = optimizer.parameters[:2]
            if seed == 1:
                first.data[0] = 7.0  # into the array
            if seed == 3:
                second.data = np.ones(3)  # another array
            if seed == 4:
                optimizer.load_state_dict(copy.deepcopy(optimizer.state_dict()))
        assert_same(joined, alone)


def test_what_was_computed_keeps_what_it_read() -> None:
    optimizer, _ = pair(Adam)
    step(optimizer, 0)
    p = optimizer.parameters[0]
    loss = (p * p).sum()
    held, before = p.data, p.numpy()
    step(optimizer, 1)
    held += 1.0
    optimizer.zero_grad()
    loss.backward()
    np.testing.assert_array_equal(p.grad, 2.0 * before)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda o: pickle.loads(pickle.dumps(o))])
def test_a_copy_goes_on_by_itself(copied: Callable[[Any], Any]) -> None:
    optimizer, alone = pair(Adam)
    for each in (optimizer, alone):
        step(each, 0)
    other = copied(optimizer)
    step(optimizer, 5)
    for each in (other, alone):
        step(each, 1)
    assert_same(other, alone)


def test_a_step_that_fails_moves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    optimizer, alone = pair(Adam)
    for each in (optimizer, alone):
        step(each, 0)
    adopt, calls = Tensor._adopt, []

    def interrupted(self: Tensor, array: Any) -> None:
        calls.append(self)
        if len(calls) == 3:
            raise KeyboardInterrupt
        adopt(self, array)

    monkeypatch.setattr(Tensor, "_adopt", interrupted)
    with pytest.raises(KeyboardInterrupt):
        step(optimizer, 1)
    monkeypatch.undo()
    assert_same(optimizer, alone)


def test_a_rule_of_ones_own_sees_each_parameter_whole() -> None:
    class Normalized(SGD):
        def rule(self, p: Any, g: Any, states: Any, numbers: Any) -> Any:
            return p - numbers["lr"] * g / (abs(g).sum() + 1.0), states

    assert Normalized(parameters(), lr=0.1)._joint is None


def test_which_are_joined() -> None:
    assert Adam(parameters())._joint.places == [0, 1, 3, 4, 5]
    assert Adam(parameters()[:1])._joint is None
    assert Adam([Tensor(np.zeros((100, 100)), requires_grad=True), *parameters()[:1]])._joint is None
    mixed = [Tensor([1.0], requires_grad=True), Tensor([1.0], requires_grad=True, dtype=np.float32)]
    assert Adam(mixed)._joint is None
    many = [Tensor(np.zeros(2000), requires_grad=True) for _ in range(9)]
    assert Adam(many)._joint.places == [0, 1, 2, 3, 4, 5]
