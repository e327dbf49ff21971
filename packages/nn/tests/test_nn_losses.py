import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from micrograd.engine import MicrogradTypeError, MicrogradValueError, Value
from micrograd.nn import MLP, accuracy, hinge_loss, l2_penalty, mse_loss

numbers = st.floats(-10, 10)
labelled = st.lists(st.tuples(numbers, st.sampled_from([-1, 1])), min_size=1, max_size=20)


def values(data: list[float]) -> list[Value]:
    return [Value(number) for number in data]


@given(labelled)
def test_hinge_loss_and_its_gradient(pairs: list[tuple[float, int]]) -> None:
    scores = values([score for score, _ in pairs])
    loss = hinge_loss(scores, [label for _, label in pairs])
    assert loss.data == pytest.approx(math.fsum(max(0, 1 - y * s) for s, y in pairs) / len(pairs))
    loss.backward()
    for score, (s, y) in zip(scores, pairs, strict=True):
        assert score.grad == pytest.approx(-y / len(pairs) if 1 - y * s > 0 else 0.0)


@given(labelled)
def test_hinge_loss_has_the_bits_of_micrograds_notebook(pairs: list[tuple[float, int]]) -> None:
    scores = values([score for score, _ in pairs])
    losses = [(1 + -y * score).relu() for score, (_, y) in zip(scores, pairs, strict=True)]
    expected = sum(losses) * (1.0 / len(losses))
    assert hinge_loss(scores, [y for _, y in pairs]).data == expected.data


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=20))
def test_mse_loss_and_its_gradient(pairs: list[tuple[float, float]]) -> None:
    predictions = values([p for p, _ in pairs])
    loss = mse_loss(predictions, [t for _, t in pairs])
    assert loss.data == pytest.approx(math.fsum((p - t) ** 2 for p, t in pairs) / len(pairs))
    loss.backward()
    for prediction, (p, t) in zip(predictions, pairs, strict=True):
        assert prediction.grad == pytest.approx(2 * (p - t) / len(pairs), abs=1e-12)


@given(st.lists(numbers, min_size=1, max_size=20), st.floats(0, 1))
def test_l2_penalty_and_its_gradient(data: list[float], alpha: float) -> None:
    parameters = values(data)
    penalty = l2_penalty(parameters, alpha)
    assert penalty.data == pytest.approx(alpha * math.fsum(p * p for p in data))
    penalty.backward()
    assert [p.grad for p in parameters] == pytest.approx([2 * alpha * p for p in data])


def test_l2_penalty_has_the_bits_of_micrograds_notebook() -> None:
    model = MLP(3, [5, 1])
    assert l2_penalty(model.parameters()).data == (1e-4 * sum(p * p for p in model.parameters())).data


def test_arrays_and_float_labels_are_fine() -> None:
    numpy = pytest.importorskip("numpy")
    scores = values([2.0, 0.5])
    for labels in (numpy.array([1, -1]), numpy.array([1.0, -1.0]), [numpy.int64(1), numpy.float32(-1)], (1.0, -1)):
        assert hinge_loss(scores, labels).data == 0.75
    assert mse_loss(scores, numpy.array([2.0, 1.5])).data == 0.5


def test_targets_may_be_values() -> None:
    target = Value(1.0)
    mse_loss([Value(3.0)], [target]).backward()
    assert target.grad == -4.0


@pytest.mark.parametrize("compare", [hinge_loss, mse_loss])
def test_whole_batches_inside_jit(compare) -> None:
    import numpy as np

    from micrograd.engine import Tensor, jit

    scores, targets = np.array([[0.5], [-2.0], [3.0]]), np.array([[1.0], [1.0], [-1.0]])
    assert float(jit(compare)(scores, targets)) == pytest.approx(compare(Tensor(scores), targets).item())


@pytest.mark.parametrize("labels", [[0, 1], [1, 0.5], [1, 2], [True, True], [1, math.nan], ["+1", "-1"], [None, 1]])
def test_labels_that_are_not_signs(labels: list[object]) -> None:
    with pytest.raises(MicrogradValueError, match=r"labels that are -1 or \+1, but one is .* labels ="):
        hinge_loss(values([1.0, 2.0]), labels)


def test_labels_of_zero_and_one_are_told_what_to_do() -> None:
    with pytest.raises(MicrogradValueError, match=r"\[2 \* int\(y\) - 1 for y in labels\].*data.signed_labels"):
        hinge_loss(values([1.0]), [0])
    numpy = pytest.importorskip("numpy")
    with pytest.raises(MicrogradValueError, match=r"\[2 \* int\(y\) - 1"):
        hinge_loss(values([1.0]), numpy.array([True]))


@pytest.mark.parametrize("compare", [hinge_loss, mse_loss, accuracy])
def test_what_does_not_pair_up(compare) -> None:
    with pytest.raises(MicrogradValueError, match="2 of the first and 1 of the second"):
        compare(values([1.0, 2.0]), [1])
    with pytest.raises(MicrogradValueError, match="no samples"):
        compare([], [])
    with pytest.raises(MicrogradTypeError, match=r"a list of 2.*MLP\(2, \[16, 1\]\)"):
        compare([values([1.0, 2.0])], [1])
    with pytest.raises(MicrogradTypeError, match=r"the Value .* \[score\] and \[label\]"):
        compare(Value(1.0), [1])
    with pytest.raises(MicrogradTypeError, match="the int 1"):
        compare(values([1.0]), 1)


def test_l2_penalty_refuses() -> None:
    with pytest.raises(MicrogradTypeError, match=r"l2_penalty\(model.parameters\(\)\)"):
        l2_penalty(MLP(2, [1]))
    with pytest.raises(MicrogradValueError, match="no parameters"):
        l2_penalty([])
    for alpha in (-1.0, math.nan, math.inf):
        with pytest.raises(MicrogradValueError, match="alpha"):
            l2_penalty([Value(1.0)], alpha)


def test_accuracy() -> None:
    assert accuracy([0.5, -0.5, 0.5, -0.5], [1, 0, 0, 1]) == 0.5
    assert accuracy(values([0.5, -0.5]), [True, False]) == 1.0
    assert accuracy([0.0], [1]) == 0.0  # on the line is not above it, as in micrograd's notebook
    with pytest.raises(MicrogradValueError, match=r"metrics=\(\)"):
        accuracy([0.5], [0.7])
