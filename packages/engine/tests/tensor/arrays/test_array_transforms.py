"""Every array function in forward mode and under vmap: the same numbers as backwards and row by row."""

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine.batching.api import vmap  # noqa: E402
from micrograd.engine.ops.arrays import (  # noqa: E402
    diagonals,
    indexing,
    joining,
    padding,
    rearranging,
    reductions,
    scans,
    shapes,
    sorting,
)
from micrograd.engine.ops.linear_algebra import (  # noqa: E402
    contractions,
    decompositions,
    determinants,
    inverses,
    norms,
    products,
)
from micrograd.engine.tensor import Tensor  # noqa: E402
from micrograd.engine.transforms import jvp, vjp  # noqa: E402

INDEX = np.array([2, 0, 2])
OF_3_BY_3 = {
    "reshape": lambda x: shapes.reshape(x, (9,)),
    "permute_dims": shapes.permute_dims,
    "swapaxes": lambda x: shapes.swapaxes(x, 0, 1),
    "moveaxis": lambda x: shapes.moveaxis(x, 0, 1),
    "squeeze": lambda x: shapes.squeeze(x[:, None]),
    "expand_dims": lambda x: shapes.expand_dims(x, 1),
    "ravel": shapes.ravel,
    "flatten": shapes.flatten,
    "broadcast_to": lambda x: shapes.broadcast_to(x, (2, 3, 3)),
    "sum": shapes.sum,
    "sum of rows": lambda x: shapes.sum(x, -1),
    "mean": lambda x: reductions.mean(x, 0),
    "var": lambda x: reductions.var(x, 0),
    "std": lambda x: reductions.std(x, 0, ddof=1),
    "max": lambda x: reductions.max(x, 0),
    "min": lambda x: reductions.min(x, -1, True),
    "logsumexp": lambda x: reductions.logsumexp(x, 0),
    "median": lambda x: sorting.median(x, 0),
    "sort": lambda x: sorting.sort(x, 0),
    "cumsum": lambda x: scans.cumsum(x, 0),
    "cumprod": lambda x: scans.cumprod(x, 1),
    "prod": scans.prod,
    "recurrence": lambda x: scans.recurrence(x, x),
    "flip": rearranging.flip,
    "roll": lambda x: rearranging.roll(x, 1, 0),
    "repeat": lambda x: rearranging.repeat(x, 2, 1),
    "repeat unevenly": lambda x: rearranging.repeat(x, [1, 0, 2], 1),
    "tile": lambda x: rearranging.tile(x, (2, 1)),
    "rot90": rearranging.rot90,
    "pad": lambda x: padding.pad(x, 1),
    "pad reflect": lambda x: padding.pad(x, 1, "reflect"),
    "concatenate": lambda x: joining.concatenate([x, x], 1),
    "stack": lambda x: joining.stack([x, x], -1),
    "split": lambda x: joining.split(x, 3)[1],
    "diagonal": diagonals.diagonal,
    "diag": lambda x: diagonals.diag(x[0]),
    "trace": diagonals.trace,
    "tril": diagonals.tril,
    "triu": lambda x: diagonals.triu(x, 1),
    "getitem": lambda x: x[1:, ::-1],
    "getitem repeatedly": lambda x: x[INDEX],
    "getitem pairs": lambda x: x[INDEX, INDEX],
    "take": lambda x: indexing.take(x, INDEX, 1),
    "take_along_axis": lambda x: indexing.take_along_axis(x, INDEX[:, None], 1),
    "index_put": lambda x: indexing.index_put(x, [0, 0], 2.0),
    "scatter_add": lambda x: indexing.scatter_add(x, 1, INDEX[:, None], np.ones((3, 1))),
    "matmul": lambda x: x @ x,
    "matmul of a vector": lambda x: x @ x[0],
    "dot": lambda x: products.dot(x[0], x),
    "vdot": lambda x: products.vdot(x, x),
    "outer": lambda x: products.outer(x[0], x[1]),
    "inner": lambda x: products.inner(x, x),
    "kron": lambda x: products.kron(x, x[:2]),
    "cross": lambda x: products.cross(x, x[0]),
    "tensordot": lambda x: contractions.tensordot(x, x, (0, 0)),
    "einsum": lambda x: contractions.einsum("ii,jk->ij", x, x),
    "norm": norms.norm,
    "norm of order 3": lambda x: norms.norm(x, 3, axis=0),
    "nuclear norm": lambda x: norms.norm(x, "nuc"),
    "inv": inverses.inv,
    "solve": lambda x: inverses.solve(x, x[0]),
    "det": determinants.det,
    "slogdet": lambda x: determinants.slogdet(x).logabsdet,
    "cholesky": lambda x: decompositions.cholesky(x @ shapes.permute_dims(x) + np.eye(3)),
    "eigvalsh": lambda x: decompositions.eigvalsh(x + shapes.permute_dims(x)),
    "eigenvectors": lambda x: decompositions.eigh(x + shapes.permute_dims(x)).eigenvectors ** 2,
    "svdvals": decompositions.svdvals,
}


def matrices(*batch):
    places = np.arange(np.prod((*batch, 3, 3), dtype=int)).reshape((*batch, 3, 3))
    return np.sin(places**2 * 0.7 + 0.3) + 2.0 * np.eye(3)


@pytest.mark.parametrize("name", OF_3_BY_3)
def test_forward_mode_is_the_transpose_of_backward(name):
    function, x = OF_3_BY_3[name], matrices()
    direction = np.cos(x)
    out, moved = jvp(function, (x,), (direction,))
    weights = np.cos(np.arange(np.size(out), dtype=float)).reshape(np.shape(out))
    _, pull_back = vjp(function, x)
    (received,) = pull_back(weights)
    np.testing.assert_allclose(np.sum(moved * weights), np.sum(received * direction), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", OF_3_BY_3)
def test_a_batch_is_its_rows(name):
    function, rows = OF_3_BY_3[name], matrices(4)
    expected = np.stack([function(Tensor(row)).data for row in rows])
    np.testing.assert_allclose(vmap(function)(rows), expected, rtol=1e-12, atol=1e-13)


def test_places_that_differ_from_row_to_row():
    x, places = matrices(4)[:, 0], np.array([[0, 0], [1, 2], [2, 2], [0, 1]])
    picked = np.take_along_axis(x, places, 1)
    np.testing.assert_array_equal(vmap(indexing.take_along_axis)(x, places), picked)
    np.testing.assert_array_equal(vmap(lambda row, i: indexing.take(row, i, 0))(x, places), picked)
    sort_by_place = vmap(lambda row: indexing.take_along_axis(row, sorting.argsort(row)))
    np.testing.assert_array_equal(sort_by_place(x), np.sort(x, 1))
