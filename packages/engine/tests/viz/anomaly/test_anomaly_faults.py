"""Planted faults: each is found at its line, the one that ends in `# bad`, while it runs and in the recorded graph."""

from __future__ import annotations

import inspect

import pytest

from micrograd.engine import AnomalyError, Value, detect_anomaly, exp, grad, hessian, log, where
from micrograd.engine.viz import Finding, find_bad, keep_sources

np = pytest.importorskip("numpy")

from micrograd.engine import (  # noqa: E402
    Tensor,
    cross_entropy,
    jit,
    log_softmax,
    logsumexp,
    matmul,
    no_grad,
    softmax,
    stack,
    vmap,
)
from micrograd.engine.arrays import functions  # noqa: E402

FAULTS = []


def fault(phase, op, kind, words):
    """A function with a fault: where, in which operation, what comes out, and what the explanation mentions."""

    def plant(function):
        FAULTS.append(pytest.param(function, phase, op, kind, words, id=function.__name__))
        return function

    return plant


def leaf(*numbers):
    return Tensor(numbers, requires_grad=True)


# ---- Values, forward -------------------------------------------------------------------------------------------------


@fault("forward", "log", "inf", "logarithm of 0")
def value_log_of_zero():
    p = Value(0.0)
    loss = -p.log()  # bad
    return loss * 2.0


@fault("forward", "log", "nan", "negative number")
def value_log_of_a_negative_number():
    p = Value(1.0) - 3.0
    return log(p) + 1.0  # bad


@fault("forward", "sqrt", "nan", "below 0 by rounding")
def value_root_of_a_variance_below_zero():
    xs = [Value(0.1), Value(0.1), Value(0.1)]
    mean = sum(xs) / 3.0
    variance = sum(x * x for x in xs) / 3.0 - mean * mean - 1e-15
    return variance.sqrt() + 1.0  # bad


@fault("forward", "div", "nan", "0/0")
def value_normalisation_of_zeros():
    xs = [Value(0.0), Value(0.0)]
    norm = (xs[0] ** 2 + xs[1] ** 2).sqrt()
    unit = [x / norm for x in xs]  # bad
    return unit[0] + unit[1]


@fault("forward", "div", "inf", "division by 0")
def value_division_by_zero():
    x, y = Value(2.0), Value(3.0)
    ratio = x / (y - 3.0)  # bad
    return ratio.tanh()


@fault("forward", "exp", "inf", "709")
def value_overflow_in_exp():
    scores = [Value(1.0), Value(800.0)]
    grown = [score.exp() for score in scores]  # bad
    return grown[0] / sum(grown)


@fault("forward", "pow", "nan", "fractional power")
def value_cube_root_of_a_negative_number():
    x = Value(-8.0)
    return x ** (1 / 3)  # bad


@fault("forward", "pow", "inf", "negative power")
def value_negative_power_of_zero():
    x = Value(3.0) * 0.0
    y = x**-2  # bad
    return y + 1.0


@fault("forward", "mul", "inf", "too large")
def value_overflow_in_a_product():
    x = Value(1e200)
    y = x * x  # bad
    return y + 1.0


@fault("forward", "arccos", "nan", "from -1 to 1")
def value_angle_beyond_one():
    cosine = Value(1.0) + 1e-9
    return cosine.arccos() * 2.0  # bad


# ---- Values, backward only -------------------------------------------------------------------------------------------


@fault("backward", "sqrt", "inf", "slope of a root at 0")
def value_slope_of_a_root_at_zero():
    x = Value(0.0)
    distance = (x * x).sqrt()  # bad
    return distance + 1.0


@fault("backward", "sqrt", "nan", "both branches are differentiated")
def value_where_around_a_root():
    x = Value(0.0)
    safe = where(x > 0, x.sqrt(), 0.0)  # bad
    return safe * 3.0


@fault("backward", "pow", "inf", "x**p at 0")
def value_slope_of_a_power_at_zero():
    x = Value(0.0)
    return x**0.5 + 1.0  # bad


@fault("backward", "odd", "nan", "written by hand")
def value_wrong_backward_by_hand():
    x = Value(2.0)
    out = Value(x.data**2, (x,), "odd")  # bad

    def _backward():
        x.grad += float("nan")

    out._backward = _backward
    return out * 1.0


# ---- Tensors, forward ------------------------------------------------------------------------------------------------


@fault("forward", "log", "inf", "log_softmax")
def tensor_log_of_softmax():
    logits = leaf(1000.0, 0.0, 3.0)
    p = softmax(logits)
    return -(p.log()).sum()  # bad


@fault("forward", "exp", "inf", "logsumexp")
def tensor_softmax_by_hand():
    logits = Tensor([[1.0, 2.0], [900.0, 3.0]], requires_grad=True)
    grown = logits.exp()  # bad
    return (grown / grown.sum(axis=1, keepdims=True)).sum()


@fault("forward", "div", "nan", "0/0")
def tensor_normalisation_of_a_row_of_zeros():
    x = Tensor([[3.0, 4.0], [0.0, 0.0]], requires_grad=True)
    norm = (x * x).sum(axis=1, keepdims=True)
    return (x / norm).sum()  # bad


@fault("forward", "mul", "nan", "0 x inf")
def tensor_mask_times_infinity():
    x = Tensor([1.0, np.inf])
    mask = leaf(1.0, 0.0)
    return (x * mask).sum()  # bad


@fault("forward", "sub", "nan", "inf - inf")
def tensor_infinity_minus_infinity():
    x = leaf(1.0, 2.0) + Tensor([0.0, np.inf])
    return (x - x).sum()  # bad


@fault("forward", "softmax", "nan", "masked")
def tensor_softmax_of_a_row_that_is_masked():
    scores = leaf(1.0, 2.0)
    masked = where(np.array([False, False]), scores, -np.inf)
    return softmax(masked).sum()  # bad


@fault("forward", "matmul", "inf", "too large")
def tensor_overflow_in_a_product():
    x = Tensor(np.full((2, 2), 1e200), requires_grad=True)
    return matmul(x, x).sum()  # bad


@fault("forward", "exp", "inf", "88.7")
def tensor_overflow_in_float32():
    x = Tensor(np.array([1.0, 100.0], dtype=np.float32), requires_grad=True)
    return x.exp().sum()  # bad


@fault("forward", "std", "nan", "single number")
def tensor_spread_of_a_single_number():
    x = Tensor([[1.0], [2.0]], requires_grad=True)
    return (x - x.std(axis=1, correction=1)).sum()  # bad


@fault("forward", "mul", "nan", "came with the data")
def tensor_nan_in_the_data():
    X = Tensor([[1.0, 2.0], [np.nan, 3.0]])
    w = leaf(0.5, 0.5)
    return (X * w).sum()  # bad


@fault("forward", "log", "nan", "negative number")
def tensor_nan_without_a_gradient():
    x = leaf(1.0, -2.0)
    with no_grad():
        x.log()  # bad
    return x.sum()


# ---- Tensors, backward only ------------------------------------------------------------------------------------------


@fault("backward", "sqrt", "nan", "both branches are differentiated")
def tensor_where_around_a_root():
    x = leaf(0.0, 4.0)
    y = where(x > 0, x.sqrt(), 0.0)  # bad
    return y.sum()


@fault("backward", "arcsin", "inf", "end of its domain")
def tensor_slope_at_the_end_of_a_domain():
    x = leaf(0.0, 1.0)
    angles = x.arcsin()  # bad
    return angles.sum()


@fault("backward", "div", "inf", "so small")
def tensor_slope_of_a_small_divisor():
    y = leaf(1e-160)
    return (1e-5 / y).sum()  # bad


@fault("backward", "pow", "inf", "x**p at 0")
def tensor_slope_of_a_root_in_a_norm():
    x = leaf(0.0, 0.0)
    norm = ((x * x).sum()) ** 0.5  # bad
    return norm * 2.0


@fault("backward", "mul", "inf", "too large")
def tensor_overflow_on_the_way_back():
    x = leaf(1e-200)
    y = x * 1e200  # bad
    return (y * 1e-100).sum() * 1e250


# ---- inside a module, vmap, transforms -------------------------------------------------------------------------------


class Normalised:
    """A layer as users write them."""

    def __init__(self):
        self.weight = Tensor([[1.0, -1.0], [1.0, -1.0]], requires_grad=True)

    def __call__(self, x):
        hidden = matmul(x, self.weight)
        return hidden / hidden.sum(axis=1, keepdims=True)  # bad


@fault("forward", "div", "inf", "division by 0")
def module_of_tensors():
    return Normalised()(Tensor([[1.0, 2.0]])).sum()


class Ratio:
    """A neuron as users write them."""

    def __init__(self):
        self.w = Value(2.0)

    def __call__(self, x):
        return x / (self.w * x - 2.0)  # bad


@fault("forward", "div", "inf", "division by 0")
def module_of_values():
    return Ratio()(Value(1.0)) * 2.0


@fault("forward", "log", "nan", "negative number")
def inside_vmap():
    def row(x):
        centred = x - 1.5
        return centred.log().sum()  # bad

    return vmap(row)(Tensor([[2.0, 3.0], [1.0, 4.0]], requires_grad=True)).sum()


@fault("backward", "sqrt", "inf", "slope of a root at 0")
def inside_vmap_backward():
    def row(x):
        return (x * x).sum().sqrt()  # bad

    return vmap(row)(Tensor([[3.0, 4.0], [0.0, 0.0]], requires_grad=True)).sum()


@fault("forward", "exp", "inf", "709")
def inside_a_row_that_runs_by_itself():
    def row(x):
        return exp(x * 1000.0)  # bad

    return stack([row(x) for x in leaf(0.5, 1.0)]).sum()


@fault("forward", "log", "inf", "logarithm of 0")
def inside_jit_of_values():
    w = Value(0.0)

    @jit(backend="numpy")
    def loss(x):
        p = w * x
        return -p.log()  # bad

    return loss(2.0)


@fault("backward", "sqrt", "inf", "slope of a root at 0")
def inside_jit_backward():
    w = Tensor([0.0, 1.0], requires_grad=True)

    @jit
    def loss(x):
        return ((w * x).abs().sqrt()).sum()  # bad

    return loss(np.array([2.0, 3.0]))


def _line_marked(function):
    lines, first = inspect.getsourcelines(function)
    return next(first + k for k, line in enumerate(lines) if line.rstrip().endswith("# bad"))


def _place(function):
    inside = {"module_of_tensors": Normalised.__call__, "module_of_values": Ratio.__call__}
    return _line_marked(inside.get(function.__name__, function))


@pytest.mark.parametrize(("function", "phase", "op", "kind", "words"), FAULTS)
def test_a_fault_stops_at_its_line(function, phase, op, kind, words):
    with pytest.raises(AnomalyError) as caught, detect_anomaly():
        function().backward()
    finding = caught.value.finding
    line = _place(function)
    assert (finding.phase, finding.operation.partition("(")[0], finding.kind) == (phase, op, kind)
    assert words in str(finding)
    assert (finding.source.file, finding.source.line) == (__file__, line)
    assert f"line {line}" in str(caught.value)


@pytest.mark.parametrize(("function", "phase", "op", "kind", "words"), FAULTS)
def test_a_fault_is_found_in_the_graph(function, phase, op, kind, words):
    with keep_sources():
        loss = function()
    before = [node.grad for node in loss.inputs]
    finding = find_bad(loss)
    if function is tensor_nan_without_a_gradient:
        assert finding is None  # no graph holds it
        return
    if function in (inside_jit_of_values, inside_jit_backward):
        assert finding.operation.startswith("jit(")  # its operations were never recorded
        return
    assert isinstance(finding, Finding)
    assert (finding.phase, finding.operation.partition("(")[0], finding.kind) == (phase, op, kind)
    assert finding.source.line == _place(function)
    assert finding.path
    assert [node.grad for node in loss.inputs] == before


@pytest.mark.parametrize(("function", "phase", "op", "kind", "words"), FAULTS)
def test_without_sources_the_operation_is_named_all_the_same(function, phase, op, kind, words):
    loss = function()
    finding = find_bad(loss)
    assert finding is None or (finding.source is None and "keep_sources()" in str(finding))


def test_there_are_thirty_of_them():
    phases = [phase for _, phase, *_ in (fault.values for fault in FAULTS)]
    assert len(FAULTS) >= 30
    assert phases.count("backward") >= 10


@pytest.mark.parametrize("transform", [grad, hessian])
def test_transforms_stop_at_the_line_of_the_function(transform):
    def f(x):
        y = x**1.5
        return (y - y).sqrt()  # bad

    with pytest.raises(AnomalyError) as caught, detect_anomaly():
        transform(f)(2.0)
    assert caught.value.finding.source.line == _line_marked(f)


def test_a_second_order_fault_is_that_of_the_rule_s_node():
    x = Value(0.0)
    with detect_anomaly():
        (x**1.5).backward(create_graph=True)  # in the first order 0, in the second inf
        with pytest.raises(AnomalyError) as caught:
            x.grad.backward()
    assert caught.value.finding.phase == "backward"
    assert caught.value.finding.operation.startswith("pow")


def test_a_classifier_that_is_sound_passes():
    rng = np.random.default_rng(0)
    weight = Tensor(rng.normal(size=(3, 4)), requires_grad=True)
    with detect_anomaly():
        loss = cross_entropy(matmul(Tensor(rng.normal(size=(5, 3))), weight), np.array([0, 1, 2, 3, 0]))
        loss.backward()
        assert logsumexp(weight * 1000.0).item() > 0
        assert np.isfinite(log_softmax(weight * 1000.0).data).all()
    assert functions.isfinite(weight.grad).all()
