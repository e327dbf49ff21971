"""`MLPClassifier`: a net that tells classes apart, as a scikit-learn estimator."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets, type_of_target, unique_labels
from sklearn.utils.validation import column_or_1d

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.ops.activations import sigmoid
from micrograd.engine.ops.neural.classification import cross_entropy
from micrograd.engine.ops.neural.losses import binary_cross_entropy_with_logits
from micrograd.engine.ops.neural.softmaxes import softmax
from micrograd.nn.estimators.base import BaseMLP
from micrograd.nn.estimators.epochs import Samples

_E = TypeVar("_E", bound="MLPClassifier")
Array = np.ndarray[Any, Any]


def _require_one_kind(labels: Any) -> None:
    """Refuse labels that can't be sorted, such as texts beside numbers."""
    kinds = {type(label) for label in labels} if labels.dtype.kind == "O" else set()
    if len(kinds) > 1 and any(issubclass(kind, str) for kind in kinds):
        found = ", ".join(sorted(kind.__name__ for kind in kinds))
        raise MicrogradTypeError(f"y mixes labels of several kinds: {found}. Make them all texts: y.astype(str).")


@dataclass(eq=False, repr=False)
class MLPClassifier(ClassifierMixin, BaseMLP):  # type: ignore[misc]
    """A net for classes, two or more, or several labels a sample; it minimises the cross-entropy.

    With a setting that scikit-learn's `MLPClassifier` has as well it computes what that one computes, from the same
    `random_state` the same initial weights and batches.

    Args:
        hidden_layer_sizes: The widths of the hidden layers.
        activation: "relu", "tanh", "logistic", "identity", "leaky_relu", "elu", "selu", "gelu", "silu" or "softplus".
        solver: The optimiser: "adam", "sgd", "nadam", "radam", "adamax", "rmsprop", "adagrad", "adadelta", "lion" or
            "rprop".
        alpha: The strength of the L2 penalty: alpha / 2 times the sum of the squared weights, over the batch's samples.
        dropout: The probability with which each hidden number is set to 0 in training.
        batch_norm: Whether to normalize, over the batch, what each hidden activation is given.
        batch_size: Samples a step; "auto" for 200, or all if there are fewer, and with "rprop" in any case.
        learning_rate: The schedule, by epochs: "constant", "invscaling", "adaptive", "cosine" or "one_cycle". Every
            solver follows it; in scikit-learn "sgd" alone does.
        learning_rate_init: The learning rate at first.
        power_t: The exponent of "invscaling".
        max_iter: How many epochs at most.
        shuffle: Whether to draw a new order each epoch.
        random_state: A seed or a NumPy RandomState: of weights, order, dropout and the validation part.
        tol: By how much the loss, or the validation score, must get better to count as better.
        verbose: Whether to show a bar with the loss.
        warm_start: Whether `fit` goes on from where the last one ended.
        momentum: Of "sgd".
        nesterovs_momentum: Whether that looks ahead.
        early_stopping: Whether to put a part of the data aside, stop when its score gets no better, and keep the best
            weights of this fit: with `warm_start` the next one puts other samples aside, and looks for its own best.
        validation_fraction: How large that part is.
        beta_1: Of "adam", "nadam", "radam" and "adamax": how much of the mean gradient carries over.
        beta_2: ... and of the mean square.
        epsilon: ... and what is added to the divisor.
        n_iter_no_change: How many epochs may pass without getting better.
        class_weight: How much each class counts, a dict by class, or "balanced" for as much as all others.

    Attributes:
        classes_: The classes, sorted.
        model_: The net, a `Sequential` of this package: to save, to summarise, to go on with.
        coefs_: The weights of each linear layer, shape (inputs, outputs); intercepts_ its biases.
        loss_curve_: The mean loss of each epoch; loss_ the last, best_loss_ the lowest.
        validation_scores_: With `early_stopping`, the accuracy on the part put aside, after each epoch.
        validation_loss_curve_: ... and the mean loss there.
        best_validation_score_: ... and the best accuracy. Without `early_stopping` these three are None.
        n_iter_: How many epochs the last fit took.
        n_features_in_: How many features there are.

    Raises:
        MissingExtraError: On import of the module, if scikit-learn isn't installed.

    Example:
        >>> import numpy as np
        >>> from micrograd.nn.estimators import MLPClassifier
        >>> X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
        >>> y = np.array(["same", "other", "other", "same"])
        >>> net = MLPClassifier((8,), learning_rate_init=0.1, max_iter=100, tol=1e-3, random_state=0).fit(X, y)
        >>> net.predict(X).tolist()
        ['same', 'other', 'other', 'same']
    """

    class_weight: Any = field(default=None, kw_only=True)

    _is_numeric = False

    def partial_fit(self: _E, X: Any, y: Any, sample_weight: Any = None, classes: Any = None) -> _E:
        """Learn from a part of the data, in one epoch.

        Args:
            X: Shape (samples, features).
            y: Shape (samples,).
            sample_weight: How much each sample counts.
            classes: All that there are; needed on the first call, since not all of them may be in its part.

        Raises:
            ValueError: If data or settings can't be used; what was learned before stays.
        """
        self._check_classes(classes)
        return self._fit_once(X, y, sample_weight, classes)

    def _check_classes(self, classes: Any) -> None:
        if self.class_weight == "balanced":
            raise MicrogradValueError(
                'class_weight="balanced" counts the classes of all samples, but partial_fit() sees a part of them. '
                "Give the weights as a dict by class, class_weight={0: 1.0, 1: 3.0}."
            )
        if not hasattr(self, "model_") and classes is None:
            raise MicrogradValueError(
                "the first partial_fit() has to be told which classes there are: partial_fit(X, y, classes=[0, 1])"
            )
        if (
            hasattr(self, "model_")
            and classes is not None
            and not np.array_equal(self.classes_, unique_labels(classes))
        ):
            raise MicrogradValueError(
                f"partial_fit(classes={classes!r:.80}): the first call said {self.classes_.tolist()!r:.80}. Say the "
                "same, or leave classes away after the first call."
            )

    def predict(self, X: Any) -> Array:
        """The likeliest class of each sample, shape (samples,); of several labels a sample, 0 or 1 for each."""
        chosen = self._chosen(self._scores(X))
        if self._is_multilabel:
            return chosen.astype(int)
        labels: Array = self.classes_[np.minimum(chosen, len(self.classes_) - 1)]
        return labels

    def predict_proba(self, X: Any) -> Array:
        """The probability of each class, shape (samples, classes), in the order of `classes_`."""
        scores = self._scores(X)
        if len(self.classes_) == 1:
            return np.ones((len(scores), 1))
        if self._is_multilabel:
            return np.asarray(sigmoid(scores))
        if self.n_outputs_ == 1:
            return np.hstack([sigmoid(-scores), sigmoid(scores)])
        return np.asarray(softmax(scores, axis=1))

    def predict_log_proba(self, X: Any) -> Array:
        """The logarithms of `predict_proba`."""
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))

    # ---- what `BaseMLP` asks ----------------------------------------------------------------------------------------

    def _learn_targets(self, y: Any, classes: Any) -> None:
        _require_one_kind(y)
        check_classification_targets(y)
        self._is_multilabel = type_of_target(y) == "multilabel-indicator"
        self.classes_ = unique_labels(y) if classes is None else unique_labels(classes)
        self.n_outputs_ = len(self.classes_) if self._is_multilabel or len(self.classes_) > 2 else 1
        self.out_activation_ = "softmax" if self.n_outputs_ > 1 and not self._is_multilabel else "logistic"

    def _encoded(self, y: Any) -> Array:
        if self._is_multilabel:
            y = np.asarray(y.toarray() if hasattr(y, "toarray") else y, float)
            return self._checked_outputs(y.reshape(len(y), -1))
        y = column_or_1d(y, warn=True)
        places = np.minimum(np.searchsorted(self.classes_, y), len(self.classes_) - 1)
        unknown = np.unique(y[self.classes_[places] != y])
        if len(unknown):
            raise MicrogradValueError(
                f"y has the classes {unknown.tolist()!r:.80}, which aren't among {self.classes_.tolist()!r:.80}. Fit "
                "anew, or name all of them: partial_fit(X, y, classes=...) on the first call."
            )
        return np.asarray(places if self.n_outputs_ > 1 else places[:, None], int if self.n_outputs_ > 1 else float)

    def _losses(self, scores: Any, targets: Any) -> Any:
        if self.out_activation_ == "softmax":
            return cross_entropy(scores, targets, reduction="none")
        return binary_cross_entropy_with_logits(scores, targets, reduction="none").sum(axis=1)

    def _chosen(self, scores: Array) -> Array:
        """What the scores say: the place of a class, or for each label whether it is there."""
        if self.out_activation_ == "softmax":
            return np.asarray(np.argmax(scores, axis=1))
        chosen: Array = np.greater(scores, 0.0)
        return chosen if self._is_multilabel else chosen[:, 0] * 1

    def _quality(self, found: Array, samples: Samples) -> float:
        is_right = self._chosen(found) == np.reshape(samples.targets, (len(samples), -1) if self._is_multilabel else -1)
        return float(np.average(is_right.all(axis=1) if self._is_multilabel else is_right, weights=samples.weights))

    def _weighted(self, y: Any, weights: Any) -> Any:
        if self.class_weight is None:
            return weights
        try:
            by_class = compute_sample_weight(self.class_weight, y)
        except (TypeError, ValueError) as error:
            raise MicrogradValueError(
                f'class_weight={self.class_weight!r:.80}: {error}. Give None, "balanced", or a dict with a weight for '
                "each class of y, class_weight={0: 1.0, 1: 3.0}."
            ) from error
        if not (np.isfinite(by_class).all() and by_class.min() >= 0.0 and by_class.any()):
            raise MicrogradValueError(
                f"class_weight={self.class_weight!r:.80}: weights are finite numbers of at least 0, not all of them 0. "
                "Write class_weight={0: 1.0, 1: 3.0}."
            )
        return by_class if weights is None else by_class * weights

    def _stratified_by(self, samples: Samples) -> Any:
        # As scikit-learn does: of more classes, one may have a single sample, which can't stand in both parts.
        return samples.targets if self.n_outputs_ == 1 and not self._is_multilabel else None

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags
