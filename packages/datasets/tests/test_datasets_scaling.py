import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from sklearn.preprocessing import StandardScaler

from micrograd.datasets import ArgumentTypeError, Dataset, Scaling, ScalingError, ShapeError, iris, moons

# A busy machine is no failure.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

matrices = arrays(
    np.float64, array_shapes(min_dims=2, max_dims=2, max_side=8), elements=st.floats(-1e300, 1e300, width=64)
)


def test_the_test_set_is_scaled_by_the_training_set():
    train, test = iris().split()
    scaler = StandardScaler().fit(train.X)
    new_train, new_test = train.standardize(test)
    np.testing.assert_allclose(new_train.X, scaler.transform(train.X), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(new_test.X, scaler.transform(test.X), rtol=1e-12, atol=1e-12)
    assert new_train.scaling == new_test.scaling == Scaling.fit(train.X)
    assert np.array_equal(new_test.y, test.y)


def test_alone_and_with_several():
    train, rest = iris().split(0.4)
    valid, test = rest.split(0.5)
    alone = train.standardize()
    three = train.standardize(valid, test)
    assert alone == three[0]
    assert [len(part) for part in three] == [90, 30, 30]


def test_a_constant_feature_becomes_zero():
    data = Dataset([[0.1, 1.0], [0.1, 2.0], [0.1, 3.0]], [0, 1, 0])
    train, test = data.standardize(Dataset([[0.3, 2.0]], [1]))
    assert train.X[:, 0].tolist() == [0.0, 0.0, 0.0]
    np.testing.assert_allclose(test.X, [[0.2, 0.0]], atol=1e-15)


@PATIENT
@given(matrices)
def test_always_finite_and_of_unit_spread(X):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        data = Dataset(X, np.zeros(len(X))).standardize()
    varies = X.min(axis=0) != X.max(axis=0)
    spread = data.X.std(axis=0)
    assert np.isfinite(data.X).all()
    assert (spread[~varies] == 0).all()
    # Neighbouring floats, and the smallest of all, cannot be centred exactly: the mean is rounded.
    coarse = np.abs(X).max(axis=0) * 1e-9 + 1e-300 > np.ptp(X, axis=0)
    np.testing.assert_allclose(spread[varies & ~coarse], 1, rtol=1e-6)


@PATIENT
@given(matrices)
def test_undo_takes_it_back(X):
    scaling = Scaling.fit(X)
    size = np.abs(X).max() + 1e-300
    np.testing.assert_allclose(scaling.undo(scaling.apply(X)) / size, X / size, atol=1e-12)


def test_scaling_twice_is_remembered_as_one():
    raw = moons()
    twice = raw.take(range(50)).standardize().take(range(25)).standardize()
    np.testing.assert_allclose(twice.scaling.apply(raw.X[:25]), twice.X, atol=1e-12)


def test_overflow_is_refused():
    with pytest.raises(ScalingError, match="too large"):
        Scaling.fit([[1.7e308], [1.7e308], [1.6e308]])


def test_tiny_differences_survive():
    assert Scaling.fit([[1e-200], [3e-200]]).apply([[1e-200], [3e-200]]).tolist() == [[-1.0], [1.0]]


def test_sets_that_do_not_belong_together():
    train, test = moons().split()
    with pytest.raises(ScalingError, match="do both at once"):
        train.standardize().standardize(test)
    with pytest.raises(ScalingError, match="different features"):
        train.standardize(iris())
    with pytest.raises(ArgumentTypeError, match="ndarray"):
        train.standardize(test.X)


def test_new_samples_must_have_the_same_features():
    with pytest.raises(ShapeError, match="fitted on 2"):
        Scaling.fit(moons().X).apply([[1.0, 2.0, 3.0]])


def test_scaling_is_a_value():
    one, same, other = Scaling.fit([[1.0], [2.0]]), Scaling.fit([[1.0], [2.0]]), Scaling.fit([[1.0], [3.0]])
    assert one == same != other
    assert one != "one"
    assert hash(one) == hash(same)
    with pytest.raises(ValueError, match="read-only"):
        one.mean[0] = 7


def test_the_smallest_floats_do_not_divide_by_zero():
    assert np.isfinite(Scaling.fit([[5e-324], [0.0], [0.0], [0.0]]).apply([[5e-324]])).all()
