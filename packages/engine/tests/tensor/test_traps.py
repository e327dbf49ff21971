"""The traps that tensor libraries lay: each gives the IEEE value, or an error that names the op and the fix.

Those that need more than a line have a test of their own elsewhere: writing into data, and copies, in test_tensor.py;
threads, Ctrl-C and depth in test_tensor_processes.py; digits in test_accuracy_arrays.py; the edges of each elementwise
op in test_elementwise_arrays.py; labels and shapes of losses in test_nn_classification.py and test_nn_losses.py.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import grad, jit, jvp, vjp, vmap  # noqa: E402
from micrograd.engine.arrays import functions as M  # noqa: E402, N812
from micrograd.engine.errors import (  # noqa: E402
    GraphError,
    MicrogradError,
    MicrogradIndexError,
    MicrogradTypeError,
    MicrogradValueError,
)
from micrograd.engine.tensor import Tensor  # noqa: E402
from micrograd.engine.value import Value  # noqa: E402

INF, NAN = math.inf, math.nan


def t() -> Tensor:
    return Tensor([1.0, 2.0, 3.0], requires_grad=True)


# ---- IEEE values: as of floats in C, not as of Python's --------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "x", "value", "slope"),
    [
        (lambda x: x**0, 0.0, 1.0, 0.0),
        (lambda x: x**0.5, 0.0, 0.0, INF),
        (lambda x: x**-1, 0.0, INF, -INF),
        (lambda x: x**400, 10.0, INF, INF),
        (lambda x: x ** (1 / 3), -8.0, NAN, NAN),
        (lambda x: x.tanh(), 1e4, 1.0, 0.0),
        (lambda x: x.exp(), 1e4, INF, INF),
        (lambda x: x.log(), 0.0, -INF, INF),
        (lambda x: x.log(), -1.0, NAN, -1.0),
        (lambda x: x / 0, 1.0, INF, INF),
        (lambda x: 1 / x, 0.0, INF, -INF),
        (lambda x: M.relu(x), 0.0, 0.0, 0.0),
        (lambda x: M.relu(x), NAN, NAN, 1.0),
        (lambda x: abs(x), 0.0, 0.0, 0.0),
        (lambda x: M.softplus(x), -800.0, 0.0, 0.0),
        (lambda x: M.logsumexp(M.stack([x, x])), -INF, -INF, 0.0),
        (lambda x: M.xlogy(x, 0.0), 0.0, 0.0, 0.0),
    ],
)
def test_values_and_slopes_at_the_edge(f, x: float, value: float, slope: float) -> None:
    tensor = Tensor(x, requires_grad=True)
    out = f(tensor)
    out.backward()
    np.testing.assert_array_equal([out.item(), float(tensor.grad)], [value, slope])


@pytest.mark.parametrize(
    ("call", "value"),
    [
        (lambda: Tensor(np.zeros(0)).mean(), NAN),
        (lambda: Tensor([1.0]).std(ddof=1), NAN),
        (lambda: Tensor(np.zeros(0)).sum(), 0.0),
        (lambda: Tensor(np.zeros(0)).prod(), 1.0),
        (lambda: M.logsumexp(Tensor(np.zeros(0))), -INF),
        (lambda: Tensor([1e300]).astype(np.float32)[0], INF),
    ],
)
def test_values_of_nothing_and_of_too_much(call, value: float) -> None:
    np.testing.assert_array_equal(call().item(), value)


# ---- integers have no inf and no nan: an error -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Tensor([2**62]) * 4, r"mul\(\) of int64"),
        (lambda: Tensor([2**62]) + 2**62, r"add\(\) of int64"),
        (lambda: Tensor([2**62] * 2).sum(), r"sum\(\) of int64"),
        (lambda: Tensor([2**62] * 2).cumsum(), r"cumsum\(\)"),
        (lambda: Tensor([10] * 25).prod(), r"prod\(\)"),
        (lambda: Tensor([10]) ** 30, r"pow\(\)"),
        (lambda: Tensor([2**40]) @ Tensor([2**40]), r"matmul\(\)"),
        (lambda: -Tensor([-(2**63)]), r"neg\(\)"),
        (lambda: abs(Tensor([-128], dtype=np.int8)), r"abs\(\) of int8.*-128 to 127"),
        (lambda: Tensor([200], dtype=np.uint8) + Tensor([100], dtype=np.uint8), r"add\(\) of uint8.*astype\(float\)"),
        (lambda: Tensor([1], dtype=np.uint8) - Tensor([2], dtype=np.uint8), r"sub\(\) of uint8"),
        (lambda: Tensor([7]) // 0, r"floor_divide\(\) divides integers by 0"),
        (lambda: np.fmod(Tensor([7]), 0), r"fmod\(\) divides integers by 0"),
        (lambda: Tensor([7]) % Tensor([0]), r"mod\(\) divides integers by 0.*astype\(float\)"),
        (lambda: Tensor([2]) ** -1, "negative integer powers"),
        (lambda: Tensor([NAN]).astype(int), "nan is no int64"),
        (lambda: Tensor([1e30]).astype(int), "is no int64"),
        (lambda: Tensor([300.0]).astype(np.uint8), "300.0 is no uint8, which goes from 0 to 255"),
        (lambda: Tensor([-1]).astype(np.uint8), "-1 is no uint8"),
        (lambda: Tensor(np.array([1.0, NAN]), dtype=int), "nan is no int64"),
    ],
)
def test_integers_that_would_be_wrong_are_refused(call, message: str) -> None:
    with pytest.raises(MicrogradValueError, match=message):
        call()


def test_integers_that_are_right_are_not() -> None:
    near = Tensor([2**62, -(2**62)])
    assert (near + (2**62 - 1)).tolist() == [2**63 - 1, -1]
    assert near.sum().item() == 0
    assert (Tensor([2**62, 2**62, -(2**62)]).sum()).item() == 2**62  # past the limit on the way, and back
    assert Tensor([2.9, -2.9, 2.0**62]).astype(int).tolist() == [2, -2, 2**62]
    assert Tensor([127.5, -128.0]).astype(np.int8).tolist() == [127, -128]
    assert (Tensor([7, -7]) // 2).tolist() == [3, -4]
    assert (Tensor([True, False]) | Tensor([False, False])).tolist() == [True, False]
    assert Tensor(np.zeros((0,), int)).sum().item() == 0


# ---- what is no array of real numbers, beside a Tensor ---------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        [1.0, 2.0, 3.0],
        (1.0,),
        "text",
        b"bytes",
        None,
        1j,
        {},
        range(3),
        memoryview(b"bytes"),
        Decimal("1.5"),
        Fraction(1, 2),
        np.array([1j, 2j, 3j]),
        np.complex128(1j),
        np.array([1.0, 2.0, 3.0], dtype=object),
        np.array(["a", "b", "c"]),
        np.array(["2020-01-01"], dtype="datetime64[D]"),
    ],
    ids=lambda other: f"{type(other).__name__} {getattr(other, 'dtype', '')}".strip(),
)
def test_other_operands_are_refused(other) -> None:
    for combine in (lambda: t() * other, lambda: other + t(), lambda: t() @ other, lambda: M.maximum(t(), other)):
        with pytest.raises(MicrogradTypeError):
            combine()


def test_a_mask_that_hides_nothing_a_subclass_and_a_large_integer() -> None:
    assert (t() * np.ma.array([1.0, 2.0, 3.0])).tolist() == [1.0, 4.0, 9.0]
    assert type((t() * np.ma.array([1.0, 2.0, 3.0]))._data) is np.ndarray
    holed = np.ma.array([1.0, 2.0, 3.0], mask=[True, False, False])
    for use in (lambda: Tensor(holed), lambda: t() * holed, lambda: M.maximum(t(), holed)):
        with pytest.raises(MicrogradTypeError, match=r"filled\(0\.0\)"):
            use()
    with pytest.raises(MicrogradError):
        t() * 10**400
    with pytest.raises(MicrogradTypeError):
        Tensor(10**400)


@pytest.mark.parametrize(
    "use",
    [
        lambda holed: grad(lambda x: (x * x).sum())(holed),
        lambda holed: vmap(lambda x: x * x)(holed),
        lambda holed: jit(lambda x: x * x)(holed),
        lambda holed: jvp(lambda x: x * x, (np.ones(2),), (holed,)),
        lambda holed: vjp(lambda x: x * x, np.ones(2))[1](holed),
        lambda holed: t().backward(holed),
    ],
)
def test_a_mask_is_not_forgotten(use) -> None:
    with pytest.raises(MicrogradTypeError, match=r"filled\(0\.0\)"):
        use(np.ma.array([1.0, 2.0], mask=[False, True]))


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
def test_matrices_and_masks_that_hide_nothing_are_plain_arrays_to_transforms() -> None:
    for kind in (np.matrix, np.ma.array):
        slopes = jit(lambda x: x * x.T)(kind(np.eye(2)))
        assert type(slopes) is np.ndarray
        moved = jvp(lambda x: (x * x.T).sum(), (kind(np.eye(2)),), (kind(np.ones((2, 2))),))[1]
        assert moved == 4.0


@pytest.mark.parametrize(
    "lose",
    [
        lambda z: Tensor(z, dtype=float),
        lambda z: setattr(t(), "data", z),
        lambda z: t().backward(z),
        lambda z: Tensor(z, dtype=int),
    ],
)
def test_imaginary_parts_are_not_dropped(lose) -> None:
    with pytest.raises(MicrogradTypeError, match=r"imaginary parts.*array\.real"):
        lose(np.array([1j, 2.0, 3.0]))


def test_another_class_may_still_have_its_say() -> None:
    class Length:
        def __rmul__(self, other):
            return "mine"

        __radd__ = __rmul__

    assert t() * Length() == t() + Length() == "mine"
    with pytest.raises(TypeError, match="unsupported operand"):
        t() - Length()


# ---- leaving the graph without a word --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "leave",
    [
        lambda x: np.asarray(x),
        lambda x: np.array([x, x]),
        lambda x: np.add(np.ones(3), x, out=np.ones(3)),
        lambda x: np.fft.fft(x),
        lambda x: Tensor([x, x]),
        lambda x: Tensor([Value(1.0)]),
        lambda x: np.ones(3).__iadd__(x),
        lambda x: np.copyto(np.ones(3), x),
    ],
)
def test_numpy_cannot_take_a_tensor_with_a_gradient_away(leave) -> None:
    with pytest.raises(MicrogradTypeError):
        leave(t())


@pytest.mark.parametrize("ask", [bool, lambda x: 0 < x < 1, lambda x: x if x == x else None, lambda x: [x].index(t())])
def test_the_truth_of_several_numbers_is_refused(ask) -> None:
    with pytest.raises(MicrogradValueError, match="where"):
        ask(t())


# ---- shapes, axes and indices: named, with what NumPy says -----------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: t() + Tensor(np.ones(2)), MicrogradValueError, r"add\(\) of shapes \(3,\), \(2,\)"),
        (lambda: t() @ np.ones((2, 2)), MicrogradValueError, r"matmul\(\) of shapes \(3,\), \(2, 2\)"),
        (lambda: t().reshape(2, 2), MicrogradValueError, r"reshape\(\) of shapes \(3,\), shape=\(2, 2\)"),
        (lambda: t().sum(axis=3), MicrogradIndexError, r"sum\(\) of shapes \(3,\), axis=3"),
        (lambda: t()[7], MicrogradIndexError, r"getitem\(\) of shapes \(3,\), index=7"),
        (lambda: t()[-4], MicrogradIndexError, r"index=-4"),
        (lambda: t()[1.5], MicrogradIndexError, r"index=1.5"),
        (lambda: t()[np.array([True, False])], MicrogradIndexError, r"boolean index did not match"),
        (lambda: M.take(t(), np.array([3])), MicrogradIndexError, r"index 3 is out of bounds"),
        (
            lambda: M.embedding(np.array([-1]), Tensor(np.ones((3, 2)))),
            MicrogradValueError,
            r"index -1 is out of range",
        ),
        (lambda: M.embedding(np.array([3]), Tensor(np.ones((3, 2)))), MicrogradValueError, r"numbered from 0 to 2"),
        (lambda: M.cross_entropy(Tensor(np.ones((1, 3))), np.array([-1])), MicrogradValueError, r"label -1"),
        (lambda: M.mse_loss(Tensor(np.ones((3, 1))), np.ones(3)), MicrogradValueError, r"never broadcasts"),
        (lambda: M.multilabel_soft_margin_loss(np.ones((2, 3)), [0, 2]), MicrogradTypeError, r"target=\.\.\."),
        (
            lambda: M.multilabel_soft_margin_loss(np.ones((2, 3)), np.array([0, 2])),
            MicrogradValueError,
            r"rows of 0 and 1: one_hot\(target, 3\)",
        ),
        (
            lambda: M.multilabel_margin_loss(np.ones((2, 3)), np.array([0, 2])),
            MicrogradValueError,
            r"Write \[2, -1, -1\] for label 2",
        ),
        (lambda: M.stack(t(), t()), MicrogradTypeError, r"takes the arrays in a list: stack\(\[a, b\]\)"),
        (lambda: M.concatenate(t(), np.ones(3)), MicrogradTypeError, r"in a list: concatenate\(\[a, b\]\)"),
        (lambda: t() < np.ones(2), MicrogradValueError, r"less\(\) of shapes \(3,\), \(2,\)"),
        (lambda: np.equal(np.ones(2), t()), MicrogradValueError, r"equal\(\) of shapes"),
        (lambda: t() == [1.0, 2.0, 3.0], MicrogradTypeError, r"equal\(\) was given a list .*np.array"),
        (lambda: t() != (1.0, 2.0, 3.0), MicrogradTypeError, r"not_equal\(\) was given a tuple"),
        (lambda: t() < [1.0, 2.0, 3.0], MicrogradTypeError, r"less\(\) was given a list"),
        (lambda: t() > None, MicrogradTypeError, r"greater\(\) was given a NoneType"),
        (lambda: M.cross(t(), Tensor(1.0)), MicrogradValueError, r"cross\(axis=\(-1,\)\) of an array of 0 axes"),
        (lambda: M.svdvals(t()), MicrogradValueError, r"svdvals\(\) .* takes matrices"),
        (lambda: M.vector_norm(t(), ord=None), MicrogradTypeError, r"Write vector_norm\(x, ord=2\)"),
        (lambda: Tensor(np.ones((0, 2))).max(axis=0), MicrogradValueError, r"max\(\) of shapes \(0, 2\)"),
    ],
)
def test_what_does_not_fit_is_named(call, kind, message: str) -> None:
    with pytest.raises(kind, match=message):
        call()


def test_create_graph_after_a_leaf_was_written() -> None:
    x = t()
    loss = (x * x).sum()
    x.data[0] = 5.0
    with pytest.raises(GraphError, match="written after the expression ran"):
        loss.backward(create_graph=True)
    assert x.grad is None
    loss.backward()
    np.testing.assert_array_equal(x.grad, [2.0, 4.0, 6.0])


def test_small_integers_and_booleans_are_summed_as_numbers() -> None:
    small = np.array([100, 200, 50], np.uint8)
    for weighted in (M.average(small, weights=small), M.average(Tensor(small), weights=small).data):
        np.testing.assert_allclose(weighted, np.average(small, weights=small))
    flags = np.array([[True, True, False], [True, False, True], [False, True, True]])
    np.testing.assert_allclose(M.svdvals(flags), np.linalg.svdvals(flags.astype(float)), atol=1e-12)
    np.testing.assert_allclose(M.eigvalsh(Tensor(flags)).data, np.linalg.eigvalsh(flags.astype(float)), atol=1e-12)


def test_einsum_sums_in_the_precision_of_its_result() -> None:
    rng = np.random.default_rng(0)
    wide, narrow = rng.normal(size=(50, 40)), rng.normal(size=(40, 60)).astype(np.float32)
    for x, y in ((wide, narrow), (Tensor(wide), Tensor(narrow))):
        got = M.einsum("ij,jk->", x, y)
        np.testing.assert_allclose(np.asarray(got.data, float), np.einsum("ij,jk->", wide, narrow), rtol=1e-12)
    leaf = Tensor(narrow, requires_grad=True)
    M.einsum("ij,jk->", wide, leaf).backward()
    assert leaf.grad.dtype == np.float32


@pytest.mark.parametrize("kind", [np.asarray, Tensor], ids=["arrays", "Tensors"])
def test_what_does_not_fit_is_said_of_plain_arrays_too(kind) -> None:
    a, b = kind(np.ones((2, 3))), kind(np.ones((4, 3)))
    with pytest.raises(MicrogradIndexError, match=r"concatenate\(\) of shapes .*axis=5: .*from 0 to n - 1"):
        M.concatenate([a, b], axis=5)
    with pytest.raises(MicrogradValueError, match=r"logaddexp\(\) of shapes \(2, 3\), \(4, 3\): .*Shapes are compared"):
        M.logaddexp(a, b)
    with pytest.raises(MicrogradValueError) as caught:
        M.matmul(a, b)
    assert "matmul() of shapes (2, 3), (4, 3)" in str(caught.value)
    assert caught.value.__cause__ is not caught.value
