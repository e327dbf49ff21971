import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from micrograd.datasets import ArgumentTypeError, ArgumentValueError, Dataset, moons

# A busy machine is no failure.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def numbered(n):
    return Dataset(np.arange(n)[:, None], np.arange(n) / 1)


def order(batches):
    return [int(target) for _, y in batches for target in y]


@PATIENT
@given(st.integers(1, 60), st.integers(1, 70), st.booleans(), st.integers(0, 2**32 - 1))
def test_every_sample_once_with_its_own_target(n, size, shuffle, seed):
    batches = numbered(n).batches(size, shuffle, seed)
    seen = list(batches)
    assert len(batches) == len(seen)
    assert all(len(X) == size for X, _ in seen[:-1])
    assert 1 <= len(seen[-1][0]) <= size
    assert all(np.array_equal(X.ravel(), y) for X, y in seen)
    assert sorted(int(target) for _, y in seen for target in y) == list(range(n))


def test_a_seed_decides_all_epochs():
    first, second = numbered(50).batches(8, seed=5), numbered(50).batches(8, seed=5)
    epochs = [order(first) for _ in range(3)]
    assert epochs == [order(second) for _ in range(3)]
    assert len({tuple(epoch) for epoch in epochs}) == 3
    assert epochs[0] != order(numbered(50).batches(8, seed=6))


def test_the_numbers_of_a_seed_never_change():
    assert order(numbered(6).batches(4, seed=0)) == [5, 2, 1, 3, 0, 4]


def test_two_passes_at_once_do_not_disturb_each_other():
    batches, twin = numbered(9).batches(2, seed=1), numbered(9).batches(2, seed=1)
    one, two = iter(batches), iter(batches)
    interleaved = [next(source) for _ in range(5) for source in (one, two)]
    assert order(interleaved[::2]) == order(twin)
    assert order(interleaved[1::2]) == order(twin)


def test_unshuffled_keeps_the_order():
    batches = numbered(5).batches(2, shuffle=False)
    assert order(batches) == order(batches) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("shuffle", [True, False])
def test_batches_are_the_callers_own(shuffle):
    data = moons()
    for X, y in data.batches(10, shuffle=shuffle):
        X.fill(7)
        y.fill(7)
    assert data == moons()


def test_repr():
    assert repr(moons().batches(32, seed=4)) == "Batches(4 of size 32, shuffle=True, seed=4)"


@pytest.mark.parametrize("size", [0, -1])
def test_sizes_out_of_range(size):
    with pytest.raises(ArgumentValueError, match="at least 1"):
        moons().batches(size)


@pytest.mark.parametrize("size", [1.5, "8", None, True])
def test_sizes_of_the_wrong_type(size):
    with pytest.raises(ArgumentTypeError, match="size is"):
        moons().batches(size)
