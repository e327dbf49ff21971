"""Groups of parameters, each with its own learning rate and settings: an optimiser made of optimisers."""

from __future__ import annotations

from typing import Any

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError


def are_groups(parameters: Any) -> bool:
    """Whether the parameters are given in groups, as a list of dicts.

    Example:
        >>> are_groups([{"params": []}]), are_groups([])
        (True, False)
    """
    return isinstance(parameters, (list, tuple)) and bool(parameters) and isinstance(parameters[0], dict)


def made_groups(kind: type, groups: Any, settings: dict[str, Any]) -> list[Any]:
    """One optimiser for each group, of the same kind.

    Args:
        kind: The class.
        groups: Dicts with "params" and whatever differs from the settings.
        settings: Those of the groups that don't say otherwise.

    Raises:
        MicrogradTypeError: If a group is no dict with "params".
        MicrogradValueError: If a parameter is in two groups.
    """
    made = []
    for group in groups:
        if not isinstance(group, dict) or "params" not in group:
            raise MicrogradTypeError(
                f'a group of parameters is a dict with "params", but was given {group!r:.80}. Write '
                f'{kind.__name__}([{{"params": head, "lr": 0.1}}, {{"params": body}}], lr=0.01).'
            )
        made.append(kind(group["params"], **{**settings, **{k: v for k, v in group.items() if k != "params"}}))
    _require_apart(made)
    return made


def joined_groups(groups: list[Any], more: Any, settings: dict[str, Any]) -> list[Any]:
    """Those groups that there are, and one for each dict, of the same kind.

    Raises:
        MicrogradTypeError: If it is no dict with "params".
        MicrogradValueError: If a parameter is in two groups.
    """
    joined = [*groups, *made_groups(type(groups[0]), more, settings)]
    _require_apart(joined)
    return joined


def _require_apart(groups: list[Any]) -> None:
    parameters = [parameter for group in groups for parameter in group.parameters]
    if len(set(parameters)) < len(parameters):
        raise MicrogradValueError("a parameter is in two groups, and would take two steps at a time. Leave it in one.")
