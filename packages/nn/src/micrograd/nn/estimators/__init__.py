"""Nets as scikit-learn estimators, `MLPClassifier` and `MLPRegressor`: for pipelines, grid searches, cross-validation.

Names, defaults and results are those of scikit-learn's own; dropout, batch norm, class weights, and more solvers and
schedules are added. What they leave out: the solver "lbfgs". They need the extra `[sklearn]`.

`base.py` is what both share, `networks.py` builds the net, `epochs.py` goes through the data, `rates.py` and
`patience.py` say how fast and how long, `settings.py` checks what was asked for, and `solvers.py` has
scikit-learn's variants of two optimisers.
"""

from micrograd.engine.errors import MissingExtraError

try:
    import sklearn  # noqa: F401
except ModuleNotFoundError as error:
    if error.name != "sklearn":
        raise
    raise MissingExtraError(
        'the estimators need scikit-learn, which isn\'t installed. Run pip install "micrograd-nn[sklearn]", or pip '
        'install "./packages/nn[sklearn]" in a clone of the repository.'
    ) from None

from micrograd.nn.estimators.classifier import MLPClassifier
from micrograd.nn.estimators.regressor import MLPRegressor

__all__ = ["MLPClassifier", "MLPRegressor"]
