"""Tensor itself: what it takes in, what it records, and the traps in which others compute a wrong gradient."""

from __future__ import annotations

import copy
import pickle
import threading

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import (  # noqa: E402
    GraphError,
    MicrogradError,
    MicrogradIndexError,
    MicrogradTypeError,
    MicrogradValueError,
    Tensor,
    Value,
    no_grad,
)
from micrograd.engine.graph import topological_order  # noqa: E402


def parameter(*shape: int, seed: int = 0) -> Tensor:
    return Tensor(np.random.default_rng(seed).uniform(0.5, 1.5, size=shape), requires_grad=True)


# ---- what goes in ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [None, "text", 1j, [1j], [[1.0], [1.0, 2.0]], object(), [None], {"a": 1.0}],
    ids=lambda data: repr(data)[:20],
)
def test_what_is_no_array_of_numbers_is_refused(data) -> None:
    with pytest.raises(MicrogradTypeError):
        Tensor(data)


def test_tensors_in_a_list_are_refused_with_the_cure() -> None:
    t = parameter(2)
    for build in (
        lambda: Tensor([t, t]),
        lambda: np.array([t, t]),
        lambda: np.asarray(t),
        lambda: Tensor([Value(1.0)]),
    ):
        with pytest.raises(MicrogradTypeError, match="stack"):
            build()


@pytest.mark.parametrize("dtype", [int, bool, np.uint8])
def test_integers_have_no_gradient(dtype) -> None:
    with pytest.raises(MicrogradTypeError, match="dtype=float"):
        Tensor([1, 0], dtype=dtype, requires_grad=True)


@pytest.mark.parametrize(
    "combine", [lambda t: t * 2.0, lambda t: 2 / t, lambda t: t**2, lambda t: t + 1, lambda t: t.mean()]
)
def test_a_python_number_keeps_float32(combine) -> None:
    t = Tensor(np.ones(3, np.float32), requires_grad=True)
    out = combine(t)
    out.sum().backward()
    assert out.dtype == t.grad.dtype == np.float32


def test_mixed_dtypes_hand_back_each_its_own_at_every_order() -> None:
    a = Tensor(np.ones(3, np.float32), requires_grad=True)
    b = Tensor(np.full(3, 2.0), requires_grad=True)
    (a * b * b).sum().backward(create_graph=True)
    assert a.grad.dtype == np.float32 and b.grad.dtype == np.float64


# ---- writing, and what it must not do --------------------------------------------------------------------------------


def test_the_callers_array_may_change() -> None:
    array = np.array([1.0, 2.0])
    t = Tensor(array, requires_grad=True)
    loss = (t * t).sum()
    array[:] = 100.0
    loss.backward()
    np.testing.assert_array_equal(t.grad, [2.0, 4.0])


@pytest.mark.parametrize("when", ["before", "after"])
def test_writing_into_data_moves_the_next_run_only(when: str) -> None:
    t = Tensor([1.0, 2.0], requires_grad=True)
    alias = t.data if when == "before" else None
    loss = (t * t).sum()
    alias = t.data if alias is None else alias
    alias[:] = 100.0
    loss.backward()
    np.testing.assert_array_equal(t.grad, [2.0, 4.0])
    assert (t * 1.0).sum().item() == 200.0


def test_an_array_operand_and_an_index_may_change() -> None:
    t, weights, index, axes = parameter(2, 2), np.ones((2, 2)), np.array([0]), [1, 0]
    loss = (t * weights).sum() + t[index].sum() + (t.permute_dims(axes) * np.array([[1.0, 2.0], [3.0, 4.0]])).sum()
    weights[:], index[:], axes[:] = 9.0, 1, [0, 1]
    loss.backward()
    np.testing.assert_array_equal(t.grad, 1.0 + np.array([[1.0, 1.0], [0.0, 0.0]]) + np.array([[1.0, 3.0], [2.0, 4.0]]))


def test_updating_a_parameter_in_the_usual_way() -> None:
    p = Tensor([1.0, 2.0], requires_grad=True)
    for _ in range(3):
        p.grad = None
        (p * p).sum().backward()
        p.data -= 0.25 * p.grad
    np.testing.assert_allclose(p.data, [0.125, 0.25])


def test_writing_to_a_result_is_an_error() -> None:
    y = parameter(2) * 2.0
    with pytest.raises(GraphError):
        y.data = np.ones(2)
    with pytest.raises(ValueError, match="read-only"):
        y.data[0] = 1.0


def test_in_place_on_a_parameter_is_an_error_and_on_a_sum_it_is_not() -> None:
    p = parameter(2)
    with pytest.raises(GraphError, match="data"):
        p += 1.0
    total = parameter(2) * 2.0
    total += 1.0
    total.sum().backward()


def test_a_leaf_and_its_gradient_own_their_arrays() -> None:
    a, b = parameter(2), parameter(2)
    (a + b).sum().backward()
    a.grad *= 5.0
    np.testing.assert_array_equal(b.grad, [1.0, 1.0])


# ---- the sweep -------------------------------------------------------------------------------------------------------


def test_a_second_backward_accumulates_in_leaves_only() -> None:
    x = Tensor(3.0, requires_grad=True)
    y = x * x * x
    y.backward()
    y.backward()
    assert x.grad == 54.0 and y.grad == 1.0


def test_backward_of_many_numbers_says_what_to_do() -> None:
    t = parameter(3)
    with pytest.raises(GraphError, match="sum"):
        (t * t).backward()
    with pytest.raises(MicrogradValueError, match="shape"):
        (t * t).backward(grad=np.ones(4))
    (t * t).backward(grad=np.array([1.0, 0.0, 2.0]))
    np.testing.assert_allclose(t.grad, 2 * t.data * [1.0, 0.0, 2.0])


def test_nothing_to_differentiate() -> None:
    with pytest.raises(GraphError, match="requires_grad"):
        (Tensor(1.0) * 2.0).backward()


def test_hooks_see_and_replace_the_complete_gradient() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    h = x * 1.0
    seen = []
    remove = h.register_hook(lambda g: seen.append(g.copy()))
    h.register_hook(lambda g: 10.0 * g)
    (h * h + h).sum().backward()
    np.testing.assert_array_equal(seen[0], [3.0, 5.0])
    np.testing.assert_array_equal(x.grad, [30.0, 50.0])
    remove()
    (h * h + h).sum().backward()
    assert len(seen) == 1


def test_values_and_tensors_share_a_graph() -> None:
    v, t = Value(3.0), Tensor([1.0, 2.0], requires_grad=True)
    ((v * t).sum() * v).backward()
    assert v.grad == 18.0
    np.testing.assert_array_equal(t.grad, [9.0, 9.0])


def test_a_failed_backward_changes_nothing() -> None:
    t = parameter(3)
    out = (t.exp() * t).sum()
    out.backward()
    before = t.grad.copy()

    def interrupt(g: object) -> None:
        raise KeyboardInterrupt

    remove = t.register_hook(interrupt)
    with pytest.raises(KeyboardInterrupt):
        out.backward()
    np.testing.assert_array_equal(t.grad, before)
    remove()
    out.backward()
    np.testing.assert_array_equal(t.grad, 2 * before)


def test_a_long_chain() -> None:
    x = Tensor(1.0, requires_grad=True)
    y = x
    for _ in range(20_000):
        y = y * 1.0001
    twin = copy.deepcopy(y)
    y.backward()
    assert x.grad == pytest.approx(1.0001**20_000, rel=1e-12)
    assert len(topological_order(twin)) == 20_001
    del y, twin


def test_copies_keep_graph_and_gradients() -> None:
    t = parameter(2, 3)
    out = (t @ t.T).sum()
    for copied in (copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))):
        twin = copied(out)
        twin.backward()
        leaf = next(n for n in topological_order(twin) if n.op is None)
        out.backward()
        np.testing.assert_array_equal(leaf.grad, t.grad)
        t.grad = None


# ---- threads, processes, no_grad -------------------------------------------------------------------------------------


def test_no_grad_is_of_this_thread_alone() -> None:
    t, inside, done = parameter(2), threading.Event(), threading.Event()
    flags = []

    def elsewhere() -> None:
        inside.wait(10)
        flags.append((t * 2.0).requires_grad)
        done.set()

    thread = threading.Thread(target=elsewhere)
    thread.start()
    with no_grad():
        inside.set()
        done.wait(10)
        flags.append((t * 2.0).requires_grad)
    thread.join()
    assert flags == [True, False] and (t * 2.0).requires_grad


# ---- NumPy's manners -------------------------------------------------------------------------------------------------


def test_numpys_functions_record() -> None:
    t = parameter(2, 3)
    out = np.sum(np.exp(t), axis=0) @ np.ones((3, 2)) + np.concatenate([t, t]).mean() + np.where(t > 1.0, t, 0.0).sum()
    assert isinstance(out, Tensor)
    out.sum().backward()
    assert t.grad.shape == (2, 3)
    assert np.sum(t, 0).shape == (3,)


@pytest.mark.parametrize("call", [lambda t: np.fft.fft(t), lambda t: np.unwrap(t), lambda t: np.exp(t, out=np.ones(3))])
def test_a_numpy_function_that_we_do_not_differentiate_says_so(call) -> None:
    with pytest.raises(MicrogradTypeError):
        call(parameter(3))


def test_errors_name_the_op_and_the_shapes() -> None:
    with pytest.raises(MicrogradValueError, match=r"add\(\) of shapes \(3,\), \(4,\)"):
        parameter(3) + parameter(4)
    with pytest.raises(MicrogradIndexError, match="getitem"):
        parameter(3)[5]
    with pytest.raises(MicrogradIndexError):
        parameter(3).sum(axis=4)
    for wrong in (lambda: parameter(3) + "a", lambda: parameter(3) @ None, lambda: parameter(3) + [1.0]):
        with pytest.raises(TypeError):
            wrong()


def test_a_setting_that_wants_a_gradient_is_refused() -> None:
    from micrograd.engine import leaky_relu

    for slope in (parameter(), Value(0.1)):
        with pytest.raises(MicrogradTypeError, match="negative_slope"):
            leaky_relu(parameter(3), negative_slope=slope)


def test_truth_length_and_conversions() -> None:
    t = Tensor([[1.0, 2.0]])
    assert len(t) == 1 and [row.shape for row in t] == [(2,)] and t.size == 2 and t.ndim == 2 and t.T.shape == (2, 1)
    assert bool(Tensor(1.0)) and float(Tensor([2.0])) == 2.0 and int(Tensor(3)) == 3 and f"{Tensor(1.5):.2f}" == "1.50"
    for wrong in (lambda: bool(t), lambda: t.item(), lambda: len(Tensor(1.0)), lambda: [1, 2][Tensor(1.0)]):
        with pytest.raises(MicrogradError):
            wrong()
    assert [1, 2][Tensor(1)] == 2


def test_backward_takes_the_switches_of_pytorch() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    y = (x * x).sum()
    y.backward(retain_graph=True)
    y.backward(None, np.False_)
    assert x.grad.tolist() == [4.0, 8.0]
    with pytest.raises(MicrogradTypeError, match=r"create_graph=.* is either True or False"):
        y.backward(None, 2.0)
