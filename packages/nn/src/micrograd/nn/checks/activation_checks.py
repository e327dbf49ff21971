"""Problems of what flows through the layers: units that are dead or saturated, layers that add nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np

from micrograd.engine.graph import Node
from micrograd.engine.tensor import Tensor
from micrograd.nn.checks.keeping import unchanged
from micrograd.nn.checks.report import Problem
from micrograd.nn.checks.watched import Operation, Step, numbers_of

_LINEAR = ("affine", "matmul")
_CARRIES = ("add", "mul", "sub", "neg")
_MOST_DEAD = 2 / 3  # of the units of a layer; in deep narrow nets half of them are at times, and do little harm


def dead_units(step: Step) -> Iterator[Problem]:
    """Relus that give 0 for every sample."""
    for operations in _by_layer(step, "relu relu6"):
        alive = _alive(operations, step)
        dead = len(alive) - int(np.count_nonzero(alive))
        if dead > _MOST_DEAD * len(alive) and len(alive) > 1:
            yield Problem(
                "dead relu units",
                step.where(operations[0].out),
                f"{dead} of {len(alive)} units give 0 for all {len(step.X)} samples",
                "the slope of relu is 0 there: no gradient reaches their weights, and they stay dead",
                "smaller weights and biases at the start (kaiming_uniform_), a lower learning rate, or leaky_relu",
            )


def _alive(operations: list[Operation], step: Step) -> np.ndarray:
    """Whether each unit of a layer was above 0 for any sample."""
    if not step.is_scalar:
        out = numbers_of(operations[0].out)
        axis = 1 if out.ndim == 4 else out.ndim - 1
        return np.asarray((np.moveaxis(out, axis, 0).reshape(out.shape[axis] if out.ndim else 1, -1) > 0).any(axis=1))
    units: dict[Any, bool] = defaultdict(bool)
    for operation in operations:
        units[_first_leaf(operation.out)] |= operation.out._data > 0
    return np.array(list(units.values()))


def _first_leaf(node: Node) -> Node:
    """The bias that a neuron's sum begins with, which tells it from other neurons."""
    while node.inputs:
        node = node.inputs[0]
    return node


def saturated(step: Step) -> Iterator[Problem]:
    """Hidden tanh and sigmoid units at the ends of their range."""
    for operations in _by_layer(step, "tanh sigmoid"):
        hidden = [operation for operation in operations if not _is_prediction(operation.out, step)]
        ends = np.concatenate([_at_the_ends(operation) for operation in hidden]) if hidden else np.array([])
        if ends.size and ends.mean() > 0.5:
            yield Problem(
                f"saturated {hidden[0].name}",
                step.where(hidden[0].out),
                f"{ends.mean():.0%} of its outputs are within 1% of the ends of the range",
                "the slope is near 0 there, so that hardly any gradient passes",
                "smaller initial weights (xavier_uniform_), scaled inputs, a normalisation before it; or relu, gelu",
            )


def _at_the_ends(operation: Operation) -> np.ndarray:
    out = numbers_of(operation.out).reshape(-1)
    return abs(out) > 0.98 if operation.name == "tanh" else abs(2.0 * out - 1.0) > 0.98


def no_nonlinearity(step: Step) -> Iterator[Problem]:
    """A linear layer right on another one."""
    for operation in step.of("affine matmul mul", "model"):
        if _reads_a_product(operation, step):
            layer = step.layer_of(operation.out) or "one weight"
            yield Problem(
                "nothing between two linear layers",
                step.where(operation.out),
                f"the layer of {layer} reads the output of another one as it is",
                "two linear layers in a row are one linear layer: depth without effect",
                "relu(x), tanh(x) or another activation between them",
            )
            return


def _reads_a_product(operation: Operation, step: Step) -> bool:
    """Whether the computed operand of a product with a parameter was such a product itself."""
    if not any(node in step.names for node in operation.nodes):
        return False
    node = next((node for node in operation.nodes if node.op is not None), None)
    if operation.name in _LINEAR:
        return (
            node is not None
            and node.op.name in _LINEAR
            and _has_parameter(node, step)
            and _has_one_use(node, step)
            and not _is_narrow(node, operation.out, step)
        )
    while node is not None and node.op is not None and node.op.name in _CARRIES:
        if node.op.name == "mul" and _has_parameter(node, step):
            return True
        node = node.inputs[-1] if node.op.name == "add" else node.inputs[0]
    return False


def _is_narrow(inner: Node, outer: Node, step: Step) -> bool:
    """Whether fewer numbers pass between two layers than go in and come out, as in an autoencoder: that has effect."""
    width = inner._data.shape[-1]
    weight = max((operand._data.size for operand in inner.inputs if operand in step.names), default=0)
    return bool(width < weight // width and width < outer._data.shape[-1])


def _has_one_use(node: Node, step: Step) -> bool:
    """Whether nothing else reads it, as the skip connection of a residual layer does."""
    return sum(any(operand is node for operand in other.operands) for other in step.operations) == 1


def _has_parameter(node: Node, step: Step) -> bool:
    return any(operand in step.names for operand in node.inputs)


def relu_at_the_end(step: Step) -> Iterator[Problem]:
    """A regression whose last operation is a relu."""
    y = step.y
    is_regression = y.size == step.outputs.size and ((y < 0).any() or (y != np.round(y)).any())
    if step.last_op not in ("relu", "relu6") or not is_regression:
        return
    yield Problem(
        "relu on the output of a regression",
        step.line_of(step.last, "the end of the model"),
        f"the last operation is a relu; {int((y < 0).sum())} of {y.size} targets are negative, and "
        f"{int((step.outputs == 0).sum())} outputs are 0",
        "no output is below 0, and where one is 0 the slope is 0 too: those samples teach nothing",
        "leave the last layer linear; softplus(x) where targets are positive by nature",
    )


def out_of_reach(step: Step) -> Iterator[Problem]:
    """Targets beyond the range of the last operation."""
    low, high = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}.get(step.last_op, (-np.inf, np.inf))
    y = step.y
    if y.size == step.outputs.size and np.isfinite(y).all() and ((y < low) | (y > high)).any():
        yield Problem(
            "targets out of reach",
            step.line_of(step.last, "the end of the model"),
            f"the last operation is {step.last_op}, from {low:g} to {high:g}, but targets go from {y.min():g} to "
            f"{y.max():g}",
            "what lies beyond is never reached: the units saturate on the way there, and stop to learn",
            "labels that fit, (y + 1) / 2 from -1 and 1 to 0 and 1; or a last layer that is linear",
        )


def constant_output(step: Step) -> Iterator[Problem]:
    """The same answer for every sample."""
    if not step.gradients or step.outputs.ndim == 0 or len(step.outputs) != len(step.X):
        return
    rows, samples = step.outputs.reshape(len(step.X), -1), step.X.reshape(len(step.X), -1)
    is_needed = len(np.unique(samples, axis=0)) > 1 and len(np.unique(step.y, axis=0)) > 1
    if is_needed and np.ptp(rows, axis=0).max() == 0 and not _last_weights_are_zero(step):
        yield Problem(
            "output that doesn't depend on the input",
            "model",
            f"all {len(rows)} samples get the same answer",
            "what the samples differ in was lost on the way: by a dead layer, a mean over the wrong axis, a 0",
            "find the layer where rows become equal: print(layer(X).data[:2]) one after the other",
        )


def _last_weights_are_zero(step: Step) -> bool:
    """A last layer that begins with zeros is a custom, and sound."""
    weights = [p for p in step.names if numbers_of(p).ndim == 2] or list(step.names)
    return not numbers_of(weights[-1]).any()


def mixed_samples(step: Step) -> Iterator[Problem]:
    """An answer that depends on other samples of the batch."""
    others = [] if step.is_scalar or step.X.dtype.kind != "f" or len(step.X) < 2 else _others(step)
    if others:
        yield Problem(
            "samples that mix",
            "model",
            f"the answer for sample 0 depends on samples {', '.join(map(str, others[:5]))} too",
            "a model must not see other samples of the batch: it is then another one for each batch, and useless for "
            "a single sample",
            "look for softmax, mean or norm over axis 0, and for reshape where permute_dims was meant",
        )


def _others(step: Step) -> list[int]:
    """The samples, beside itself, that the answer for the first one depends on."""
    X = Tensor(step.X[:8], requires_grad=True)
    with unchanged(*step.kept):
        if step.module is not None:
            step.module.eval()  # batch normalisation mixes samples while it trains, and rightly
        try:
            out = step.model(X)
        except Exception:
            return []  # it may take no batch but its own
        if not (isinstance(out, Tensor) and out.requires_grad and out.shape[:1] == X.shape[:1]):
            return []
        (out[0] ** 2).sum().backward()
    return [] if X.grad is None else [int(i) for i in np.unique(np.nonzero(X.grad)[0]) if i > 0]


def _by_layer(step: Step, names: str) -> list[list[Operation]]:
    """The operations of these names by layer; of Tensors each by itself."""
    layers: dict[str, list[Operation]] = defaultdict(list)
    for operation in step.of(names, "model"):
        layer = step.layer_of(operation.out)
        key = layer if step.is_scalar or layer not in layers else f"{layer} ({len(layers)})"
        layers[key].append(operation)
    return list(layers.values())


def _is_prediction(node: Node, step: Step) -> bool:
    predictions = step.predictions if isinstance(step.predictions, list) else [step.predictions]
    return any(node is prediction for prediction in predictions)


FAMILY = (dead_units, saturated, no_nonlinearity, relu_at_the_end, out_of_reach, constant_output, mixed_samples)
