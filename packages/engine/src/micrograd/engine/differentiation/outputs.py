"""What a function that is differentiated returned: whether it can be, and the sum of its outputs, weighed."""

from __future__ import annotations

from typing import Any

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.arguments.numeric import is_real
from micrograd.engine.arguments.trees import flatten
from micrograd.engine.errors import GraphError, MicrogradTypeError, MicrogradValueError
from micrograd.engine.graph import Node
from micrograd.engine.ops.identity import weighed

_NO_RETURN = " Is there a return at its end?"


def one_number(out: Any) -> Any:
    """The output of a function whose gradient is asked for, if it is a single number.

    Raises:
        GraphError: If it is anything else.
    """
    if is_real(out) or getattr(out, "size", int(isinstance(out, Node))) == 1:
        return out
    what = f"an array of shape {out.shape}" if hasattr(out, "shape") else kind_of(out)
    raise GraphError(
        f"a gradient is that of one number, but the function returned {what}. Reduce it, for example with "
        f".sum(), or ask for jacobian(f); for (number, more) pass has_aux=True.{_NO_RETURN if out is None else ''}"
    )


def number_and_more(result: Any) -> Any:
    """What a function returned that was said to return a pair.

    Raises:
        MicrogradTypeError: If it is no pair.
    """
    if isinstance(result, (tuple, list)) and len(result) == 2:
        return result
    raise MicrogradTypeError(
        f"has_aux=True is for functions that return a pair (number, more), but this one returned {kind_of(result)}: "
        f"{result!r:.60}. Return loss, more; or leave out has_aux."
    )


def _is_numeric(leaf: Any, kinds: tuple[str, ...] = ("b", "i", "u", "f")) -> bool:
    """Whether this is a number or an array of real ones, recorded or not."""
    return isinstance(leaf, Node) or is_real(leaf) or getattr(getattr(leaf, "dtype", None), "kind", "") in kinds


def check_numbers(name: str, out: Any) -> None:
    """See that a function returned numbers and arrays, or nests of them.

    Args:
        name: The transform.
        out: What was returned.

    Raises:
        MicrogradTypeError: If it returned anything else.
    """
    for leaf in flatten(out)[0]:
        if not _is_numeric(leaf, ("b", "i", "u", "f", "O")):  # and so is an array of Values
            raise MicrogradTypeError(
                f"{name}() is of functions that return numbers, arrays or nests of them, but this one returned "
                f"{kind_of(leaf)}: {leaf!r:.60}.{_NO_RETURN if leaf is None else ' Return the numbers alone.'}"
            )


def weighed_sum(roots: list[Any], seeds: list[Any]) -> Any:
    """One number whose gradient is that of all roots, each weighed by its seed.

    Raises:
        MicrogradValueError: If there isn't one seed of its shape for each root.
        MicrogradTypeError: If a seed is of anything but real numbers.
    """
    if len(roots) != len(seeds):
        raise MicrogradValueError(
            f"f has {len(roots)} outputs, but {len(seeds)} gradients were given for them. Give one for each, "
            "in the structure of what f returned: pull_back([g, h]) for a list of two."
        )
    total: Any = 0.0
    for root, seed in zip(roots, seeds, strict=True):
        if not _is_numeric(seed):
            raise MicrogradTypeError(
                f"a gradient is of real numbers, but was given {kind_of(seed)}: {seed!r:.60}. Write pull_back(1.0), or "
                "an array of the shape of the output."
            )
        shape, given = getattr(root, "shape", ()), getattr(seed, "shape", ())
        if shape != given:  # NumPy would broadcast one or the other
            raise MicrogradValueError(
                f"a gradient of shape {given} for an output of shape {shape}: they must agree. Write "
                "pull_back(np.broadcast_to(g, out.shape)), if that is meant."
            )
        term = weighed(root, seed)  # and not root * seed: the seed may depend on the output, and so on the variables
        total = total + (term.sum() if getattr(term, "shape", ()) else term)
    return total
