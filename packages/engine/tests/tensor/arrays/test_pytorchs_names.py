"""The names by which PyTorch's users reach for things, and its order of arguments."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine.arrays import functions as M  # noqa: E402, N812
from micrograd.engine.errors import (  # noqa: E402
    MicrogradValueError,
)
from micrograd.engine.tensor import Tensor  # noqa: E402

try:
    import torch
except ImportError:
    torch = None

RNG = np.random.default_rng(0)
SQUARE, TALL, CUBE = RNG.normal(size=(3, 3)), RNG.normal(size=(4, 3)), RNG.normal(size=(2, 3, 4))
HOLED = np.array([[1.0, np.nan, 3.0], [np.nan, 5.0, 6.0]])


INDEX = np.array([[0, 2, 1], [1, 1, 0]])
AS_IN_TORCH = {
    "unsqueeze": lambda x, m: m.unsqueeze(x, -1),
    "gather": lambda x, m: m.gather(x, 1, index(m)),
    "gather of a corner": lambda x, m: m.gather(x, 0, index(m)[:, :2]),
    "index_select": lambda x, m: m.index_select(x, 1, index(m)[0]),
    "masked_fill": lambda x, m: (m.masked_fill if m is M else torch.Tensor.masked_fill)(x, x > 0.0, -1.0),
    "masked_select": lambda x, m: m.masked_select(x, x > 0.0),
    "masked_select of both broadcast": lambda x, m: m.masked_select(x[0], x > 0.0),
    "gather of a number": lambda x, m: m.gather(x[0, 0], 0, m.argsort(x[0, :1])),
    "diagonal": lambda x, m: m.diagonal(x[None], offset=-1, dim1=1, dim2=2),
    "tensordot": lambda x, m: m.tensordot(x, x[:3], dims=1),
    "interpolation": lambda x, m: m.quantile(x, 0.3, interpolation="lower"),
    "pinv": lambda x, m: (m if m is M else m.linalg).pinv(x, rtol=1e-6),
    "unbind": lambda x, m: m.unbind(x, 1)[2],
    "chunk": lambda x, m: m.chunk(x, 3, 0)[1],
    "permute": lambda x, m: x.permute(1, 0),
    "expand": lambda x, m: x.unsqueeze(1).expand(2, -1, 5, -1),
    "where": lambda x, m: x.where(x > 0.0, 3.0 * x),
    "mT": lambda x, m: x.mT,
    "clone": lambda x, m: x.clone(),
    "dim": lambda x, m: m.softmax(x, dim=0) + m.logsumexp(x, dim=1, keepdim=True) + m.cumsum(x, dim=-1),
    "input and other": lambda x, m: m.where(condition=x > 0.0, input=x, other=m.pow(input=x, exponent=2)),
    "a limit by name": lambda x, m: (m.clamp_min if m is M else torch.clamp)(x, min=0.1),
    "methods": lambda x, m: x.add(1.0).mul(x).sub(2.0).div(3.0).neg().hypot(x).clamp_max(2.0).xlogy(x * x),
    "two operands": lambda x, m: x.arctan2(x + 3.0).logaddexp(x).fmax(x).remainder(0.3).maximum(x * 0.5),
    "topk": lambda x, m: m.topk(x, 2, dim=0).values * x[:2],
    "topk of the least": lambda x, m: m.topk(x, 2, largest=False)[0],
    "softmin": lambda x, m: (m if m is M else torch.nn.functional).softmin(x, dim=0),
    "unflatten": lambda x, m: m.unflatten(x, 0, (2, -1)) ** 2,
    "logcumsumexp": lambda x, m: m.logcumsumexp(x, dim=0),
    "cdist": lambda x, m: m.cdist(x, x[1:3] ** 2) if m is M else (x[:, None] - x[1:3] ** 2).norm(dim=-1),
    "cdist by p": lambda x, m: (
        m.cdist(x[None], x[:2] ** 2, p=1.0) if m is M else (x[:, None] - x[:2] ** 2).abs().sum(-1)[None]
    ),
    "isclose": lambda x, m: x * m.isclose(x, x.detach() * (1 + 1e-6)),
    "quantile": lambda x, m: x.quantile(0.3, dim=1, keepdim=True) if m is torch else x.quantile(0.3, 1, keepdims=True),
    "nan_to_num": lambda x, m: m.nan_to_num((x - 1.0).log()),
    "cosine_similarity": lambda x, m: (m if m is M else torch.nn.functional).cosine_similarity(x, x * x, dim=0),
    "glu": lambda x, m: (m.glu if m is M else torch.nn.functional.glu)(x, dim=0),
}


def index(m):
    return INDEX if m is M else torch.tensor(INDEX)


@pytest.mark.parametrize("name", AS_IN_TORCH)
def test_a_name_is_pytorchs(agrees, name: str) -> None:
    call = AS_IN_TORCH[name]
    agrees(lambda t: call(t, M), (lambda t: call(t, torch)) if torch else None, TALL)


@pytest.mark.parametrize("method", ["linear", "lower", "higher", "nearest", "midpoint"])
def test_between_two_elements(method: str) -> None:
    for q in (0.0, 0.1, 0.4, 0.5, 1.0):
        np.testing.assert_allclose(
            M.quantile(Tensor(TALL), q, 0, method=method).data, np.quantile(TALL, q, 0, method=method)
        )


def test_what_is_close() -> None:
    x, y = np.array([1.0, np.inf, np.nan, 1.0, np.inf, 0.0]), np.array([1.0 + 1e-9, np.inf, np.nan, 2.0, 1.0, 1e-9])
    for equal_nan in (False, True):
        found = M.isclose(Tensor(x), y, equal_nan=equal_nan)
        np.testing.assert_array_equal(found.data, np.isclose(x, y, equal_nan=equal_nan))
    assert M.allclose(Tensor(x), x, equal_nan=True) is True
    assert Tensor(x).allclose(x) is False
    integers = np.array([0, 1, 200], dtype=np.uint8)
    assert M.isclose(Tensor(integers), integers[::-1], atol=100).data.tolist() == [False, True, False]


def test_running_sums_of_exponentials_neither_overflow_nor_turn_into_nan() -> None:
    t = Tensor([-np.inf, 1000.0, -1000.0, 1000.0], requires_grad=True)
    out = t.logcumsumexp()
    np.testing.assert_allclose(out.data, [-np.inf, 1000.0, 1000.0, 1000.0 + np.log(2.0)])
    out[1:].sum().backward()
    np.testing.assert_allclose(t.grad, [0.0, 2.5, 0.0, 0.5])


@pytest.mark.parametrize("chunks", [1, 2, 3, 4, 5, 9])
@pytest.mark.parametrize("length", [1, 4, 5])
def test_chunks_are_as_many_as_pytorchs(chunks: int, length: int) -> None:
    lengths = [len(part) for part in M.chunk(np.zeros(length), chunks)]
    each = -(-length // chunks)
    assert sum(lengths) == length and set(lengths[:-1]) <= {each} and len(lengths) == -(-length // each)


@pytest.mark.torch
@pytest.mark.skipif(torch is None, reason="needs PyTorch")
@pytest.mark.parametrize("lengths", [1, 3, 9, [1, 0, 3], [4]])
def test_parts_by_their_length_are_pytorchs(lengths: int | list[int]) -> None:
    ours = Tensor(TALL, requires_grad=True).split(lengths, dim=0)
    theirs = torch.tensor(TALL).split(lengths, dim=0)
    for part, expected in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(part.data, expected.numpy())


@pytest.mark.parametrize("lengths", [0, -1, [1, 1], [-1, 5], []])
def test_parts_that_do_not_make_up_the_whole_are_refused(lengths: int | list[int]) -> None:
    with pytest.raises(MicrogradValueError, match="split"):
        Tensor(TALL).split(lengths, dim=0)


def test_an_index_with_other_axes_is_refused() -> None:
    with pytest.raises(MicrogradValueError, match="as many axes"):
        M.gather(Tensor(TALL[0]), 0, np.array([[0, 1]]))


def test_settings_by_pytorchs_names() -> None:
    x = Tensor(TALL)
    np.testing.assert_array_equal(M.stack([x, x], dim=1).data, np.stack([TALL, TALL], 1))
    np.testing.assert_array_equal(M.concatenate(tensors=[x, x], dim=-1).data, np.hstack([TALL, TALL]))
    np.testing.assert_array_equal(x.median(dim=1, keepdim=True).data, np.median(TALL, 1, keepdims=True))
    np.testing.assert_array_equal(x[None].squeeze(dim=0).data, TALL)
    np.testing.assert_array_equal(M.swapaxes(a=x, axis1=0, axis2=1).data, TALL.T)
    np.testing.assert_array_equal(M.dot(a=x, b=SQUARE, out=None).data, TALL @ SQUARE)
    np.testing.assert_array_equal(x.norm(dim=1, keepdim=True).data, x.norm(axis=1, keepdims=True).data)
    np.testing.assert_array_equal(x.roll(shifts=(1, 2), dims=(0, 1)).data, np.roll(TALL, (1, 2), (0, 1)))
