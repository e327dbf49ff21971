"""A data set in one line of bounded length, however many classes it has and however long their names are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

SHOWN = 4


def summary_line(name: str, X: NDArray[Any], y: NDArray[Any], target_names: Sequence[str]) -> str:
    """`<Dataset 'tiny': 2 samples, 2 features, 2 classes: no (1), yes (1)>`."""
    targets = _classes(y, target_names) if y.dtype.kind == "i" else _range(y)
    return f"<Dataset {shortened(name, 40)!r}: {X.shape[0]} samples, {X.shape[1]} features, {targets}>"


def shortened(text: str, length: int) -> str:
    """`("abcdefgh", 6)` -> `"abc..."`."""
    return text if len(text) <= length else text[: length - 3] + "..."


def listed(names: Sequence[str]) -> str:
    """`a, b, c, d, ... (9)`."""
    more = f", ... ({len(names)})" if len(names) > SHOWN else ""
    return ", ".join(shortened(name, 20) for name in names[:SHOWN]) + more


def _classes(y: NDArray[Any], target_names: Sequence[str]) -> str:
    counts = Counter(y.tolist())
    labels = range(len(target_names)) if target_names else sorted(counts)
    names = [target_names[label] if target_names else str(label) for label in labels[:SHOWN]]
    shown = [f"{shortened(name, 20)} ({counts[label]})" for name, label in zip(names, labels, strict=False)]
    return f"{len(labels)} classes: " + ", ".join(shown) + (", ..." if len(labels) > SHOWN else "")


def _range(y: NDArray[Any]) -> str:
    return f"targets from {float(np.min(y)):.4g} to {float(np.max(y)):.4g}"
