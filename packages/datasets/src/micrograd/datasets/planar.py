"""Data sets that can be drawn: two features (or one, for regression), seeded, as hard as you like.

Every generator takes `n_samples`, `noise` and `seed`, and the same arguments give the same numbers on every
run. Binary labels are 0/1; `.signed_labels` gives them as -1/+1. All raise ArgumentTypeError or
ArgumentValueError for arguments that make no sense. In the formulas, N is a standard normal draw.

scikit-learn is imported where it is used, because it takes many times longer to load than all the rest.
Our own generators draw from NumPy's RandomState, like scikit-learn's, because its stream is frozen (NEP 19).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from micrograd.datasets.dataset import Dataset
from micrograd.datasets.errors import ArgumentValueError
from micrograd.datasets.validation import FloatArray, feature_matrix, real_number, seed_number, whole_number

# Lang and Witbrock's spirals begin at radius 0.5 and end at 6.5.
INNER_RADIUS = 0.5 / 6.5


def moons(n_samples: int = 100, noise: float = 0.1, seed: int = 0) -> Dataset:
    """Two interleaving half circles.

    Class 0: (cos t, sin t); class 1: (1 - cos t, 1/2 - sin t); t evenly spaced over [0, pi]; plus noise * N.

    X: (n_samples, 2). y: 0 (upper moon) or 1 (lower moon).

    `moons(100, 0.1, seed=1337)` is, bit for bit, the data of micrograd's demo notebook, which calls
    `np.random.seed(1337)` and then `make_moons(n_samples=100, noise=0.1)`.

    >>> data = moons(n_samples=4, noise=0.0)
    >>> sorted((data.X.round(1) + 0.0).tolist())
    [[-1.0, 0.0], [0.0, 0.5], [1.0, 0.0], [2.0, 0.5]]

    Source: scikit-learn's `make_moons`; the shape is that of Zhou et al., "Learning with local and global
    consistency", NIPS 16 (2003).
    """
    from sklearn.datasets import make_moons

    X, y = make_moons(
        whole_number(n_samples, "n_samples", least=2), noise=_noise(noise), random_state=seed_number(seed)
    )
    return Dataset(X, y, target_names=("upper", "lower"), name="moons", description=_about("Two half circles", noise))


def circles(n_samples: int = 100, noise: float = 0.1, seed: int = 0, *, factor: float = 0.5) -> Dataset:
    """A circle inside a circle.

    Class 0: (cos t, sin t); class 1: factor * (cos t, sin t); t evenly spaced over [0, 2 pi); plus noise * N.

    X: (n_samples, 2). y: 0 (outer) or 1 (inner). 0 <= factor < 1.

    >>> data = circles(n_samples=8, noise=0.0)
    >>> (data.X[data.y == 1] ** 2).sum(axis=1).round(6).tolist()
    [0.25, 0.25, 0.25, 0.25]

    Source: scikit-learn's `make_circles`; the shape is that of Ng, Jordan and Weiss, "On spectral
    clustering", NIPS 14 (2001).

    Raises:
        ArgumentValueError: If `factor` isn't below 1.
    """
    why = "it is the radius of the inner circle, and that of the outer one is 1."
    if not real_number(factor, "factor", least=0, why=why) < 1:
        raise ArgumentValueError(f"factor is {factor}; it must be below 1.", why, "circles(factor=0.5)")
    from sklearn.datasets import make_circles

    X, y = make_circles(
        whole_number(n_samples, "n_samples", least=2),
        noise=_noise(noise),
        factor=float(factor),
        random_state=seed_number(seed),
    )
    return Dataset(X, y, target_names=("outer", "inner"), name="circles", description=_about("Two circles", noise))


def spirals(
    n_samples: int = 100, noise: float = 0.02, seed: int = 0, *, n_classes: int = 2, turns: float = 1.0
) -> Dataset:
    """Spirals wound around each other, one per class.

    r * (sin a, cos a) + noise * N, with r evenly spaced from 1/13 to 1 and a = 2 pi (turns * (13/12)(1 - r) -
    (k - 1)/n_classes) for class k. Rows go round the classes: 0, 1, 0, 1, ...

    X: (n_samples, 2). y: 0 .. n_classes - 1.

    `spirals(194, noise=0, turns=3)` is, up to its size (a factor 6.5), the benchmark of Lang and Witbrock.

    >>> data = spirals(n_samples=6, noise=0.0, n_classes=3)
    >>> data.y.tolist()
    [0, 1, 2, 0, 1, 2]
    >>> np.hypot(*data.X.T).round(3).tolist()
    [0.077, 0.077, 0.077, 1.0, 1.0, 1.0]

    Source: Lang and Witbrock, "Learning to tell two spirals apart", Connectionist Models Summer School
    (1988).
    """
    classes = whole_number(n_classes, "n_classes", least=2)
    order = np.arange(whole_number(n_samples, "n_samples", least=classes))
    y, rank = order % classes, order // classes
    outward = rank / max(rank[-1], 1)
    radius = INNER_RADIUS + (1 - INNER_RADIUS) * outward
    angle = (
        2
        * np.pi
        * (real_number(turns, "turns", why="it is how often an arm winds round.") * (1 - outward) - (y - 1) / classes)
    )
    X = radius[:, None] * np.column_stack([np.sin(angle), np.cos(angle)])
    return Dataset(_noisy(X, noise, seed), y, name="spirals", description=_about(f"{classes} spirals", noise))


def xor(n_samples: int = 100, noise: float = 0.1, seed: int = 0) -> Dataset:
    """Exclusive or: four clusters at the corners of the unit square, no straight line between the classes.

    (a, b) + noise * N with a, b in {0, 1}; class a XOR b. Rows go round the corners 00, 01, 10, 11, so four
    noiseless samples are the truth table.

    X: (n_samples, 2). y: 0 (a = b) or 1 (a != b).

    >>> X, y = xor(n_samples=4, noise=0.0)
    >>> X.tolist(), y.tolist()
    ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0])

    Source: Minsky and Papert, "Perceptrons" (1969); solved by back-propagation in Rumelhart, Hinton and
    Williams, "Learning internal representations by error propagation" (1986).
    """
    corner = np.arange(whole_number(n_samples, "n_samples", least=2)) % 4
    a, b = corner // 2, corner % 2
    X = _noisy(np.column_stack([a, b]).astype(float), noise, seed)
    return Dataset(X, a ^ b, target_names=("same", "different"), name="xor", description=_about("XOR", noise))


def blobs(
    n_samples: int = 100,
    noise: float = 1.0,
    seed: int = 0,
    *,
    centers: int | ArrayLike = 3,
    n_features: int = 2,
) -> Dataset:
    """Round Gaussian clouds, one per class.

    centers[k] + noise * N for class k.

    `centers`: the number of clouds, each then centred at random in [-10, 10]^n_features; or their centres,
    shape (k, d), which sets n_features. X: (n_samples, d). y: 0 .. k - 1.

    >>> data = blobs(n_samples=4, noise=0.0, centers=[[0, 0], [5, 5]])
    >>> sorted(data.X.tolist())
    [[0.0, 0.0], [0.0, 0.0], [5.0, 5.0], [5.0, 5.0]]

    Source: scikit-learn's `make_blobs`; a mixture of Gaussians, as in Duda and Hart, "Pattern Classification
    and Scene Analysis" (1973).
    """
    from sklearn.datasets import make_blobs

    where = _centers(centers)
    X, y = make_blobs(
        whole_number(n_samples, "n_samples", least=where if isinstance(where, int) else len(where)),
        n_features=whole_number(n_features, "n_features", least=1),
        centers=where,
        cluster_std=_noise(noise),
        random_state=seed_number(seed),
    )
    return Dataset(X, y, name="blobs", description=_about("Gaussian clouds", noise))


def linear(
    n_samples: int = 100,
    noise: float = 0.1,
    seed: int = 0,
    *,
    weights: Sequence[float] = (2.0,),
    bias: float = 1.0,
) -> Dataset:
    """A straight line (or plane) to recover, for regression.

    y = X @ weights + bias + noise * N, with X uniform over [-1, 1].

    X: (n_samples, len(weights)). y: real, (n_samples,). scikit-learn's `make_regression` is not used because
    it draws the weights at random, and the point here is to find weights that are known.

    >>> X, y = linear(n_samples=3, noise=0.0, weights=[3.0, -1.0], bias=0.5)
    >>> bool(np.allclose(y, 3 * X[:, 0] - X[:, 1] + 0.5))
    True

    Source: the linear model of Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning"
    (2009), ch. 3.
    """
    slopes = feature_matrix(np.atleast_2d(np.asarray(weights)))[0]
    shape = (whole_number(n_samples, "n_samples", least=1), len(slopes))
    random = np.random.RandomState(seed_number(seed))
    X = random.uniform(-1, 1, shape)
    y = (
        X @ slopes
        + real_number(bias, "bias", why="it is added to every target.")
        + _noise(noise) * random.standard_normal(len(X))
    )
    return Dataset(X, y, target_names=("y",), name="linear", description=_about("A linear model", noise))


def sine(n_samples: int = 100, noise: float = 0.1, seed: int = 0) -> Dataset:
    """One period of a sine, for regression.

    y = sin(x) + noise * N, with x evenly spaced from -pi to pi.

    X: (n_samples, 1). y: real, (n_samples,).

    >>> X, y = sine(n_samples=5, noise=0.0)
    >>> X.shape, (y.round(6) + 0.0).tolist()
    ((5, 1), [0.0, -1.0, 0.0, 1.0, 0.0])

    Source: the curve of Bishop, "Pattern Recognition and Machine Learning" (2006), section 1.1, in radians
    and centred so that a network can start without standardising.
    """
    x = np.linspace(-np.pi, np.pi, whole_number(n_samples, "n_samples", least=1))
    y = _noisy(np.sin(x), noise, seed)
    return Dataset(
        x[:, None],
        y,
        feature_names=("x",),
        target_names=("sin x",),
        name="sine",
        description=_about("A sine", noise),
    )


def _noise(noise: object) -> float:
    return real_number(noise, "noise", least=0, why="it is the standard deviation of the noise.")


def _noisy(points: FloatArray, noise: object, seed: object) -> FloatArray:
    return points + _noise(noise) * np.random.RandomState(seed_number(seed)).standard_normal(points.shape)


def _centers(centers: int | ArrayLike) -> int | FloatArray:
    return whole_number(centers, "centers", least=1) if np.isscalar(centers) else feature_matrix(centers)


def _about(what: str, noise: float) -> str:
    return f"{what}, generated, with Gaussian noise of standard deviation {noise}."
