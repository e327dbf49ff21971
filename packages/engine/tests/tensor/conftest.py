"""`agrees`: one call that holds a Tensor function to PyTorch, to finite differences, and to itself at second order."""

from __future__ import annotations

from pathlib import Path

import pytest

np = pytest.importorskip("numpy")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where PyTorch is installed, the tests that compare with it are those of the session that does."""
    for item in items:
        if Path(__file__).parent not in item.path.parents or _torch() is None:
            continue
        if "agrees" in getattr(item, "fixturenames", ()) or getattr(getattr(item, "module", None), "torch", None):
            item.add_marker(pytest.mark.torch)


def _gradients(tensors, total, create_graph=False):
    """The gradient of a scalar by each tensor, of ours or of PyTorch's; zeros where it doesn't depend on it."""
    if not total.requires_grad:
        return [0.0 * tensor.detach() for tensor in tensors]
    if torch := _torch_of(total):
        found = torch.autograd.grad(total, tensors, create_graph=create_graph, allow_unused=True)
    else:
        for tensor in tensors:
            tensor.grad = None
        total.backward(create_graph=create_graph)
        found = [tensor.grad for tensor in tensors]
    return [0.0 * tensor.detach() if g is None else g for tensor, g in zip(tensors, found, strict=True)]


def _torch_of(tensor):
    """PyTorch, if this is a tensor of its."""
    return _torch() if type(tensor).__module__.startswith("torch") else None


def _as_numpy(result):
    if _torch_of(result):
        result = result.numpy(force=True)  # also of the zeros that PyTorch has not computed yet
    return np.asarray(getattr(result, "data", result)).copy(order="C")


def _numeric(function, inputs, weights, position, eps):
    """Central differences of sum(weights * function) by each element of one input."""
    slopes = np.zeros_like(inputs[position])
    for index in np.ndindex(slopes.shape):
        sums = []
        for sign in (1, -1):
            moved = [x.copy() for x in inputs]
            moved[position][index] += sign * eps
            sums.append(float((_as_numpy(function(*moved)) * weights).sum()))
        slopes[index] = (sums[0] - sums[1]) / (2 * eps)
    return slopes


@pytest.fixture
def agrees():
    """A function `(ours, theirs, *inputs, second=True, numeric=True, rtol=1e-10, atol=1e-12)`.

    `ours` takes Tensors, `theirs` PyTorch tensors (None where PyTorch has no such function), `inputs` are float64
    arrays, all differentiable. Checks values, gradients under random weights, gradients of gradients, and finite
    differences; without PyTorch installed only the last two.
    """
    from micrograd.engine.tensor import Tensor

    def check(ours, theirs, *inputs, second=True, numeric=True, rtol=1e-10, atol=1e-12, eps=1e-6):
        rng = np.random.default_rng(0)
        inputs = [np.asarray(x, dtype=np.float64) for x in inputs]
        mine = [Tensor(x, requires_grad=True) for x in inputs]
        out = ours(*mine)
        weights = rng.uniform(0.5, 1.5, size=out.shape)
        first = _gradients(mine, (out * weights).sum())
        if numeric:
            for position, gradient in enumerate(first):
                slopes = _numeric(lambda *xs: ours(*map(Tensor, xs)), inputs, weights, position, eps)
                np.testing.assert_allclose(_as_numpy(gradient), slopes, rtol=2e-5, atol=2e-6)
        mixers = [rng.uniform(0.5, 1.5, size=x.shape) for x in inputs]
        if second:
            mine_second = _second(mine, ours(*mine), weights, mixers)
        torch = _torch()
        if theirs is None or torch is None:
            return
        peers = [torch.tensor(x, requires_grad=True) for x in inputs]
        their_out = theirs(*peers)
        np.testing.assert_allclose(_as_numpy(out), _as_numpy(their_out), rtol=rtol, atol=atol)
        their_first = _gradients(peers, (their_out * torch.tensor(weights)).sum())
        for gradient, expected in zip(first, their_first, strict=True):
            np.testing.assert_allclose(_as_numpy(gradient), _as_numpy(expected), rtol=rtol, atol=atol)
        if second:
            their_second = _second(peers, theirs(*peers), torch.tensor(weights), list(map(torch.tensor, mixers)))
            for gradient, expected in zip(mine_second, their_second, strict=True):
                np.testing.assert_allclose(_as_numpy(gradient), _as_numpy(expected), rtol=rtol, atol=atol)

    return check


def _second(tensors, outputs, weights, mixers):
    """The gradient of sum(mixers * gradient) by each tensor."""
    first = _gradients(tensors, (outputs * weights).sum(), create_graph=True)
    return _gradients(tensors, sum((g * mixer).sum() for g, mixer in zip(first, mixers, strict=True)))


def _torch():
    try:
        import torch
    except ImportError:
        return None
    return torch
