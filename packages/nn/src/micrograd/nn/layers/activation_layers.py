"""Activations as layers: each applies the engine's function of the same name to every number, Values included."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops import activations, gaussian_units, trigonometry
from micrograd.engine.ops.neural import softmaxes
from micrograd.engine.ops.op import Op
from micrograd.engine.tensor import Tensor
from micrograd.nn.init import constant
from micrograd.nn.layers.checks import require_axis
from micrograd.nn.module import Module
from micrograd.nn.validation import real_number, whole_number

_MOST_AXES = 64  # of a NumPy array


class Activation(Module):
    """Base of the layers that apply a primitive to every number; a setting of it that is an attribute goes along."""

    function: Op

    def forward(self, x: Any) -> Any:
        """Of every number of an array, a Tensor, a Value or a list of Values."""
        settings = self._settings() if self.function.defaults else {}
        if x.__class__ is list:
            return [self.function(number, **settings) for number in x]
        return self.function(x, **settings)

    def settings(self) -> str:
        """The settings of the function."""
        return ", ".join(f"{name}={setting}" for name, setting in self._settings().items())

    def _settings(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.function.defaults if hasattr(self, name)}


class ReLU(Activation):
    """max(x, 0).

    Example:
        >>> ReLU()(-2.0)
        0.0
    """

    function = activations.relu


class ReLU6(Activation):
    """min(max(x, 0), 6).

    Example:
        >>> ReLU6()(7.5)
        6.0
    """

    function = activations.relu6


class LeakyReLU(Activation):
    """x, or negative_slope * x below 0.

    Args:
        negative_slope: The slope below 0.

    Example:
        >>> LeakyReLU(0.1)(-2.0)
        -0.2
    """

    function = activations.leaky_relu

    def __init__(self, negative_slope: float = 0.01) -> None:
        self.negative_slope = real_number(negative_slope, "negative_slope", "LeakyReLU(0.01)")


class ELU(Activation):
    """x, or alpha * (e**x - 1) below 0 (Clevert et al. 2015, arXiv:1511.07289).

    Args:
        alpha: Minus the limit far below 0.

    Example:
        >>> ELU()(2.0)
        2.0
    """

    function = activations.elu

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = real_number(alpha, "alpha", "ELU(1.0)")


class CELU(Activation):
    """x, or alpha * (e**(x / alpha) - 1) below 0 (Barron 2017, arXiv:1704.07483).

    Args:
        alpha: Minus the limit far below 0.

    Example:
        >>> CELU(0.5)(2.0)
        2.0
    """

    function = activations.celu

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = _not_zero(alpha, "alpha", "CELU(1.0)")


class SELU(Activation):
    """The scaled ELU that keeps mean 0 and variance 1 (Klambauer et al. 2017, arXiv:1706.02515).

    Example:
        >>> round(SELU()(1.0), 4)
        1.0507
    """

    function = activations.selu


class GELU(Activation):
    """x times the normal distribution function of x (Hendrycks & Gimpel 2016, arXiv:1606.08415).

    Args:
        approximate: "none", or "tanh" for the approximation that GPT-2 was trained with.

    Example:
        >>> round(GELU()(1.0), 4), round(GELU("tanh")(1.0), 4)
        (0.8413, 0.8412)
    """

    function = gaussian_units.gelu

    def __init__(self, approximate: str = "none") -> None:
        if approximate not in ("none", "tanh"):
            raise MicrogradValueError(f'approximate={approximate!r:.40} is "none" or "tanh". Write GELU("tanh").')
        self.approximate = approximate

    def settings(self) -> str:
        """The approximation, if there is one."""
        return "" if self.approximate == "none" else f"approximate={self.approximate!r}"


class SiLU(Activation):
    """x * sigmoid(x), also called swish (Elfwing et al. 2018, arXiv:1702.03118).

    Example:
        >>> round(SiLU()(1.0), 4)
        0.7311
    """

    function = activations.silu


class Mish(Activation):
    """x * tanh(softplus(x)) (Misra 2019, arXiv:1908.08681).

    Example:
        >>> round(Mish()(1.0), 4)
        0.8651
    """

    function = activations.mish


class Sigmoid(Activation):
    """1 / (1 + e**-x).

    Example:
        >>> Sigmoid()(0.0)
        0.5
    """

    function = activations.sigmoid


class LogSigmoid(Activation):
    """log(sigmoid(x)), exact far below 0.

    Example:
        >>> round(LogSigmoid()(0.0), 4)
        -0.6931
    """

    function = activations.logsigmoid


class Tanh(Activation):
    """The hyperbolic tangent.

    Example:
        >>> Tanh()(0.0)
        0.0
    """

    function = trigonometry.tanh


class Softplus(Activation):
    """log(1 + e**(beta x)) / beta.

    Args:
        beta: How sharply it bends.
        threshold: Where beta * x is larger, the result is x itself.

    Example:
        >>> round(Softplus()(0.0), 4)
        0.6931
    """

    function = activations.softplus

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        self.beta = _not_zero(beta, "beta", "Softplus(beta=1.0)")
        self.threshold = real_number(threshold, "threshold", "Softplus(threshold=20.0)")


class Softsign(Activation):
    """x / (1 + abs(x)).

    Example:
        >>> Softsign()(1.0)
        0.5
    """

    function = activations.softsign


class Hardtanh(Activation):
    """x, but at least min_val and at most max_val.

    Args:
        min_val: The least.
        max_val: The most.

    Example:
        >>> Hardtanh()(3.0)
        1.0
    """

    function = activations.hardtanh

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0) -> None:
        self.min_val = real_number(min_val, "min_val", "Hardtanh(-1.0, 1.0)")
        self.max_val = real_number(max_val, "max_val", "Hardtanh(-1.0, 1.0)")
        if not self.min_val < self.max_val:
            raise MicrogradValueError(
                f"min_val={min_val} isn't below max_val={max_val}: every output would be the same. Write "
                "Hardtanh(-1.0, 1.0)."
            )


class Hardsigmoid(Activation):
    """min(max(x + 3, 0), 6) / 6.

    Example:
        >>> Hardsigmoid()(0.0)
        0.5
    """

    function = activations.hardsigmoid


class Hardswish(Activation):
    """x * hardsigmoid(x) (Howard et al. 2019, arXiv:1905.02244).

    Example:
        >>> Hardswish()(3.0)
        3.0
    """

    function = activations.hardswish


class PReLU(Module):
    """x, or weight * x below 0, where the weight is learned (He et al. 2015, arXiv:1502.01852).

    Args:
        num_parameters: One weight for all, or as many as there are channels.
        init: What they begin at.

    Example:
        >>> float(PReLU()(Tensor(-2.0)).item())
        -0.5
    """

    def __init__(self, num_parameters: int = 1, init: float = 0.25) -> None:
        self.num_parameters = whole_number(num_parameters, "num_parameters", "PReLU(16)")
        self.init = real_number(init, "init", "PReLU(16, init=0.25)")
        self.weight = Tensor(constant((self.num_parameters,), self.init), requires_grad=True)

    def forward(self, x: Any) -> Any:
        """Of every number."""
        return activations.prelu(x, self.weight)

    def settings(self) -> str:
        """The number of weights."""
        return str(self.num_parameters)


class AlongAxis(Module):
    """Base of the layers that apply a function along an axis.

    Args:
        dim: The axis.

    Raises:
        MicrogradTypeError: If `dim` isn't a whole number.
    """

    function: Callable[..., Any]

    def __init__(self, dim: int = -1) -> None:
        self.dim = whole_number(dim, "dim", f"{type(self).__name__}(dim=-1)", least=-_MOST_AXES)

    def forward(self, x: Any) -> Any:
        """Along the axis."""
        return self.function(require_axis(x, self.dim, self), axis=self.dim)

    def settings(self) -> str:
        """The axis."""
        return f"dim={self.dim}"


class GLU(AlongAxis):
    """Gated linear unit: the first half along an axis times the sigmoid of the second (arXiv:1612.08083).

    Args:
        dim: The axis.

    Example:
        >>> GLU()(Tensor([1.0, 2.0, 0.0, 0.0]))
        Tensor([0.5, 1. ])
    """

    function = staticmethod(activations.glu)


class Softmax(AlongAxis):
    """Probabilities: e**x over the sum of e**x along an axis. Not before CrossEntropyLoss, which takes logits.

    Args:
        dim: The axis.

    Example:
        >>> Softmax()(Tensor([0.0, 0.0]))
        Tensor([0.5, 0.5])
    """

    function = softmaxes.softmax


class LogSoftmax(AlongAxis):
    """The logarithm of the softmax, exact where a probability is next to 0.

    Args:
        dim: The axis.

    Example:
        >>> LogSoftmax()(Tensor([0.0, -1000.0]))
        Tensor([    0., -1000.])
    """

    function = softmaxes.log_softmax


def _not_zero(value: float, name: str, example: str) -> float:
    number = real_number(value, name, example)
    if number == 0.0:
        raise MicrogradValueError(f"{name} is 0, and is divided by. Write {example}.")
    return number
