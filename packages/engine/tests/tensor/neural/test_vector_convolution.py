"""NumPy's convolve and correlate."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy")

from micrograd import engine  # noqa: E402
from micrograd.engine.arrays import functions as M  # noqa: E402, N812
from micrograd.engine.errors import MicrogradValueError  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402

V = np.random.default_rng(0).normal(size=7)


@pytest.mark.parametrize("name", ["convolve", "correlate"])
@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize(("n", "m"), [(7, 3), (3, 7), (7, 4), (4, 7), (7, 7), (7, 1), (1, 1)])
def test_as_in_numpy(agrees, name, mode, n, m):
    ours, theirs = getattr(M, name), getattr(np, name)
    expected = theirs(V[:n], V[:m], mode)
    for function in (ours, theirs):
        np.testing.assert_allclose(function(Tensor(V[:n]), V[:m], mode).data, expected, rtol=1e-12, atol=1e-14)
    agrees(lambda a, v: ours(a, v, mode), None, V[:n], V[:m])


@pytest.mark.parametrize("name", ["convolve", "correlate"])
def test_dtypes_and_defaults(name):
    ours, theirs = getattr(M, name), getattr(np, name)
    for dtype in (np.int64, np.int8, np.float32):
        a, v = np.arange(5).astype(dtype), np.array([1, 2, 3], dtype)
        found = ours(Tensor(a), Tensor(v))
        assert found.dtype == dtype
        np.testing.assert_array_equal(found.data, theirs(a, v))
    rows = np.stack([V, V[::-1]])
    found = engine.vmap(lambda row: ours(row, V[:3]))(rows)
    np.testing.assert_allclose(found, [theirs(row, V[:3]) for row in rows], rtol=1e-12)


def test_a_number_is_a_vector_of_one():
    np.testing.assert_allclose(M.convolve(2.0, Tensor(V)).data, 2.0 * V)


def test_what_makes_no_sense_is_refused():
    for a, mode in ((Tensor(V[:0]), "full"), (Tensor(V[None]), "full"), (Tensor(V), "half")):
        for function in (M.convolve, M.correlate):
            with pytest.raises(MicrogradValueError, match=function.__name__):
                function(a, V[:2], mode)
