"""`where=` and `initial=` of the reductions: NumPy's values, PyTorch's gradients of the same by hand, transforms."""

from __future__ import annotations

import inspect

import pytest

np = pytest.importorskip("numpy")

from micrograd import engine  # noqa: E402
from micrograd.engine.arrays import functions as M  # noqa: E402, N812
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402

try:
    import torch
except ImportError:
    torch = None

X = np.random.default_rng(0).normal(size=(3, 4))
MASK = np.array([[True, False, True, True], [False, True, True, False], [True, True, False, True]])
MASKS = [MASK, np.array([True, False, True, True]), MASK[:, :1], False, True]
KINDS = [np.float64, np.float32, np.float16, np.int64, np.uint8, bool]
WITHOUT, WITH = ("sum", "prod", "mean", "var", "std", "all", "any"), ("max", "min")


def start(name: str, x=X):
    """What a reduction needs that has no value where nothing is left."""
    return {"initial": x.dtype.type(1)} if name in WITH else {}


@pytest.mark.parametrize("name", [*WITHOUT, *WITH])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("axis", [None, 0, -1, (0, 1)])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_values_and_dtypes_are_numpys(name: str, kind, axis) -> None:
    x = (np.abs(X) * 3).astype(kind)
    near = {"rtol": 4e-3, "atol": 4e-3} if kind is np.float16 else {"rtol": 1e-6}
    for mask in MASKS:
        given = {"axis": axis, "where": mask, "keepdims": mask is MASK, **start(name, x)}
        expected = np.asarray(getattr(np, name)(x, **given))
        for found in (getattr(M, name)(Tensor(x), **given), getattr(np, name)(Tensor(x), **given)):
            np.testing.assert_allclose(found.data, expected, **near)
            assert found.dtype == expected.dtype


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(3, 4), (0, 4), (3, 0), ()])
def test_what_a_reduction_begins_with(kind, shape: tuple[int, ...]) -> None:
    x = np.resize(np.abs(X) * 3, shape).astype(kind)
    first = 2 if kind is not bool else True
    for name in ("sum", "prod", "max", "min"):
        for axis in (None, *range(-len(shape), 0)):
            expected = np.asarray(getattr(np, name)(x, axis=axis, initial=first))
            found = getattr(Tensor(x), name)(axis=axis, initial=first)
            np.testing.assert_allclose(found.data, expected, rtol=4e-3 if kind is np.float16 else 1e-6)
            assert found.shape == expected.shape
            assert found.dtype == expected.dtype


def chosen(x, axis, by_hand):
    """PyTorch's reduction of what the mask leaves, row by row or column by column."""
    rows = zip(x, MASK, strict=True) if axis == 1 else zip(x.T, MASK.T, strict=True)
    return torch.stack([by_hand(row[torch.tensor(mask)]) for row, mask in rows])


BY_HAND = {
    "sum": lambda x: (x * x).sum(),
    "prod": lambda x: x.prod(),
    "mean": lambda x: (x * x).mean(),
    "var": lambda x: x.var(correction=0),
    "std": lambda x: x.std(correction=0),
    "max": lambda x: x.amax().maximum(torch.tensor(0.125)) ** 2,
    "min": lambda x: x.amin().minimum(torch.tensor(0.125)) ** 2,
}
OURS = {
    "sum": lambda x, **given: M.sum(x * x, **given),
    "mean": lambda x, **given: M.mean(x * x, **given),
    "max": lambda x, **given: M.max(x, initial=0.125, **given) ** 2,
    "min": lambda x, **given: M.min(x, initial=0.125, **given) ** 2,
}


@pytest.mark.parametrize("name", BY_HAND)
@pytest.mark.parametrize("axis", [0, 1])
def test_gradients_go_to_what_the_mask_leaves(agrees, name: str, axis: int) -> None:
    ours = OURS.get(name, getattr(M, name))
    agrees(
        lambda x: ours(x, axis=axis, where=MASK),
        torch and (lambda x: chosen(x, axis, BY_HAND[name])),
        X,
    )


@pytest.mark.parametrize("name", [*WITHOUT, *WITH])
def test_vmap_jit_and_forward_mode(name: str) -> None:
    def reduced(row, mask):
        return getattr(row, name)(axis=-1, where=mask, **start(name))

    expected = getattr(np, name)(X, axis=1, where=MASK, **start(name))
    np.testing.assert_allclose(engine.vmap(reduced)(X, MASK), expected)
    np.testing.assert_allclose(engine.vmap(reduced, in_axes=(0, None))(X, MASK[0])[0], expected[0])
    if name in ("all", "any"):
        return
    np.testing.assert_allclose(engine.jit(lambda x: reduced(x, MASK))(Tensor(X)).data, expected)
    both = engine.jit(lambda x, mask: reduced(x, mask).sum())(Tensor(X), Tensor(MASK))
    np.testing.assert_allclose(both.data, expected.sum())
    primal, tangent = engine.jvp(lambda x: reduced(x, MASK), (Tensor(X),), (Tensor(X),))
    np.testing.assert_allclose(primal.data, expected)
    moved = [getattr(np, name)(X * (1 + sign * 1e-6), axis=1, where=MASK, **start(name)) for sign in (1, -1)]
    np.testing.assert_allclose(tangent.data, (moved[0] - moved[1]) / 2e-6, rtol=1e-6, atol=1e-8)


def test_numpys_other_ways_to_ask() -> None:
    t = Tensor(X, requires_grad=True)
    np.testing.assert_allclose(np.add.reduce(t, axis=1, where=MASK, initial=1.0).data, X.sum(1, where=MASK) + 1.0)
    np.testing.assert_allclose(t.sum(axis=0, where=t > 0.0).data, X.sum(0, where=X > 0))
    center = X.mean(1, keepdims=True)
    np.testing.assert_allclose(t.var(axis=1, mean=center, correction=1).data, X.var(1, ddof=1))
    assert t.var(0, np.float32).dtype == np.float32
    weighed = Tensor(2.0, requires_grad=True)
    t.prod(initial=weighed).backward()
    np.testing.assert_allclose(weighed.grad, X.prod())
    np.testing.assert_allclose(np.max(t, 0, None, True).data, X.max(0, keepdims=True))
    np.testing.assert_allclose(M.max(t, 0, None, True).data, X.max(0, keepdims=True))


@pytest.mark.parametrize("name", [*WITHOUT, *WITH])
def test_the_order_of_the_arguments_is_numpys(name: str) -> None:
    mine, numpys = (list(inspect.signature(getattr(m, name)).parameters)[1:] for m in (M, np))
    assert mine == numpys


def test_pytorchs_order_is_told_by_the_type() -> None:
    np.testing.assert_allclose(Tensor(X).sum(1, True).data, X.sum(1, keepdims=True))
    np.testing.assert_allclose(Tensor(X).max(1, True).data, X.max(1, keepdims=True))


def test_nothing_is_left() -> None:
    t = Tensor(X, requires_grad=True)
    (t.sum(where=False) + t.std(where=MASK & False, axis=0, keepdims=True).prod(where=False)).backward()
    np.testing.assert_array_equal(t.grad, np.zeros_like(X))
    assert np.isnan(t.mean(where=False).item())
    assert t.max(where=False, initial=-1.0).item() == -1.0


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda t: t.max(where=MASK), MicrogradValueError, r"max\(where=\.\.\.\).*initial="),
        (lambda t: t.sum(where=MASK.astype(int)), MicrogradTypeError, "where=mask != 0"),
        (lambda t: t.sum(where=np.ones((2, 3, 4), bool)), MicrogradValueError, r"\(2, 3, 4\) doesn't broadcast"),
        (lambda t: t.mean(where=MASK.T), MicrogradValueError, "doesn't broadcast"),
        (lambda t: t.mean(initial=3.0), MicrogradTypeError, "has no argument 'initial'"),
        (lambda t: t.sum(out=np.zeros(())), MicrogradTypeError, "use what it returns"),
    ],
)
def test_what_makes_no_sense_is_refused(call, error, message: str) -> None:
    with pytest.raises(error, match=message):
        call(Tensor(X, requires_grad=True))
