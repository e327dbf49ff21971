"""Every primitive of arrays against PyTorch and finite differences, over shapes, axes and settings by hypothesis.

`CASES` has an entry for each, and the last test holds that none is missing; the elementwise ones have theirs in
test_elementwise_arrays.py. A case draws our function, PyTorch's, and inputs off the kinks. What has no gradient is
compared by its values.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

np = pytest.importorskip("numpy")

from hypothesis.extra import numpy as hnp  # noqa: E402

from micrograd.engine.arrays import functions as M  # noqa: E402, N812
from micrograd.engine.observing.recording import watching  # noqa: E402
from micrograd.engine.ops.neural.windows import Windows  # noqa: E402
from micrograd.engine.ops.op import OPS  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402

try:
    import torch
    from torch.nn import functional as F  # noqa: N812
except ImportError:
    torch = F = None

ELSEWHERE = {
    "elementwise", "choices", "trigonometry", "error_function", "gaussian_units", "activations", "shrinkage",
    "special",
}  # fmt: skip
PRIMITIVES = {
    name: op
    for name, op in OPS.items()
    if op.__module__.startswith("micrograd.engine.ops.") and op.__module__.split(".")[-1] not in ELSEWHERE
}
Draw = Callable[[Any], Any]


class Case(NamedTuple):
    """Our function, PyTorch's, the inputs, and whether PyTorch has a second derivative (else only we are asked)."""

    ours: Callable[..., Any]
    theirs: Callable[..., Any]
    inputs: tuple[Any, ...]
    second: bool = True


CASES: dict[str, Callable[[Draw, str], Case]] = {}


def case(*names: str) -> Callable[[Any], Any]:
    """Declare how a case of these primitives is drawn."""

    def declare(make: Callable[[Draw, str], Case]) -> Callable[[Draw, str], Case]:
        CASES.update(dict.fromkeys(names, make))
        return make

    return declare


def normal(draw: Draw, *shape: int) -> Any:
    """Random numbers, no two of them close to each other or to 0."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    count = int(np.prod(shape))
    spread = (rng.permutation(count) + rng.uniform(0.2, 0.8, size=count)) * (4.0 / max(count, 1)) - 2.0
    return (np.where(np.abs(spread) < 0.05, 0.05, spread)).reshape(shape)


def shaped(draw: Draw, min_dims: int = 0, max_dims: int = 3, min_side: int = 0) -> tuple[int, ...]:
    return draw(hnp.array_shapes(min_dims=min_dims, max_dims=max_dims, min_side=min_side, max_side=3))


def size(draw: Draw, low: int = 1, high: int = 3) -> int:
    return draw(st.integers(low, high))


def an_axis(draw: Draw, ndim: int) -> int:
    return draw(st.integers(-ndim, ndim - 1))


def curved(function: Any) -> Any:
    """A linear function after a square, so that it has a second derivative."""
    return lambda x, *others: function(x * x, *others)


# ---- along axes ------------------------------------------------------------------------------------------------------


class Along(NamedTuple):
    """An array, the axes for us, and the same axes spelled out for PyTorch."""

    x: Any
    axis: Any
    dim: tuple[int, ...]
    keepdims: bool


def along(draw: Draw, least: int = 0, max_axes: int = 3) -> Along:
    """An array with at least so many elements along each of its chosen axes."""
    shape = list(shaped(draw, min_side=least // 2))
    ndim = len(shape)
    chosen = st.lists(st.integers(-ndim, ndim - 1), min_size=1, max_size=max_axes, unique_by=lambda a: a % ndim)
    axis = draw(st.none() | chosen.map(tuple) | st.integers(-ndim, ndim - 1)) if ndim else None
    dim = tuple(range(ndim)) if axis is None else (axis,) if isinstance(axis, int) else axis
    for a in dim:
        shape[a] = max(shape[a], least)
    return Along(normal(draw, *shape), axis, dim, draw(st.booleans()))


REDUCTIONS = {
    "sum": (lambda x, dim, keep: torch.sum(x * x, dim, keep), lambda x, **kw: M.sum(x * x, **kw), 0),
    "mean": (lambda x, dim, keep: torch.mean(x * x, dim, keep), lambda x, **kw: M.mean(x * x, **kw), 1),
    "max": (torch and torch.amax, M.max, 1),
    "min": (torch and torch.amin, M.min, 1),
    "logsumexp": (torch and torch.logsumexp, M.logsumexp, 1),
}


@case(*REDUCTIONS)
def reduction(draw: Draw, name: str) -> Case:
    theirs, ours, least = REDUCTIONS[name]
    x, axis, dim, keepdims = along(draw, least)
    return Case(lambda t: ours(t, axis=axis, keepdims=keepdims), lambda t: theirs(t, dim, keepdims), (x,))


@case("var", "std")
def spread(draw: Draw, name: str) -> Case:
    x, axis, dim, keepdims = along(draw, 2)
    ddof = draw(st.integers(0, 1)) if x.ndim else 0
    if name == "std" and not x.ndim:
        x = normal(draw, 3)
        axis, dim, keepdims = 0, (0,), False
    ours, theirs = getattr(M, name), getattr(torch, name, None)
    return Case(
        lambda t: ours(t, axis=axis, keepdims=keepdims, ddof=ddof),
        lambda t: theirs(t, dim, correction=ddof, keepdim=keepdims) if t.ndim else theirs(t[None], 0, correction=ddof),
        (x,),
    )


@case("power_norm")
def norm(draw: Draw, name: str) -> Case:
    x, axis, dim, keepdims = along(draw, 1)
    order = draw(st.sampled_from([1, 2, 3, 1.5, -1]))
    return Case(
        lambda t: OPS[name](t, ord=order, axis=axis, keepdims=keepdims),
        lambda t: torch.linalg.vector_norm(t, order, dim, keepdims),
        (x,),
        second=x.ndim > 0 and order > 1,
    )


@case("prod")
def product(draw: Draw, name: str) -> Case:
    x, axis, dim, keepdims = along(draw, 0, max_axes=1)
    x = np.where(np.abs(x) < draw(st.sampled_from([0.0, 0.5])), 0.0, x)
    theirs = lambda t: t.prod(dim[0], keepdims) if len(dim) == 1 else t.prod()  # noqa: E731
    kept = keepdims and len(dim) == 1
    return Case(lambda t: M.prod(t, axis=axis, keepdims=kept), theirs, (x,))


@case("cumsum", "cumprod", "logcumsumexp")
def running(draw: Draw, name: str) -> Case:
    x, axis, dim, _ = along(draw, 0, max_axes=1)
    axis = axis[0] if isinstance(axis, tuple) else axis
    ours, theirs = getattr(M, name), getattr(torch, name, None)
    flat = lambda t: theirs(t * t, dim[0]) if axis is not None else theirs((t * t).reshape(-1), 0)  # noqa: E731
    return Case(lambda t: ours(t * t, axis=axis), flat, (x,))


@case("softmax", "masked_softmax", "log_softmax")
def probabilities(draw: Draw, name: str) -> Case:
    x = normal(draw, *shaped(draw, min_dims=1))
    axis = an_axis(draw, x.ndim)
    theirs = F and getattr(F, name.removeprefix("masked_"))
    return Case(lambda t: OPS[name](t, axis=axis), lambda t: theirs(t, axis), (x,))


@case("recurrence")
def recurrence(draw: Draw, name: str) -> Case:
    shape = shaped(draw, min_dims=1, min_side=1)
    axis = an_axis(draw, len(shape))

    def theirs(a: Any, b: Any) -> Any:
        y = [torch.zeros_like(b.select(axis, 0))]
        for factor, term in zip(a.unbind(axis), b.unbind(axis), strict=True):
            y.append(factor * y[-1] + term)
        return torch.stack(y[1:], axis)

    return Case(lambda a, b: OPS[name](a, b, axis=axis), theirs, (normal(draw, *shape), normal(draw, *shape)))


@case("sort")
def sorting(draw: Draw, name: str) -> Case:
    x, axis, dim, _ = along(draw, 0, max_axes=1)
    axis = axis[0] if isinstance(axis, tuple) else axis
    theirs = lambda t: (t.sort(dim[0]) if axis is not None else t.reshape(-1).sort()).values ** 2  # noqa: E731
    return Case(lambda t: M.sort(t, axis=axis) ** 2, theirs, (x,))


# ---- the same elements elsewhere -------------------------------------------------------------------------------------


@case("reshape", "permute_dims", "broadcast_to", "flip", "roll", "pad_constant", "tril", "triu", "identity", "astype")
def moved(draw: Draw, name: str) -> Case:
    x = normal(draw, *shaped(draw, min_dims=2))
    axes = tuple(draw(st.permutations(range(x.ndim))))
    shift, k = draw(st.integers(-4, 4)), draw(st.integers(-3, 3))
    border = [tuple(draw(st.tuples(st.integers(0, 2), st.integers(0, 2)))) for _ in axes]
    wide = (2, *x.shape)
    pairs = {
        "reshape": (lambda t: M.reshape(t, shape=x.shape[::-1]), lambda t: t.reshape(x.shape[::-1])),
        "permute_dims": (lambda t: M.permute_dims(t, axes=axes), lambda t: t.permute(axes)),
        "broadcast_to": (lambda t: M.broadcast_to(t, shape=wide), lambda t: t.broadcast_to(wide)),
        "flip": (lambda t: M.flip(t, axis=axes[:2]), lambda t: t.flip(axes[:2])),
        "roll": (lambda t: M.roll(t, shift, axes[0]), lambda t: t.roll(shift, axes[0])),
        "pad_constant": (
            lambda t: M.pad(t, border, constant_values=1.5),
            lambda t: F.pad(t, [n for pair in border[::-1] for n in pair], value=1.5),
        ),
        "tril": (lambda t: M.tril(t, k=k), lambda t: t.tril(k)),
        "triu": (lambda t: M.triu(t, k=k), lambda t: t.triu(k)),
        "identity": (lambda t: M.identity(t), lambda t: t.clone()),
        "astype": (lambda t: M.astype(t, np.float64), lambda t: t.to(torch.float64)),
    }
    return Case(*map(curved, pairs[name]), (x,))


@case("concatenate_op", "stack_op")
def joined(draw: Draw, name: str) -> Case:
    shape = shaped(draw, min_dims=1)
    axis = an_axis(draw, len(shape))
    arrays = tuple(normal(draw, *shape) for _ in range(size(draw)))
    ours, theirs = (M.stack, "stack") if name == "stack_op" else (M.concatenate, "cat")
    return Case(
        lambda *ts: ours([t * t for t in ts], axis=axis),
        lambda *ts: getattr(torch, theirs)([t * t for t in ts], axis),
        arrays,
    )


# ---- by index --------------------------------------------------------------------------------------------------------


def indices(draw: Draw, length: int, *shape: int) -> Any:
    return np.array(draw(hnp.arrays(np.int64, shape, elements=st.integers(0, length - 1))))


@case("getitem", "scatter")
def indexed(draw: Draw, name: str) -> Case:
    shape = shaped(draw, min_dims=1, min_side=1)
    several = indices(draw, shape[0], size(draw, 0))
    mask = draw(hnp.arrays(bool, shape))
    index = draw(
        hnp.basic_indices(shape, allow_newaxis=True).filter(lambda i: "-" not in str(i).replace("slice", ""))
        | st.just(several)
        | st.just(mask)
    )
    if torch and np.any(np.array([getattr(part, "step", 1) or 1 for part in np.atleast_1d(index)], object) == -1):
        index = several  # PyTorch has no negative steps
    theirs = torch.tensor(index) if torch and isinstance(index, np.ndarray) else index
    if name == "getitem":
        return Case(curved(lambda t: t[index]), curved(lambda t: t[theirs]), (normal(draw, *shape),))

    def spread(t: Any) -> Any:
        return torch.zeros(shape, dtype=t.dtype).index_put((theirs,), t, accumulate=True)

    several_or_mask = index if isinstance(index, np.ndarray) else several
    theirs = torch.tensor(several_or_mask) if torch else None
    x = normal(draw, *np.zeros(shape)[several_or_mask].shape)
    return Case(curved(lambda t: OPS[name](t, index=several_or_mask, shape=shape)), curved(spread), (x,))


@case("take_op", "untake", "take_along_axis", "scatter_along_axis")
def taken(draw: Draw, name: str) -> Case:
    shape = list(shaped(draw, min_dims=1, min_side=1))
    axis = draw(st.integers(0, len(shape) - 1))
    counts = list(shape)
    counts[axis] = size(draw, 0)
    rows = indices(draw, shape[axis], *((counts[axis],) if "take" in name and "along" not in name else counts))
    where = torch and torch.tensor(rows)
    x = normal(draw, *(shape if name.startswith("take") else counts))
    zeros = lambda t: torch.zeros(shape, dtype=t.dtype)  # noqa: E731
    pairs = {
        "take_op": (lambda t: M.take(t, rows, axis=axis), lambda t: t.index_select(axis, where)),
        "untake": (
            lambda t: OPS[name](t, rows, axis=axis, shape=tuple(shape)),
            lambda t: zeros(t).index_add(axis, where, t),
        ),
        "take_along_axis": (lambda t: M.take_along_axis(t, rows, axis=axis), lambda t: t.take_along_dim(where, axis)),
        "scatter_along_axis": (
            lambda t: OPS[name](t, rows, axis=axis, shape=tuple(shape)),
            lambda t: zeros(t).scatter_add(axis, where, t),
        ),
    }
    return Case(*map(curved, pairs[name]), (x,))


@case("take_rows", "add_rows")
def looked_up(draw: Draw, name: str) -> Case:
    rows, width = size(draw), size(draw, 0)
    which = indices(draw, rows, *shaped(draw))
    theirs = torch and torch.tensor(which)
    if name == "take_rows":
        return Case(
            curved(lambda t: M.embedding(which, t)),
            curved(lambda t: F.embedding(theirs, t)),
            (normal(draw, rows, width),),
        )
    return Case(
        curved(lambda t: OPS[name](t, which, size=rows)),
        curved(lambda t: torch.zeros(rows, width, dtype=t.dtype).index_put((theirs,), t, accumulate=True)),
        (normal(draw, *which.shape, width),),
    )


# ---- products and matrices -------------------------------------------------------------------------------------------

MATMUL = hnp.mutually_broadcastable_shapes(signature=np.matmul.signature, max_dims=2, min_side=0, max_side=3)


@case("matmul")
def multiplied(draw: Draw, name: str) -> Case:
    shapes = draw(MATMUL).input_shapes
    return Case(M.matmul, torch and torch.matmul, tuple(normal(draw, *shape) for shape in shapes))


@case("contract")
def contracted(draw: Draw, name: str) -> Case:
    subscripts = draw(st.sampled_from(["ij,jk->ik", "bij,bjk->bik", "ij,ij->", "i,j->ij", "bij,jk->kb", "ijk,ik->j"]))
    sides = {letter: size(draw) for letter in "ijkb"}
    shapes = [[sides[letter] for letter in operand] for operand in subscripts.split("->")[0].split(",")]
    ours, theirs = (lambda x, y: M.einsum(subscripts, x, y)), (lambda x, y: torch.einsum(subscripts, x, y))
    return Case(ours, theirs, tuple(normal(draw, *shape) for shape in shapes))


@case("affine")
def affine(draw: Draw, name: str) -> Case:
    (lead, n, m) = shaped(draw, max_dims=2), size(draw), size(draw)
    inputs = normal(draw, *lead, n), normal(draw, m, n), normal(draw, m)
    return Case(M.linear, F and F.linear, inputs)


def matrices(draw: Draw) -> Any:
    """Matrices far from singular, with eigenvalues far from each other."""
    n = size(draw)
    return 0.2 * normal(draw, *shaped(draw, max_dims=1, min_side=1), n, n) + np.diag(np.arange(1.0, n + 1.0))


def symmetric(function: Any) -> Any:
    return lambda x: function(x + x.mT if hasattr(x, "mT") else x + M.swapaxes(x, -1, -2))


SQUARE = {
    "inv": (M.inv, lambda x: torch.linalg.inv(x)),
    "det": (M.det, lambda x: torch.linalg.det(x)),
    "logabsdet": (lambda x: M.slogdet(x).logabsdet, lambda x: torch.linalg.slogdet(x).logabsdet),
    "cofactors": (OPS["cofactors"], lambda x: torch.linalg.det(x)[..., None, None] * torch.linalg.inv(x).mT),
    "cholesky": (symmetric(lambda x: M.cholesky(x)), symmetric(lambda x: torch.linalg.cholesky(x))),
    "eigvalsh": (symmetric(M.eigvalsh), symmetric(lambda x: torch.linalg.eigvalsh(x))),
    # The sign of an eigenvector is anybody's choice.
    "eigenvectors": (symmetric(lambda x: M.eigh(x)[1] ** 2), symmetric(lambda x: torch.linalg.eigh(x)[1] ** 2)),
}


@case(*SQUARE)
def square(draw: Draw, name: str) -> Case:
    return Case(*SQUARE[name], (matrices(draw),))


RECTANGLES = {
    "orthonormal": (lambda x: M.qr(x)[0], lambda x: torch.linalg.qr(x)[0]),
    "pinv": (M.pinv, lambda x: torch.linalg.pinv(x)),
    # The common sign of a pair of singular vectors is anybody's choice.
    "singular_vectors": (
        lambda x: M.svd(x, full_matrices=False)[0] ** 2,
        lambda x: torch.linalg.svd(x, full_matrices=False)[0] ** 2,
    ),
}


@case(*RECTANGLES)
def rectangular(draw: Draw, name: str) -> Case:
    """Of full rank, with singular values far from each other; QR of tall ones, whose columns have one sign in both."""
    n, m = size(draw), size(draw)
    n, m = (max(n, m), min(n, m)) if name == "orthonormal" else (n, m)
    x = 0.1 * normal(draw, *shaped(draw, max_dims=1, min_side=1), n, m)
    x[..., range(min(n, m)), range(min(n, m))] += np.arange(1.0, min(n, m) + 1.0)
    return Case(*RECTANGLES[name], (x,))


@case("solve")
def solved(draw: Draw, name: str) -> Case:
    a = matrices(draw)
    return Case(M.solve, lambda a, b: torch.linalg.solve(a, b), (a, normal(draw, *a.shape[:-1], size(draw))))


@case("cofactor_change")
def cofactors_changed(draw: Draw, name: str) -> Case:
    x = matrices(draw)

    def theirs(change: Any, x: Any) -> Any:
        cofactors = torch.linalg.det(x)[..., None, None] * torch.linalg.inv(x).mT
        return torch.autograd.grad(cofactors, x, change, create_graph=True)[0]

    return Case(OPS[name], theirs, (normal(draw, *x.shape), x), second=False)


# ---- windows ---------------------------------------------------------------------------------------------------------


class Layout(NamedTuple):
    """Windows in one or two dimensions, as we and as PyTorch want them."""

    ndim: int
    sides: tuple[int, ...]
    windows: Windows
    settings: dict[str, Any]


def layout(draw: Draw, may_dilate: bool = True) -> Layout:
    ndim = size(draw, 1, 2)
    kernel, stride = (tuple(size(draw, 1, 2) for _ in range(ndim)) for _ in "ks")
    padding = tuple(draw(st.integers(0, k // 2)) for k in kernel)
    dilation = tuple(size(draw, 1, 2) if may_dilate else 1 for _ in range(ndim))
    windows = Windows(kernel, stride, tuple((p, p) for p in padding), dilation)
    sides = tuple(span + size(draw, 0, 3) for span in windows.spans)
    return Layout(ndim, sides, windows, {"stride": stride, "padding": padding, "dilation": dilation})


@case("conv", "conv_transposed", "conv_weights")
def convolved(draw: Draw, name: str) -> Case:
    ndim, sides, windows, given = layout(draw)
    groups, samples = size(draw, 1, 2), size(draw)
    x = normal(draw, samples, 2 * groups, *sides)
    w = normal(draw, groups * size(draw, 1, 2), 2, *windows.kernel)
    y = normal(draw, samples, len(w), *windows.counts(sides))
    conv, transposed = f"conv{ndim}d", f"conv_transpose{ndim}d"
    if name == "conv":
        theirs = lambda x, w: getattr(F, conv)(x, w, groups=groups, **given)  # noqa: E731
        return Case(lambda x, w: getattr(M, conv)(x, w, groups=groups, **given), theirs, (x, w))
    if name == "conv_transposed":
        theirs = lambda y, w: getattr(F, transposed)(y, w, groups=groups, **given)  # noqa: E731
        return Case(lambda y, w: getattr(M, transposed)(y, w, groups=groups, **given), theirs, (y, w))

    def weights(x: Any, y: Any) -> Any:
        zeros = torch.zeros(w.shape, dtype=x.dtype, requires_grad=True)
        out = getattr(F, conv)(x, zeros, groups=groups, **given)
        return torch.autograd.grad(out, zeros, y, create_graph=True)[0]

    return Case(lambda x, y: OPS[name](x, y, windows=windows, groups=groups), weights, (x, y))


@case("gather_windows", "add_windows")
def folded(draw: Draw, name: str) -> Case:
    sides = (size(draw, 2, 4), size(draw, 2, 4))
    given = {"kernel_size": (size(draw, 1, 2), size(draw, 1, 2)), "stride": size(draw, 1, 2), "padding": 0}
    x = normal(draw, size(draw), 2, *sides)
    if name == "gather_windows":
        return Case(curved(lambda t: M.unfold(t, **given)), curved(lambda t: F.unfold(t, **given)), (x,))
    columns = M.unfold(x, **given)
    ours, theirs = (lambda t: M.fold(t, sides, **given)), (lambda t: F.fold(t, sides, **given))
    return Case(curved(ours), curved(theirs), (np.asarray(columns),))


def sums_of_windows(x: Any, windows: Windows) -> Any:
    """Those of PyTorch's averages, in two dimensions."""
    given = {"stride": windows.stride, "padding": tuple(low for low, _ in windows.padding), "divisor_override": 1}
    return F.avg_pool2d(x, windows.kernel, **given)


@case("window_sum", "window_spread")
def summed_windows(draw: Draw, name: str) -> Case:
    ndim, sides, windows, _ = layout(draw, may_dilate=False)
    if ndim == 1:
        windows = Windows((1, *windows.kernel), (1, *windows.stride), ((0, 0), *windows.padding), (1, 1))
        sides = (1, *sides)
    x = normal(draw, 1, 2, *sides)
    if name == "window_sum":
        return Case(
            curved(lambda t: OPS[name](t, windows=windows)), curved(lambda t: sums_of_windows(t, windows)), (x,)
        )

    def theirs(t: Any) -> Any:
        zeros = torch.zeros(x.shape, dtype=t.dtype, requires_grad=True)
        return torch.autograd.grad(sums_of_windows(zeros, windows), zeros, t, create_graph=True)[0]

    ours = lambda t: OPS[name](t, windows=windows, size=sides)  # noqa: E731
    return Case(curved(ours), curved(theirs), (normal(draw, 1, 2, *windows.counts(sides)),))


@case("window_max", "window_max_scatter", "window_max_gather")
def largest_of_windows(draw: Draw, name: str) -> Case:
    ndim, sides, windows, given = layout(draw)
    x = normal(draw, 2, 1, *sides)
    pool = F and getattr(F, f"max_pool{ndim}d")
    if name == "window_max":
        ours = lambda t: OPS[name](t, windows=windows) ** 2  # noqa: E731
        return Case(ours, lambda t: pool(t, windows.kernel, **given) ** 2, (x,))
    out = OPS["window_max"](x, windows=windows)

    def scattered(g: Any) -> Any:
        leaf = torch.tensor(x, requires_grad=True)
        return torch.autograd.grad(pool(leaf, windows.kernel, **given), leaf, g, create_graph=True)[0]

    def gathered(h: Any) -> Any:
        where = pool(torch.tensor(x), windows.kernel, return_indices=True, **given)[1]
        return h.flatten(2).gather(2, where.flatten(2)).reshape(where.shape)

    theirs, inputs = (scattered, out) if name == "window_max_scatter" else (gathered, x)
    return Case(curved(lambda t: OPS[name](t, out, x, windows=windows)), curved(theirs), (normal(draw, *inputs.shape),))


# ---- neural nets -----------------------------------------------------------------------------------------------------


@case("cross_entropy_of_labels", "cross_entropy_slope", "pick_labels", "scatter_to_labels")
def labelled(draw: Draw, name: str) -> Case:
    classes, lead = size(draw, 1, 4), (size(draw), *shaped(draw, max_dims=1, min_side=1))
    labels = indices(draw, classes, *lead)
    ignored = draw(st.sampled_from([-100, 0]))
    x = normal(draw, lead[0], classes, *lead[1:])
    y = torch and torch.tensor(labels)
    reduction = draw(st.sampled_from(["none", "sum"] + ["mean"] * (name == "cross_entropy_slope")))
    counted = (labels != ignored).astype(float)
    shares = {"none": lambda g: g[:, None], "sum": lambda g: g, "mean": lambda g: g / max(counted.sum(), 1)}
    onehot = np.moveaxis(np.eye(classes)[labels], -1, 1)
    masked = lambda t: t * torch.tensor(counted)[:, None]  # noqa: E731
    pairs = {
        "cross_entropy_of_labels": (
            lambda t: M.cross_entropy(t, labels, ignore_index=ignored, reduction=reduction),
            lambda t: F.cross_entropy(t, y, ignore_index=ignored, reduction=reduction),
        ),
        "cross_entropy_slope": (
            curved(lambda t, g: OPS[name](t, labels, g, ignore_index=ignored, reduction=reduction)),
            curved(lambda t, g: masked((t.exp() - torch.tensor(onehot)) * shares[reduction](g))),
        ),
        "pick_labels": (
            curved(lambda t: OPS[name](t, labels, ignore_index=ignored)),
            curved(lambda t: t.gather(1, y[:, None])[:, 0] * torch.tensor(counted)),
        ),
        "scatter_to_labels": (
            curved(lambda t: OPS[name](t, labels, classes=classes, ignore_index=ignored)),
            curved(lambda t: masked(t[:, None] * torch.tensor(onehot))),
        ),
    }
    of_samples = normal(draw, *(lead if reduction == "none" or name == "scatter_to_labels" else ()))
    inputs = {"cross_entropy_slope": (x, of_samples), "scatter_to_labels": (of_samples,)}
    return Case(*pairs[name], inputs.get(name, (x,)))


@case("mean_square_from", "standardize", "standardize_slope")
def standardized(draw: Draw, name: str) -> Case:
    x = normal(draw, size(draw, 2, 3), size(draw, 2, 3), size(draw))
    axes = draw(st.sampled_from([(0,), (1,), (0, 1), (-2,)]))
    about = draw(st.booleans())
    mean = lambda t: t.mean(axes, keepdims=True) * about  # noqa: E731 (both libraries call it so)
    op = OPS[name]
    if name == "mean_square_from":
        return Case(lambda t: op(t, mean(t), axes=axes), lambda t: ((t - mean(t)) ** 2).mean(axes, keepdims=True), (x,))
    if name == "standardize":
        scale = lambda t: ((t - mean(t)) ** 2).mean(axes, keepdims=True) ** -0.5  # noqa: E731
        ours = lambda t: op(t, mean(t), scale(t), axes=axes, is_centered=about)  # noqa: E731
        return Case(ours, lambda t: (t - mean(t)) * scale(t), (x,))
    kept = np.mean(x, axes, keepdims=True).shape

    def theirs(g: Any, out: Any, scale: Any) -> Any:
        return scale * (g - mean(g) - out * (g * out).mean(axes, keepdims=True))

    return Case(
        lambda g, out, scale: op(g, out, scale, axes=axes, is_centered=about),
        theirs,
        (x, normal(draw, *x.shape), normal(draw, *kept)),
    )


@case("huber", "logistic_loss", "hinge")
def losses(draw: Draw, name: str) -> Case:
    x = normal(draw, *shaped(draw))
    t = np.sign(normal(draw, *x.shape)).astype(np.float32)
    limit = draw(st.floats(0.3, 2.0))
    if name == "huber":
        theirs = lambda x: F.huber_loss(x, torch.zeros_like(x), delta=limit, reduction="none")  # noqa: E731
        return Case(lambda x: OPS[name](x, delta=limit), theirs, (x,))
    if name == "hinge":
        reduction = draw(st.sampled_from(["none", "sum", "mean"] if x.size else ["none", "sum"]))
        reduced = {"none": lambda x: x, "sum": lambda x: x.sum(), "mean": lambda x: x.mean()}[reduction]
        theirs = lambda x: reduced(torch.relu(limit - torch.tensor(t) * x)) ** 2  # noqa: E731
        return Case(lambda x: OPS[name](x, t, margin=limit, reduction=reduction) ** 2, theirs, (x,))
    theirs = lambda x, t: F.binary_cross_entropy_with_logits(x, t, reduction="none")  # noqa: E731
    return Case(OPS[name], theirs, (x, np.abs(normal(draw, *x.shape)) / 2.0))


@case("scale_and_shift")
def scaled(draw: Draw, name: str) -> Case:
    shape = shaped(draw)
    factors = (tuple(n if draw(st.booleans()) else 1 for n in shape)[draw(st.integers(0, 1)) :] for _ in "wb")
    inputs = (normal(draw, *shape), *(normal(draw, *factor) for factor in factors))
    return Case(OPS[name], lambda x, w, b: x * w + b, inputs)


@case("weighed")
def weighed(draw: Draw, name: str) -> Case:
    x = normal(draw, *shaped(draw))
    weight = normal(draw, *x.shape)
    pair = (lambda t: OPS[name](t, weight.astype(t.dtype)), lambda t: t * torch.tensor(weight))
    return Case(*map(curved, pair), (x,))


# ---- without gradient: values alone ----------------------------------------------------------------------------------

CONSTANTS = {
    "all": (lambda x: M.all(x > 0.0, axis=0), lambda x: (x > 0.0).all(0)),
    "any": (lambda x: M.any(x > 0.0, axis=0), lambda x: (x > 0.0).any(0)),
    "count_nonzero": (lambda x: M.count_nonzero(x.floor(), axis=0), lambda x: x.floor().count_nonzero(0)),
    "argsort": (lambda x: M.argsort(x, axis=-1), lambda x: x.argsort(-1)),
    "argmax": (lambda x: M.argmax(x, axis=0), lambda x: x.argmax(0)),
    "argmin": (lambda x: M.argmin(x, axis=0, keepdims=True), lambda x: x.argmin(0, keepdim=True)),
    "last_knot": (
        lambda x: OPS["last_knot"](x, M.sort(x[0])),
        lambda x: (torch.searchsorted(x[0].sort().values, x, right=True) - 1).clamp(min=0),
    ),
    "detsign": (
        lambda x: M.slogdet(x @ x.T - 20.0 * np.eye(len(x))).sign,
        lambda x: torch.linalg.slogdet(x @ x.T - 20.0 * torch.eye(len(x))).sign,
    ),
    "count_labels": (lambda x: OPS["count_labels"](x.floor(), ignore_index=0), lambda x: (x.floor() != 0).sum()),
    "stop_gradient": (lambda x: M.stop_gradient(x * x), lambda x: (x * x).detach()),
}


@pytest.mark.parametrize("name", CONSTANTS)
@given(data=st.data())
def test_what_has_no_gradient_has_pytorchs_values(name: str, data: st.DataObject) -> None:
    ours, theirs = CONSTANTS[name]
    x = normal(data.draw, size(data.draw), size(data.draw))
    t = Tensor(x, requires_grad=True)
    out = ours(t)
    assert not out.requires_grad
    if torch:
        np.testing.assert_array_equal(out.numpy(), theirs(torch.tensor(x)).numpy())
    if out.dtype == float:
        (out * t.sum()).sum().backward()  # as a factor it is a constant
        np.testing.assert_allclose(t.grad, np.full_like(x, out.data.sum()))


# ---- with gradient ---------------------------------------------------------------------------------------------------


def drawn(data: st.DataObject, name: str) -> Case:
    return CASES[name](data.draw, name)


@pytest.mark.parametrize("name", sorted(CASES))
@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_agrees_with_pytorch_and_differences(agrees, name: str, data: st.DataObject) -> None:
    ours, theirs, inputs, second = drawn(data, name)
    seen = []
    with watching(lambda op, operands, params, record: seen.append(op.name) or record(op, operands, params)):
        ours(*(Tensor(x, requires_grad=True) for x in inputs))
    assert name in seen
    agrees(ours, theirs if torch else None, *inputs, second=second)
    if not second:
        agrees(ours, None, *inputs)


@pytest.mark.parametrize("name", sorted(CASES))
@settings(max_examples=5, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_negative_strides_and_float32(name: str, data: st.DataObject) -> None:
    """From views that run backwards come the same numbers; from float32 come float32, forwards and backwards."""
    ours, _, inputs, _ = drawn(data, name)
    backwards = [np.array(x[..., ::-1] if x.ndim else x, order="C")[..., ::-1] if x.ndim else x for x in inputs]
    expected = ours(*map(Tensor, inputs)).numpy()
    np.testing.assert_allclose(ours(*backwards), expected, rtol=1e-13, atol=1e-13)
    tensors = [Tensor(x.astype(np.float32), requires_grad=True) for x in inputs]
    out = ours(*tensors)
    if name == "astype":
        return
    assert out.dtype == np.float32
    np.testing.assert_allclose(out.numpy(), expected, rtol=1e-3, atol=1e-3)
    (out * out).sum().backward()
    assert all(t.grad is None or t.grad.dtype == np.float32 for t in tensors)


def test_the_list_of_primitives_without_a_test_is_empty() -> None:
    assert set(PRIMITIVES) - set(CASES) - set(CONSTANTS) == set()
    assert (set(CASES) | set(CONSTANTS)) - set(PRIMITIVES) == set()
    assert {name for name in CONSTANTS if PRIMITIVES[name].is_differentiable} == set()
    assert {name for name in CASES if not PRIMITIVES[name].is_differentiable} == set()
