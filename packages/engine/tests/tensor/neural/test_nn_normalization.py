"""Layer, batch, group and RMS normalization against PyTorch, running statistics, and the shapes that they refuse."""

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError  # noqa: E402
from micrograd.engine.ops.neural.normalization import (  # noqa: E402
    batch_norm,
    batch_norm_training,
    group_norm,
    layer_norm,
    rms_norm,
)
from micrograd.engine.tensor import Tensor  # noqa: E402

try:
    import torch

    F = torch.nn.functional
except ImportError:
    torch = F = None

RNG = np.random.default_rng(0)
MEAN, VAR = RNG.normal(size=3), RNG.uniform(0.5, 2.0, size=3)


def _normal(*shapes):
    return [RNG.normal(loc=0.3, size=shape) for shape in shapes]


@pytest.mark.parametrize(
    ("shape", "features"), [((3, 4), (4,)), ((5,), (5,)), ((2, 3, 4), (3, 4)), ((2, 3, 4), (4,)), ((2, 1), (1,))]
)
@pytest.mark.parametrize("affine", [True, False])
def test_layer_and_rms_norm_agree_with_torch(agrees, shape, features, affine):
    x, w, b = _normal(shape, features, features)
    if affine:
        agrees(
            lambda x, w, b: layer_norm(x, features, w, b, eps=1e-3),
            lambda x, w, b: F.layer_norm(x, features, w, b, eps=1e-3),
            x,
            w,
            b,
            atol=1e-11,
        )
        agrees(lambda x, w: rms_norm(x, features, w), lambda x, w: F.rms_norm(x, features, w), x, w)
    else:
        agrees(lambda x: layer_norm(x, features), lambda x: F.layer_norm(x, features), x, atol=1e-9)
        agrees(lambda x: rms_norm(x, features, eps=0.1), lambda x: F.rms_norm(x, features, eps=0.1), x)


@pytest.mark.parametrize("shape", [(4, 3), (3, 2, 4), (2, 2, 3, 2), (2, 1)])
@pytest.mark.parametrize("affine", [True, False])
def test_batch_norm_in_training_agrees_with_torch(agrees, shape, affine):
    vectors = _normal(shape[1:2], shape[1:2]) if affine else []
    agrees(
        lambda x, *wb: batch_norm(x, None, None, *wb, training=True),
        lambda x, *wb: F.batch_norm(x, None, None, *wb, training=True),
        *_normal(shape),
        *vectors,
        atol=1e-9,
    )


@pytest.mark.parametrize("shape", [(4, 3), (1, 3), (3, 2, 4), (2, 2, 3, 2), (0, 2, 3)])
def test_batch_norm_outside_of_training_agrees_with_torch(agrees, shape):
    channels = shape[1:2]
    mean, var = MEAN[: channels[0]], VAR[: channels[0]]
    agrees(
        lambda x, w, b: batch_norm(x, mean, var, w, b),
        lambda x, w, b: F.batch_norm(x, torch.tensor(mean), torch.tensor(var), w, b),
        *_normal(shape, channels, channels),
    )


@pytest.mark.parametrize("momentum", [0.1, 1.0, 0.0])
@pytest.mark.parametrize("shape", [(4, 3), (2, 3, 5)])
def test_running_statistics_are_those_of_torch(momentum, shape):
    x = RNG.normal(size=shape)
    mean, var = MEAN.copy(), VAR.copy()
    out, new_mean, new_var = batch_norm_training(x, mean, var, momentum=momentum)
    np.testing.assert_array_equal(mean, MEAN)
    np.testing.assert_array_equal(var, VAR)
    np.testing.assert_allclose(out, batch_norm(x, training=True))
    if torch is not None:
        their_mean, their_var = torch.tensor(MEAN), torch.tensor(VAR)
        F.batch_norm(torch.tensor(x), their_mean, their_var, training=True, momentum=momentum)
        np.testing.assert_allclose(new_mean, their_mean.numpy(), rtol=1e-12)
        np.testing.assert_allclose(new_var, their_var.numpy(), rtol=1e-12)


def test_no_gradient_passes_through_running_statistics():
    x = Tensor(RNG.normal(size=(4, 3)), requires_grad=True)
    out, mean, var = batch_norm_training(x, MEAN, VAR)
    assert out.requires_grad
    assert not mean.requires_grad
    assert not var.requires_grad
    _, first_mean, first_var = batch_norm_training(x)
    np.testing.assert_allclose(first_mean.data, x.data.mean(0))
    np.testing.assert_allclose(first_var.data, x.data.var(0, ddof=1))


@pytest.mark.parametrize(("shape", "groups"), [((2, 4), 2), ((2, 6, 3), 3), ((1, 2, 2, 2), 1), ((2, 3, 4), 3)])
@pytest.mark.parametrize("affine", [True, False])
def test_group_norm_agrees_with_torch(agrees, shape, groups, affine):
    vectors = _normal(shape[1:2], shape[1:2]) if affine else []
    agrees(
        lambda x, *wb: group_norm(x, groups, *wb, eps=1e-3),
        lambda x, *wb: F.group_norm(x, groups, *wb, eps=1e-3),
        *_normal(shape),
        *vectors,
        atol=1e-11,
    )


def test_third_order():
    """Three sweeps through the fused rule, against the same function written out step by step."""

    def plain(x):
        away = x - x.mean(axis=1, keepdims=True)
        return away / ((away * away).mean(axis=1, keepdims=True) + 1e-2).sqrt()

    x, weights = RNG.normal(size=(2, 4)), RNG.normal(size=(4, 2, 4))
    found = []
    for function in (lambda x: layer_norm(x, 4, eps=1e-2), plain):
        t = Tensor(x, requires_grad=True)
        out = function(t)
        for w in weights[:-1]:
            (out * w).sum().backward(create_graph=True)
            out, t.grad = t.grad, None
        found.append(out.data)
    np.testing.assert_allclose(found[0], found[1], rtol=1e-10)


def test_negative_strides_and_transposes():
    x = RNG.normal(size=(4, 6, 5))
    for view in (x[::-1, ::-2], x.transpose(2, 1, 0)):
        for norm in (lambda v: layer_norm(v, v.shape[-1]), lambda v: batch_norm(v, training=True)):
            np.testing.assert_allclose(norm(view), norm(view.copy()), rtol=1e-13)
        np.testing.assert_allclose(group_norm(view, 3), group_norm(view.copy(), 3), rtol=1e-13)


def test_equal_numbers_give_zero_with_a_finite_slope():
    x = Tensor(np.full((2, 3), 7.0), requires_grad=True)
    out = layer_norm(x, 3)
    out.sum().backward()
    np.testing.assert_array_equal(out.data, 0.0)
    assert np.isfinite(x.grad).all()


def test_float32_stays_float32():
    x, w = RNG.normal(size=(4, 6)), RNG.normal(size=6)
    for norm in (
        lambda x, w: layer_norm(x, 6, w, w),
        lambda x, w: rms_norm(x, (6,), w),
        lambda x, w: group_norm(x, 2, w, w),
        lambda x, w: batch_norm(x, w, w * w, w, w),
        lambda x, w: batch_norm_training(x, w, w * w, w, w)[0],
        lambda x, w: batch_norm_training(x, w, w * w, w, w)[2] + 0 * x,
    ):
        mine = Tensor(x.astype(np.float32), requires_grad=True)
        out = norm(mine, w.astype(np.float32))
        out.sum().backward()
        assert out.dtype == mine.grad.dtype == np.float32
        np.testing.assert_allclose(out.data, norm(x, w), rtol=1e-4, atol=1e-5)


X = np.ones((2, 4))


@pytest.mark.parametrize(
    "case",
    [
        lambda: layer_norm(X, 3),
        lambda: layer_norm(X, (1, 4)),
        lambda: layer_norm(X, ()),
        lambda: layer_norm(X, 4, np.ones((1, 4))),
        lambda: rms_norm(X, 4, np.ones(3)),
        lambda: group_norm(X, 3),
        lambda: group_norm(X, 0),
        lambda: group_norm(X, 2, np.ones(2)),
        lambda: group_norm(np.ones(4), 2),
        lambda: batch_norm(X),
        lambda: batch_norm(X, np.ones(4)),
        lambda: batch_norm(X, np.ones(3), np.ones(4)),
        lambda: batch_norm(X, np.ones(4), np.ones(4), np.ones((4, 1))),
        lambda: batch_norm(X[:1], training=True),
        lambda: batch_norm(np.ones(4), training=True),
    ],
)
def test_what_does_not_fit_is_refused(case):
    with pytest.raises(MicrogradValueError):
        case()


def test_integers_and_lists_are_refused():
    for case in (
        lambda: layer_norm(np.ones((2, 3), int), 3),
        lambda: batch_norm([[1.0], [2.0]], training=True),
        lambda: group_norm(X, 2, [1.0] * 4),
        lambda: layer_norm(X, 4, [1.0] * 4),
    ):
        with pytest.raises(MicrogradTypeError):
            case()
