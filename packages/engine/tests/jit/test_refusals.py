"""What doesn't fit inside jit, told as without; and what a stand-in is asked for that it has not yet."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import MicrogradError, ProgramError, Tensor, TracingError, grad, jit, vmap  # noqa: E402
from micrograd.engine.arrays import functions as M  # noqa: E402, N812

X = np.arange(6.0).reshape(3, 2)

MISFITS = {
    "sum": lambda x: M.sum(x, axis=5),
    "sum twice": lambda x: M.sum(x, axis=(0, 0)),
    "softmax": lambda x: M.softmax(x, axis=2),
    "cumsum": lambda x: M.cumsum(x, axis=3),
    "flip": lambda x: M.flip(x, axis=9),
    "reshape": lambda x: M.reshape(x, (5,)),
    "broadcast_to": lambda x: M.broadcast_to(x, (2,)),
    "getitem": lambda x: x[5],
    "getitem float": lambda x: x[1.5],
    "take": lambda x: M.take(x, np.array([9])),
    "take_along_axis": lambda x: M.take_along_axis(x, np.array([1]), axis=0),
    "add": lambda x: x + np.ones(5),
    "matmul": lambda x: x @ x,
    "where": lambda x: M.where(x > 2.0, x, np.ones(5)),
    "concatenate": lambda x: M.concatenate([x, x[0]]),
    "stack": lambda x: M.stack([x, x[0]]),
    "det": lambda x: M.det(x),
    "max": lambda x: M.max(x[:0], axis=0),
}


@pytest.mark.parametrize("name", MISFITS)
@pytest.mark.parametrize("kind", [np.array, Tensor])
def test_what_does_not_fit_is_told_as_without_jit(name: str, kind) -> None:
    with pytest.raises(MicrogradError) as without:
        MISFITS[name](Tensor(X))
    with pytest.raises(type(without.value)) as within:
        jit(MISFITS[name])(kind(X))
    assert str(within.value) == str(without.value)


def test_a_product_that_does_not_fit_says_what_to_write() -> None:
    with pytest.raises(MicrogradError, match=r"matmul\(\) of shapes \(3, 2\), \(3, 2\).*x @ y\.T"):
        Tensor(X) @ X


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda x: x.sum().backward(), r"jit\(loss\)\(x\)\.backward\(\)"),
        (lambda x: x.grad, r"the gradient of a traced value.*grad\(loss\)\(x\), or outside"),
        (lambda x: f"{x.sum():.2f}", r"float\(\) of a traced value.*instead of math.exp"),
        (lambda x: x.sum().item() * x, r"item\(\) of a traced value.*x \* 2.0 instead of x.item\(\) \* 2.0"),
        (lambda x: x.sum().numpy() * x, r"numpy\(\) of a traced value.*Compute with it as it is"),
    ],
)
def test_what_a_stand_in_has_not_yet(ask, message: str) -> None:
    for kind in (np.array, Tensor):
        with pytest.raises(TracingError, match=message):
            jit(ask)(kind(X))


@pytest.mark.parametrize("backend", ["numpy", "python"])
def test_no_array_of_stand_ins_is_returned(backend: str) -> None:
    with pytest.raises(TracingError, match=r"array of objects.*jit\(f\)\(np\.array\(2\.0\)\).*array\.tolist\(\)"):
        jit(lambda x: [x * X], backend=backend)(2.0)
    assert jit(lambda x: (x * X).tolist(), backend=backend)(2.0) == (2.0 * X).tolist()


def test_integers_and_booleans_have_no_gradient() -> None:
    t = Tensor(X, requires_grad=True)
    places, relation, doubled = jit(lambda x: (M.argmax(x, axis=0), x > 2.0, x * 2.0))(t)
    assert (places.requires_grad, relation.requires_grad, doubled.requires_grad) == (False, False, True)


def test_the_place_of_the_largest_in_a_whole_row() -> None:
    rows = np.stack([X, -X])
    for f in (M.argmax, M.argmin):
        expected = np.stack([f(row, keepdims=True) for row in rows])
        for run in (vmap(lambda x, f=f: f(x, keepdims=True)), jit(vmap(lambda x, f=f: f(x, keepdims=True)))):
            np.testing.assert_array_equal(run(rows), expected)
        np.testing.assert_array_equal(vmap(lambda x, f=f: f(x))(rows), [f(row) for row in rows])
        np.testing.assert_array_equal(vmap(lambda x, f=f: f(x, axis=-1))(rows), [f(row, axis=-1) for row in rows])


def test_what_has_no_loops_names_the_back_end_that_runs_it() -> None:
    pytest.importorskip("llvmlite")
    square = X.T @ X
    with pytest.raises(ProgramError, match=r'no loop for inv\(\)\. Write backend="numpy", or "auto"'):
        grad(jit(lambda x: M.inv(x).sum(), backend="numba"))(square)
    jit(lambda x: M.inv(x).sum(), backend="auto")(square)
