import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.model_selection import train_test_split

from micrograd.datasets import (
    ArgumentTypeError,
    ArgumentValueError,
    Dataset,
    SplitError,
    iris,
    moons,
    sine,
)

# A busy machine is no failure.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def numbered(labels):
    """A data set whose only feature is the number of the row."""
    return Dataset(np.arange(len(labels))[:, None], labels)


def test_same_split_as_scikit_learn():
    X, y = iris()
    train, test = iris().split(test_size=0.2, seed=7)
    expected = train_test_split(X, y, test_size=0.2, random_state=7, stratify=y)
    for ours, theirs in zip((train.X, test.X, train.y, test.y), expected, strict=True):
        assert np.array_equal(ours, theirs)


@PATIENT
@given(
    st.lists(st.integers(2, 20), min_size=1, max_size=4),
    st.floats(0.2, 0.8),
    st.integers(0, 2**32 - 1),
    st.booleans(),
)
def test_parts_are_disjoint_complete_and_stratified(counts, test_size, seed, stratify):
    data = numbered(np.repeat(np.arange(len(counts)), counts))
    try:
        train, test = data.split(test_size, seed, stratify=stratify)
    except SplitError:
        return
    assert sorted([*train.X.ravel(), *test.X.ravel()]) == list(range(len(data)))
    if stratify:
        for label, count in enumerate(counts):
            share = count * len(test) / len(data)
            assert abs((test.y == label).sum() - share) < 1.5


def test_names_stay():
    for part in iris().split():
        assert (part.name, part.feature_names, part.target_names) == (
            "iris",
            iris().feature_names,
            iris().target_names,
        )


def test_a_seed_decides_the_split():
    assert moons().split(seed=3) == moons().split(seed=3)
    assert moons().split(seed=3) != moons().split(seed=4)


def test_sizes():
    assert [len(part) for part in moons(100).split(0.2)] == [80, 20]
    assert [len(part) for part in moons(100).split(30)] == [70, 30]
    assert [len(part) for part in sine(10).split(0.01)] == [9, 1]
    assert [len(part) for part in sine(10).split(np.int64(3))] == [7, 3]


@pytest.mark.parametrize("size", [0, -3, 0.0, 1.0, 1.5, float("nan"), float("inf")])
def test_sizes_out_of_range(size):
    with pytest.raises(ArgumentValueError, match="test_size"):
        moons().split(size)


@pytest.mark.parametrize("size", ["0.2", None, True, [0.2]])
def test_sizes_of_the_wrong_type(size):
    with pytest.raises(ArgumentTypeError, match="test_size"):
        moons().split(size)


def test_nothing_left_to_train_on():
    with pytest.raises(SplitError, match="leaves none to train on"):
        moons(10).split(10)
    with pytest.raises(SplitError, match="leaves none to train on"):
        sine(1).split()


def test_a_class_with_one_sample():
    data = numbered([0] * 9 + [1])
    with pytest.raises(SplitError, match=r"single sample: \[1\]") as caught:
        data.split()
    assert "stratify=False" in str(caught.value)
    assert [len(part) for part in data.split(stratify=False)] == [8, 2]


def test_a_part_too_small_for_every_class():
    with pytest.raises(SplitError, match="the test part would have 2"):
        iris().split(2)
    with pytest.raises(SplitError, match="the train part would have 1"):
        iris().split(149)


@pytest.mark.parametrize(
    ("seed", "error"), [(None, ArgumentTypeError), (-1, ArgumentValueError), (2**32, ArgumentValueError)]
)
def test_bad_seeds(seed, error):
    with pytest.raises(error, match="seed"):
        moons().split(seed=seed)
