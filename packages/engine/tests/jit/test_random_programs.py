"""Random scalar programs, with everything that makes lifting hard: compiled and eager must agree."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

np = pytest.importorskip("numpy")

from micrograd.engine import Tensor, Value, jit, maximum, where  # noqa: E402

# 300 programs in the tests; 10,000 in `nox -s search`, whose profile is larger.
MANY = 10 * settings.default.max_examples

UNARY = {
    "tanh": lambda x: x.tanh(),
    "relu": lambda x: x.relu(),
    "neg": lambda x: -x,
    "square": lambda x: x * x,
    "sigmoid": lambda x: x.sigmoid(),
    "cube": lambda x: x**3,
    "exp": lambda x: (0.1 * x).exp(),
    "sin": lambda x: x.sin(),
    "log": lambda x: x.log(),
}
BINARY = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / (y * y + 1.0),
    "maximum": maximum,
    "where": lambda x, y: where(0.0, x, y * 2.0),
    "compared": lambda x, y: where(x < y, x * 2.0, y),
}
numbers = st.floats(-2.0, 2.0, allow_nan=False).map(lambda x: round(x, 3))


@st.composite
def programs(draw):
    """Steps of a program over rows of inputs: what to compute, from which of the earlier results."""
    inputs, parameters = draw(st.integers(1, 3)), draw(st.integers(1, 6))
    steps = []
    available = inputs + parameters
    for _ in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(["unary", "binary", "constant", "sum", "dot"]))
        pick = st.integers(0, available - 1)
        if kind == "unary":
            steps.append((kind, draw(st.sampled_from(sorted(UNARY))), draw(pick)))
        elif kind == "binary":
            steps.append((kind, draw(st.sampled_from(sorted(BINARY))), draw(pick), draw(pick)))
        elif kind == "constant":
            steps.append((kind, draw(numbers), draw(pick)))
        elif kind == "sum":
            steps.append((kind, draw(st.lists(pick, min_size=2, max_size=6))))
        else:
            steps.append((kind, draw(st.lists(st.tuples(pick, pick), min_size=2, max_size=6))))
        available += 1
    rows = draw(st.integers(1, 5))
    ragged = draw(st.booleans())
    return inputs, parameters, steps, rows, ragged


def run_row(steps, values, length):
    values = list(values)
    for step in steps:
        if step[0] == "unary":
            values.append(UNARY[step[1]](values[step[2]]))
        elif step[0] == "binary":
            values.append(BINARY[step[1]](values[step[2]], values[step[3]]))
        elif step[0] == "constant":
            values.append(values[step[2]] * step[1])
        elif step[0] == "sum":
            values.append(sum(values[i] for i in step[1][:length]))
        else:
            values.append(sum(values[i] * values[j] for i, j in step[1][:length]))
    return values[-1]


def build(program):
    inputs, parameters, steps, rows, ragged = program
    w = [Value(math.sin(1.0 + k)) for k in range(parameters)]
    X = np.cos(np.arange(rows * inputs, dtype=float)).reshape(rows, inputs)

    def f(X):
        outs = [run_row(steps, [*map(Value, row), *w], 2 + (n % 3 if ragged else 9)) for n, row in enumerate(X)]
        return [sum(outs) * 0.5, outs[0]]

    return f, w, X


def gradients(f, w, X):
    for p in w:
        p.grad = 0.0
    total, first = f(X)
    (total + 3.0 * first).backward()
    return [total.data, first.data, *(p.grad for p in w)]


def check(program, backend):
    f, w, X = build(program)
    expected = gradients(f, w, X)
    compiled = jit(f, backend=backend)
    for _ in range(2):
        found = gradients(compiled, w, X)
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
    w[0].data += 0.25
    np.testing.assert_allclose(gradients(compiled, w, X * 0.5), gradients(f, w, X * 0.5), rtol=1e-11, atol=1e-12)


@settings(max_examples=MANY)
@given(programs())
def test_numpy_agrees_with_eager(program):
    check(program, "numpy")


@pytest.mark.slow
@settings(max_examples=MANY // 2)
@given(programs())
def test_numba_agrees_with_eager(program):
    pytest.importorskip("llvmlite")
    check(program, "numba")


@settings(max_examples=MANY)
@given(programs())
def test_python_agrees_with_eager(program):
    check(program, "python")


# ---- arrays ----------------------------------------------------------------------------------------------------------

ARRAY_STEPS = {
    "tanh": lambda x, W: x.tanh(),
    "matmul": lambda x, W: x @ W,
    "relu": lambda x, W: x.relu() + 0.1 * x,
    "softmax": lambda x, W: x.softmax(axis=-1),
    "centred": lambda x, W: x - x.mean(axis=0, keepdims=True),
    "row": lambda x, W: x * W[0],
    "transposed": lambda x, W: (x.T * 2.0).T,
    "gate": lambda x, W: where(x > 0.1, x * x, x.sigmoid()),
    "cumsum": lambda x, W: x.cumsum(axis=1),
    "largest": lambda x, W: x / (1.0 + x.max(axis=1, keepdims=True) ** 2),
    "sorted": lambda x, W: x + x.sort(axis=1),
}


@settings(max_examples=MANY)
@given(st.lists(st.sampled_from(sorted(ARRAY_STEPS)), min_size=1, max_size=6), st.integers(1, 4), st.integers(1, 3))
def test_arrays_agree_with_eager(steps, rows, width):
    rng = np.random.default_rng(rows + 10 * width)
    W = Tensor(rng.normal(size=(width, width)), requires_grad=True)
    b = Value(0.3)

    def f(x):
        for step in steps:
            x = ARRAY_STEPS[step](x, W)
        return (x * x + b).mean(), x

    compiled = jit(f, backend="numpy")
    for _ in range(2):
        x = Tensor(rng.normal(size=(rows, width)), requires_grad=True)
        found = []
        for g in (f, compiled):
            W.grad, x.grad, b.grad = None, None, 0.0
            total, out = g(x)
            (total + 0.5 * out.sum()).backward()
            zeros = np.zeros_like(W.data)
            found.append([total.numpy(), out.numpy(), zeros if W.grad is None else W.grad, x.grad, b.grad])
        for eager, ours in zip(*found, strict=True):
            np.testing.assert_allclose(ours, eager, rtol=1e-11, atol=1e-13)


IN_LOOPS = sorted({"centred", "gate", "matmul", "relu", "tanh", "transposed"} | {"log_softmax", "squares"})
LOOP_STEPS = {
    **ARRAY_STEPS,
    "log_softmax": lambda x, W: x.log_softmax(axis=1),
    "squares": lambda x, W: 0.1 * (x * x).mean(axis=1, keepdims=True) - x,
}


@settings(max_examples=MANY // 2)
@given(
    st.lists(st.sampled_from(IN_LOOPS), min_size=1, max_size=4),
    st.sampled_from([(1, 1), (3, 2), (5, 4), (40, 30)]),
    st.sampled_from([np.float64, np.float32]),
)
def test_loops_agree_with_eager_in_both_precisions(steps, shape, dtype):
    pytest.importorskip("llvmlite")
    rng = np.random.default_rng(shape)
    W = Tensor(rng.normal(size=(shape[1], shape[1])) / shape[1], requires_grad=True, dtype=dtype)

    def f(x):
        for step in steps:
            x = LOOP_STEPS[step](x, W)
        return (x * x).mean(), x

    compiled = jit(f, backend="numba")
    rtol, atol = (1e-9, 1e-12) if dtype is np.float64 else (1e-3, 1e-3)
    for _ in range(2):
        x = Tensor(rng.normal(size=shape), requires_grad=True, dtype=dtype)
        found = []
        for g in (f, compiled):
            W.grad, x.grad = None, None
            total, out = g(x)
            (total + 0.5 * out.sum()).backward()
            found.append([total.data, out.data, np.zeros_like(W.data) if W.grad is None else W.grad, x.grad])
        for eager, ours in zip(*found, strict=True):
            assert ours.dtype == eager.dtype == dtype
            scale = max(1.0, float(np.abs(eager).max()))
            np.testing.assert_allclose(ours / scale, eager / scale, rtol=rtol, atol=atol)
