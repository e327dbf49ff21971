"""Measured data that scikit-learn ships inside its own package, so nothing is downloaded.

All raw, as measured: standardise with `train.standardize(test)`. scikit-learn is imported on first use.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from micrograd.datasets.dataset import Dataset


def iris() -> Dataset:
    """150 irises of three species; lengths and widths of sepal and petal, in cm. X: (150, 4). y: 0 .. 2.

    >>> iris()
    <Dataset 'iris': 150 samples, 4 features, 3 classes: setosa (50), versicolor (50), virginica (50)>

    Source: Fisher, "The use of multiple measurements in taxonomic problems", Annals of Eugenics 7 (1936).
    """
    return _bundled(iris)


def wine() -> Dataset:
    """178 Italian wines of three cultivars; 13 chemical measurements. X: (178, 13). y: 0 .. 2.

    >>> wine()
    <Dataset 'wine': 178 samples, 13 features, 3 classes: class_0 (59), class_1 (71), class_2 (48)>

    Source: Aeberhard, Coomans and de Vel, "Comparison of classifiers in high dimensional settings", James
    Cook University (1992); UCI Machine Learning Repository.
    """
    return _bundled(wine)


def breast_cancer() -> Dataset:
    """569 breast tumours, malignant or benign; 30 measures of cell nuclei. X: (569, 30). y: 0 or 1.

    >>> breast_cancer()
    <Dataset 'breast_cancer': 569 samples, 30 features, 2 classes: malignant (212), benign (357)>

    Source: Street, Wolberg and Mangasarian, "Nuclear feature extraction for breast tumor diagnosis", SPIE
    1905 (1993); UCI Machine Learning Repository.
    """
    return _bundled(breast_cancer)


def digits() -> Dataset:
    """1,797 handwritten digits as 8 x 8 images, each pixel 0 .. 16, row by row. X: (1797, 64). y: 0 .. 9.

    >>> data = digits()
    >>> data.X[0].reshape(8, 8)[0].tolist(), data.y[0].item()
    ([0.0, 0.0, 5.0, 13.0, 9.0, 1.0, 0.0, 0.0], 0)

    Source: Alpaydin and Kaynak, "Cascading classifiers", Kybernetika 34 (1998); the test set of UCI's
    "Optical Recognition of Handwritten Digits".
    """
    return _bundled(digits)


def diabetes() -> Dataset:
    """442 diabetes patients and how far the disease had gone a year later. X: (442, 10). y: real, 25 .. 346.

    Age, sex, body mass index, blood pressure and six blood serum measures.

    The raw measurements, unlike `load_diabetes()`: its columns are scaled by statistics of all samples, test
    included.

    >>> diabetes()
    <Dataset 'diabetes': 442 samples, 10 features, targets from 25 to 346>

    Source: Efron, Hastie, Johnstone and Tibshirani, "Least angle regression", Annals of Statistics 32 (2004).
    """
    return _bundled(diabetes, target_names=("progression",), scaled=False)


def _bundled(loader: Callable[[], Dataset], target_names: Sequence[str] = (), **options: object) -> Dataset:
    """What scikit-learn's `load_*` of the same name gives."""
    from sklearn import datasets

    raw = getattr(datasets, f"load_{loader.__name__}")(**options)
    return Dataset(
        raw.data,
        raw.target,
        feature_names=raw.feature_names,
        target_names=target_names or [str(label) for label in raw.target_names],
        description=_about(loader),
        name=loader.__name__,
    )


def _about(loader: Callable[[], Dataset]) -> str:
    """The loader's docstring without its example: what the data are and where they come from, said once."""
    paragraphs = (loader.__doc__ or "").split("\n\n")
    return "\n".join(" ".join(text.split()) for text in paragraphs if ">>>" not in text)
