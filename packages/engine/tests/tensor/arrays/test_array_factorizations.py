"""QR, singular value decompositions and pseudoinverses of any shape, put together again."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy")

from micrograd import engine  # noqa: E402
from micrograd.engine.arrays import functions as M  # noqa: E402, N812
from micrograd.engine.errors import MicrogradValueError  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402

try:
    import torch
except ImportError:
    torch = None

SHAPES = [(3, 3), (4, 2), (2, 4), (1, 3), (2, 3, 2)]


def numbered(*shape: int):
    return np.random.default_rng(0).normal(size=shape)


@pytest.mark.parametrize("shape", SHAPES)
def test_qr(agrees, shape) -> None:
    x = numbered(*shape)
    for mine, numpys in zip(M.qr(Tensor(x)), np.linalg.qr(x), strict=True):
        np.testing.assert_allclose(mine.data, numpys, atol=1e-14)
    np.testing.assert_allclose(np.linalg.qr(Tensor(x), mode="r").data, np.linalg.qr(x, "r"), atol=1e-14)
    agrees(lambda t: M.qr(t).R ** 2, torch and (lambda t: torch.linalg.qr(t).R ** 2), x)
    agrees(lambda t: M.qr(t).Q @ M.qr(t).R, lambda t: t * 1.0, x)


@pytest.mark.parametrize("shape", SHAPES)
def test_svd(agrees, shape) -> None:
    x = numbered(*shape)
    for mine, numpys in zip(np.linalg.svd(Tensor(x), full_matrices=False), np.linalg.svd(x, False), strict=True):
        np.testing.assert_allclose(mine.data, numpys, atol=1e-13)
    np.testing.assert_allclose(M.svd(Tensor(x), compute_uv=False).data, np.linalg.svd(x, compute_uv=False))

    def together(t):
        u, s, vh = M.svd(t, full_matrices=False)
        return (u * s[..., None, :]) @ vh

    agrees(together, lambda t: t * 1.0, x, rtol=1e-8, atol=1e-10)
    agrees(lambda t: M.svd(t, False).U @ M.svd(t, False).Vh, torch and polar, x, rtol=1e-8, atol=1e-10)


def polar(t):
    u, _, vh = torch.linalg.svd(t, full_matrices=False)
    return u @ vh


@pytest.mark.parametrize("shape", SHAPES)
def test_pinv(agrees, shape) -> None:
    x = numbered(*shape)
    np.testing.assert_allclose(np.linalg.pinv(Tensor(x)).data, np.linalg.pinv(x))
    agrees(lambda t: M.pinv(t) ** 2, torch and (lambda t: torch.linalg.pinv(t) ** 2), x)


def test_pinv_of_what_is_known_to_be_symmetric(agrees) -> None:
    x = numbered(3, 3)

    def symmetric(t):
        return M.pinv(t + t.T, hermitian=True) ** 2

    np.testing.assert_allclose(symmetric(x), np.linalg.pinv(x + x.T) ** 2, rtol=1e-9)
    agrees(symmetric, None, x)


def test_pinv_of_dependent_columns(agrees) -> None:
    def of_rank_one(column, row):
        return M.pinv(column[:, None] * row, rcond=1e-10)

    agrees(of_rank_one, None, np.array([1.0, 2.0, -1.0]), np.array([0.5, 3.0]), second=False)


def test_rows_of_a_batch_and_compiled() -> None:
    stack = numbered(5, 3, 2)
    for function in (M.pinv, lambda t: M.qr(t).R, lambda t: M.svd(t, full_matrices=False).U):
        expected = np.stack([function(x) for x in stack])
        np.testing.assert_allclose(engine.vmap(function)(stack), expected, atol=1e-14)
        np.testing.assert_allclose(engine.jit(function)(Tensor(stack)).data, expected, atol=1e-14)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: M.svd(t), "full_matrices=False"),
        (lambda t: M.qr(t, "complete"), "anybody's choice"),
        (lambda t: M.qr(t, "raw"), "take 'reduced' or 'r'"),
        (lambda t: M.qr(t[0]), r"x\[:, None\]"),
        (lambda t: M.svd(t[0]), "takes matrices"),
    ],
)
def test_what_has_no_gradient_is_refused(call, message: str) -> None:
    with pytest.raises(MicrogradValueError, match=message):
        call(Tensor(numbered(4, 2), requires_grad=True))
