"""An operation on Tensors as the graph of Values that it stands for: every product of a matmul, every exponential.

It computes the same numbers and the same gradients, along the textbook's formulas; the operation itself takes shorter
and safer ways. Left out: stacks of matrices, and operations other than matmul, a layer's affine map, softmax,
log_softmax and the cross-entropy of labels.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.graph import Node
from micrograd.engine.value import Value
from micrograd.engine.viz.operations import operands

if TYPE_CHECKING:
    import numpy as np

_MOST = 4000
"""The most operations of an expansion."""


@dataclass(frozen=True)
class Expansion:
    """An operation in scalars.

    Attributes:
        inputs: For each operand that is expanded, its numbers as Values, an array of its shape.
        outputs: The result's numbers as Values, an array of its shape.
        root: The sum of the outputs, each times the gradient that arrives at it: the gradients of `root` by the inputs
            are what the operation hands back.
    """

    inputs: tuple[np.ndarray, ...]
    outputs: np.ndarray
    root: Value


def expand(node: Node, upstream: Any = None) -> Expansion:
    """Show a matmul, affine map, softmax, log_softmax or cross-entropy of Tensors as a graph of Values.

    Args:
        node: The result of the operation: a vector or a matrix, or a loss.
        upstream: The gradient that arrives at it, of its shape; ones if not given.

    Raises:
        MicrogradTypeError: `node` isn't the result of one of these operations.
        MicrogradValueError: It is too large to be looked at, or `upstream` has another shape.

    Example:
        >>> from micrograd.engine import Tensor
        >>> W = Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True, label="W")
        >>> expansion = expand(W @ Tensor([10.0, 1.0]))
        >>> [out.data for out in expansion.outputs]
        [12.0, 34.0]
        >>> expansion.root.backward()
        >>> [[weight.grad for weight in row] for row in expansion.inputs[0]]
        [[10.0, 1.0], [10.0, 1.0]]
    """
    if not can_expand(node):
        what = f"the result of {node.op.name}" if getattr(node, "op", None) else kind_of(node)
        raise MicrogradTypeError(
            f"expand() shows {', '.join(_BUILDERS)} of vectors and matrices in scalars, but was given {what}. Give the "
            "result of one of these: expand(X @ W)."
        )
    if _operations(node) > _MOST:
        raise MicrogradValueError(
            f"{node.op.name} takes some {_operations(node)} scalar operations here, too many to be looked at. Run "
            "it on a few samples: expand(X[:2] @ W)."
        )
    inputs, outputs = _BUILDERS[node.op.name](node)
    return Expansion(inputs, outputs, _weighted_sum(outputs, upstream))


def can_expand(node: Any, most: float = math.inf) -> bool:
    """Whether `expand` takes this node, in at most so many scalar operations.

    Example:
        >>> can_expand(Value(2.0) * 3.0)
        False
    """
    if not isinstance(node, Node) or getattr(node.op, "name", "") not in _BUILDERS:
        return False
    shapes = [getattr(data, "shape", ()) for _, data in operands(node)]
    return all(len(shape) <= 2 for shape in shapes) and len(shapes[0]) > 0 and 0 < _operations(node) <= most


def _operations(node: Node) -> int:
    first, *_ = (data for _, data in operands(node))
    columns = node._data.shape[-1] if node.op.name in ("matmul", "affine") and node._data.ndim == first.ndim else 1
    return int(2 * first.size * columns)


def _weighted_sum(outputs: Any, upstream: Any) -> Value:
    import numpy as np

    weights = np.ones(outputs.shape) if upstream is None else np.asarray(upstream, float)
    if weights.shape != outputs.shape:
        raise MicrogradValueError(
            f"expand(): upstream has the shape {weights.shape}, but the result has {outputs.shape}. Leave it out "
            "for ones: expand(node)."
        )
    if outputs.shape == () and weights == 1.0:
        single: Value = outputs[()]
        return single
    terms = [out * _labelled(w, "g", index) for (index, out), w in zip(_items(outputs), weights.flat, strict=True)]
    return _total(terms)


# ---- the operations --------------------------------------------------------------------------------------------------


def _matmul(node: Node) -> tuple[tuple[Any, ...], Any]:
    x, y = (_values(operand, data, name) for (operand, data), name in zip(operands(node), "xy", strict=True))
    rows, columns = x.reshape(-1, x.shape[-1]), y.reshape(y.shape[0], -1)
    products = [[_total([a * b for a, b in zip(row, column, strict=True)]) for column in columns.T] for row in rows]
    return (x, y), _as_array(products, (*x.shape[:-1], *y.shape[1:]))


def _affine(node: Node) -> tuple[tuple[Any, ...], Any]:
    x, weight, bias = (_values(*operand, name) for operand, name in zip(operands(node), ("x", "W", "b"), strict=True))
    rows = x.reshape(-1, x.shape[-1])
    sums = [
        [_total([a * b for a, b in zip(row, neuron, strict=True)]) + b for neuron, b in zip(weight, bias, strict=True)]
        for row in rows
    ]
    return (x, weight, bias), _as_array(sums, node._data.shape)


def _softmax(node: Node) -> tuple[tuple[Any, ...], Any]:
    return _along_axis(node, lambda row: _shares([(x - max(v.data for v in row)).exp() for x in row]))


def _log_softmax(node: Node) -> tuple[tuple[Any, ...], Any]:
    return _along_axis(node, lambda row: [x - log_sum for log_sum in [_log_sum_exp(row)] for x in row])


def _along_axis(node: Node, function: Callable[[list[Value]], list[Value]]) -> tuple[tuple[Any, ...], Any]:
    import numpy as np

    [(operand, data)] = operands(node)
    axis = (node.params or {}).get("axis", -1)
    x = _values(operand, data, "x")
    rows = np.moveaxis(x, axis, -1)
    done = _as_array([function(list(row)) for row in rows.reshape(-1, rows.shape[-1])], rows.shape)
    return (x,), np.moveaxis(done, -1, axis)


def _cross_entropy(node: Node) -> tuple[tuple[Any, ...], Any]:
    (operand, data), (_, labels), _ = operands(node)
    settings = node.params or {}
    x = _values(operand, data, "x")
    rows = x.reshape(-1, x.shape[-1])
    kept = [label != settings.get("ignore_index") for label in labels.reshape(-1)]
    losses = [
        _log_sum_exp(row) - row[label] if is_kept else Value(0.0)
        for row, label, is_kept in zip(rows, labels.reshape(-1), kept, strict=True)
    ]
    if settings.get("reduction") == "none":
        return (x,), _as_array(losses, labels.shape)
    total = _total([loss for loss, is_kept in zip(losses, kept, strict=True) if is_kept])
    return (x,), _as_array([total / sum(kept) if settings.get("reduction") == "mean" else total], ())


_BUILDERS: dict[str, Callable[[Node], tuple[tuple[Any, ...], Any]]] = {
    "matmul": _matmul,
    "affine": _affine,
    "softmax": _softmax,
    "log_softmax": _log_softmax,
    "cross_entropy_of_labels": _cross_entropy,
}


def _shares(grown: list[Value]) -> list[Value]:
    total = _total(grown)
    return [part / total for part in grown]


def _log_sum_exp(row: Any) -> Value:
    largest = max(x.data for x in row)
    return cast(Value, _total([(x - largest).exp() for x in row]).log() + largest)


# ---- Values in arrays ------------------------------------------------------------------------------------------------


def _values(operand: Node | None, data: Any, name: str) -> Any:
    """An operand's numbers as Values, labelled by their places in it."""
    import numpy as np

    label = (operand.label if operand is not None else "") or name
    made = np.empty(data.shape, object)
    for index, number in np.ndenumerate(data):
        made[index] = _labelled(number, label, index)
    return made


def _labelled(number: Any, label: str, index: tuple[int, ...]) -> Value:
    return Value(float(number), label=f"{label}[{', '.join(map(str, index))}]" if index else label)


def _as_array(values: list[Any], shape: tuple[int, ...]) -> Any:
    import numpy as np

    flat = [value for part in values for value in (part if isinstance(part, list) else [part])]
    made = np.empty(len(flat), object)
    made[:] = flat
    return made.reshape(shape)


def _items(array: Any) -> Any:
    import numpy as np

    return list(np.ndenumerate(array))


def _total(terms: list[Value]) -> Value:
    first, *others = terms
    return sum(others, first)
