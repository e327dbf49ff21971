"""matmul in all its cases, dot and its like, einsum and tensordot."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

np = pytest.importorskip("numpy")


from micrograd.engine.errors import MicrogradError, MicrogradTypeError, MicrogradValueError  # noqa: E402
from micrograd.engine.graph import topological_order  # noqa: E402
from micrograd.engine.ops.linear_algebra import contractions, products  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402

try:
    import torch
except ImportError:
    torch = None


def numbered(*shape):
    return np.sin(np.arange(np.prod(shape, dtype=int)).reshape(shape) * 1.7 + 0.3)


SHAPES = [
    ((3,), (3,)),
    ((2, 3), (3,)),
    ((3,), (3, 2)),
    ((2, 3), (3, 4)),
    ((5, 2, 3), (3,)),
    ((3,), (5, 3, 2)),
    ((5, 2, 3), (3, 4)),
    ((2, 3), (5, 3, 4)),
    ((5, 2, 3), (5, 3, 4)),
    ((5, 1, 2, 3), (4, 3, 2)),
    ((1, 2, 3), (5, 3, 2)),
    ((4, 5, 2, 3), (3, 2)),
    ((4, 5, 2, 3), (3,)),
    ((0, 3), (3, 2)),
    ((2, 0), (0, 3)),
    ((5, 2, 0), (0, 3)),
    ((5, 2, 0), (0,)),
    ((0, 2, 3), (3, 4)),
]


@pytest.mark.parametrize(("x", "y"), SHAPES)
def test_matmul(agrees, x, y):
    agrees(lambda a, b: a @ b, lambda a, b: a @ b, numbered(*x), numbered(*y) + 0.5)
    agrees(lambda a, b: (a @ b) ** 2, None, numbered(*x), numbered(*y) + 0.5)


def test_matmul_of_strided_arrays(agrees):
    x, y = numbered(4, 6)[::-2, ::2], numbered(4, 3).T[:, ::-1][:, :2]
    agrees(products.matmul, None, x, y)


def test_matmul_of_one_operand_twice(agrees):
    agrees(lambda a: a @ a, lambda a: a @ a, numbered(3, 3))
    agrees(lambda a: a @ a.T, lambda a: a @ a.T, numbered(2, 3))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtypes_stay(dtype):
    x, y = (Tensor(numbered(3, 3).astype(dtype), requires_grad=True) for _ in range(2))
    for product in (products.matmul, products.dot, products.inner, products.outer, products.kron, products.vdot):
        x.grad = None
        product(x, y).sum().backward(create_graph=True)
        assert product(x, y).dtype == x.grad.dtype == dtype


@pytest.mark.parametrize(("x", "y"), [((2, 3), (2, 3)), ((3,), (2,)), ((), (3,)), ((2, 2, 3), (4, 3, 2))])
def test_matmul_refuses(x, y):
    with pytest.raises(MicrogradValueError, match="matmul"):
        Tensor(np.ones(x)) @ np.ones(y)


# ---- dot and its like --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "x", "y"),
    [
        *(("dot", *shapes) for shapes in [((3,), (3,)), ((2, 3), (3,)), ((2, 3), (3, 4)), ((), (2, 3)), ((2,), ())]),
        *(
            ("dot", *shapes)
            for shapes in [((2, 2, 3), (3,)), ((3,), (2, 3, 2)), ((2, 3), (2, 3, 4)), ((2, 2, 3), (2, 3, 2))]
        ),
        *(
            ("inner", *shapes)
            for shapes in [((3,), (3,)), ((2, 3), (3,)), ((2, 3), (4, 3)), ((), (2, 3)), ((2, 2, 3), (4, 3))]
        ),
        *(("outer", *shapes) for shapes in [((3,), (2,)), ((2, 2), (3,)), ((), (2,)), ((0,), (2,))]),
        *(("vdot", *shapes) for shapes in [((3,), (3,)), ((2, 3), (3, 2)), ((), ())]),
        *(
            ("kron", *shapes)
            for shapes in [
                ((3,), (2,)),
                ((2, 3), (3, 2)),
                ((2,), (3, 2)),
                ((2, 1, 2), (2, 2)),
                ((), (3,)),
                ((0,), (2,)),
            ]
        ),
        *(("cross", *shapes) for shapes in [((3,), (3,)), ((2, 3), (3,)), ((2, 1, 3), (4, 3))]),
    ],
)
def test_products_are_numpys(agrees, name, x, y):
    x, y = numbered(*x), numbered(*y) + 0.5
    ours = getattr(products, name)
    np.testing.assert_allclose(ours(Tensor(x), y).data, getattr(np, name)(x, y), rtol=1e-14, atol=1e-14)
    agrees(lambda a, b: ours(a, b) ** 2, None, x, y)


def test_products_take_numbers_and_lists():
    x = Tensor([1.0, 2.0], requires_grad=True)
    np.testing.assert_array_equal(products.kron(2.0, x).data, [2.0, 4.0])
    assert products.dot(x, [3.0, 4.0]).item() == 11.0
    assert products.dot(np.array([1.0, 2.0]), np.array([3.0, 4.0])) == 11.0


@pytest.mark.parametrize(
    "wrong",
    [
        lambda x: products.dot(x, np.ones((2, 3))),
        lambda x: products.dot(x, np.ones((2, 2, 2))),
        lambda x: products.inner(x, np.ones(2)),
        lambda x: products.vdot(x, np.ones(5)),
        lambda x: products.cross(x[0][:2], x[0]),
        lambda x: products.dot(x, [x]),
        lambda x: products.dot(x, "a"),
    ],
)
def test_products_refuse(wrong):
    with pytest.raises(MicrogradError):
        wrong(Tensor(np.ones((2, 3)), requires_grad=True))


# ---- tensordot and einsum ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("x", "y", "axes"),
    [
        ((2, 3), (3, 4), 1),
        ((2, 3), (2, 3), 2),
        ((2,), (3,), 0),
        ((2, 3, 4), (4, 3, 5), ([1, 2], [1, 0])),
        ((2, 3, 4), (4, 3), ((1,), (1,))),
        ((2, 3), (4, 3), (-1, -1)),
        ((2, 3), (0, 3), (1, 1)),
    ],
)
def test_tensordot(agrees, x, y, axes):
    x, y = numbered(*x), numbered(*y) + 0.5
    np.testing.assert_allclose(contractions.tensordot(Tensor(x), y, axes).data, np.tensordot(x, y, axes), rtol=1e-14)
    agrees(lambda a, b: contractions.tensordot(a, b, axes), lambda a, b: _torch_tensordot(a, b, axes), x, y)


def _torch_tensordot(a, b, axes):
    dims = axes if isinstance(axes, int) else [[i] if isinstance(i, int) else list(i) for i in axes]
    return torch.tensordot(a, b, dims=dims)


@pytest.mark.parametrize("axes", [1, 3, (0, 1), (2, 0), ((0, 0), (0, 0)), ((0, 1), (0,))])
def test_tensordot_refuses(axes):
    with pytest.raises(MicrogradValueError, match="tensordot"):
        contractions.tensordot(Tensor(np.ones((2, 3))), np.ones((2, 3)), axes)


EINSUMS = [
    ("i->", [(3,)]),
    ("ij->ji", [(2, 3)]),
    ("ij", [(2, 3)]),
    ("ji", [(2, 3)]),
    ("ij->", [(2, 3)]),
    ("ii", [(3, 3)]),
    ("ii->i", [(3, 3)]),
    ("iij->ji", [(3, 3, 2)]),
    ("iii->i", [(2, 2, 2)]),
    ("ijij->", [(2, 3, 2, 3)]),
    ("i,i", [(3,), (3,)]),
    ("i,j", [(3,), (2,)]),
    ("i,i->i", [(3,), (3,)]),
    ("ij,jk", [(2, 3), (3, 4)]),
    ("ij,jk->ki", [(2, 3), (3, 4)]),
    ("ij,kj->ik", [(2, 3), (4, 3)]),
    ("ij,ij->i", [(2, 3), (2, 3)]),
    ("ij,jk->", [(2, 3), (3, 4)]),
    ("ij,k->i", [(2, 3), (4,)]),
    ("ii,i->", [(3, 3), (3,)]),
    ("ii,jj->ij", [(3, 3), (2, 2)]),
    ("bij,bjk->bik", [(2, 3, 4), (2, 4, 2)]),
    ("bhqd,bhkd->bhqk", [(2, 2, 3, 4), (2, 2, 2, 4)]),
    (",i->i", [(), (3,)]),
    (",", [(), ()]),
    ("ij,jk,kl->il", [(2, 3), (3, 4), (4, 2)]),
    ("i,j,ij->", [(2,), (3,), (2, 3)]),
    ("ij,ij,ij->j", [(2, 3), (2, 3), (2, 3)]),
    ("a,b,c,d->abcd", [(2,), (2,), (2,), (2,)]),
    ("...ij,...jk->...ik", [(5, 2, 3), (5, 3, 4)]),
    ("...ij,...jk->...ik", [(4, 1, 2, 3), (5, 3, 4)]),
    ("...i,i", [(2, 3), (3,)]),
    ("i...->...", [(3, 2)]),
    ("...", [(2, 3)]),
    ("...,...", [(2, 3), (3,)]),
    ("ij,jk->ik", [(2, 1), (3, 4)]),
    ("ij,ij->ij", [(2, 1), (1, 3)]),
    ("ij,jk->ik", [(2, 0), (0, 4)]),
    ("Ab,bC->AC", [(2, 3), (3, 2)]),
    ("i j , j k -> i k", [(2, 3), (3, 2)]),
]


@pytest.mark.parametrize(("subscripts", "shapes"), EINSUMS)
def test_einsum(agrees, subscripts, shapes):
    operands = [numbered(*shape) + 0.2 * i for i, shape in enumerate(shapes)]
    ours = contractions.einsum(subscripts, *map(Tensor, operands))
    np.testing.assert_allclose(ours.data, np.einsum(subscripts, *operands), rtol=1e-12, atol=1e-14)
    theirs = None if subscripts == "," else lambda *ts: torch.einsum(subscripts, *ts)
    agrees(lambda *ts: contractions.einsum(subscripts, *ts), theirs, *operands)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_random_einsums(data):
    sizes = dict(zip("abcd", data.draw(st.tuples(*[st.integers(1, 3)] * 4)), strict=True))
    terms = data.draw(st.lists(st.text("abcd", max_size=3), min_size=1, max_size=3))
    letters = sorted(set("".join(terms)))
    out = "".join(data.draw(st.permutations(letters))[: data.draw(st.integers(0, len(letters)))])
    subscripts = f"{','.join(terms)}->{out}"
    operands = [numbered(*(sizes[c] for c in term)) for term in terms]
    tensors = [Tensor(x, requires_grad=True) for x in operands]
    result = contractions.einsum(subscripts, *tensors)
    np.testing.assert_allclose(result.data, np.einsum(subscripts, *operands), atol=1e-12)
    result.sum().backward()
    for i, (t, direction) in enumerate(zip(tensors, operands, strict=True)):
        # Linear in each operand: the derivative along the operand itself is the value.
        moved = [direction if i == j else x for j, x in enumerate(operands)]
        np.testing.assert_allclose((t.grad * direction).sum(), np.einsum(subscripts, *moved).sum(), atol=1e-11)


@pytest.mark.parametrize(
    ("subscripts", "shapes"),
    [
        ("ij,jk->ik", [(2, 3), (2, 3)]),
        ("ij,jk->ik", [(2, 3)]),
        ("ij->ik", [(2, 3)]),
        ("ij->ii", [(2, 3)]),
        ("ij", [(2, 3, 4)]),
        ("ii", [(2, 3)]),
        ("i.j", [(2, 3)]),
        ("i1", [(2, 3)]),
        ("...i->i", [(2, 3)]),
        ("ij->i->j", [(2, 3)]),
    ],
)
def test_einsum_refuses(subscripts, shapes):
    with pytest.raises(MicrogradValueError, match="einsum"):
        contractions.einsum(subscripts, *(Tensor(np.ones(shape)) for shape in shapes))


def test_einsum_takes_its_subscripts_first():
    for wrong in ((Tensor([1.0]), "i->i"), (Tensor([1.0]), [-1]), (Tensor([1.0]), [52]), (Tensor([1.0]), 0)):
        with pytest.raises(MicrogradTypeError, match="first"):
            contractions.einsum(*wrong)


@pytest.mark.parametrize(
    "lists",
    [
        [[0, 1], [1, 0]],
        [[0, 1], [0, 1], []],
        [[40, 3], [3, 7]],
        [[..., 0], [..., 0], [...]],
        [[..., 1], [1, ...], [1, ...]],
    ],
)
def test_einsum_by_lists_of_numbers(agrees, lists):
    operands = [np.arange(9.0).reshape(3, 3) + 1.0, np.arange(9.0).reshape(3, 3) - 4.0]

    def call(einsum, x, y):
        return einsum(x, lists[0], y, *lists[1:])

    expected = call(np.einsum, *operands)
    np.testing.assert_allclose(call(np.einsum, *map(Tensor, operands)).data, expected)
    agrees(lambda x, y: call(contractions.einsum, x, y), None, *operands)


def test_einsum_takes_numpys_optimize():
    x = Tensor(np.ones((2, 2)))
    np.testing.assert_array_equal(np.einsum("ij,jk->ik", x, x, optimize="greedy").data, [[2.0, 2.0], [2.0, 2.0]])


def test_einsum_orders_its_products_by_size():
    matrix, vector = Tensor(np.ones((300, 300))), Tensor(np.ones(300), requires_grad=True)
    out = contractions.einsum("ij,jk,k->i", matrix, matrix, vector)
    computed = [node.data.size for node in topological_order(out) if node.op is not None]
    assert out.data[0] == 90_000.0
    assert max(computed) == 300
