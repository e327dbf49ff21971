import hashlib
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.datasets import make_blobs, make_circles, make_moons

from micrograd.datasets import (
    ArgumentTypeError,
    ArgumentValueError,
    NonFiniteError,
    blobs,
    circles,
    linear,
    moons,
    sine,
    spirals,
    xor,
)

# A busy machine is no failure.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

CLASSES = [moons, circles, spirals, xor, blobs]
ALL = [*CLASSES, linear, sine]


@pytest.mark.parametrize("make", ALL)
@PATIENT
@given(n=st.integers(3, 60), noise=st.floats(0, 3), seed=st.integers(0, 2**32 - 1))
def test_shape_and_determinism(make, n, noise, seed):
    data = make(n_samples=n, noise=noise, seed=seed)
    assert data == make(n, noise, seed)
    assert len(data) == n
    assert data.name == make.__name__
    if make in CLASSES:
        assert data.n_features == 2
        assert set(data.y.tolist()) <= set(range(data.n_classes))
        counts = np.bincount(data.y)
        assert counts.max() - counts.min() <= (2 if make is xor else 1)
    else:
        assert data.task == "regression"
        assert data.n_features == 1


@pytest.mark.parametrize("make", ALL)
def test_noise_is_noise(make):
    still, shaken = make(50, 0.0, 1), make(50, 0.5, 1)
    assert still != shaken
    assert still != make(50, 0.5, 2)


@pytest.mark.parametrize("make", [moons, circles, xor])
def test_binary_labels_can_be_signed(make):
    data = make()
    assert np.array_equal(data.signed_labels, data.y * 2 - 1)


def test_moons_are_those_of_the_micrograd_demo():
    state = np.random.get_state()  # noqa: NPY002
    np.random.seed(1337)  # noqa: NPY002
    X, y = make_moons(n_samples=100, noise=0.1)
    np.random.set_state(state)  # noqa: NPY002
    data = moons(n_samples=100, noise=0.1, seed=1337)
    assert data.X.tobytes() == X.tobytes()
    assert np.array_equal(data.signed_labels, y * 2 - 1)
    # The last bits of sin and cos are the platform's, so the frozen figures are rounded.
    assert data.X[:2].round(8).tolist() == [[1.12211461, 0.08147717], [-0.81882941, 0.05879006]]


def test_others_are_scikit_learns():
    X, y = make_circles(60, noise=0.2, factor=0.3, random_state=5)
    assert circles(60, 0.2, 5, factor=0.3).X.tobytes() == X.tobytes()
    X, y = make_blobs(60, n_features=3, centers=4, cluster_std=0.7, random_state=5)
    data = blobs(60, 0.7, 5, centers=4, n_features=3)
    assert data.X.tobytes() == X.tobytes()
    assert np.array_equal(data.y, y)


def test_spirals_are_those_of_lang_and_witbrock():
    i = np.arange(97)
    radius, angle = 6.5 * (104 - i) / 104, i * np.pi / 16
    theirs = np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])
    data = spirals(194, noise=0, turns=3)
    np.testing.assert_allclose(data.X[data.y == 1][::-1] * 6.5, theirs, atol=1e-12)
    np.testing.assert_allclose(data.X[data.y == 0][::-1] * 6.5, -theirs, atol=1e-12)


def test_spirals_have_as_many_arms_as_classes():
    data = spirals(50, noise=0.0, n_classes=5)
    assert np.bincount(data.y).tolist() == [10] * 5
    assert len(np.unique(data.X.round(9), axis=0)) == 50


def test_xor_of_four_samples_is_the_truth_table():
    X, y = xor(4, 0.0)
    assert {(*map(int, row), int(label)) for row, label in zip(X, y, strict=True)} == {
        (a, b, a ^ b) for a in (0, 1) for b in (0, 1)
    }


def test_linear_and_sine_follow_their_formulas():
    data = linear(200, 0.0, weights=(1.5, -2.0, 0.5), bias=-1)
    np.testing.assert_allclose(data.y, data.X @ [1.5, -2.0, 0.5] - 1)
    assert np.abs(data.X).max() <= 1
    wave = sine(200, 0.0)
    assert np.array_equal(wave.y, np.sin(wave.X[:, 0]))


def test_noise_is_a_standard_deviation():
    assert sine(20_000, 0.3).y.std() == pytest.approx(np.hypot(0.3, np.sqrt(0.5)), rel=0.02)
    line = linear(20_000, 0.3)
    assert (line.y - 2 * line.X[:, 0] - 1).std() == pytest.approx(0.3, rel=0.02)


def test_centers():
    data = blobs(30, 0.0, centers=[[0, 0, 0], [1, 1, 1]])
    assert data.n_features == 3
    assert set(data.X.ravel()) == {0.0, 1.0}


def test_the_global_random_state_is_left_alone():
    np.random.seed(3)  # noqa: NPY002
    expected = np.random.RandomState(3).rand()
    for make in ALL:
        make(seed=9).batches(5)
    assert np.random.rand() == expected  # noqa: NPY002


def test_the_same_in_another_process():
    code = (
        "import hashlib, micrograd.datasets as d\n"
        "sets = [d.moons, d.circles, d.spirals, d.xor, d.blobs, d.linear, d.sine]\n"
        "print(hashlib.sha256(b''.join(make(seed=4).X.tobytes() for make in sets)).hexdigest())"
    )
    here = hashlib.sha256(b"".join(make(seed=4).X.tobytes() for make in ALL)).hexdigest()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == here


@pytest.mark.parametrize("make", ALL)
@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"n_samples": 0}, ArgumentValueError),
        ({"n_samples": -5}, ArgumentValueError),
        ({"n_samples": 10.0}, ArgumentTypeError),
        ({"n_samples": "10"}, ArgumentTypeError),
        ({"n_samples": None}, ArgumentTypeError),
        ({"noise": -0.1}, ArgumentValueError),
        ({"noise": float("nan")}, ArgumentValueError),
        ({"noise": float("inf")}, ArgumentValueError),
        ({"noise": 10**400}, ArgumentValueError),
        ({"noise": None}, ArgumentTypeError),
        ({"noise": "0.1"}, ArgumentTypeError),
        ({"seed": None}, ArgumentTypeError),
        ({"seed": 1.0}, ArgumentTypeError),
        ({"seed": -1}, ArgumentValueError),
        ({"seed": 2**32}, ArgumentValueError),
    ],
)
def test_bad_arguments(make, arguments, error):
    with pytest.raises(error, match=f"{next(iter(arguments))} is "):
        make(**arguments)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: circles(factor=1.0), ArgumentValueError),
        (lambda: circles(factor=-0.1), ArgumentValueError),
        (lambda: spirals(n_classes=1), ArgumentValueError),
        (lambda: spirals(2, n_classes=3), ArgumentValueError),
        (lambda: spirals(turns=float("inf")), ArgumentValueError),
        (lambda: blobs(2, centers=3), ArgumentValueError),
        (lambda: blobs(centers=0), ArgumentValueError),
        (lambda: blobs(centers=2.0), ArgumentTypeError),
        (lambda: blobs(centers=[[0.0, float("nan")]]), NonFiniteError),
        (lambda: linear(weights=[float("nan")]), NonFiniteError),
        (lambda: linear(bias="1"), ArgumentTypeError),
    ],
)
def test_bad_own_arguments(call, error):
    with pytest.raises(error):
        call()
