"""Numbers and names as the short, safe text that stands on a picture.

Whatever a user puts into a label or into `data` comes out as one printable line. Escaping for a particular
format is not done here: `pictures/dot.py` and `pictures/svg.py` each know their own.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any

# XML and DOT can't hold control characters and lone surrogates at all; directional overrides would garble
# what follows.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")
_LINE_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")


def number_text(x: Any) -> str:
    """A number for a card: four decimals unless they would hide it; an array as its range.

    Example:
        >>> [number_text(x) for x in (24.70408, 0, -3e-7, 1234567.0, float("nan"))]
        ['24.7041', '0.0000', '-3e-07', '1.235e+06', 'nan']
    """
    if x is None:
        return "none"
    try:
        return _array_text(x) if getattr(x, "shape", ()) else _float_text(float(x))
    except (AttributeError, TypeError, ValueError, OverflowError):
        # `data` is writable, so anything may be in there; a picture is no place to complain about it.
        return f"<{type(x).__name__}>"


def _float_text(x: float) -> str:
    fits = x == 0.0 or 1e-3 <= abs(x) < 1e5
    return f"{x:.4f}" if fits or not math.isfinite(x) else f"{x:.4g}"


def _array_text(x: Any) -> str:
    if not math.prod(x.shape):
        return "empty"
    return f"{_float_text(float(x.min()))} … {_float_text(float(x.max()))}"


def shape_text(shape: tuple[int, ...]) -> str:
    """The shape of an array; the empty string for a scalar.

    Example:
        >>> shape_text((2, 3))
        '2×3'
    """
    return "×".join(map(str, shape))


def exact_text(x: Any) -> str:
    """All digits of a number, for a tooltip; an array or anything else as on the card.

    Example:
        >>> exact_text(1 / 3)
        '0.3333333333333333'
    """
    return float.__repr__(x) if isinstance(x, float) else number_text(x)


def one_line(text: object) -> str:
    r"""Text from a user as one printable line.

    Example:
        >>> one_line("hidden\nlayer \x00")
        'hidden↵layer �'
    """
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", _LINE_BREAK.sub("↵", str(text)).replace("\t", " "))


def columns(text: str) -> int:
    """How many columns of a fixed-width font the text takes: 2 for wide characters, 0 for combining ones.

    Example:
        >>> columns("w1"), columns("重み")
        (2, 4)
    """
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def _columns_of(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def clip(text: str, limit: int) -> str:
    """The text in at most `limit` columns; what is cut off is marked by an ellipsis.

    Example:
        >>> clip("layers[0].neurons[3].w[1]", 12)
        'layers[0].n…'
    """
    if columns(text) <= limit:
        return text
    kept, room = 0, limit - 1
    for character in text:
        room -= _columns_of(character)
        if room < 0:
            break
        kept += 1
    return text[:kept].rstrip("\N{ZERO WIDTH JOINER} ") + "…"
