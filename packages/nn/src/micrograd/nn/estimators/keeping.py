"""A fit that fails leaves the estimator as it was: its net, its optimiser, and all that it has noted."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from micrograd.engine.errors import MicrogradValueError


@contextmanager
def unchanged_by_failure(estimator: Any) -> Iterator[None]:
    """Put an estimator back if what is done within fails; Ctrl-C isn't a failure, and keeps what was learned so far.

    Args:
        estimator: An `MLPClassifier` or `MLPRegressor`, fitted or not.

    Raises:
        MicrogradValueError: If the loss became nan or infinite, in place of the `FloatingPointError` that says so.

    Example:
        >>> class Counter:
        ...     seen_ = [1]
        >>> counter = Counter()
        >>> counter.seen_ = [1]
        >>> try:
        ...     with unchanged_by_failure(counter):
        ...         counter.seen_.append(2)
        ...         counter.other_ = 3
        ...         raise ValueError
        ... except ValueError:
        ...     print(vars(counter))
        {'seen_': [1]}
    """
    before = {name: copy.copy(part) if _is_noted(name, part) else part for name, part in vars(estimator).items()}
    trained = [before["model_"], before["_trainer"].optimizer] if "_trainer" in before else []
    states = [part.state_dict() for part in trained]
    try:
        yield
    except Exception as error:
        vars(estimator).clear()
        vars(estimator).update(before)
        for part, state in zip(trained, states, strict=True):
            part.load_state_dict(state)
        if isinstance(error, FloatingPointError):
            raise _diverged(type(estimator).__name__, error.args[0]) from None
        raise


def _is_noted(name: str, part: Any) -> bool:
    """Whether training writes into it in place."""
    return isinstance(part, list) or name in ("_patience", "_rate")


def _diverged(name: str, loss: Any) -> MicrogradValueError:
    return MicrogradValueError(
        f"the loss of {name} became {loss}, and the model is as it was before. Bring the features to one scale, "
        "make_pipeline(StandardScaler(), ...), or give a smaller learning_rate_init."
    )
