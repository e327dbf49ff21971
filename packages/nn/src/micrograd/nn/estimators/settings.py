"""What an estimator was asked for, checked when it is fitted, as scikit-learn wants it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from micrograd.engine.errors import MicrogradValueError
from micrograd.nn.estimators.networks import ACTIVATIONS
from micrograd.nn.estimators.rates import SCHEDULES
from micrograd.nn.estimators.solvers import EfficientAdam, VelocitySGD
from micrograd.nn.optim import Adadelta, Adagrad, Adamax, Lion, NAdam, RAdam, RMSprop, Rprop
from micrograd.nn.validation import nonnegative, real_number, whole_number, yes_or_no

_SOLVERS: dict[str, Callable[[Any, Any], Any]] = {
    "adam": lambda p, my: EfficientAdam(p, my.learning_rate_init, (my.beta_1, my.beta_2), my.epsilon),
    "nadam": lambda p, my: NAdam(p, my.learning_rate_init, (my.beta_1, my.beta_2), my.epsilon),
    "radam": lambda p, my: RAdam(p, my.learning_rate_init, (my.beta_1, my.beta_2), my.epsilon),
    "adamax": lambda p, my: Adamax(p, my.learning_rate_init, (my.beta_1, my.beta_2), my.epsilon),
    "sgd": lambda p, my: VelocitySGD(
        p, my.learning_rate_init, my.momentum, nesterov=bool(my.nesterovs_momentum and my.momentum > 0)
    ),
    "rmsprop": lambda p, my: RMSprop(p, my.learning_rate_init),
    "adagrad": lambda p, my: Adagrad(p, my.learning_rate_init),
    "adadelta": lambda p, my: Adadelta(p, my.learning_rate_init),
    "lion": lambda p, my: Lion(p, my.learning_rate_init),
    "rprop": lambda p, my: Rprop(p, my.learning_rate_init),
}


_LOSSES = ("squared_error", "poisson")


def make_optimizer(parameters: Iterable[Any], estimator: Any) -> Any:
    """The optimiser that the estimator's `solver` names, with the settings that this one reads."""
    return _SOLVERS[estimator.solver](parameters, estimator)


def hidden_sizes(estimator: Any) -> list[int]:
    """The widths of the hidden layers.

    Raises:
        MicrogradTypeError: If they aren't whole numbers.
        MicrogradValueError: If one is below 1.
    """
    given = estimator.hidden_layer_sizes
    sizes = list(given) if isinstance(given, Iterable) else [given]
    example = f"{type(estimator).__name__}(hidden_layer_sizes=(100,))"
    return [whole_number(size, "each of hidden_layer_sizes", example) for size in sizes]


def batch_size(estimator: Any, count: int) -> int:
    """How many of so many samples a step takes.

    Raises:
        MicrogradTypeError, MicrogradValueError: If `batch_size` is neither "auto" nor a whole number from 1 on.
    """
    if isinstance(estimator.batch_size, str) and estimator.batch_size == "auto":
        # Rprop reads the signs of slopes alone, which a batch changes by chance.
        return count if estimator.solver == "rprop" else min(200, count)
    example = f'{type(estimator).__name__}(batch_size=32), or "auto"'
    return min(whole_number(estimator.batch_size, "batch_size", example), count)


def check(estimator: Any) -> None:
    """Refuse settings that make no sense.

    Raises:
        MicrogradTypeError: If one is of a wrong kind.
        MicrogradValueError: If one is out of range, or a name that isn't known.
    """
    name = type(estimator).__name__
    hidden_sizes(estimator)
    batch_size(estimator, 1)
    choices: dict[str, Iterable[str]] = {
        "activation": ACTIVATIONS,
        "solver": _SOLVERS,
        "learning_rate": SCHEDULES,
        "loss": _LOSSES,
    }
    for setting, known in choices.items():
        if hasattr(estimator, setting):  # a classifier's loss is always the cross-entropy
            _require_choice(name, setting, getattr(estimator, setting), known)
    for setting in ("alpha", "power_t", "tol", "momentum", "epsilon"):
        nonnegative(getattr(estimator, setting), setting, f"{name}({setting}={_default(estimator, setting)})")
    for setting in ("learning_rate_init", "validation_fraction"):
        _require_range(estimator, setting, 0.0, is_lowest_in=False)
    for setting in ("dropout", "beta_1", "beta_2"):
        _require_range(estimator, setting, 0.0, is_lowest_in=True)
    for setting in ("batch_norm", "shuffle", "warm_start", "nesterovs_momentum", "early_stopping"):
        yes_or_no(getattr(estimator, setting), setting, f"{name}({setting}=True)")
    whole_number(estimator.max_iter, "max_iter", f"{name}(max_iter=200)")
    if estimator.n_iter_no_change != float("inf"):
        whole_number(estimator.n_iter_no_change, "n_iter_no_change", f"{name}(n_iter_no_change=10)")


def of_net(estimator: Any) -> dict[str, Any]:
    """The settings that decide what net is built."""
    names = ("activation", "dropout", "batch_norm", *(("loss",) if hasattr(estimator, "loss") else ()))
    return {"hidden_layer_sizes": hidden_sizes(estimator), **{name: getattr(estimator, name) for name in names}}


def require_same_net(estimator: Any) -> None:
    """Refuse to go on with a net that was built by other settings than those of now.

    Raises:
        MicrogradValueError: Then.
    """
    for name, value in of_net(estimator).items():
        built = estimator._built[name]
        if value != built:
            raise MicrogradValueError(
                f"{name} is {value!r:.60}, but the net that this goes on with was built with {built!r:.60}. Fit anew, "
                f"clone(estimator).fit(X, y), or put it back: set_params({name}={built!r:.60})."
            )


def _require_choice(name: str, setting: str, given: Any, known: Iterable[str]) -> None:
    if not isinstance(given, str) or given not in known:
        first, *rest = known
        raise MicrogradValueError(
            f"{name}({setting}={given!r:.60}): there are {', '.join(map(repr, (first, *rest)))}. "
            f"Write {name}({setting}={first!r})."
        )


def _require_range(estimator: Any, setting: str, lowest: float, is_lowest_in: bool) -> None:
    """Refuse a number that isn't between `lowest` and 1; a learning rate may be larger."""
    call = f"{type(estimator).__name__}({setting}={_default(estimator, setting)})"
    number = real_number(getattr(estimator, setting), setting, call)
    highest = float("inf") if setting == "learning_rate_init" else 1.0
    if not (lowest <= number if is_lowest_in else lowest < number) or number >= highest:
        raise MicrogradValueError(
            f"{setting} must be {'at least' if is_lowest_in else 'above'} {lowest:g}"
            f"{'' if highest > 1.0 else ' and below 1'}, but is {number}. Write {call}."
        )


def _default(estimator: Any, setting: str) -> Any:
    return getattr(type(estimator), setting)
