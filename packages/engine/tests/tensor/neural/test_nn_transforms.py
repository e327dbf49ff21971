"""The neural-network functions under forward mode, vmap and their combinations: one table serves them all."""

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine.batching.api import vmap  # noqa: E402
from micrograd.engine.ops.neural.attention import scaled_dot_product_attention  # noqa: E402
from micrograd.engine.ops.neural.classification import cross_entropy, nll_loss  # noqa: E402
from micrograd.engine.ops.neural.convolution import conv1d, conv2d, conv_transpose1d  # noqa: E402
from micrograd.engine.ops.neural.folding import unfold  # noqa: E402
from micrograd.engine.ops.neural.likelihoods import gaussian_nll_loss, poisson_nll_loss  # noqa: E402
from micrograd.engine.ops.neural.lookup import embedding  # noqa: E402
from micrograd.engine.ops.neural.losses import (  # noqa: E402
    binary_cross_entropy_with_logits,
    huber_loss,
    kl_div,
    mse_loss,
    multilabel_soft_margin_loss,
)
from micrograd.engine.ops.neural.margins import (  # noqa: E402
    cosine_similarity,
    hinge_loss,
    multi_margin_loss,
    multilabel_margin_loss,
)
from micrograd.engine.ops.neural.normalization import batch_norm, group_norm, layer_norm, rms_norm  # noqa: E402
from micrograd.engine.ops.neural.pooling import adaptive_avg_pool1d, avg_pool2d, max_pool1d, max_pool2d  # noqa: E402
from micrograd.engine.ops.neural.softmaxes import log_softmax, masked_softmax, softmax  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402
from micrograd.engine.transforms import grad, hvp, jvp, vjp  # noqa: E402

RNG = np.random.default_rng(0)
P = np.array([[0.2, 0.3, 0.5], [0.1, 0.1, 0.8]])
FUNCTIONS = {  # by one array of the shape given
    "softmax": (softmax, (2, 3)),
    "log_softmax": (log_softmax, (2, 3)),
    "masked_softmax": (masked_softmax, (2, 3)),
    "cross_entropy": (lambda x: cross_entropy(x, np.array([0, 2])), (2, 3)),
    "cross_entropy_smoothed": (lambda x: cross_entropy(x, np.array([0, 2]), label_smoothing=0.1), (2, 3)),
    "cross_entropy_of_probabilities": (lambda x: cross_entropy(x, P), (2, 3)),
    "nll_loss": (lambda x: nll_loss(x, np.array([0, 2]), np.ones(3)), (2, 3)),
    "binary_cross_entropy": (lambda x: binary_cross_entropy_with_logits(x, P, pos_weight=np.ones(3)), (2, 3)),
    "mse_loss": (lambda x: mse_loss(x, P), (2, 3)),
    "huber_loss": (lambda x: huber_loss(x, P, delta=0.5), (2, 3)),
    "hinge_loss": (lambda x: hinge_loss(x, np.array([1.0, -1.0, 1.0])), (3,)),
    "gaussian_nll_loss": (lambda x: gaussian_nll_loss(x, P, 1.0 + x * x), (2, 3)),
    "poisson_nll_loss": (lambda x: poisson_nll_loss(x, P, full=True), (2, 3)),
    "multilabel_soft_margin_loss": (lambda x: multilabel_soft_margin_loss(x, P), (2, 3)),
    "kl_div": (lambda x: kl_div(x, P), (2, 3)),
    "multi_margin_loss": (lambda x: multi_margin_loss(x, np.array([0, 2])), (2, 3)),
    "multilabel_margin_loss": (lambda x: multilabel_margin_loss(x, np.array([[2, 0, -1], [1, -1, 1]])), (2, 3)),
    "cosine_similarity": (lambda x: cosine_similarity(x, P), (2, 3)),
    "conv1d": (lambda x: conv1d(x, np.ones((4, 2, 2)), padding=1), (1, 2, 4)),
    "conv2d": (lambda x: conv2d(np.ones((2, 2, 4, 3)), x), (1, 2, 2, 2)),
    "conv_transpose1d": (lambda x: conv_transpose1d(x, np.ones((2, 1, 2)), stride=2), (1, 2, 3)),
    "unfold": (lambda x: unfold(x, 2), (1, 2, 3, 3)),
    "max_pool1d": (lambda x: max_pool1d(x, 2), (2, 5)),
    "max_pool2d": (lambda x: max_pool2d(x, 2, stride=1), (1, 1, 3, 3)),
    "avg_pool2d": (lambda x: avg_pool2d(x, 2, padding=1, count_include_pad=False), (1, 1, 3, 3)),
    "adaptive_avg_pool1d": (lambda x: adaptive_avg_pool1d(x, 2), (1, 5)),
    "layer_norm": (lambda x: layer_norm(x, 3, np.ones(3), np.ones(3)), (2, 3)),
    "rms_norm": (lambda x: rms_norm(x, 3), (2, 3)),
    "group_norm": (lambda x: group_norm(x, 2), (2, 4, 2)),
    "batch_norm": (lambda x: batch_norm(x, training=True), (3, 2)),
    "embedding": (lambda x: embedding(np.array([1, 1, 0]), x), (3, 2)),
    "attention": (lambda x: scaled_dot_product_attention(x, x, x, is_causal=True), (3, 2)),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_forward_and_reverse_mode_are_transposes(name):
    f, shape = FUNCTIONS[name]
    x, dx = RNG.normal(size=shape), RNG.normal(size=shape)
    out, pushed = jvp(f, (x,), (dx,))
    w = RNG.normal(size=np.shape(out))
    (pulled,) = vjp(f, x)[1](w)
    np.testing.assert_allclose((w * pushed).sum(), (pulled * dx).sum(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_forward_over_reverse_is_the_slope_of_the_gradient(name):
    f, shape = FUNCTIONS[name]
    x, dx = RNG.normal(size=shape), RNG.normal(size=shape)
    total = lambda x: (f(x) * f(x)).sum()  # noqa: E731
    gradient, eps = grad(total), 1e-5
    numeric = (gradient(x + eps * dx) - gradient(x - eps * dx)) / (2 * eps)
    np.testing.assert_allclose(hvp(total, (x,), (dx,)), numeric, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_vmap_is_a_loop(name):
    f, shape = FUNCTIONS[name]
    rows = RNG.normal(size=(3, *shape))
    looped = np.stack([f(row) for row in rows])
    np.testing.assert_allclose(vmap(f)(rows), looped, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(
        vmap(grad(lambda x: (f(x) * f(x)).sum()))(rows),
        np.stack([grad(lambda x: (f(x) * f(x)).sum())(row) for row in rows]),
        rtol=1e-10,
        atol=1e-12,
    )


def test_vmap_over_labels():
    logits, labels = RNG.normal(size=(4, 3)), np.array([0, 2, 1, 1])
    each = vmap(cross_entropy)(Tensor(logits), Tensor(labels))
    np.testing.assert_allclose(each.data, cross_entropy(logits, labels, reduction="none"))
