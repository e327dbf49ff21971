"""Arguments: NumPy's names and order, and what is said of those that don't fit."""

from __future__ import annotations

import inspect

import pytest

np = pytest.importorskip("numpy")

from micrograd import engine  # noqa: E402
from micrograd.engine.arrays import functions as M  # noqa: E402, N812
from micrograd.engine.errors import (  # noqa: E402
    MicrogradError,
    MicrogradTypeError,
    MicrogradValueError,
)
from micrograd.engine.ops.op import Op  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402

try:
    import torch
except ImportError:
    torch = None

RNG = np.random.default_rng(0)
SQUARE, TALL, CUBE = RNG.normal(size=(3, 3)), RNG.normal(size=(4, 3)), RNG.normal(size=(2, 3, 4))
HOLED = np.array([[1.0, np.nan, 3.0], [np.nan, 5.0, 6.0]])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: M.add(t), r"add\(\) is missing y. It is called as add\(x, y\)"),
        (lambda t: M.add(t, t, t), r"add\(\) was given 3 arguments"),
        (lambda t: M.add(t, t, other=t), r"add\(\) was given 'other' twice"),
        (lambda t: M.sum(t, first=3.0), r"sum\(\) has no argument 'first'. It is called as sum\(x, axis=None, dtype"),
        (lambda t: t.sum(along=0), r"sum\(\) has no argument 'along'"),
        (lambda t: engine.clamp_min(t, 0.0, min=1.0), r"clamp_min\(\) was given 'min' twice"),
        (lambda t: engine.exp(), r"exp\(\) is missing x"),
        (lambda t: t.median(along=0), r"median\(\) has no argument 'along'. It is called as median\(x"),
        (lambda t: t.median(axis=0, dim=0), r"median\(\) was given 'dim' twice"),
        (lambda t: t.ptp(out=np.zeros(())), r"ptp\(\) has no argument 'out'"),
        (lambda t: np.dot(t, t.T, out=np.zeros((4, 4))), "Use the result"),
    ],
)
def test_arguments_that_do_not_fit_are_refused_with_the_signature(call, message: str) -> None:
    with pytest.raises(MicrogradTypeError, match=message):
        call(Tensor(TALL, requires_grad=True))


FUNCTIONS = {name for name in {*M.__all__, *engine.__all__, "vmap"} if not isinstance(getattr(engine, name), type)}


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_says_how_it_is_called(name: str) -> None:
    function, t = getattr(engine, name), Tensor(TALL)
    parameters = inspect.signature(function).parameters.values()
    misuses = [((t,), {"nonsense": 1})]
    if all(p.kind is not p.VAR_POSITIONAL for p in parameters):
        misuses.append(((t,) * 20, {}))
        misuses += [((), {})] * any(p.default is p.empty for p in parameters)
    for args, kwargs in misuses:
        with pytest.raises(MicrogradTypeError, match=rf"{function.__name__}\(\) .* called as {function.__name__}\("):
            function(*args, **kwargs)


def test_an_error_within_a_function_is_not_taken_for_a_call_that_does_not_fit() -> None:
    def broken(x):
        return len(x.sum().item())

    with pytest.raises(TypeError, match="has no len") as raised:
        engine.grad(broken)(Tensor(TALL))
    assert not isinstance(raised.value, MicrogradTypeError)


def test_every_function_of_an_array_is_a_method() -> None:
    """What isn't one takes several arrays alike, or weights that a layer holds, or makes an array of something else."""
    no_methods = {
        "adaptive_avg_pool1d", "adaptive_avg_pool2d", "append", "atleast_1d", "atleast_2d", "atleast_3d", "avg_pool1d",
        "avg_pool2d", "batch_norm", "batch_norm_training", "binary_cross_entropy_with_logits", "block",
        "broadcast_arrays", "cdist", "column_stack", "concatenate", "conv1d", "conv2d", "conv_transpose1d",
        "conv_transpose2d", "convolve", "correlate", "cosine_similarity", "cross_entropy", "dropout", "dstack",
        "einsum", "embedding", "fold", "gaussian", "gaussian_nll_loss", "gelu_slope", "getitem", "group_norm",
        "hinge_loss", "hstack", "huber_loss", "identity", "interp", "kl_div", "l1_loss", "layer_norm", "linear",
        "matrix_norm", "matrix_transpose", "max_pool1d", "max_pool2d", "meshgrid", "mse_loss", "multi_dot",
        "multi_margin_loss", "multilabel_margin_loss", "multilabel_soft_margin_loss", "nll_loss", "one_hot", "pad",
        "pairwise_distance", "poisson_nll_loss", "rms_norm", "scaled_dot_product_attention", "select", "smooth_l1_loss",
        "stack", "stop_gradient", "triplet_margin_loss", "unfold", "vector_norm", "vstack",
    }  # fmt: skip
    assert {name for name in M.__all__ if not hasattr(Tensor, name)} == no_methods


@pytest.mark.parametrize(
    "call",
    [
        lambda: M.matrix_transpose(np.ones(3)),
        lambda: M.matrix_power(np.ones((2, 3)), 2),
        lambda: M.matrix_power(SQUARE, 0.5),
        lambda: M.multi_dot([SQUARE]),
        lambda: M.multi_dot([SQUARE, SQUARE[0], SQUARE]),
        lambda: M.multi_dot([Tensor(np.ones((2, 1))), np.ones((3, 2))]),
        lambda: M.average(Tensor(TALL), weights=np.ones(2)),
        lambda: M.average(Tensor(TALL), axis=0, weights=np.ones(3)),
        lambda: M.diff(Tensor(TALL), n=-1),
        lambda: M.diff(Tensor(1.0)),
        lambda: M.chunk(Tensor(TALL), 0),
        lambda: M.hsplit(Tensor(1.0), 1),
        lambda: M.vsplit(Tensor(TALL[0]), 1),
        lambda: M.dsplit(Tensor(TALL), 1),
        lambda: M.masked_fill(Tensor(TALL), TALL, 0.0),
        lambda: M.gather(Tensor(TALL), 0, np.array([[7, 0, 0]])),
        lambda: M.unstack(Tensor(TALL), 5),
        lambda: M.topk(Tensor(TALL), 4),
        lambda: M.cdist(Tensor(TALL), SQUARE[:, :2]),
        lambda: M.unflatten(Tensor(TALL), 0, (3, -1)),
        lambda: M.quantile(Tensor(TALL), 30),
        lambda: M.quantile(Tensor(TALL), 0.3, method="typical"),
        lambda: Tensor(TALL).expand(2, 2),
        lambda: M.eigh(Tensor(SQUARE), "lower"),
        lambda: M.eigvalsh(Tensor(SQUARE), UPLO="lower"),
        lambda: M.cov(Tensor(TALL), fweights=[1.5, 1.0, 1.0]),
        lambda: M.cov(Tensor(TALL), fweights=[-1, 1, 1]),
        lambda: M.cov(Tensor(TALL), aweights=Tensor([-1.0, 1.0, 1.0])),
        lambda: M.column_stack(1.0),
        lambda: M.nanmean(Tensor(HOLED), dtype=bool),
        lambda: M.nanvar(Tensor(HOLED), dtype=int),
    ],
)
def test_what_makes_no_sense_is_refused(call) -> None:
    with pytest.raises(MicrogradError):
        call()


def test_primitives_know_the_names_of_their_operands() -> None:
    assert isinstance(engine.where, Op)
    assert engine.where.operand_names == ("condition", "x", "y")
    assert M.concatenate([TALL, TALL]).shape == (8, 3)
    with pytest.raises(MicrogradValueError):
        M.concatenate([])


# What NumPy has beyond, and why: docs/how-to/from-numpy.md.
MISSING = {
    "casting", "copy", "descending", "device", "kwargs", "like",
    "order", "overwrite_input", "rtol", "subok",
}  # fmt: skip
OTHERWISE = {"einsum", "identity", "matrix_norm", "vector_norm"}  # by name alone in NumPy, or another function
OURS = {"dim", "top", "constant_values", "end_values", "stat_length", "reflect_type"}


def of_numpy(name: str):
    """NumPy's function of a name, if it has one with settings."""
    function = getattr(np, name, None) or getattr(np.linalg, name, None)
    return None if isinstance(function, np.ufunc) or name in OTHERWISE else function


@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.4.0", reason="NumPy before 2.4 has other arguments")
@pytest.mark.parametrize("name", sorted(filter(of_numpy, M.__all__)))
def test_arguments_are_numpys_in_its_order(name: str) -> None:
    """But for the names of the operands, which NumPy itself has many for."""
    mine, theirs = (list(inspect.signature(f).parameters)[1:] for f in (getattr(M, name), of_numpy(name)))
    theirs = [argument for argument in theirs if argument not in MISSING or argument in mine]
    mine = [argument for argument in mine if argument not in OURS]
    assert [a for a in mine if a not in ("out", "y", "b")] == [a for a in theirs if a not in ("out", "y", "b")]
