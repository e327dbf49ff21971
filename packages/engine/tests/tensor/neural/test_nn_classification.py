"""Cross-entropy and negative log-likelihood against PyTorch, their tails, and the labels that they refuse."""

import itertools

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine.errors import MicrogradError, MicrogradTypeError, MicrogradValueError  # noqa: E402
from micrograd.engine.ops.neural.classification import cross_entropy, nll_loss  # noqa: E402
from micrograd.engine.ops.neural.labels import cross_entropy_slope  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402

try:
    import torch

    F = torch.nn.functional
except ImportError:
    torch = F = None

RNG = np.random.default_rng(0)
LABELS = [((5,), ()), ((4, 3), (4,)), ((1, 2), (1,)), ((2, 3, 4), (2, 4)), ((2, 3, 2, 2), (2, 2, 2)), ((4, 1), (4,))]
SETTINGS = [
    {"reduction": reduction, "label_smoothing": smoothing}
    for reduction, smoothing in itertools.product(("mean", "sum", "none"), (0.0, 0.2))
]


def _labels(shape, classes, seed=1):
    return np.random.default_rng(seed).integers(0, classes, size=shape)


@pytest.mark.parametrize(("shape", "target"), LABELS)
@pytest.mark.parametrize("given", SETTINGS)
@pytest.mark.parametrize("weighted", [False, True])
def test_labels_agree_with_torch(agrees, shape, target, given, weighted):
    classes = shape[min(1, len(shape) - 1)]
    y = np.asarray(_labels(target, classes))
    x = RNG.normal(size=shape)
    w = RNG.uniform(0.5, 2.0, size=classes) if weighted else None
    agrees(
        lambda x: cross_entropy(x, y, weight=w, **given),
        lambda x: F.cross_entropy(x, torch.tensor(y), weight=None if w is None else torch.tensor(w), **given),
        x,
    )


@pytest.mark.parametrize("given", [SETTINGS[0], SETTINGS[1], SETTINGS[4]])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("ignore_index", [-100, 1])
@pytest.mark.parametrize("shape", [(6, 3), (2, 3, 4)])
def test_ignored_labels_agree_with_torch(agrees, given, weighted, ignore_index, shape):
    y = _labels((shape[0], *shape[2:]), 3)
    y.flat[[0, 3]] = ignore_index
    w = np.array([0.5, 1.0, 2.0]) if weighted else None
    agrees(
        lambda x: cross_entropy(x, y, weight=w, ignore_index=ignore_index, **given),
        lambda x: F.cross_entropy(
            x,
            torch.tensor(y),
            weight=None if w is None else torch.tensor(w),
            ignore_index=ignore_index,
            **given,
        ),
        RNG.normal(size=shape),
    )


@pytest.mark.parametrize("shape", [(4,), (3, 4), (2, 3, 4)])
@pytest.mark.parametrize("given", SETTINGS)
@pytest.mark.parametrize("weighted", [False, True])
def test_probabilities_agree_with_torch(agrees, shape, given, weighted):
    axis = min(1, len(shape) - 1)
    p = RNG.uniform(0.1, 1.0, size=shape)
    p /= p.sum(axis, keepdims=True)
    w = RNG.uniform(0.5, 2.0, size=shape[axis]) if weighted else None
    agrees(
        lambda x, p: cross_entropy(x, p, weight=w, **given),
        lambda x, p: F.cross_entropy(x, p, weight=None if w is None else torch.tensor(w), **given),
        RNG.normal(size=shape),
        p,
    )


@pytest.mark.parametrize(("shape", "target"), LABELS)
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("ignore_index", [-100, 0])
def test_nll_agrees_with_torch(agrees, shape, target, reduction, ignore_index):
    classes = shape[min(1, len(shape) - 1)]
    y = np.asarray(_labels(target, classes))
    w = RNG.uniform(0.5, 2.0, size=classes)
    if reduction == "mean" and (y == ignore_index).all():
        y = np.asarray(_labels(target, classes) * 0)
        ignore_index = -100
    agrees(
        lambda x: nll_loss(x, y, w, ignore_index, reduction),
        lambda x: F.nll_loss(x, torch.tensor(y), torch.tensor(w), ignore_index=ignore_index, reduction=reduction),
        RNG.normal(size=shape),
    )


def test_the_gradient_reaches_class_weights(agrees):
    y = np.array([0, 2, 1, 2])
    agrees(lambda x, w: cross_entropy(x, y, weight=w), None, RNG.normal(size=(4, 3)), np.array([0.5, 1.0, 2.0]))
    agrees(
        lambda x, w: cross_entropy(x, y, weight=w, label_smoothing=0.1),
        None,
        RNG.normal(size=(4, 3)),
        np.array([0.5, 1.0, 2.0]),
    )


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.int64])
def test_labels_of_any_integer_dtype(dtype):
    x = RNG.normal(size=(4, 3))
    y = np.array([0, 2, 1, 2])
    assert cross_entropy(x, y.astype(dtype)) == cross_entropy(x, y)
    assert cross_entropy(Tensor(x), Tensor(y.astype(dtype))).item() == cross_entropy(x, y)
    assert cross_entropy(x[0], 2) == cross_entropy(x[:1], np.array([2]))


def test_third_order(agrees):
    """The slope of the slope, differentiated once more: against finite differences of the second gradient."""
    x, y, v = RNG.normal(size=(2, 3)), np.array([2, 0]), RNG.normal(size=(2, 3))

    def hvp(x):
        t = x if isinstance(x, Tensor) else Tensor(x)
        if not t.requires_grad:
            t = Tensor(t.data, requires_grad=True)
        cross_entropy(t, y).backward(create_graph=True)
        first, t.grad = t.grad, None
        (first * v).sum().backward(create_graph=True)
        return t

    t = hvp(Tensor(x, requires_grad=True))
    second, t.grad = t.grad, None
    (second * v).sum().backward()
    eps = 1e-6
    numeric = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        moved = [x.copy(), x.copy()]
        moved[0][i] += eps
        moved[1][i] -= eps
        high, low = (float((hvp(Tensor(m, requires_grad=True)).grad.data * v).sum()) for m in moved)
        numeric[i] = (high - low) / (2 * eps)
    np.testing.assert_allclose(t.grad, numeric, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("lead", [1.0, 20.0, 40.0, 300.0, 700.0])
def test_a_confident_prediction_keeps_its_digits(lead):
    """log(1 + e**-40) = 4.2e-18, where others have 0, and its slope likewise."""
    x = Tensor([[lead, 0.0]], requires_grad=True)
    loss = cross_entropy(x, np.array([0]))
    loss.backward()
    np.testing.assert_allclose(loss.item(), np.log1p(np.exp(-lead)), rtol=1e-14)
    slope = np.exp(-lead) / (1 + np.exp(-lead))
    np.testing.assert_allclose(x.grad, [[-slope, slope]], rtol=1e-13)


def test_extreme_logits():
    x = Tensor([[0.0, -1e9, 3.0], [0.0, -np.inf, -np.inf], [1e300, -1e300, 0.0]], requires_grad=True)
    losses = cross_entropy(x, np.array([1, 0, 0]), reduction="none")
    np.testing.assert_allclose(losses.data, [1e9 + np.logaddexp(0, 3), 0.0, 0.0], rtol=1e-15)
    losses.sum().backward()
    p = 1 / (1 + np.exp(-3))
    np.testing.assert_allclose(x.grad, [[1 - p, -1.0, p], [0, 0, 0], [0, 0, 0]], rtol=1e-12, atol=1e-16)
    single = Tensor(np.array([[5.3, 1.2, -1e9]], dtype=np.float32), requires_grad=True)
    cross_entropy(single, np.array([2])).backward()
    np.testing.assert_allclose(single.grad.sum(), 0.0, atol=1e-6)


def test_everything_ignored_is_nan_and_nothing_flows():
    x = Tensor(RNG.normal(size=(2, 3)), requires_grad=True)
    loss = cross_entropy(x, np.array([-100, -100]))
    assert np.isnan(loss.item())
    total = cross_entropy(x, np.array([-100, -100]), reduction="sum")
    total.backward()
    assert total.item() == 0.0
    np.testing.assert_array_equal(x.grad, 0.0)


def test_an_ignored_row_of_nan_does_no_harm():
    x = np.array([[np.nan, 1.0], [0.0, 1.0]])
    t = Tensor(x, requires_grad=True)
    loss = cross_entropy(t, np.array([-100, 1]))
    loss.backward()
    assert loss.item() == cross_entropy(x[1:], np.array([1]))
    np.testing.assert_array_equal(t.grad[0], 0.0)


def test_float32_stays_float32():
    x, y = RNG.normal(size=(4, 3)), np.array([0, 2, 1, 2])
    for given in ({}, {"label_smoothing": 0.1}, {"reduction": "none"}, {"weight": np.ones(3, np.float32)}):
        t = Tensor(x.astype(np.float32), requires_grad=True)
        loss = cross_entropy(t, y, **given)
        loss.sum().backward()
        assert loss.dtype == t.grad.dtype == np.float32
        double = {k: v.astype(float) if k == "weight" else v for k, v in given.items()}
        np.testing.assert_allclose(loss.data, cross_entropy(x, y, **double), rtol=1e-5)


def test_no_samples():
    assert cross_entropy(np.zeros((0, 3)), np.zeros(0, int), reduction="sum") == 0.0
    assert cross_entropy(np.zeros((0, 3)), np.zeros(0, int), reduction="none").shape == (0,)
    assert np.isnan(cross_entropy(Tensor(np.zeros((0, 3))), np.zeros(0, int)).item())
    assert np.isnan(cross_entropy(Tensor(np.zeros((0, 3))), np.zeros((0, 3))).item())


@pytest.mark.parametrize(("dtype", "classes"), [("i1", 300), ("i2", 40000), (">i2", 40000)])
def test_labels_of_a_type_with_fewer_numbers_than_classes(dtype, classes):
    x = np.random.default_rng(0).normal(size=(3, classes))
    labels = np.array([5, -100, 127])
    found, expected = Tensor(x, requires_grad=True), Tensor(x, requires_grad=True)
    cross_entropy(found, labels.astype(dtype)).backward()
    cross_entropy(expected, labels).backward()
    np.testing.assert_array_equal(found.grad, expected.grad)
    for bad in (-1, np.iinfo(dtype).min):
        with pytest.raises(MicrogradValueError, match=f"label {bad} .*{classes} classes"):
            cross_entropy(x, np.array([5, bad, 127], dtype))


@pytest.mark.parametrize("bad", [-1, 3, 100, -101])
@pytest.mark.parametrize("loss", [cross_entropy, nll_loss, lambda x, y: cross_entropy_slope(x, y, np.ones(2))])
@pytest.mark.parametrize("kind", [Tensor, np.asarray])
def test_a_label_out_of_range_is_refused(bad, loss, kind):
    with pytest.raises(MicrogradValueError, match=f"label {bad} .*3 classes"):
        loss(kind(np.zeros((2, 3))), np.array([0, bad]))


@pytest.mark.parametrize(
    ("target", "error", "advice"),
    [
        (np.array([0.0, 1.0]), MicrogradValueError, "astype"),
        (np.array([[0], [1]]), MicrogradValueError, r"\[:, 0\]"),
        (np.array([[1, 0, 0], [0, 1, 0]]), MicrogradValueError, "astype"),
        (np.array([[0.5, 0.5]]), MicrogradValueError, "shape"),
        (np.array([0, 1, 2]), MicrogradValueError, r"shape.*\(logits\[:n\], target\[:n\]\)"),
        (np.array([True, False]), MicrogradTypeError, "bool"),
        ([0, 1], MicrogradTypeError, r"list.*np\.array\(target\)"),
        (None, MicrogradTypeError, "NoneType"),
    ],
)
@pytest.mark.parametrize("loss", [cross_entropy, nll_loss])
def test_a_target_of_the_wrong_kind_is_refused(target, error, advice, loss):
    with pytest.raises(error, match=advice):
        loss(Tensor(np.zeros((2, 3))), target)


def test_other_misuse_is_refused():
    x, y, p = np.zeros((2, 3)), np.array([0, 1]), np.full((2, 3), 1 / 3)
    cases = [
        lambda: cross_entropy(x.astype(int), y),
        lambda: cross_entropy([[0.0, 1.0]], y),
        lambda: cross_entropy(np.float64(1.0), y),
        lambda: cross_entropy(np.zeros((2, 0)), y),
        lambda: cross_entropy(x, y, weight=np.ones(2)),
        lambda: cross_entropy(x, y, reduction="average"),
        lambda: cross_entropy(x, y, label_smoothing=1.5),
        lambda: cross_entropy(x, p, ignore_index=1),
        lambda: nll_loss(x, p),
        lambda: nll_loss(x, y, weight=np.ones((3, 1))),
    ]
    for case in cases:
        with pytest.raises(MicrogradError):
            case()
