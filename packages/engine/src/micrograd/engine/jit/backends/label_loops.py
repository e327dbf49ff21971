"""The primitives that take integer labels (`ops/neural/labels.py`), as loops over samples and classes.

A label that doesn't count is taken for 0 where it is read, and what came of it is then set to 0. That the others are in
range is checked before the loops run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from micrograd.engine.jit.backends.accesses import Access

_SAMPLE, _CLASS, _LABEL = ["i0", "i1"], ["i0", "i1"], ["i0", "label"]


def _errors(labels: str, samples: int, params: dict[str, Any], x: Access, out: Access) -> list[str]:
    """softmax(x), minus 1 at the label, for `classification_error`."""
    classes = x.shape[1]
    return [
        f"for i0 in range({samples}):",
        *_label(labels, params),
        *_top(x),
        "    others = 0.0",
        f"    for i1 in range({classes}):",
        f"        part = math.exp({x.at(_CLASS)} - top)",
        f"        {out.at(_CLASS)} = part",
        "        others = others + (0.0 if i1 == label else part)",
        f"    total = others + {out.at(_LABEL)}",
        f"    for i1 in range({classes}):",
        f"        {out.at(_CLASS)} = {out.at(_CLASS)} / total",
        f"    {out.at(_LABEL)} = -others / total",
        f"    if {labels}[i0] == {params['ignore_index']}:",
        f"        for i1 in range({classes}):",
        f"            {out.at(_CLASS)} = 0.0",
    ]


def _losses(labels: str, samples: int, params: dict[str, Any], x: Access, error: Access, out: Access) -> list[str]:
    """What `cross_entropy_of_labels` gives, from the likeliest class."""
    ignored, reduction = params["ignore_index"], params["reduction"]
    add = f"{out.at(['i0'])} = loss" if reduction == "none" else "total = total + loss"
    lines = [] if reduction == "none" else ["total = 0.0", "counted = 0.0"]
    lines += [
        f"for i0 in range({samples}):",
        *_label(labels, params),
        *_top(x),
        "    loss = 0.0",
        f"    if {x.at(_LABEL)} == top:",
        f"        loss = -math.log1p({error.at(_LABEL)})",
        "    else:",
        f"        for i1 in range({x.shape[1]}):",
        f"            loss = {error.at(_CLASS)} if {x.at(_CLASS)} == top else loss",
        f"        loss = top - {x.at(_LABEL)} - math.log(loss)",
        f"    if {labels}[i0] == {ignored}:",
        "        loss = 0.0",
        f"    {add}",
    ]
    if reduction != "none":
        lines += [f"    counted = counted + ({labels}[i0] != {ignored})"]
        lines += [f"{out.at([])} = total{' / counted' * (reduction == 'mean')}"]
    return lines


def _count(labels: str, samples: int, params: dict[str, Any], out: Access) -> list[str]:
    """How many labels count, or the least that is wanted."""
    least = float(params["least"])
    return [
        "counted = 0.0",
        f"for i0 in range({samples}):",
        f"    counted = counted + ({labels}[i0] != {params['ignore_index']})",
        f"counted = counted if counted > {least} else {least}",
        f"{out.at([])} = counted",
    ]


def _label(labels: str, params: dict[str, Any]) -> list[str]:
    """The label of a sample, 0 for one that doesn't count."""
    return [
        f"    label = {labels}[i0]",
        f"    if label == {params['ignore_index']}:",
        "        label = 0",
    ]


def _top(x: Access) -> list[str]:
    """The largest number of a sample; nan if one of them is."""
    number = x.at(_CLASS)
    return [
        f"    top = {x.at(['i0', '0'])}",
        f"    for i1 in range({x.shape[1]}):",
        f"        top = {number} if ({number} >= top) | ({number} != {number}) else top",
    ]


LABEL_LOOPS: dict[str, Callable[..., list[str]]] = {
    "classification_error": _errors,
    "count_labels": _count,
    "cross_entropy_of_labels": _losses,
}
"""Lines, from the name of the labels, how many there are, settings, where the operands lie, and where the result."""
