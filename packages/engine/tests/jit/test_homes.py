"""Tensors whose optimiser's rule is elementwise stand end to end in the array of a compiled step."""

from __future__ import annotations

from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import Tensor  # noqa: E402
from micrograd.engine.jit.stepping.steps import CompiledStep, Group  # noqa: E402


def rule(p: Any, g: Any, states: tuple[Any, ...], numbers: dict[str, Any]) -> tuple[Any, tuple[Any, ...]]:
    v = 0.5 * states[0] + g
    return p - numbers["lr"] * v, (v,)


def together(*given: Any) -> Any:
    return rule(*given)


together.is_elementwise = True  # type: ignore[attr-defined]


def parameters() -> list[Tensor]:
    rng = np.random.default_rng(0)
    shapes = [(3, 2), (2,), (2, 1), (4,), (2,)]
    made = [Tensor(rng.normal(size=shape), requires_grad=True) for shape in shapes]
    made[3] = Tensor(rng.normal(size=4).astype(np.float32), requires_grad=True)
    return made


def compiled(rule: Any, trained: list[int]) -> tuple[list[Tensor], CompiledStep]:
    W, b, V, c, unused = held = parameters()

    def loss(x: Any) -> Any:
        return (((x @ W + b).tanh() @ V).sum() + (c * c).sum()) ** 2 + 0.0 * unused.detach().sum()

    step = CompiledStep(loss, (np.ones((5, 3)),), [Group([held[k] for k in trained], rule, 1, {"lr": "lr"})], "numpy")
    return held, step


@pytest.mark.parametrize("trained", [[0, 1, 2, 3, 4], [0, 2], [1]])
def test_a_step_end_to_end_gives_the_same_bits(trained: list[int]) -> None:
    x = np.random.default_rng(1).normal(size=(5, 3))
    found = []
    for each in (rule, together):
        held, step = compiled(each, trained)
        losses = [step((x,), {"lr": 0.01})[0] for _ in range(3)]
        held[trained[0]].data = held[trained[0]].data + 1.0
        losses.append(step((x,), {"lr": 0.01}, keep=True)[0])
        step.undo()
        states = [step.states_of(p, ("none",))[0] for p in held]
        known = [k for k, state in enumerate(states) if not isinstance(state, str)]
        step.load_states([held[k] for k in known], [(0.5 * states[k],) for k in known])
        losses.append(step((x,), {"lr": 0.01})[0])
        found.append([*losses, *(p.data.tolist() for p in held), *(np.array(s).tolist() for s in states)])
    assert found[0] == found[1]


def test_their_update_takes_the_operations_of_one_array() -> None:
    _, apart = compiled(rule, [0, 1, 2])
    held, step = compiled(together, [0, 1, 2])
    assert [i.name for i in step.program.inputs if i.name in ("T", "s1_0")] == ["T", "s1_0"]
    assert step.backend.source.count("subtract(") == 1 < apart.backend.source.count("subtract(")
    assert all(np.shares_memory(held[k]._data, held[0]._data.base) for k in (1, 2))
