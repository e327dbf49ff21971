"""Equations between whole arrays, least squares, condition numbers."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine.arrays import functions as M  # noqa: E402, N812
from micrograd.engine.errors import MicrogradError, MicrogradValueError  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402

try:
    import torch
except ImportError:
    torch = None

RNG = np.random.default_rng(0)
TALL, SQUARES, VECTOR = RNG.normal(size=(4, 3)), RNG.normal(size=(2, 3, 3)), RNG.normal(size=4)


@pytest.mark.parametrize("shape", [(4,), (4, 2)])
@pytest.mark.parametrize("a", [TALL, TALL[:3], np.vstack([TALL, TALL]).T[:, :4]])
def test_lstsq(agrees, a, shape):
    b = RNG.normal(size=(a.shape[0], *shape[1:]))
    expected = np.linalg.lstsq(a, b)
    for lstsq in (M.lstsq, np.linalg.lstsq):
        for mine, theirs in zip(lstsq(Tensor(a), Tensor(b)), expected, strict=True):
            np.testing.assert_allclose(mine.data if isinstance(mine, Tensor) else mine, theirs, rtol=1e-9, atol=1e-12)
    columns = b.reshape(len(b), -1)
    solution = torch and (lambda a, b: torch.linalg.lstsq(a, b, driver="gelsd").solution)
    square = torch and (lambda a, b: torch.linalg.pinv(a) @ b)
    agrees(lambda a, b: M.lstsq(a, b).x, square, a, columns, rtol=1e-8)
    if torch:
        theirs = solution(torch.tensor(a), torch.tensor(columns)).numpy()
        np.testing.assert_allclose(M.lstsq(a, columns).x, theirs, rtol=1e-8, atol=1e-12)
    if a.shape[0] > a.shape[1]:
        agrees(lambda a, b: M.lstsq(a, b).residuals, None, a, b)
    agrees(lambda a: M.lstsq(a, b).s, None, a)


def test_lstsq_of_dependent_columns_is_the_shortest():
    a = np.stack([TALL[:, 0], 2.0 * TALL[:, 0]], axis=1)
    x, _, rank, _ = M.lstsq(Tensor(a), VECTOR)
    np.testing.assert_allclose(x.data, np.linalg.lstsq(a, VECTOR)[0])
    assert int(rank) == 1
    assert int(M.lstsq(Tensor(TALL), VECTOR, rcond=0.99).rank) == np.linalg.lstsq(TALL, VECTOR, rcond=0.99)[2]


@pytest.mark.parametrize("p", [None, 2, -2, 1, -1, np.inf, -np.inf, "fro", "nuc"])
def test_cond(agrees, p):
    expected = np.linalg.cond(SQUARES, p)
    for cond in (M.cond, np.linalg.cond):
        np.testing.assert_allclose(cond(Tensor(SQUARES), p).data, expected, rtol=1e-10)
    agrees(lambda t: M.cond(t, p), None, SQUARES)
    if p in (None, 2, -2):
        np.testing.assert_allclose(M.cond(TALL, p), np.linalg.cond(TALL, p))
        agrees(lambda t: M.cond(t, p), torch and (lambda t: torch.linalg.cond(t, p)), TALL, rtol=1e-8)


def test_tensorsolve_and_tensorinv(agrees):
    a, b = RNG.normal(size=(2, 3, 6)), RNG.normal(size=(2, 3))
    for axes, turned in ((None, a), ((1,), a.transpose(0, 2, 1))):
        expected = np.linalg.tensorsolve(turned, b, axes)
        for solve in (M.tensorsolve, np.linalg.tensorsolve):
            np.testing.assert_allclose(solve(Tensor(turned), b, axes).data, expected, rtol=1e-10)
        agrees(lambda a, b, axes=axes: M.tensorsolve(a, b, axes), None, turned, b)
    for x, ind in ((a, 2), (a.reshape(6, 3, 2), 1)):
        for inverse in (M.tensorinv, np.linalg.tensorinv):
            np.testing.assert_allclose(inverse(Tensor(x), ind).data, np.linalg.tensorinv(x, ind), rtol=1e-10)
        agrees(lambda x, ind=ind: M.tensorinv(x, ind), torch and (lambda x, ind=ind: torch.linalg.tensorinv(x, ind)), x)


@pytest.mark.parametrize(
    "call",
    [
        lambda x: M.lstsq(x, VECTOR[:3]),
        lambda x: M.lstsq(x[None], VECTOR),
        lambda x: M.lstsq(x, 1.0),
        lambda x: M.tensorsolve(x, VECTOR),
        lambda x: M.tensorinv(x, 1),
        lambda x: M.tensorinv(x, 0),
        lambda x: M.cond(x, "two"),
        lambda x: M.cond(x, 1),
        lambda x: M.matvec(x, VECTOR),
        lambda x: M.matvec(x, 1.0),
        lambda x: M.vecmat(VECTOR, VECTOR),
    ],
)
def test_what_makes_no_sense_is_refused(call):
    with pytest.raises(MicrogradError):
        call(Tensor(TALL))


@pytest.mark.parametrize("p", [None, 1, -1, 2, "fro", "nuc", np.inf, -np.inf])
def test_a_singular_matrix_has_an_infinite_condition_and_an_unknown_one_none(p):
    matrices = np.stack([np.zeros((2, 2)), np.full((2, 2), np.nan), [[np.inf, 1.0], [1.0, 1.0]], 2.0 * np.eye(2)])
    expected = [np.inf, np.nan, np.inf, np.linalg.cond(np.eye(2), p)]
    np.testing.assert_allclose(M.cond(Tensor(matrices), p).data, expected)


def test_an_empty_matrix_has_no_condition():
    with pytest.raises(MicrogradValueError, match="empty"):
        M.cond(Tensor(np.zeros((3, 0, 0))))


def test_no_equations_are_solved_by_zeros():
    x, residuals, rank, values = M.lstsq(Tensor(np.zeros((0, 3))), Tensor(np.zeros((0, 2))))
    assert (x.data == np.zeros((3, 2))).all() and (residuals.shape, int(rank), values.shape) == ((0,), 0, (0,))
