"""log_softmax and the primitives that take integer labels (`ops/neural/labels.py`), as loops over samples and classes.

A label that doesn't count is taken for 0 where it is read, and what came of it is then set to 0. That the others are in
range is checked before the loops run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from micrograd.engine.jit.backends.accesses import Access

_SAMPLE, _CLASS, _LABEL = ["i0", "i1"], ["i0", "i1"], ["i0", "label"]


def log_softmax(x: Access, out: Access) -> list[str]:
    """How far each number of a row lies below the logarithm of the sum of all exponentials."""
    number, classes = x.at(_CLASS), f"    for i1 in range({x.shape[1]}):"
    return [
        f"for i0 in range({x.shape[0]}):",
        "    place = 0",
        f"    top = {x.at(['i0', '0'])}",
        classes,
        f"        if ({number} > top) | ({number} != {number}):",
        "            place = i1",
        f"            top = {number}",
        "    others = 0.0",
        classes,
        f"        others = others + (0.0 if i1 == place else math.exp({number} - top))",
        "    rest = math.log1p(others)",
        # Computed as `top - (top + rest)`, as it may be, a small rest would be lost.
        "    at_top = -rest if top < math.inf else math.nan",
        classes,
        f"        {out.at(_CLASS)} = at_top if i1 == place else {number} - top - rest",
    ]


def _slopes(labels: str, samples: int, params: dict[str, Any], log_p: Access, g: Access, out: Access) -> list[str]:
    """What `cross_entropy_slope` gives: the probabilities, minus 1 at the label, times g or a mean's share of it."""
    classes = f"    for i1 in range({log_p.shape[1]}):"
    lines, share = [], g.at(["i0"])
    if params["reduction"] == "mean":
        lines, share = [*_counting(labels, samples, params, 1.0), f"share = {share} / counted"], "share"
    return [
        *lines,
        f"for i0 in range({samples}):",
        *_label(labels, params),
        classes,
        f"        {out.at(_CLASS)} = math.exp({log_p.at(_CLASS)}) * {share}",
        f"    {out.at(_LABEL)} = math.expm1({log_p.at(_LABEL)}) * {share}",
        f"    if {labels}[i0] == {params['ignore_index']}:",
        f"    {classes}",
        f"            {out.at(_CLASS)} = 0.0",
    ]


def _losses(labels: str, samples: int, params: dict[str, Any], x: Access, log_p: Access, out: Access) -> list[str]:
    """What `cross_entropy_of_labels` gives."""
    ignored, reduction = params["ignore_index"], params["reduction"]
    add = f"{out.at(['i0'])} = loss" if reduction == "none" else "total = total + loss"
    lines = [] if reduction == "none" else ["total = 0.0", "counted = 0.0"]
    lines += [
        f"for i0 in range({samples}):",
        *_label(labels, params),
        f"    loss = 0.0 if {labels}[i0] == {ignored} else -{log_p.at(_LABEL)}",
        f"    {add}",
    ]
    if reduction != "none":
        lines += [f"    counted = counted + ({labels}[i0] != {ignored})"]
        lines += [f"{out.at([])} = total{' / counted' * (reduction == 'mean')}"]
    return lines


def _count(labels: str, samples: int, params: dict[str, Any], out: Access) -> list[str]:
    """How many labels count, or the least that is wanted."""
    return [*_counting(labels, samples, params, float(params["least"])), f"{out.at([])} = counted"]


def _counting(labels: str, samples: int, params: dict[str, Any], least: float) -> list[str]:
    return [
        "counted = 0.0",
        f"for i0 in range({samples}):",
        f"    counted = counted + ({labels}[i0] != {params['ignore_index']})",
        f"counted = counted if counted > {least} else {least}",
    ]


def _label(labels: str, params: dict[str, Any]) -> list[str]:
    """The label of a sample, 0 for one that doesn't count."""
    return [
        f"    label = {labels}[i0]",
        f"    if label == {params['ignore_index']}:",
        "        label = 0",
    ]


LABEL_LOOPS: dict[str, Callable[..., list[str]]] = {
    "count_labels": _count,
    "cross_entropy_of_labels": _losses,
    "cross_entropy_slope": _slopes,
}
"""Lines, from the name of the labels, how many there are, settings, where the operands lie, and where the result."""
