"""Steps, such as floor and sign: a gradient of zeros, recorded like any other, where PyTorch gives zeros too."""

from __future__ import annotations

import numpy as np
import pytest

from micrograd.engine import (
    Tensor,
    Value,
    check_gradients,
    floor_divide,
    grad,
    hessian,
    jacobian,
    jit,
    jvp,
    stop_gradient,
    vmap,
)
from micrograd.engine.errors import GraphError
from micrograd.engine.ops.op import OPS

STEPS = [OPS[name] for name in ("sign", "floor", "ceil", "trunc", "round")]
X = np.array([1.3, -2.6])
ZEROS = np.zeros(2)

each_step = pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)


@each_step
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_backward_through_a_step_alone(step, dtype):
    x = Tensor(X, requires_grad=True, dtype=dtype)
    step(x).sum().backward()
    np.testing.assert_array_equal(x.grad, ZEROS)
    assert x.grad.dtype == dtype
    x.grad += 1.0  # it is an array of its own
    (step(x) * x).sum().backward()
    np.testing.assert_array_equal(x.grad, 1.0 + step(x).data)


@each_step
def test_a_gradient_that_is_not_finite_becomes_zero(step):
    x = Tensor(X, requires_grad=True)
    step(x).backward(grad=np.array([np.inf, np.nan]))
    np.testing.assert_array_equal(x.grad, ZEROS)
    v = Value(1.3)
    (step(v) * float("inf")).backward()
    assert v.grad == 0.0


@each_step
def test_higher_orders(step):
    x = Tensor(X, requires_grad=True)
    (step(x) * x).sum().backward(create_graph=True)
    first, x.grad = x.grad, None
    np.testing.assert_array_equal(first.data, step(X))
    first.sum().backward()
    np.testing.assert_array_equal(x.grad, ZEROS)
    assert grad(grad(step))(1.3) == grad(step)(1.3) == 0.0
    np.testing.assert_array_equal(hessian(lambda x: (step(x) * x).sum())(X), np.zeros((2, 2)))


@each_step
def test_forward_mode_and_vmap(step):
    out, tangent = jvp(step, (X,), (np.array([np.inf, 1.0]),))
    np.testing.assert_array_equal(out, step(X))
    np.testing.assert_array_equal(tangent, ZEROS)
    np.testing.assert_array_equal(jacobian(step)(X), np.zeros((2, 2)))
    np.testing.assert_array_equal(vmap(grad(step))(X), ZEROS)
    np.testing.assert_array_equal(vmap(grad(lambda x: step(x) * x))(X), step(X))


@each_step
def test_compiled(step):
    assert jit(grad(step), backend="numpy")(1.3) == 0.0
    assert jit(grad(lambda x: step(x) * x), backend="python")(1.3) == step(1.3)
    x = Tensor(X, requires_grad=True)
    jit(lambda x: (step(x) + step(x) * x).sum(), backend="numpy")(x).backward()
    np.testing.assert_array_equal(x.grad, step(X))


@each_step
def test_differences_agree_off_the_step(step):
    assert check_gradients(lambda x: (step(x) * x).sum(), Tensor(X))


def test_floor_divide_has_zeros_for_both():
    x, y = Tensor([[7.0, 3.0]], requires_grad=True), Tensor([[2.0], [3.0]], requires_grad=True)
    floor_divide(x, y).sum().backward()
    np.testing.assert_array_equal(x.grad, [[0.0, 0.0]])
    np.testing.assert_array_equal(y.grad, [[0.0], [0.0]])


def test_what_stays_without_a_graph():
    x = Tensor(X, requires_grad=True)
    for constant in (stop_gradient(x), x > 1.0, x.argmax(), x.argsort()):
        assert not constant.requires_grad
    with pytest.raises(GraphError):
        stop_gradient(x).sum().backward()


@pytest.mark.torch
@each_step
def test_pytorch_gives_the_same(step):
    torch = pytest.importorskip("torch")
    ours, theirs = Tensor(X, requires_grad=True), torch.tensor(X, requires_grad=True)
    (step(ours) + step(ours * 2.0).sum()).sum().backward()
    f = getattr(torch, step.name)
    (f(theirs) + f(theirs * 2.0).sum()).sum().backward()
    np.testing.assert_array_equal(ours.grad, theirs.grad.numpy())
