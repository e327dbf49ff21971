"""`check_gradients` of Tensors and arrays: what it passes, what it finds, what it names, what it refuses."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy")

from micrograd import engine  # noqa: E402
from micrograd.engine.arrays import functions as F  # noqa: E402, N812
from micrograd.engine.checking import check_gradients  # noqa: E402
from micrograd.engine.errors import GradientMismatch, MicrogradTypeError, MicrogradValueError  # noqa: E402
from micrograd.engine.ops.op import Op  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402

RNG = np.random.default_rng(0)


SMOOTH = {
    "a layer": (lambda x, w, b: (x @ w + b).tanh(), (2, 3), (3, 4), (4,)),
    "softmax": (lambda x: F.softmax(x, axis=-1), (2, 3)),
    "layer_norm": (lambda x, w: F.layer_norm(x, (4,), weight=w), (3, 4), (4,)),
    "conv2d": (lambda x, w: F.conv2d(x, w, padding=1), (1, 2, 4, 4), (3, 2, 3, 3)),
    "linear system": (lambda a, b: F.solve(a @ a.T + 2.0 * np.eye(3), b), (3, 3), (3,)),
    "determinant": (lambda a: F.det(a), (3, 3)),
    "prod with zeros": (lambda x: (x * np.array([0.0, 1.0, 0.0])).prod(), (3,)),
    "a number": (lambda x: x.exp(), ()),
    "nothing": (lambda x, y: x.sum() * y, (0, 3), (2,)),
}


@pytest.mark.parametrize("name", SMOOTH)
def test_smooth_functions_pass_at_both_orders_in_both_modes(name: str) -> None:
    f, *shapes = SMOOTH[name]
    inputs = [Tensor(RNG.normal(size=shape), requires_grad=True) for shape in shapes]
    report = check_gradients(f, *inputs, order=2, modes=("reverse", "forward"))
    assert report.passed
    assert not report.kinks
    assert len(report.entries) == len(report.second_order) == sum(x.size for x in inputs)
    assert report.worst.excess < 0.5


def test_structures_of_arrays_and_their_names() -> None:
    def f(params, x, labels, scale):
        return F.cross_entropy(x @ params["w"] + params["b"][0], labels) * scale

    params = {"w": RNG.normal(size=(2, 3)), "b": [Tensor(np.zeros(3), label="bias")]}
    report = check_gradients(f, params, Tensor(RNG.normal(size=(2, 2))), np.array([0, 2]), 2.0)
    names = [entry.name for entry in report.entries]
    assert names[:2] == ["params['w'][0, 0]", "params['w'][0, 1]"]
    assert "bias[2]" in names
    assert names[-1] == "scale"
    assert len(names) == 6 + 3 + 4 + 1  # the labels are no real numbers


def test_a_model_that_reaches_its_parameters_itself() -> None:
    w = Tensor(RNG.normal(size=(3,)), requires_grad=True, label="w")
    w.grad = np.ones(3)
    buffer, before = w.data, w.data.copy()
    report = check_gradients(lambda _: (w * w).sum(), w)
    assert [entry.name for entry in report.entries] == ["w[0]", "w[1]", "w[2]"]
    assert all(entry.analytic == 2.0 * entry.at for entry in report.entries)
    assert w.data is buffer
    np.testing.assert_array_equal(buffer, before)
    np.testing.assert_array_equal(w.grad, np.ones(3))


def test_within_no_grad() -> None:
    with engine.no_grad():
        assert check_gradients(lambda x: x * x, np.ones(2)).entries[0].analytic != 0.0
        assert not (Tensor([1.0], requires_grad=True) * 2.0).requires_grad


# ---- what it finds -------------------------------------------------------------------------------------------------


def test_one_wrong_element_is_named() -> None:
    wrong = Op(lambda x: np.exp(x), (lambda g, out, x: g * out * np.array([1.0, 1.0, 1.01]),), "exp", elementwise=True)
    with pytest.raises(GradientMismatch, match=r"worst at x\[2\]: ") as caught:
        check_gradients(wrong, np.array([0.1, 0.2, 0.3]))
    lines = str(caught.value).splitlines()
    assert lines[1].split()[:5] == ["input", "at", "reverse", "forward", "numeric"]
    assert [line.endswith("disagrees") for line in lines[2:5]] == [False, False, True]


def test_an_op_that_is_not_as_elementwise_as_it_says_is_found_in_forward_mode() -> None:
    cumsum = Op(lambda x: np.cumsum(x), (lambda g, out, x: F.flip(F.cumsum(F.flip(g))),), "cumsum", elementwise=True)
    x = np.array([0.1, 0.2, 0.3])
    assert check_gradients(cumsum, x, modes=("reverse",)).passed
    with pytest.raises(GradientMismatch):
        check_gradients(cumsum, x, modes=("forward",))


def test_a_mistake_that_cancels_in_a_plain_sum_is_found() -> None:
    swapped = Op(lambda x: x * np.array([1.0, 2.0]), (lambda g, out, x: g[::-1] * np.array([2.0, 1.0]),), "swapped")
    with pytest.raises(GradientMismatch):
        check_gradients(swapped, np.array([1.0, 1.0]), modes=("reverse",), order=1)


# ---- kinks ---------------------------------------------------------------------------------------------------------


KINKS = {
    "relu": (engine.relu, [[0.0, 1.0], [-1.0, 1e-7]], {"x[0, 0]": "relu(0)", "x[1, 1]": "relu(1e-07)"}),
    "abs": (engine.abs, [0.0, 1.0], {"x[0]": "abs(0)"}),
    "floor": (engine.floor, [1.0, 1.5], {"x[0]": "floor(1)"}),
    "ties of max": (lambda x: x.max(), [1.0, 1.0, 0.5], {"x[0]": "max(1)", "x[1]": "max(1)"}),
    "ties of sort": (lambda x: F.sort(x), [2.0, 2.0, 1.0], {"x[0]": "sort(2)", "x[1]": "sort(2)"}),
    "ties of median": (lambda x: F.median(x), [2.0, 2.0, 1.0], {"x[0]": "sort(2)", "x[1]": "sort(2)"}),
    "argmax": (lambda x: x[F.argmax(x)], [1.0, 1.0], {"x[0]": "argmax(1)", "x[1]": "argmax(1)"}),
    "pooling": (lambda x: F.max_pool1d(x[None], 2), [3.0, 3.0], {"x[0]": "window_max(3)", "x[1]": "window_max(3)"}),
    "where": (lambda x: F.where(x > 1.0, 3.0 * x, x), [1.0, 2.0], {"x[0]": "where(0, 3, 1)"}),
    "a mask": (lambda x: x[x.data > 0.5].sum(), [0.5, 1.0], {"x[0]": "getitem(0.5)"}),
    "norm at 0": (lambda x: F.norm(x), [0.0, 0.0], {"x[0]": "power_norm(0)", "x[1]": "power_norm(0)"}),
    "std of equals": (lambda x: x.std(), [1.0, 1.0], {"x[0]": "std(1)", "x[1]": "std(1)"}),
}


@pytest.mark.parametrize("name", KINKS)
def test_a_kink_is_named_by_op_entry_and_value(name: str) -> None:
    f, at, kinks = KINKS[name]
    report = check_gradients(lambda x: f(x), np.array(at))
    assert report.passed
    found = {entry.name: str(entry.kink) for entry in report.kinks}
    assert found == kinks


def test_a_slope_that_bends_is_named_at_second_order() -> None:
    report = check_gradients(lambda x: F.huber_loss(x, np.zeros(2)), np.array([1.0, 0.3]))
    assert report.passed and not report.kinks
    assert [str(entry.kink) for entry in report.second_order] == ["huber(1)", "None"]


# ---- what it refuses -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_few_digits_are_refused_with_advice(dtype) -> None:
    for x in (np.ones(2, dtype), Tensor(np.ones(2, dtype), requires_grad=True)):
        with pytest.raises(MicrogradTypeError, match="dtype=float"):
            check_gradients(lambda x: x * x, x)
    with pytest.raises(MicrogradTypeError, match="dtype=float"):
        check_gradients(lambda x: x.astype(dtype), np.ones(2))


def test_integers_alone_are_refused_with_advice() -> None:
    with pytest.raises(MicrogradValueError, match=r"astype\(float\)"):
        check_gradients(lambda x: x * 2.0, np.array([1, 2]))


@pytest.mark.parametrize("f", [lambda x: x.data, lambda x: [x, x], lambda x: x > 0.0, lambda x: None])
def test_what_is_no_tensor_of_real_numbers_is_refused(f) -> None:
    with pytest.raises(MicrogradTypeError):
        check_gradients(f, np.ones(2))


def test_an_infinite_element_is_refused() -> None:
    with pytest.raises(MicrogradValueError, match="further inside its domain"):
        check_gradients(lambda x: x.log(), np.array([1.0, 0.0]))


def test_data_is_back_after_an_interrupt() -> None:
    w = Tensor([1.0, 2.0], requires_grad=True)

    def f(x: Tensor) -> Tensor:
        if x._data[1] != 2.0:
            raise KeyboardInterrupt
        return x * x

    with pytest.raises(KeyboardInterrupt):
        check_gradients(f, w)
    np.testing.assert_array_equal(w.data, [1.0, 2.0])


def test_an_input_without_elements_is_named() -> None:
    with pytest.raises(MicrogradValueError, match=r"differentiate by, an input of shape \(0, 3\) has no ele"):
        check_gradients(lambda x: (x * x).sum(), np.zeros((0, 3)))
