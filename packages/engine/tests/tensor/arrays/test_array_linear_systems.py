"""Norms, inverses, determinants and decompositions."""

import operator

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine.errors import MicrogradError, MicrogradValueError  # noqa: E402
from micrograd.engine.ops.linear_algebra import decompositions, determinants, inverses, norms  # noqa: E402
from micrograd.engine.ops.linear_algebra.products import transposed  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402

try:
    import torch
except ImportError:
    torch = None

INF = np.inf


def numbered(*shape):
    # Squares, for sin(a * i + b * j) has rank 2, however many rows.
    return np.sin(np.arange(np.prod(shape, dtype=int)).reshape(shape) ** 2 * 0.7 + 0.3)


def regular(*batch, n=3):
    return numbered(*batch, n, n) + 2.0 * np.eye(n)


def by_torch(name):
    """A function of PyTorch's, looked up when it is called, which is only if PyTorch is there."""

    def call(*tensors):
        return operator.attrgetter(name)(torch)(*tensors)

    return call


def gradient_of(function, x):
    t = Tensor(x, requires_grad=True)
    function(t).sum().backward()
    return t.grad


# ---- norms -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ord", [2, 1, 3, 1.5, 0.5, -1, -2, 0, INF, -INF])
@pytest.mark.parametrize("axis", [None, 0, -1, (0, 1)])
@pytest.mark.parametrize("keepdims", [False, True])
def test_vector_norm(agrees, ord, axis, keepdims):
    x = numbered(3, 4)

    def theirs(t):
        return torch.linalg.vector_norm(t, ord, dim=axis, keepdim=keepdims) ** 2

    ours = norms.vector_norm(Tensor(x), ord, axis, keepdims)
    np.testing.assert_allclose(ours.data, np.linalg.vector_norm(x, ord=ord, axis=axis, keepdims=keepdims), rtol=1e-13)
    agrees(lambda t: norms.vector_norm(t, ord, axis, keepdims) ** 2, theirs, x)


@pytest.mark.parametrize("ord", [2, 1, 3, 1.5, 0.5, -1, -2, 0, INF])
@pytest.mark.parametrize("x", [[0.0, 0.0], [0.0, 2.0], [2.0, 2.0]])
def test_vector_norm_at_its_kinks_is_pytorchs(agrees, ord, x):
    agrees(
        lambda t: norms.vector_norm(t, ord), lambda t: torch.linalg.vector_norm(t, ord), x, numeric=False, second=False
    )


def test_a_count_of_what_is_not_zero_has_gradient_zero():
    t = Tensor([1.0, 0.0, -2.0], requires_grad=True)
    count = np.linalg.norm(t, 0)
    count.backward()
    assert (count.item(), t.grad.tolist()) == (2.0, [0.0, 0.0, 0.0])


def test_a_count_of_what_is_not_zero_counts_nan():
    assert np.linalg.norm(Tensor([1.0, 0.0, np.nan]), 0).item() == 2.0


def test_norm_at_zero_has_gradient_zero():
    for function in (norms.norm, norms.vector_norm, norms.matrix_norm):
        assert gradient_of(function, np.zeros((2, 2))).tolist() == [[0.0, 0.0], [0.0, 0.0]]


@pytest.mark.parametrize("ord", ["fro", "nuc", 1, -1, 2, -2, INF, -INF])
@pytest.mark.parametrize(
    ("shape", "axis"), [((3, 4), (0, 1)), ((4, 3), (-1, 0)), ((2, 3, 2), (0, 2)), ((3, 3), (0, 1))]
)
@pytest.mark.parametrize("keepdims", [False, True])
def test_matrix_norm(agrees, ord, shape, axis, keepdims):
    x = numbered(*shape)
    expected = np.linalg.norm(x, ord=ord, axis=axis, keepdims=keepdims)
    np.testing.assert_allclose(norms.norm(Tensor(x), ord, axis, keepdims).data, expected, rtol=1e-13)
    agrees(
        lambda t: norms.matrix_norm(t, ord, axis, keepdims) ** 2,
        lambda t: torch.linalg.matrix_norm(t, ord, axis, keepdims) ** 2,
        x,
    )


def test_norm_chooses_as_numpy_does():
    for x, arguments in [
        (numbered(3), {}),
        (numbered(3, 4), {}),
        (numbered(2, 3, 4), {}),
        (numbered(2, 3, 4), {"keepdims": True}),
        (numbered(3, 4), {"ord": 1}),
        (numbered(3, 4), {"ord": 2}),
        (numbered(3), {"ord": 3}),
        (numbered(3, 4), {"axis": 1}),
        (numbered(3, 4), {"axis": (0, 1)}),
        (np.arange(3), {"ord": 1}),
    ]:
        expected = np.linalg.norm(x, **arguments)
        assert norms.norm(Tensor(x), **arguments).dtype == expected.dtype
        np.testing.assert_allclose(norms.norm(Tensor(x), **arguments).data, expected, rtol=1e-13)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda x: norms.norm(x, ord=3),
        lambda x: norms.norm(x, ord="fro", axis=0),
        lambda x: norms.norm(x[None], ord=1),
        lambda x: norms.norm(x, axis=5),
        lambda x: norms.norm(x, ord=1, axis=(0, 0)),
        lambda x: norms.matrix_norm(x, ord="max"),
        lambda x: norms.matrix_norm(x[0]),
    ],
)
def test_norms_refuse(wrong):
    with pytest.raises(MicrogradError):
        wrong(Tensor(np.ones((2, 3)), requires_grad=True))


# ---- inv and solve -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("batch", [(), (2,), (2, 1), (0,)])
def test_inv(agrees, batch):
    agrees(inverses.inv, by_torch("linalg.inv"), regular(*batch))


@pytest.mark.parametrize(
    ("batch", "right"),
    [
        ((), (3,)),
        ((), (3, 2)),
        ((2,), (2, 3, 2)),
        ((2,), (3,)),
        ((), (2, 3, 2)),
        ((2, 1), (4, 3, 2)),
        ((0,), (0, 3, 2)),
        ((2,), (3, 1)),
    ],
)
def test_solve(agrees, batch, right):
    a, b = regular(*batch), numbered(*right)
    np.testing.assert_allclose(inverses.solve(Tensor(a), Tensor(b)).data, np.linalg.solve(a, b), rtol=1e-14)

    def theirs(s, t):
        return torch.linalg.solve(s, t[:, None])[..., 0] if len(right) == 1 else torch.linalg.solve(s, t)

    agrees(inverses.solve, theirs, a, b)


@pytest.mark.parametrize(
    "wrong",
    [
        inverses.inv,
        lambda x: inverses.solve(x, np.ones(2)),
        lambda x: inverses.inv(x[:1]),
        lambda x: inverses.inv(x[0]),
        lambda x: inverses.solve(x, np.ones(3)),
        lambda x: determinants.det(x[:1]),
        lambda x: determinants.slogdet(x)[1].backward(),
    ],
)
def test_singular_and_oblong_matrices_are_refused(wrong):
    with pytest.raises(MicrogradValueError):
        wrong(Tensor([[1.0, 2.0], [2.0, 4.0]], requires_grad=True))


def test_a_singular_matrix_is_told_a_remedy():
    with pytest.raises(MicrogradValueError, match=r"Singular.*np\.eye"):
        inverses.inv(Tensor(np.zeros((2, 2))))


# ---- determinants ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("batch", [(), (2,), (0,)])
@pytest.mark.parametrize("n", [1, 2, 4])
def test_determinants(agrees, batch, n):
    x = regular(*batch, n=n)
    agrees(determinants.det, by_torch("linalg.det"), x)
    agrees(lambda t: determinants.slogdet(t)[1], lambda t: torch.linalg.slogdet(t)[1], x)
    sign, logabsdet = np.linalg.slogdet(-x)
    ours = determinants.slogdet(Tensor(-x))
    np.testing.assert_array_equal(ours.sign.data, sign)
    np.testing.assert_array_equal(ours.logabsdet.data, logabsdet)


SINGULAR = {
    "rank 2 of 3": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]],
    "rank 1 of 3": [[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [3.0, 6.0, 9.0]],
    "rank 1 of 2": [[1.0, 2.0], [2.0, 4.0]],
    "zero": [[0.0, 0.0], [0.0, 0.0]],
    "reflection": [[0.0, 1.0], [1.0, 0.0]],
}


@pytest.mark.parametrize("name", SINGULAR)
def test_det_of_a_singular_matrix_to_second_order(agrees, name):
    x = np.array(SINGULAR[name])

    def by_hand(t):
        rows = range(len(x))
        if len(x) == 2:
            return t[0, 0] * t[1, 1] - t[0, 1] * t[1, 0]
        return sum(
            t[0, i] * t[1, (i + 1) % 3] * t[2, (i + 2) % 3] - t[2, i] * t[1, (i + 1) % 3] * t[0, (i + 2) % 3]
            for i in rows
        )

    agrees(determinants.det, by_hand, x, atol=1e-11)


def test_det_to_third_and_fourth_order(agrees):
    agrees(determinants.cofactors, None, regular())
    agrees(determinants.cofactor_change, None, numbered(3, 3), regular())
    x = Tensor(np.diag([2.0, 3.0, 5.0]), requires_grad=True)
    out = determinants.det(x)
    for i in range(3):
        x.grad = None
        out.backward(create_graph=True)
        out = x.grad[i, i]
    assert round(out.item(), 9) == 1.0


def test_det_of_nothing_is_one():
    assert determinants.det(Tensor(np.zeros((0, 0)))).item() == 1.0


# ---- decompositions ----------------------------------------------------------------------------------------


def positive(t):
    """A symmetric positive definite matrix out of any."""
    return t @ transposed(t) + np.eye(t.shape[-1])


def _torch_positive(t):
    return t @ t.mT + torch.eye(t.shape[-1], dtype=t.dtype)


@pytest.mark.parametrize("upper", [False, True])
@pytest.mark.parametrize("batch", [(), (2,), (0,)])
def test_cholesky(agrees, batch, upper):
    def theirs(t):
        return torch.linalg.cholesky(_torch_positive(t), upper=upper)

    agrees(lambda t: decompositions.cholesky(positive(t), upper), theirs, numbered(*batch, 3, 3))


def test_cholesky_of_a_leaf_has_pytorchs_symmetric_gradient(agrees):
    x = numbered(3, 3) @ numbered(3, 3).T + np.eye(3)
    np.testing.assert_array_equal(decompositions.cholesky(Tensor(x)).data, np.linalg.cholesky(x))
    agrees(decompositions.cholesky, by_torch("linalg.cholesky"), x)


def test_cholesky_refuses():
    for wrong in (np.diag([1.0, -1.0]), np.ones((2, 3))):
        with pytest.raises(MicrogradValueError, match="cholesky"):
            decompositions.cholesky(Tensor(wrong))


def symmetric(t):
    return t + transposed(t)


@pytest.mark.parametrize("batch", [(), (2,)])
def test_eigenvalues(agrees, batch):
    x = numbered(*batch, 4, 4)
    agrees(lambda t: decompositions.eigvalsh(symmetric(t)), lambda t: torch.linalg.eigvalsh(t + t.mT), x)
    agrees(
        lambda t: decompositions.eigvalsh(symmetric(t), top=2), lambda t: torch.linalg.eigvalsh(t + t.mT)[..., 2:], x
    )


def test_eigenvectors_up_to_their_sign(agrees):
    agrees(
        lambda t: decompositions.eigh(symmetric(t)).eigenvectors ** 2,
        lambda t: torch.linalg.eigh(t + t.mT).eigenvectors ** 2,
        numbered(4, 4),
        rtol=1e-8,
    )


@pytest.mark.parametrize("shape", [(3, 3), (2, 4), (4, 2), (2, 3, 2), (3, 0), (0, 2)])
def test_svdvals(agrees, shape):
    agrees(decompositions.svdvals, by_torch("linalg.svdvals"), numbered(*shape))


def test_equal_eigenvalues_have_no_eigenvectors_of_their_own():
    t = Tensor(np.eye(2), requires_grad=True)
    (decompositions.eigh(t).eigenvectors * np.array([[1.0, 2.0], [3.0, 4.0]])).sum().backward()
    assert not np.isfinite(t.grad).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtypes_stay(dtype):
    functions = [
        norms.norm,
        lambda t: norms.norm(t, "nuc"),
        lambda t: norms.vector_norm(t, 3),
        inverses.inv,
        lambda t: inverses.solve(t, np.ones((3, 3), dtype)),
        determinants.det,
        lambda t: determinants.slogdet(t)[1],
        lambda t: decompositions.cholesky(positive(t).astype(dtype)) if hasattr(t, "astype") else t,
    ]
    for function in functions:
        x = Tensor(regular().astype(dtype), requires_grad=True)
        out = function(x)
        out.sum().backward(create_graph=True)
        assert out.dtype == x.grad.dtype == dtype
