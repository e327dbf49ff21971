"""The elementwise losses, margins and similarities against PyTorch, and the shapes and labels that they refuse."""

import math

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine.errors import MicrogradError, MicrogradTypeError, MicrogradValueError  # noqa: E402
from micrograd.engine.ops.neural.likelihoods import gaussian_nll_loss, poisson_nll_loss  # noqa: E402
from micrograd.engine.ops.neural.losses import (  # noqa: E402
    binary_cross_entropy_with_logits,
    huber_loss,
    kl_div,
    l1_loss,
    mse_loss,
    multilabel_soft_margin_loss,
    smooth_l1_loss,
)
from micrograd.engine.ops.neural.margins import (  # noqa: E402
    cosine_similarity,
    hinge_loss,
    multi_margin_loss,
    multilabel_margin_loss,
    pairwise_distance,
    triplet_margin_loss,
)
from micrograd.engine.tensor import Tensor  # noqa: E402

try:
    import torch

    F = torch.nn.functional
except ImportError:
    torch = F = None

RNG = np.random.default_rng(0)
SHAPES = [(), (3,), (2, 3), (2, 1, 3), (0, 2)]
REDUCTIONS = ["mean", "sum", "none"]
# The mean of nothing is nan, which is tested by itself.
CASES = [(shape, how) for shape in SHAPES for how in REDUCTIONS if how != "mean" or 0 not in shape]
PAIRED = [mse_loss, l1_loss, huber_loss, smooth_l1_loss, hinge_loss, binary_cross_entropy_with_logits, kl_div,
    poisson_nll_loss, multilabel_soft_margin_loss]  # fmt: skip


@pytest.mark.parametrize(("shape", "reduction"), CASES)
@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("mse_loss", {}),
        ("l1_loss", {}),
        ("huber_loss", {}),
        ("huber_loss", {"delta": 0.3}),
        ("smooth_l1_loss", {}),
        ("smooth_l1_loss", {"beta": 0.3}),
        ("smooth_l1_loss", {"beta": 0.0}),
    ],
)
def test_regression_agrees_with_torch(agrees, shape, reduction, name, given):
    ours = globals()[name]
    agrees(
        lambda x, t: ours(x, t, reduction=reduction, **given),
        lambda x, t: getattr(F, name)(x, t, reduction=reduction, **given),
        RNG.normal(size=shape),
        RNG.normal(size=shape),
        second=_is_curved(name, given),
    )


def _is_curved(name, given):
    """Where PyTorch's second derivative isn't a constant 0, which it can't turn into an array."""
    return name != "l1_loss" and given != {"beta": 0.0}


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("name", ["mse_loss", "l1_loss", "huber_loss"])
def test_weighted_regression_agrees_with_torch(agrees, reduction, name):
    ours = globals()[name]
    agrees(
        lambda x, t, w: ours(x, t, reduction=reduction, weight=w),
        lambda x, t, w: getattr(F, name)(x, t, reduction=reduction, weight=w),
        RNG.normal(size=(2, 3)),
        RNG.normal(size=(2, 3)),
        RNG.uniform(0.5, 2.0, size=(2, 3)),
    )


@pytest.mark.parametrize(("shape", "reduction"), CASES)
def test_binary_cross_entropy_agrees_with_torch(agrees, shape, reduction):
    agrees(
        lambda x, t: binary_cross_entropy_with_logits(x, t, reduction=reduction),
        lambda x, t: F.binary_cross_entropy_with_logits(x, t, reduction=reduction),
        RNG.normal(scale=3.0, size=shape),
        RNG.uniform(0.1, 0.9, size=shape),
    )


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("weight", [None, (3,), (2, 3), (2, 1)])
@pytest.mark.parametrize("pos_weight", [None, (3,), (1,)])
def test_weighted_binary_cross_entropy_agrees_with_torch(agrees, reduction, weight, pos_weight):
    w = None if weight is None else RNG.uniform(0.5, 2.0, size=weight)
    p = None if pos_weight is None else RNG.uniform(0.5, 2.0, size=pos_weight)
    as_torch = lambda a: None if a is None else torch.tensor(a)  # noqa: E731
    agrees(
        lambda x, t: binary_cross_entropy_with_logits(x, t, weight=w, reduction=reduction, pos_weight=p),
        lambda x, t: F.binary_cross_entropy_with_logits(
            x, t, weight=as_torch(w), reduction=reduction, pos_weight=as_torch(p)
        ),
        RNG.normal(size=(2, 3)),
        RNG.uniform(0.1, 0.9, size=(2, 3)),
    )


@pytest.mark.parametrize("logit", [-700.0, -40.0, -1.0, 0.0, 1.0, 40.0, 700.0])
@pytest.mark.parametrize("label", [0.0, 1.0])
def test_binary_cross_entropy_keeps_its_tails(logit, label):
    x = Tensor(logit, requires_grad=True)
    loss = binary_cross_entropy_with_logits(x, np.asarray(label))
    loss.backward()
    toward = logit if label else -logit  # how far on the right side
    np.testing.assert_allclose(loss.item(), max(-toward, 0) + math.log1p(math.exp(-abs(toward))), rtol=1e-15)
    wrong = math.exp(-toward) / (1 + math.exp(-toward)) if toward > 0 else 1 / (1 + math.exp(toward))
    np.testing.assert_allclose(abs(x.grad), wrong, rtol=1e-14)


@pytest.mark.parametrize("reduction", ["batchmean", *REDUCTIONS])
@pytest.mark.parametrize("log_target", [False, True])
@pytest.mark.parametrize("shape", [(4,), (3, 4)])
@pytest.mark.filterwarnings("ignore:reduction")
def test_kl_div_agrees_with_torch(agrees, reduction, log_target, shape):
    p = RNG.uniform(0.1, 1.0, size=shape)
    agrees(
        lambda x, t: kl_div(x, t, reduction=reduction, log_target=log_target),
        lambda x, t: F.kl_div(x, t, reduction=reduction, log_target=log_target),
        np.log(RNG.uniform(0.1, 1.0, size=shape)),
        np.log(p) if log_target else p,
    )


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("shapes", [((), ()), ((3,), (3,)), ((2, 3), (2, 3)), ((2, 3), (2, 1)), ((2, 3), (2,))])
def test_gaussian_nll_loss_agrees_with_torch(agrees, reduction, full, shapes):
    shape, of_var = shapes
    agrees(
        lambda x, t, v: gaussian_nll_loss(x, t, v, full=full, reduction=reduction),
        lambda x, t, v: F.gaussian_nll_loss(x, t, v, full=full, reduction=reduction),
        RNG.normal(size=shape),
        RNG.normal(size=shape),
        RNG.uniform(0.5, 2.0, size=of_var),
    )


def test_a_variance_below_the_least_has_the_gradient_of_the_least():
    torch = pytest.importorskip("torch")
    numbers = [np.zeros(3), np.array([0.01, 0.3, 1.0]), np.array([0.0, 0.05, 0.5])]
    ours = [Tensor(array, requires_grad=True) for array in numbers]
    theirs = [torch.tensor(array, requires_grad=True) for array in numbers]
    loss, their_loss = gaussian_nll_loss(*ours, eps=0.1), F.gaussian_nll_loss(*theirs, eps=0.1)
    loss.backward()
    their_loss.backward()
    assert loss.item() == pytest.approx(their_loss.item(), rel=1e-12)
    for x, y in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(x.grad, y.grad.numpy(), rtol=1e-10)


def test_a_negative_variance_gives_nan():
    x = np.ones(2)
    assert np.isnan(gaussian_nll_loss(x, x, np.array([-1.0, 1.0]), reduction="none")).tolist() == [True, False]


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("given", [{}, {"full": True}, {"log_input": False}, {"log_input": False, "eps": 0.1}])
@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_poisson_nll_loss_agrees_with_torch(agrees, reduction, given, shape):
    counts = RNG.integers(0, 6, size=shape).astype(float)
    agrees(
        lambda x: poisson_nll_loss(x, counts, reduction=reduction, **given),
        lambda x: F.poisson_nll_loss(x, torch.tensor(counts), reduction=reduction, **given),
        RNG.uniform(0.5, 2.0, size=shape),
    )


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 4, 3)])
def test_multilabel_soft_margin_loss_agrees_with_torch(agrees, reduction, weighted, shape):
    t = RNG.integers(0, 2, size=shape).astype(float)
    w = RNG.uniform(0.5, 2.0, size=shape[-1]) if weighted else None
    as_torch = lambda a: None if a is None else torch.tensor(a)  # noqa: E731
    agrees(
        lambda x: multilabel_soft_margin_loss(x, t, w, reduction),
        lambda x: F.multilabel_soft_margin_loss(x, as_torch(t), as_torch(w), reduction=reduction),
        RNG.normal(size=shape),
    )


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("shape", [(4,), (1, 1), (5, 4), (30, 3)])
def test_multilabel_margin_loss_agrees_with_torch(agrees, reduction, shape):
    t = RNG.integers(-1, shape[-1], size=shape)  # labels that occur twice, or none at all, too
    agrees(
        lambda x: multilabel_margin_loss(x, t, reduction),
        lambda x: F.multilabel_margin_loss(x, torch.tensor(t), reduction=reduction),
        RNG.normal(size=shape),
        second=False,  # which PyTorch hasn't
    )


def test_multilabel_margin_loss_at_the_margin_has_the_slope_of_torch(agrees):
    t = np.array([[0, 2, -1], [1, -1, -1]])
    agrees(
        lambda x: multilabel_margin_loss(x, t),
        lambda x: F.multilabel_margin_loss(x, torch.tensor(t)),
        np.array([[1.0, 0.0, 2.0], [0.0, 0.0, -1.0]]),
        second=False,
        numeric=False,
    )


def test_kl_div_of_a_target_of_zero_is_zero():
    x = Tensor([-1.0, -np.inf], requires_grad=True)
    loss = kl_div(x, np.array([1.0, 0.0]), reduction="sum")
    loss.backward()
    assert loss.item() == 1.0
    np.testing.assert_array_equal(x.grad, [-1.0, 0.0])


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("margin", [1.0, 0.25])
def test_hinge_loss(agrees, reduction, margin):
    t = np.where(RNG.uniform(size=(3, 4)) < 0.5, -1.0, 1.0)
    how = {"mean": lambda x: x.mean(), "sum": lambda x: x.sum(), "none": lambda x: x}[reduction]
    agrees(
        lambda x: hinge_loss(x, t, margin=margin, reduction=reduction),
        lambda x: how(torch.relu(margin - torch.tensor(t) * x)),
        RNG.normal(size=(3, 4)),
    )
    labels = t.astype(int)
    assert hinge_loss(np.ones((3, 4)), labels).dtype == np.float64


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("p", [1, 2])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("shape", [(4,), (3, 4), (1, 2)])
def test_multi_margin_loss_agrees_with_torch(agrees, reduction, p, weighted, shape):
    y = np.asarray(RNG.integers(0, shape[-1], size=shape[:-1]))
    w = RNG.uniform(0.5, 2.0, size=shape[-1]) if weighted else None
    theirs = lambda x: F.multi_margin_loss(  # noqa: E731
        x,
        torch.tensor(y),
        p=p,
        margin=0.7,
        weight=None if w is None else torch.tensor(w),
        reduction=reduction,
    )
    x = RNG.normal(size=shape)
    ours = lambda x: multi_margin_loss(x, y, p=p, margin=0.7, weight=w, reduction=reduction)  # noqa: E731
    agrees(ours, theirs, x, second=False)
    agrees(ours, None, x)  # PyTorch has no second derivative of it


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_multi_margin_loss_of_a_single_sample_takes_its_label_with_an_axis_or_without(agrees, reduction):
    for label in (np.array([2]), np.array(2)):
        agrees(
            lambda x, y=label: multi_margin_loss(x, y, reduction=reduction),
            lambda x, y=label: F.multi_margin_loss(x, torch.tensor(y), reduction=reduction),
            np.array([0.1, 0.2, 0.8]),
            second=False,
        )


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("given", [{}, {"p": 1.0}, {"p": 3.0}, {"swap": True}, {"margin": 0.1}])
@pytest.mark.parametrize("shape", [(4,), (3, 4)])
def test_triplet_margin_loss_agrees_with_torch(agrees, reduction, given, shape):
    agrees(
        lambda a, p, n: triplet_margin_loss(a, p, n, reduction=reduction, **given),
        lambda a, p, n: F.triplet_margin_loss(a, p, n, reduction=reduction, **given),
        *(RNG.normal(size=shape) for _ in range(3)),
        second=given.get("p") != 1.0,  # a constant 0, as in _is_curved
    )


@pytest.mark.parametrize("p", [1.0, 2.0, 1.5, math.inf])
@pytest.mark.parametrize("shapes", [((3, 4), (3, 4)), ((3, 4), (4,)), ((4,), (4,))])
def test_pairwise_distance_agrees_with_torch(agrees, p, shapes):
    agrees(
        lambda x, y: pairwise_distance(x, y, p),
        lambda x, y: F.pairwise_distance(x, y, p),
        *(RNG.normal(size=shape) for shape in shapes),
        second=p not in (1.0, math.inf),  # a constant 0, as in _is_curved
    )


@pytest.mark.parametrize(
    ("shapes", "axis"), [(((3, 4), (3, 4)), 1), (((3, 4), (3, 4)), 0), (((2, 3, 4), (3, 1)), 1), (((4,), (4,)), -1)]
)
def test_cosine_similarity_agrees_with_torch(agrees, shapes, axis):
    agrees(
        lambda x, y: cosine_similarity(x, y, axis=axis),
        lambda x, y: F.cosine_similarity(x, y, dim=axis),
        *(RNG.normal(size=shape) for shape in shapes),
    )


def test_cosine_similarity_of_a_zero_vector_is_zero_with_a_finite_slope():
    x = Tensor(np.zeros((1, 2)), requires_grad=True)
    out = cosine_similarity(x, np.array([[3.0, 4.0]]))
    out.sum().backward()
    assert out.data == [0.0]
    assert np.isfinite(x.grad).all()


@pytest.mark.parametrize("loss", PAIRED)
@pytest.mark.parametrize("shapes", [((3, 1), (3,)), ((3,), (3, 1)), ((3,), (1,)), ((3,), ()), ((2, 3), (3,))])
@pytest.mark.parametrize("kind", [Tensor, np.asarray])
def test_shapes_that_would_broadcast_are_refused(loss, shapes, kind):
    x, t = (np.ones(shape) for shape in shapes)
    with pytest.raises(MicrogradValueError, match="never broadcasts"):
        loss(kind(x), t)


@pytest.mark.parametrize("loss", PAIRED)
def test_what_is_no_array_is_refused(loss):
    for other in (1.0, [1.0], None, "1"):
        with pytest.raises(MicrogradTypeError):
            loss(np.ones(1), other)
        with pytest.raises(MicrogradTypeError):
            loss(other, Tensor(np.ones(1)))


@pytest.mark.parametrize("loss", PAIRED)
def test_an_unknown_reduction_is_refused(loss):
    with pytest.raises(MicrogradValueError, match="average"):
        loss(np.ones(2), np.ones(2), reduction="average")


@pytest.mark.parametrize("loss", PAIRED)
def test_the_mean_of_nothing_is_nan(loss):
    assert np.isnan(loss(Tensor(np.zeros((0, 2))), np.zeros((0, 2))).item())


@pytest.mark.parametrize("loss", PAIRED)
def test_float32_stays_float32(loss):
    x = RNG.normal(size=(2, 3))
    t = np.ones((2, 3))
    mine = Tensor(x.astype(np.float32), requires_grad=True)
    out = loss(mine, t.astype(np.float32))
    out.backward()
    assert out.dtype == mine.grad.dtype == np.float32
    np.testing.assert_allclose(out.data, loss(x, t), rtol=1e-5, atol=1e-6)


def test_labels_of_the_wrong_kind_are_refused():
    with pytest.raises(MicrogradValueError, match=r"2 \* target - 1"):
        hinge_loss(np.ones(2), np.array([0, 1]))
    with pytest.raises(MicrogradValueError, match=r"\(target \+ 1\) / 2"):
        binary_cross_entropy_with_logits(np.ones(2), np.array([-1.0, 1.0]))
    with pytest.raises(MicrogradValueError, match="label 3"):
        multi_margin_loss(np.ones((1, 3)), np.array([3]))
    with pytest.raises(MicrogradTypeError, match="integers"):
        multi_margin_loss(np.ones((1, 3)), np.array([1.0]))
    with pytest.raises(MicrogradValueError, match="index 3 is out of range"):
        multilabel_margin_loss(np.ones((1, 3)), np.array([[3, -1, -1]]))
    with pytest.raises(MicrogradValueError, match="index -2 is out of range"):
        multilabel_margin_loss(np.ones((1, 3)), np.array([[-2, -1, -1]]))
    with pytest.raises(MicrogradTypeError, match="integers"):
        multilabel_margin_loss(np.ones((1, 3)), np.ones((1, 3)))


def test_settings_out_of_range_are_refused():
    x, y = np.ones((2, 3)), np.array([0, 1])
    cases = [
        lambda: huber_loss(x, x, delta=0.0),
        lambda: huber_loss(x, x, weight=np.ones(3)),
        lambda: mse_loss(x, x, weight=np.ones((2, 1))),
        lambda: smooth_l1_loss(x, x, beta=-1.0),
        lambda: binary_cross_entropy_with_logits(x, x, pos_weight=np.ones(2)),
        lambda: binary_cross_entropy_with_logits(x, x, weight=np.ones((4, 2, 3))),
        lambda: multi_margin_loss(x, y, p=3),
        lambda: multi_margin_loss(x, y[:1]),
        lambda: multi_margin_loss(x, y, weight=np.ones(2)),
        lambda: multilabel_margin_loss(x, y),
        lambda: multilabel_margin_loss(np.ones((1, 2, 3)), np.ones((1, 2, 3), int)),
        lambda: triplet_margin_loss(x, x, x, margin=0.0),
        lambda: triplet_margin_loss(x, x, x[:1]),
        lambda: pairwise_distance(x, x, p=0.0),
        lambda: gaussian_nll_loss(x, x, np.ones(3)),
        lambda: gaussian_nll_loss(x, x, x, eps=0.0),
        lambda: multilabel_soft_margin_loss(np.ones(()), np.ones(())),
        lambda: cosine_similarity(x, x[:, :2]),
    ]
    for case in cases:
        with pytest.raises(MicrogradError):
            case()
