"""What classifier and regressor share: from settings and arrays to a trained net."""

from __future__ import annotations

import warnings
from dataclasses import KW_ONLY, dataclass
from typing import Any, TypeVar

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from micrograd.engine.errors import MicrogradValueError
from micrograd.nn.estimators import settings
from micrograd.nn.estimators.epochs import Samples, Trainer
from micrograd.nn.estimators.keeping import unchanged_by_failure
from micrograd.nn.estimators.networks import build, scores
from micrograd.nn.estimators.patience import Patience
from micrograd.nn.estimators.rates import Rate
from micrograd.nn.layers.linear import Linear

_E = TypeVar("_E", bound="BaseMLP")
_FLOATS = (np.float64, np.float32)


@dataclass(eq=False, repr=False)
class BaseMLP(BaseEstimator):  # type: ignore[misc]
    """The settings, each with scikit-learn's name and default where it has one; the subclasses say what they mean."""

    hidden_layer_sizes: Any = (100,)
    activation: str = "relu"
    _: KW_ONLY
    solver: str = "adam"
    alpha: float = 0.0001
    dropout: float = 0.0
    batch_norm: bool = False
    batch_size: Any = "auto"
    learning_rate: str = "constant"
    learning_rate_init: float = 0.001
    power_t: float = 0.5
    max_iter: int = 200
    shuffle: bool = True
    random_state: Any = None
    tol: float = 0.0001
    verbose: Any = False
    warm_start: bool = False
    momentum: float = 0.9
    nesterovs_momentum: bool = True
    early_stopping: bool = False
    validation_fraction: float = 0.1
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8
    n_iter_no_change: float = 10

    # ---- what the subclasses say -------------------------------------------------------------------------------------

    def _learn_targets(self, y: Any, classes: Any) -> None:
        """Take note of what there is to predict: `n_outputs_` and the like."""
        raise NotImplementedError

    def _encoded(self, y: Any) -> np.ndarray[Any, Any]:
        """The targets as the loss takes them."""
        raise NotImplementedError

    def _losses(self, scores: Any, targets: Any) -> Any:
        """The loss of each sample."""
        raise NotImplementedError

    def _quality(self, found: Any, samples: Samples) -> float:
        """How good scores are, of which more is better."""
        raise NotImplementedError

    def _checked_outputs(self, targets: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Targets of as many columns as the net has outputs: of others NumPy would repeat one, or the net's."""
        if targets.shape[1] != self.n_outputs_:
            raise MicrogradValueError(
                f"y has {targets.shape[1]} outputs a sample, but {type(self).__name__} was fitted to "
                f"{self.n_outputs_}. Give as many, or fit anew: clone(estimator).fit(X, y)."
            )
        return targets

    def _weighted(self, y: Any, weights: Any) -> Any:
        """The weights of the samples, in view of their targets."""
        return weights

    def _stratified_by(self, samples: Samples) -> Any:
        """What is to be as frequent in the validation part as in the other."""
        return None

    # ---- fitting -----------------------------------------------------------------------------------------------------

    def fit(self: _E, X: Any, y: Any, sample_weight: Any = None) -> _E:
        """Learn from data.

        Args:
            X: Shape (samples, features), an array, a data frame or a sparse matrix.
            y: Shape (samples,), or (samples, outputs).
            sample_weight: How much each sample counts, shape (samples,).

        Returns:
            The estimator.

        Raises:
            ValueError: If data or settings can't be used, or the loss becomes nan or infinite.
        """
        is_first = not (self.warm_start and hasattr(self, "model_"))
        return self._fit(X, y, sample_weight, is_first, self.max_iter)

    def _fit_once(self: _E, X: Any, y: Any, sample_weight: Any, classes: Any = None) -> _E:
        """One more epoch; on the first call, the first one."""
        if self.early_stopping:
            raise MicrogradValueError(
                "partial_fit() takes one epoch, in which there is nothing to stop early. Write early_stopping=False, "
                "or fit()."
            )
        return self._fit(X, y, sample_weight, not hasattr(self, "model_"), 1, classes, is_partial=True)

    def _fit(
        self: _E,
        X: Any,
        y: Any,
        sample_weight: Any,
        is_first: bool,
        epochs: int,
        classes: Any = None,
        is_partial: bool = False,
    ) -> _E:
        settings.check(self)
        if not is_first:
            settings.require_same_net(self)
        with unchanged_by_failure(self):
            X, y = validate_data(
                self,
                X,
                y,
                accept_sparse="csr",
                dtype=_FLOATS,
                multi_output=True,
                y_numeric=self._is_numeric,
                reset=is_first,
            )
            if is_first:
                self._learn_targets(y, classes)
            samples = self._samples(X, y, sample_weight)
            self._rng = check_random_state(self.random_state)
            if is_first:
                self._begin(samples)
            if not is_partial or is_first:
                self._begin_training()
            self._trainer.alpha = self.alpha
            held_out = None
            if self.early_stopping:
                samples, held_out = self._split(samples)
            self._train(samples, held_out, epochs, is_partial)
        return self

    def _samples(self, X: Any, y: Any, sample_weight: Any) -> Samples:
        weights = None if sample_weight is None else _check_sample_weight(sample_weight, X, dtype=float)
        if weights is not None and not (weights.min() >= 0.0 and weights.any()):
            raise MicrogradValueError(
                "sample weights are at least 0, and not all of them are 0: what should be learned? "
                "Write sample_weight=None to count every sample once."
            )
        weights, targets = self._weighted(y, weights), self._encoded(y)
        if weights is None:
            return Samples(X, targets)
        is_there = (
            weights > 0.0
        )  # as if the others weren't there: they would still be in the batches, and in batch norm
        return Samples(X[is_there], targets[is_there], weights[is_there])

    def _begin(self, samples: Samples) -> None:
        """A new net, with the records of all its trainings."""
        sizes = [samples.X.shape[1], *settings.hidden_sizes(self), self.n_outputs_]
        self.model_ = build(sizes, self.activation, self.dropout, self.batch_norm, samples.X.dtype, self._rng)
        self._built = settings.of_net(self)
        self.n_layers_, self.t_ = len(sizes), 0
        self.loss_curve_: list[float] = []
        self.best_loss_: float | None = None
        self.best_validation_score_: float | None = None
        self.validation_scores_: Any = None  # lists, once something is put aside
        self.validation_loss_curve_: Any = None

    def _begin_training(self) -> None:
        """What a training keeps from epoch to epoch; with `warm_start` a new one for the net that there is."""
        if self.early_stopping and self.validation_scores_ is None:
            self.validation_scores_, self.validation_loss_curve_ = [], []
        optimizer = settings.make_optimizer(self.model_.parameters(), self)
        masks = np.random.RandomState(self._rng.randint(2**31 - 1)) if self.dropout else self._rng
        self._trainer = Trainer(self.model_, self._losses, optimizer, self.alpha, masks)
        self._rate = Rate(self.learning_rate, optimizer, self.power_t, self.max_iter)

    def _split(self, samples: Samples) -> tuple[Samples, Samples]:
        """What to learn from, and what to look at."""
        parts = [samples.X, samples.targets, *([] if samples.weights is None else [samples.weights])]
        by = self._stratified_by(samples)
        try:
            halves = train_test_split(*parts, random_state=self._rng, test_size=self.validation_fraction, stratify=by)
        except ValueError as error:
            raise MicrogradValueError(
                f"early_stopping=True puts {self.validation_fraction:g} of {len(samples)} samples aside, and can't: "
                f"{error} Give more samples, a larger validation_fraction, or early_stopping=False."
            ) from error
        held_out = Samples(*halves[1::2])
        if len(held_out) < 2:
            raise MicrogradValueError(
                f"early_stopping=True puts {len(held_out)} of {len(samples)} samples aside, of which nothing can be "
                "told. Give more samples, a larger validation_fraction, or early_stopping=False."
            )
        return Samples(*halves[::2]), held_out

    def _train(self, samples: Samples, held_out: Samples | None, epochs: int, is_partial: bool) -> None:
        if self.batch_norm and len(samples) < 2:
            raise MicrogradValueError(
                "batch_norm=True takes the variance of a batch, and 1 sample has none. Give more, or batch_norm=False."
            )
        size, order, best = settings.batch_size(self, len(samples)), np.arange(len(samples)), None
        self.n_iter_ = 0
        self._prepare_patience(held_out, is_partial)
        with _progress(self.verbose, epochs) as bar:
            while self.n_iter_ < epochs:
                if self.shuffle:
                    order = order[_permutation(len(order), self._rng)]
                self._note(self._trainer.epoch(samples, size, order), len(samples))
                is_best = self._look(held_out)
                if held_out is not None and is_best:
                    best = self.model_.state_dict()
                self._rate.after_epoch(self.t_)
                bar.update()
                bar.set_postfix(self._latest(), refresh=False)
                if self._patience.is_over and not self._goes_on():
                    break
            else:
                if not is_partial and not self._rate.has_an_end:
                    self._warn_of_the_end(epochs)
        if best is not None:
            self.model_.load_state_dict(best)

    def _prepare_patience(self, held_out: Samples | None, is_partial: bool) -> None:
        """Look for a lower loss than any before, or for the best score on the samples put aside by this fit."""
        if held_out is not None or self.best_loss_ is None:
            self._patience, self.best_loss_ = Patience(self.tol, self.n_iter_no_change), None
        elif not is_partial:
            self._patience.tol, self._patience.limit = self.tol, self.n_iter_no_change
            self._patience.renew()

    def _note(self, loss: float, count: int) -> None:
        self.n_iter_ += 1
        self.t_ += count
        self.loss_ = loss
        self.loss_curve_.append(loss)

    def _look(self, held_out: Samples | None) -> bool:
        """Take note of how good the net is; whether it is the best so far."""
        if held_out is None:
            is_best = self._patience.look(self.loss_)
            self.best_loss_ = self._patience.best
            return is_best
        found = scores(self.model_, held_out.X)
        losses = np.asarray(self._losses(found, held_out.targets))
        quality = self._quality(found, held_out)
        self.validation_scores_.append(quality)
        self.validation_loss_curve_.append(float(np.average(losses, weights=held_out.weights)))
        is_best = self._patience.look(-quality)
        self.best_validation_score_ = -self._patience.best
        return is_best

    def _goes_on(self) -> bool:
        self._patience.renew()
        return self._rate.shrink()

    def _warn_of_the_end(self, epochs: int) -> None:
        warnings.warn(
            f"{type(self).__name__} took all of its {epochs} epochs and was still getting better. "
            "Give a larger max_iter, or a larger tol.",
            ConvergenceWarning,
            stacklevel=5,
        )

    def _latest(self) -> dict[str, str]:
        """The last numbers, for the bar."""
        curve = self.validation_scores_
        return {"loss": f"{self.loss_:.4f}", **({"validation": f"{curve[-1]:.4f}"} if curve else {})}

    # ---- what was learned --------------------------------------------------------------------------------------------

    def _scores(self, X: Any) -> np.ndarray[Any, Any]:
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse="csr", dtype=_FLOATS, reset=False)
        return scores(self.model_, X.astype(self._trainer.dtype, copy=False))

    @property
    def coefs_(self) -> list[Any]:
        """The weights of each linear layer, shape (inputs, outputs)."""
        return [layer.weight.data.T for layer in self._linear_layers()]

    @property
    def intercepts_(self) -> list[Any]:
        """The biases of each linear layer, shape (outputs,)."""
        return [layer.bias.data for layer in self._linear_layers()]

    def _linear_layers(self) -> list[Any]:
        check_is_fitted(self)
        return [layer for layer in self.model_ if isinstance(layer, Linear)]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


def _permutation(count: int, rng: np.random.RandomState) -> np.ndarray[Any, Any]:
    """A new order, drawn as scikit-learn draws it."""
    order = np.arange(count)
    rng.shuffle(order)
    return order


def _progress(verbose: Any, epochs: int) -> Any:
    """A bar over the epochs."""
    from tqdm.auto import tqdm

    return tqdm(total=epochs, unit="epoch", disable=not verbose)
