import copy
import dataclasses
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from micrograd.datasets import (
    ArgumentTypeError,
    Dataset,
    EmptyDatasetError,
    LabelError,
    NamesError,
    NonFiniteError,
    NotBinaryError,
    NotNumericError,
    RowIndexError,
    ShapeError,
)

# A busy machine is no failure.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

X = np.arange(12.0).reshape(6, 2)
Y = np.array([0, 1, 0, 1, 0, 1])


def make(**changes):
    return Dataset(**{"X": X, "y": Y, "feature_names": ["a", "b"], "target_names": ["no", "yes"], **changes})


def test_integers_are_labels_and_floats_are_targets():
    assert (make().task, make().y.dtype) == ("classification", np.int64)
    assert make(y=Y.astype(np.uint8)) == make(y=Y > 0) == make()
    regression = make(y=Y.astype(np.float32), target_names=[])
    assert (regression.task, regression.y.dtype) == ("regression", np.float64)


def test_shapes_and_names():
    data = make()
    assert (len(data), data.n_features, data.n_classes) == (6, 2, 2)
    assert (data.feature_names, data.target_names) == (("a", "b"), ("no", "yes"))
    assert Dataset(X, Y).feature_names == ("x0", "x1")
    assert Dataset(X, [3, 3, 5, 5, 7, 7]).n_classes == 3
    assert make(target_names=["no", "yes", "never"]).n_classes == 3


def test_unpacks_as_a_pair():
    features, targets = make()
    assert np.array_equal(features, X)
    assert np.array_equal(targets, Y)


def test_a_caller_cannot_change_it_from_outside():
    features, labels = X.copy(), Y.copy()
    data = Dataset(features, labels)
    features[0, 0], labels[0] = 99, 1
    assert (data.X[0, 0], data.y[0]) == (0, 0)
    with pytest.raises(ValueError, match="read-only"):
        data.X[0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        data.y[0] = 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        data.name = "other"


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda data: pickle.loads(pickle.dumps(data))])
def test_copies_are_equal_and_still_read_only(duplicate):
    data, _ = make().standardize(make())
    twin = duplicate(data)
    assert twin == data
    assert hash(twin) == hash(data)
    assert not any(array.flags.writeable for array in (*twin, twin.scaling.mean, twin.scaling.scale))


def test_equality_looks_at_everything():
    assert make() == make()
    assert make() != make(name="other")
    assert make() != make(X=X + 1)
    assert make(target_names=[]) != make(y=Y.astype(float), target_names=[])
    assert make() != "make()"


def test_replace_checks_again():
    assert dataclasses.replace(make(), name="other").name == "other"
    with pytest.raises(ShapeError):
        dataclasses.replace(make(), y=[0, 1])


@pytest.mark.parametrize(
    ("bad", "error", "says"),
    [
        ([1.0, 2.0], ShapeError, "X.reshape(-1, 1)"),
        (3.0, ShapeError, "0 dimension(s)"),
        (np.zeros((6, 2, 2)), ShapeError, "X.reshape(len(X), -1)"),
        ([[1.0, 2.0], [3.0]], ShapeError, "ragged"),
        ([], EmptyDatasetError, "(0,)"),
        (np.zeros((0, 2)), EmptyDatasetError, "(0, 2)"),
        (np.zeros((6, 0)), EmptyDatasetError, "(6, 0)"),
        ([[1.0, np.nan]], NonFiniteError, "X[0, 1] is nan"),
        ([[1.0, -np.inf]], NonFiniteError, "X[0, 1] is -inf"),
        (np.ma.masked_equal([[1.0, 2.0]], 2.0), NonFiniteError, "masked"),
        ([["1", "2"]], NotNumericError, "read_csv"),
        ([[None, 1.0]], NotNumericError, "object"),
        ([[1j, 2.0]], NotNumericError, "complex"),
        ([[Fraction(1, 2)]], NotNumericError, "dtype=np.float64"),
        (None, NotNumericError, "None"),
        (np.array([["2024-01-01"]], dtype="datetime64[D]"), NotNumericError, "datetime64"),
    ],
)
def test_bad_features(bad, error, says):
    with pytest.raises(error) as caught:
        Dataset(bad, [0])
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("bad", "error", "says"),
    [
        ([0, 1], ShapeError, "X has 6 samples but y has 2 targets"),
        (Y.reshape(-1, 1), ShapeError, "y.ravel()"),
        ([0.0, 1.0, np.nan, 0.0, 1.0, 0.0], NonFiniteError, "y[2] is nan"),
        (["no", "yes"] * 3, NotNumericError, "np.unique(labels, return_inverse=True)"),
        ([], ShapeError, "0 targets"),
    ],
)
def test_bad_targets(bad, error, says):
    with pytest.raises(error) as caught:
        Dataset(X, bad)
    assert says in str(caught.value)


def test_a_number_too_large_for_float64_is_named():
    huge = np.array([["1e4000"]], dtype=np.longdouble) if np.finfo(np.longdouble).max > 1e308 else None
    if huge is None or not np.isfinite(huge).all():
        pytest.skip("long double is double here")
    with pytest.raises(NonFiniteError, match="inf"):
        Dataset(huge, [0])


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        ({"feature_names": ["a"]}, NamesError, "1 feature names were given for 2 features"),
        ({"feature_names": ["a", "a"]}, NamesError, "repeats 'a'"),
        ({"feature_names": "ab"}, ArgumentTypeError, "feature_names=['ab']"),
        ({"feature_names": 3}, ArgumentTypeError, "sequence"),
        ({"target_names": ["no"]}, LabelError, "0 to 1"),
        ({"y": Y - 1}, LabelError, "-1 to 0"),
        ({"y": Y / 2}, NamesError, "y.astype(int)"),
    ],
)
def test_bad_names(changes, error, says):
    with pytest.raises(error) as caught:
        make(**changes)
    assert says in str(caught.value)


@pytest.mark.parametrize("labels", [[0, 1, 1], [-1, 1, 1], [False, True, True]])
def test_signed_labels(labels):
    signed = Dataset(X[:3], labels).signed_labels
    assert signed.tolist() == [-1, 1, 1]
    assert signed.dtype == np.int64


def test_labels_that_have_no_sign():
    with pytest.raises(NotBinaryError, match="one class against the rest"):
        Dataset(X, [0, 1, 2, 0, 1, 2]).signed_labels  # noqa: B018
    with pytest.raises(LabelError, match="astype"):
        Dataset(X, Y / 2).signed_labels  # noqa: B018
    with pytest.raises(LabelError, match="n_classes"):
        Dataset(X, Y / 2).n_classes  # noqa: B018


def test_take():
    assert make().take([4, 0]).X.tolist() == [X[4].tolist(), X[0].tolist()]
    assert make().take(Y == 1).y.tolist() == [1, 1, 1]
    assert len(make().take(3)) == 1
    assert make().take([1]).feature_names == ("a", "b")


@pytest.mark.parametrize("rows", [[6], [True, False], [0.5], ["a"]])
def test_take_what_is_not_there(rows):
    with pytest.raises(RowIndexError, match=r"data\.take"):
        make().take(rows)


@pytest.mark.parametrize("rows", [[], Y == 7])
def test_take_nothing(rows):
    with pytest.raises(EmptyDatasetError):
        make().take(rows)


def test_repr():
    assert repr(make(name="m")) == "<Dataset 'm': 6 samples, 2 features, 2 classes: no (3), yes (3)>"
    assert repr(Dataset(X, Y / 2)) == "<Dataset 'data': 6 samples, 2 features, targets from 0 to 0.5>"
    assert repr(Dataset(X, [5, 5, 5, 9, 9, 9])).endswith("2 classes: 5 (3), 9 (3)>")


@PATIENT
@given(st.integers(1, 300), st.text(max_size=500))
def test_repr_is_bounded(n_classes, name):
    labels = np.arange(n_classes)
    data = Dataset(labels[:, None], labels, name=name, target_names=[f"{i}" * 99 for i in labels])
    assert len(repr(data)) < 700
    assert len(repr(dataclasses.replace(data, name="long" * 99))) < 300


def test_a_label_that_int64_cannot_hold_is_refused():
    with pytest.raises(LabelError, match="18446744073709551615 is too large"):
        Dataset([[1.0], [2.0]], np.array([0, 2**64 - 1], dtype=np.uint64))
    assert Dataset([[1.0], [2.0]], np.array([0, 2**63 - 1], dtype=np.uint64)).y.max() == 2**63 - 1


class Frame:
    """What a data frame is, as far as this goes."""

    columns = ("width", 7)

    def __array__(self, dtype=None, copy=None):
        return np.array([[1.0, 2.0]])


def test_a_data_frame_names_the_features():
    assert Dataset(Frame(), [0]).feature_names == ("width", "7")
    assert Dataset(Frame(), [0], feature_names=["a", "b"]).feature_names == ("a", "b")
