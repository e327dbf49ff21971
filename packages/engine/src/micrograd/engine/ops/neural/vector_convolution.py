"""NumPy's convolution and correlation of two vectors, by the primitive behind `conv1d`."""

from __future__ import annotations

from typing import Any

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.arguments import as_operand
from micrograd.engine.ops.arrays.padding import pad
from micrograd.engine.ops.arrays.rearranging import flip
from micrograd.engine.ops.arrays.shapes import reshape
from micrograd.engine.ops.naming import by_any_name
from micrograd.engine.ops.neural.convolution import conv1d


@by_any_name
def convolve(a: Any, v: Any, mode: str = "full") -> Any:
    """The convolution of two vectors, sum over i of a[n - i] v[i]: the coefficients of a product of polynomials.

    Args:
        a: A vector, or a number.
        v: Another one.
        mode: "full" for every n where the two overlap, len(a) + len(v) - 1 of them; "same" for as many of these, in the
            middle, as the longer one has; "valid" for those where the two overlap completely.

    Raises:
        MicrogradValueError: If one is empty or has several axes, or there is no such mode.

    Example:
        >>> convolve(np.array([1.0, 2.0]), np.array([1.0, 0.0, 3.0]))
        array([1., 2., 3., 6.])
    """
    a, v = _vector("convolve", a), _vector("convolve", v)
    longer, shorter = (a, v) if a.shape[0] >= v.shape[0] else (v, a)
    return _slid("convolve", longer, flip(shorter), mode)


@by_any_name
def correlate(a: Any, v: Any, mode: str = "valid") -> Any:
    """The correlation of two vectors, sum over i of a[n + i] v[i]; see `convolve`.

    Example:
        >>> correlate(np.array([1.0, 2.0, 4.0]), np.array([1.0, 1.0]))
        array([3., 6.])
    """
    a, v = _vector("correlate", a), _vector("correlate", v)
    if a.shape[0] >= v.shape[0]:
        return _slid("correlate", a, v, mode)
    return flip(_slid("correlate", v, a, mode))


def _vector(function: str, x: Any) -> Any:
    x = as_operand(function, x)
    x = x if x.ndim else reshape(x, shape=(1,))
    if x.ndim != 1 or not x.shape[0]:
        raise MicrogradValueError(f"{function}() of shape {tuple(x.shape)}: it takes vectors of at least one element")
    return x


def _slid(function: str, longer: Any, shorter: Any, mode: str) -> Any:
    """The sums of products at each place where the shorter one lies within the longer, after zeros at its ends."""
    n = shorter.shape[0]
    borders = {"full": (n - 1, n - 1), "same": (n // 2, n - 1 - n // 2), "valid": (0, 0)}
    if mode not in borders:
        raise MicrogradValueError(f"{function}(mode={mode!r}): take 'full', 'same' or 'valid'")
    padded = reshape(pad(longer, (borders[mode],)), shape=(1, -1))
    return reshape(conv1d(padded, reshape(shorter, shape=(1, 1, n))), shape=(-1,))
