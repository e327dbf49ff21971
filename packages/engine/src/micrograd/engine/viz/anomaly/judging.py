"""What is a bad number, and which operation is to blame for it.

An operation that is given a nan can't but pass it on, and one that is given an infinity may have been given it on
purpose, such as the -inf of a mask. So what counts is the operation that *first* makes a nan out of numbers, or an
infinity out of finite ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Literal

Kind = Literal["", "inf", "nan"]


def worst(data: Any) -> Kind:
    """What is worst in a number or an array.

    Example:
        >>> worst(1.0), worst(-math.inf), worst(math.nan), worst("text")
        ('', 'inf', 'nan', '')
    """
    if isinstance(data, (float, int)):
        return "" if math.isfinite(data) else "nan" if data != data else "inf"
    if getattr(getattr(data, "dtype", None), "kind", "") != "f":
        return ""
    import numpy as np

    return "" if np.isfinite(data).all() else "nan" if np.isnan(data).any() else "inf"


def made(out: Any, given: Iterable[Any]) -> Kind:
    """What an operation made that it wasn't given.

    Example:
        >>> made(math.nan, [math.inf, 0.0]), made(-math.inf, [-math.inf]), made(math.nan, [math.nan])
        ('nan', '', '')
    """
    kind = worst(out)
    if not kind:
        return ""
    kinds = set(map(worst, given))
    return "" if "nan" in kinds or kind in kinds else kind


def magnitude(data: Any) -> float:
    """The largest absolute value; 0 of nothing, and of what is no number.

    Example:
        >>> magnitude(-3.0)
        3.0
    """
    if not hasattr(data, "shape"):
        return abs(float(data)) if isinstance(data, (float, int)) else 0.0
    return float(abs(data).max()) if data.size else 0.0


def first_bad(data: Any, kind: Kind) -> tuple[int, ...]:
    """The index of the first bad number in an array; () for a single number.

    Example:
        >>> import numpy as np
        >>> first_bad(np.array([[1.0, 2.0], [np.nan, 4.0]]), "nan")
        (1, 0)
    """
    if not getattr(data, "shape", ()):
        return ()
    import numpy as np

    is_bad = np.isnan(data) if kind == "nan" else np.isinf(data)
    return tuple(int(i) for i in np.unravel_index(int(is_bad.argmax()), data.shape)) if is_bad.any() else ()


def at(data: Any, index: tuple[int, ...], shape: tuple[int, ...]) -> Any:
    """The number of an operand that belongs to an index of an elementwise result of this shape.

    Example:
        >>> import numpy as np
        >>> at(np.array([1.0, 2.0]), (4, 1), (5, 2))
        2.0
    """
    if not getattr(data, "shape", ()):
        return float(data)
    own = index[len(shape) - len(data.shape) :]
    return float(data[tuple(0 if length == 1 else i for i, length in zip(own, data.shape, strict=True))])
