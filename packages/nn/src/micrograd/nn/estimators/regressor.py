"""`MLPRegressor`: a net that predicts quantities, as a scikit-learn estimator."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.metrics import r2_score
from sklearn.utils.validation import column_or_1d

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.elementwise import exp
from micrograd.engine.ops.identity import stop_gradient
from micrograd.engine.ops.special import xlogy
from micrograd.nn.estimators.base import BaseMLP
from micrograd.nn.estimators.epochs import Samples

_E = TypeVar("_E", bound="MLPRegressor")
Array = np.ndarray[Any, Any]


@dataclass(eq=False, repr=False)
class MLPRegressor(RegressorMixin, BaseMLP):  # type: ignore[misc]
    """A net for quantities, one or several a sample; it minimises half the squared error, or a deviance.

    With a setting that scikit-learn's `MLPRegressor` has as well it computes what that one computes, from the same
    `random_state` the same initial weights and batches.

    The settings are those of `MLPClassifier`, without `class_weight`, and `loss`: "squared_error", or "poisson" for
    counts, of whose mean the net then computes the logarithm, and minimises half the deviance. The features, and best
    the targets too, want to have about mean 0 and variance 1: `make_pipeline(StandardScaler(), MLPRegressor())`.

    Attributes:
        model_: The net, a `Sequential` of this package: to save, to summarise, to go on with.
        coefs_: The weights of each linear layer, shape (inputs, outputs); intercepts_ its biases.
        loss_curve_: The mean loss of each epoch, of several squared errors their mean; loss_ the last, best_loss_ the
            lowest.
        validation_scores_: With `early_stopping`, R² on the part put aside, after each epoch.
        validation_loss_curve_: ... and the mean loss there.
        best_validation_score_: ... and the best R². Without `early_stopping` these three are None.
        n_iter_: How many epochs the last fit took.
        n_features_in_: How many features there are.

    Raises:
        MissingExtraError: On import of the module, if scikit-learn isn't installed.

    Example:
        >>> import numpy as np
        >>> from micrograd.nn.estimators import MLPRegressor
        >>> X = np.linspace(-1.0, 1.0, 21)[:, None]
        >>> net = MLPRegressor((16,), activation="tanh", learning_rate_init=0.05, tol=1e-5, random_state=0)
        >>> bool(net.fit(X, X[:, 0] ** 2).score(X, X[:, 0] ** 2) > 0.95)
        True
    """

    loss: str = field(default="squared_error", kw_only=True)

    _is_numeric = True

    def partial_fit(self: _E, X: Any, y: Any, sample_weight: Any = None) -> _E:
        """Learn from a part of the data, in one epoch.

        Args:
            X: Shape (samples, features).
            y: Shape (samples,) or (samples, outputs).
            sample_weight: How much each sample counts.

        Raises:
            ValueError: If data or settings can't be used; what was learned before stays.
        """
        return self._fit_once(X, y, sample_weight)

    def predict(self, X: Any) -> Array:
        """What each sample's quantities are, shape (samples,) or (samples, outputs)."""
        scores = self._outputs(self._scores(X))
        return scores[:, 0] if self.n_outputs_ == 1 else scores

    # ---- what `BaseMLP` asks ----------------------------------------------------------------------------------------

    def _learn_targets(self, y: Any, classes: Any) -> None:
        self.n_outputs_ = 1 if y.ndim == 1 else y.shape[1]
        self.out_activation_ = "exp" if self.loss == "poisson" else "identity"

    def _encoded(self, y: Any) -> Array:
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        if self.loss == "poisson" and np.min(y) < 0.0:
            raise MicrogradValueError(
                f'loss="poisson" is for counts, but y has {np.min(y)}. Write MLPRegressor(loss="squared_error").'
            )
        return self._checked_outputs(np.asarray(y, float).reshape(len(y), -1))

    def _losses(self, scores: Any, targets: Any) -> Any:
        if self.loss == "poisson":
            return (exp(scores) - targets * scores + xlogy(targets, targets) - targets).sum(axis=1)
        error = scores - targets
        losses = 0.5 * (error * error).sum(axis=1)
        # As in scikit-learn: every output pulls with its whole error, but what is told is the mean over the outputs.
        return losses if self.n_outputs_ == 1 else losses - stop_gradient(losses) * (1.0 - 1.0 / self.n_outputs_)

    def _outputs(self, scores: Any) -> Array:
        """The quantities that the net's last layer stands for."""
        return np.exp(scores) if self.out_activation_ == "exp" else np.asarray(scores)

    def _quality(self, found: Array, samples: Samples) -> float:
        return float(r2_score(samples.targets, self._outputs(found), sample_weight=samples.weights))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags
