"""Convolutions, their transposes and unfold/fold against PyTorch over all settings, and the shapes that they refuse."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest

np = pytest.importorskip("numpy")

from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from micrograd.engine.errors import MicrogradError, MicrogradTypeError, MicrogradValueError  # noqa: E402
from micrograd.engine.ops.neural import convolving, gathering  # noqa: E402
from micrograd.engine.ops.neural.convolution import conv1d, conv2d, conv_transpose1d, conv_transpose2d  # noqa: E402
from micrograd.engine.ops.neural.folding import fold, unfold  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402

try:
    import torch

    F = torch.nn.functional
except ImportError:
    torch = F = None

RNG = np.random.default_rng(0)
ONE = [  # input, weight, settings
    ((2, 2, 7), (3, 2, 3), {}),
    ((2, 2, 7), (3, 2, 3), {"stride": 2, "padding": 1}),
    ((2, 4, 9), (6, 2, 2), {"groups": 2, "dilation": 3}),
    ((1, 3, 6), (3, 1, 3), {"groups": 3, "padding": "same"}),
    ((2, 2, 6), (3, 2, 4), {"padding": "same", "dilation": 2}),
    ((3, 5), (2, 3, 2), {"padding": "valid", "stride": 3}),
    ((0, 2, 5), (3, 2, 2), {}),
    ((2, 1, 1), (1, 1, 1), {}),
]
TWO = [
    ((2, 2, 5, 4), (3, 2, 3, 2), {}),
    ((2, 2, 5, 5), (3, 2, 3, 3), {"stride": (2, 1), "padding": (1, 2)}),
    ((1, 4, 6, 5), (4, 2, 2, 2), {"groups": 2, "dilation": (2, 1), "padding": 1}),
    ((1, 2, 4, 4), (4, 1, 3, 3), {"groups": 2, "padding": "same"}),
    ((3, 3, 3), (2, 3, 1, 1), {}),
    ((2, 1, 3, 3), (1, 1, 3, 3), {"stride": 5}),
    ((0, 1, 3, 3), (1, 1, 2, 2), {"padding": 1}),
]


@pytest.mark.parametrize(("x", "w", "given"), ONE)
def test_conv1d_agrees_with_torch(agrees, x, w, given):
    agrees(
        lambda x, w, b: conv1d(x, w, b, **given),
        lambda x, w, b: F.conv1d(x, w, b, **given),
        *(RNG.normal(size=shape) for shape in (x, w, w[:1])),
    )


@pytest.mark.parametrize(("x", "w", "given"), TWO)
def test_conv2d_agrees_with_torch(agrees, x, w, given):
    agrees(
        lambda x, w, b: conv2d(x, w, b, **given),
        lambda x, w, b: F.conv2d(x, w, b, **given),
        *(RNG.normal(size=shape) for shape in (x, w, w[:1])),
    )


TRANSPOSED = [
    ((2, 3, 4), (3, 2, 3), {}),
    ((2, 3, 4), (3, 2, 3), {"stride": 2, "padding": 1, "output_padding": 1}),
    ((2, 4, 3), (4, 1, 2), {"groups": 2, "dilation": 3, "padding": 1}),
    ((3, 4), (3, 2, 2), {"stride": 3, "output_padding": 2}),
    ((0, 3, 4), (3, 2, 3), {}),
    ((2, 3, 2, 3), (3, 2, 3, 2), {}),
    ((1, 4, 2, 2), (4, 2, 3, 3), {"stride": (2, 3), "padding": (1, 0), "output_padding": (0, 2), "groups": 2}),
    ((1, 2, 3, 2), (2, 1, 2, 2), {"dilation": (2, 1), "output_padding": (1, 0)}),
    ((2, 3, 3), (2, 1, 1, 1), {}),
]


@pytest.mark.parametrize(("x", "w", "given"), TRANSPOSED)
def test_conv_transpose_agrees_with_torch(agrees, x, w, given):
    name = f"conv_transpose{len(w) - 2}d"
    ours = {"conv_transpose1d": conv_transpose1d, "conv_transpose2d": conv_transpose2d}[name]
    bias = (w[1] * given.get("groups", 1),)
    agrees(
        lambda x, w, b: ours(x, w, b, **given),
        lambda x, w, b: getattr(F, name)(x, w, b, **given),
        *(RNG.normal(size=shape) for shape in (x, w, bias)),
    )


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_random_settings_agree_with_torch(data):
    """Values and gradients for random sizes, with the blocks of samples made so small that several are needed."""
    draw = lambda low, high: data.draw(st.integers(low, high))  # noqa: E731
    groups, kernel, dilation = draw(1, 3), (draw(1, 3), draw(1, 3)), draw(1, 2)
    stride = data.draw(st.sampled_from([(1, 1), (draw(1, 3), draw(1, 3))]))
    padding = (draw(0, 2), draw(0, 2))
    size = tuple(max(1, dilation * (k - 1) + 1 - 2 * p) + draw(0, 4) for k, p in zip(kernel, padding, strict=True))
    x = RNG.normal(size=(draw(1, 5), groups * draw(1, 2), *size))
    w = RNG.normal(size=(groups * draw(1, 2), x.shape[1] // groups, *kernel))
    given = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    mine = [Tensor(a, requires_grad=True) for a in (x, w)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gathering, "_BLOCK_BYTES", draw(1, 4000))
        patch.setattr(gathering, "_MOST_UNASKED", draw(0, 9))
        out = conv2d(*mine, **given)
        g = RNG.normal(size=out.shape)
        out.backward(g)
    if torch is None:
        return
    theirs = [torch.tensor(a, requires_grad=True) for a in (x, w)]
    expected = F.conv2d(*theirs, **given)
    expected.backward(torch.tensor(g))
    np.testing.assert_allclose(out.data, expected.detach().numpy(), rtol=1e-10, atol=1e-12)
    for ours, peer in zip(mine, theirs, strict=True):
        np.testing.assert_allclose(ours.grad, peer.grad.numpy(), rtol=1e-10, atol=1e-12)


@pytest.mark.skipif(torch is None, reason="PyTorch isn't installed")
@pytest.mark.parametrize("place", [(0, 0, 0, 0), (1, 1, 5, 5), (2, 0, 3, 0), (0, 1, 0, 5)])
@pytest.mark.parametrize("number", [np.inf, np.nan])
def test_what_is_not_finite_reaches_only_the_weights_that_met_it(place, number):
    x, w = RNG.normal(size=(3, 2, 6, 6)), RNG.normal(size=(2, 2, 3, 3))
    x[place] = number
    ours, theirs = Tensor(w, requires_grad=True), torch.tensor(w, requires_grad=True)
    out, expected = conv2d(x, ours, padding=1), F.conv2d(torch.tensor(x), theirs, padding=1)
    g = RNG.normal(size=out.shape)
    out.backward(g)
    expected.backward(torch.tensor(g))
    np.testing.assert_allclose(out.data, expected.detach().numpy(), rtol=1e-10)
    np.testing.assert_allclose(ours.grad, theirs.grad.numpy(), rtol=1e-10)


def test_threads_do_not_share_what_they_gather():
    given = [(RNG.normal(size=(5, 2, 9, 9)), RNG.normal(size=(3, 2, 3, 3))) for _ in range(4)]
    expected = [conv2d(x, w, padding=1) for x, w in given]

    def run(k):
        return [conv2d(*given[k], padding=1) for _ in range(200)]

    with ThreadPoolExecutor(4) as pool:
        for out, found in zip(expected, pool.map(run, range(4)), strict=True):
            assert all((out == each).all() for each in found)


def test_against_the_definition():
    x, w = RNG.normal(size=(2, 3, 6, 5)), RNG.normal(size=(4, 3, 2, 3))
    out = conv2d(x, w, stride=2)
    for n, o, i, j in np.ndindex(out.shape):
        np.testing.assert_allclose(out[n, o, i, j], (x[n, :, 2 * i : 2 * i + 2, 2 * j : 2 * j + 3] * w[o]).sum())


@pytest.mark.parametrize("settings", [{}, {"padding": 2}, {"dilation": 2, "padding": 1}, {"groups": 2}])
def test_both_ways_to_transpose_agree(settings, monkeypatch):
    """At stride 1 a transposed convolution is a convolution with the kernel read backwards."""
    y, w = RNG.normal(size=(3, 4, 5, 6)), RNG.normal(size=(4, 2, 3, 3))
    gathered = conv_transpose2d(y, w, **settings)
    monkeypatch.setattr(convolving, "_is_quick_to_gather", lambda *_: False)
    np.testing.assert_allclose(gathered, conv_transpose2d(y, w, **settings), rtol=1e-10, atol=1e-12)


def test_an_infinite_weight_reaches_only_its_own_windows():
    out = conv_transpose1d(np.ones((1, 3)), np.array([[[1.0, np.inf]]]))
    np.testing.assert_array_equal(out, [[1.0, np.inf, np.inf, np.inf]])


def test_negative_strides_and_transposes():
    x, w = RNG.normal(size=(4, 3, 6, 5)), RNG.normal(size=(2, 3, 3, 3))
    for view in (x[::-1, :, ::-1], x.transpose(0, 1, 3, 2), x[::2, ::-1, :, ::-1]):
        np.testing.assert_allclose(conv2d(view, w[::-1, ::-1]), conv2d(view.copy(), w[::-1, ::-1].copy()), rtol=1e-13)
        np.testing.assert_array_equal(unfold(view, 2), unfold(view.copy(), 2))


FOLDS = [
    {"kernel_size": 2},
    {"kernel_size": (3, 2), "padding": 1},
    {"kernel_size": 2, "stride": (2, 3), "dilation": 2},
    {"kernel_size": 1},
    {"kernel_size": (4, 5)},
]


@pytest.mark.parametrize(("shape", "given"), list(itertools.product([(2, 3, 4, 5), (3, 4, 5)], FOLDS)))
def test_unfold_and_fold_agree_with_torch(agrees, shape, given):
    x = RNG.normal(size=shape)
    agrees(lambda x: unfold(x, **given), lambda x: F.unfold(x, **given), x)
    columns = RNG.normal(size=unfold(x, **given).shape)
    agrees(lambda c: fold(c, (4, 5), **given), lambda c: F.fold(c, (4, 5), **given), columns)


def test_unfold_turns_a_convolution_into_a_product():
    x, w = RNG.normal(size=(2, 3, 6, 5)), RNG.normal(size=(4, 3, 2, 3))
    np.testing.assert_allclose(w.reshape(4, -1) @ unfold(x, (2, 3)), conv2d(x, w).reshape(2, 4, -1))


def test_float32_stays_float32():
    x, w, b = RNG.normal(size=(2, 2, 5, 5)), RNG.normal(size=(2, 2, 3, 3)), RNG.normal(size=2)
    for ours in (conv2d, conv_transpose2d):
        mine = [Tensor(a.astype(np.float32), requires_grad=True) for a in (x, w, b)]
        out = ours(*mine)
        out.sum().backward()
        assert out.dtype == np.float32
        assert all(t.grad.dtype == np.float32 for t in mine)
        np.testing.assert_allclose(out.data, ours(x, w, b), rtol=1e-4, atol=1e-5)


def test_a_plain_input_gets_no_gradient_and_stays():
    x, w = RNG.normal(size=(2, 2, 5)), Tensor(RNG.normal(size=(3, 2, 2)), requires_grad=True)
    before = x.copy()
    out = conv1d(x, w)
    x[:] = 0.0  # the caller's own array: the recorded op has its own copy
    out.sum().backward()
    np.testing.assert_allclose(
        w.grad[0], before[:, :, :-1].sum((0, 2))[:, None] * [1, 0] + before[:, :, 1:].sum((0, 2))[:, None] * [0, 1]
    )


X1, X2 = np.ones((2, 4, 5)), np.ones((2, 4, 5, 5))
WRONG = {
    "channels": lambda: conv2d(X2, np.ones((2, 3, 2, 2))),
    "kernel too large": lambda: conv2d(X2, np.ones((2, 4, 6, 1))),
    "dilated kernel too large": lambda: conv1d(X1, np.ones((2, 4, 3)), dilation=3),
    "groups of channels": lambda: conv2d(X2, np.ones((3, 1, 1, 1)), groups=3),
    "groups of outputs": lambda: conv2d(X2, np.ones((3, 2, 1, 1)), groups=2),
    "no groups": lambda: conv2d(X2, np.ones((3, 4, 1, 1)), groups=0),
    "axes of the input": lambda: conv2d(np.ones((4, 5)), np.ones((2, 4, 1, 1))),
    "axes of the weight": lambda: conv2d(X2, np.ones((2, 4, 1))),
    "bias": lambda: conv2d(X2, np.ones((2, 4, 1, 1)), np.ones(4)),
    "bias column": lambda: conv2d(X2, np.ones((2, 4, 1, 1)), np.ones((2, 1))),
    "stride 0": lambda: conv1d(X1, np.ones((2, 4, 1)), stride=0),
    "negative padding": lambda: conv1d(X1, np.ones((2, 4, 1)), padding=-1),
    "three strides": lambda: conv2d(X2, np.ones((2, 4, 1, 1)), stride=(1, 1, 1)),
    "unknown padding": lambda: conv1d(X1, np.ones((2, 4, 1)), padding="full"),
    "same with stride": lambda: conv1d(X1, np.ones((2, 4, 1)), padding="same", stride=2),
    "transposed channels": lambda: conv_transpose2d(X2, np.ones((2, 4, 2, 2))),
    "output_padding": lambda: conv_transpose1d(X1, np.ones((4, 1, 2)), stride=2, output_padding=2),
    "empty output": lambda: conv_transpose1d(X1, np.ones((4, 1, 1)), padding=3),
    "unfold too large": lambda: unfold(X2, 6),
    "fold of another size": lambda: fold(np.ones((1, 8, 5)), (4, 4), 2),
    "fold of other channels": lambda: fold(np.ones((1, 7, 9)), (4, 4), 2),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_does_not_fit_is_refused(case):
    with pytest.raises(MicrogradValueError):
        WRONG[case]()


def test_what_is_no_array_or_integer_is_refused():
    for case in (
        lambda: conv1d([[1.0]], np.ones((1, 1, 1))),
        lambda: conv1d(X1, np.ones((2, 4, 1)), [0.0, 0.0]),
        lambda: conv1d(X1, np.ones((2, 4, 1)), stride=1.5),
        lambda: conv1d(X1, np.ones((2, 4, 1)), stride=True),
        lambda: unfold(X2, "2"),
    ):
        with pytest.raises(MicrogradTypeError):
            case()


def test_the_message_names_both_numbers_of_channels():
    with pytest.raises(MicrogradError, match=r"3 channels.*expects 4"):
        conv2d(Tensor(np.ones((2, 3, 5, 5))), np.ones((1, 4, 2, 2)))
