"""MicroGrad's autograd engine: scalar `Value`s and NumPy `Tensor`s that remember how they were computed.

Example:
    >>> from micrograd.engine import Value, tanh
    >>> x, w = Value(0.5, label="x"), Value(2.0, label="w")
    >>> y = tanh(w * x)
    >>> y.backward()
    >>> round(y.data, 4), round(w.grad, 4)
    (0.7616, 0.21)

The names listed in `__all__` need the standard library alone. `Tensor`, `vmap` and the functions of arrays are imported
when first used, and need NumPy: `pip install "micrograd-engine[tensor]"`.
"""

import importlib
import importlib.util
import sys
import typing

from micrograd.engine.checking.api import check_gradients
from micrograd.engine.errors import (
    AnomalyError,
    GradientMismatch,
    GraphError,
    MicrogradAttributeError,
    MicrogradError,
    MicrogradIndexError,
    MicrogradTypeError,
    MicrogradValueError,
    MissingExtraError,
    ProgramError,
    TracingError,
)
from micrograd.engine.jit.api import jit
from micrograd.engine.observing.recording import no_grad
from micrograd.engine.ops.activations import (
    celu,
    elu,
    glu,
    hardsigmoid,
    hardswish,
    hardtanh,
    leaky_relu,
    logsigmoid,
    mish,
    prelu,
    relu,
    relu6,
    selu,
    sigmoid,
    silu,
    softplus,
    softsign,
)
from micrograd.engine.ops.choices import (
    abs,
    around,
    ceil,
    clamp,
    clamp_max,
    clamp_min,
    clip,
    copysign,
    floor,
    floor_divide,
    fmax,
    fmin,
    heaviside,
    isfinite,
    isinf,
    isnan,
    maximum,
    minimum,
    round,
    sign,
    trunc,
    where,
)
from micrograd.engine.ops.elementwise import (
    absolute,
    add,
    cbrt,
    div,
    divide,
    exp,
    exp2,
    expm1,
    fmod,
    log,
    log1p,
    log2,
    log10,
    mod,
    mul,
    multiply,
    neg,
    negative,
    pow,
    power,
    reciprocal,
    remainder,
    rsqrt,
    sqrt,
    square,
    sub,
    subtract,
)
from micrograd.engine.ops.error_function import erf, erfc, gaussian
from micrograd.engine.ops.gaussian_units import gelu, gelu_slope
from micrograd.engine.ops.identity import stop_gradient
from micrograd.engine.ops.op import primitive
from micrograd.engine.ops.shrinkage import hardshrink, lerp, logit, softshrink, tanhshrink, threshold
from micrograd.engine.ops.special import logaddexp, logaddexp2, sinc, xlogy
from micrograd.engine.ops.trigonometry import (
    acos,
    acosh,
    arccos,
    arccosh,
    arcsin,
    arcsinh,
    arctan,
    arctan2,
    arctanh,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    cos,
    cosh,
    deg2rad,
    degrees,
    hypot,
    rad2deg,
    radians,
    sin,
    sinh,
    tan,
    tanh,
)
from micrograd.engine.transforms import grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from micrograd.engine.value import Value

if typing.TYPE_CHECKING:
    from micrograd.engine.arrays.memory import keep_memory as keep_memory
    from micrograd.engine.batching.api import vmap as vmap
    from micrograd.engine.tensor import Tensor as Tensor
    from micrograd.engine.viz.anomaly.detection import detect_anomaly as detect_anomaly

__all__ = [
    "AnomalyError", "GradientMismatch", "GraphError", "MicrogradAttributeError", "MicrogradError",
    "MicrogradIndexError", "MicrogradTypeError", "MicrogradValueError", "MissingExtraError", "ProgramError",
    "TracingError", "Value", "abs", "absolute", "acos", "acosh", "add", "arccos", "arccosh", "arcsin", "arcsinh",
    "arctan", "arctan2", "arctanh", "around", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "ceil", "celu",
    "check_gradients", "clamp", "clamp_max", "clamp_min", "clip", "copysign", "cos", "cosh", "deg2rad", "degrees",
    "detect_anomaly", "div", "divide", "elu", "erf", "erfc", "exp", "exp2", "expm1", "floor", "floor_divide", "fmax",
    "fmin", "fmod", "gaussian", "gelu", "gelu_slope", "glu", "grad", "hardshrink", "hardsigmoid", "hardswish",
    "hardtanh", "heaviside", "hessian", "hvp", "hypot", "isfinite", "isinf", "isnan", "jacobian", "jit", "jvp",
    "keep_memory", "leaky_relu", "lerp", "log", "log1p", "log2", "log10", "logaddexp", "logaddexp2", "logit",
    "logsigmoid", "maximum", "minimum", "mish", "mod", "mul", "multiply", "neg", "negative", "no_grad", "pow",
    "power", "prelu", "primitive", "rad2deg", "radians", "reciprocal", "relu", "relu6", "remainder", "round", "rsqrt",
    "selu", "sigmoid", "sign", "silu", "sin", "sinc", "sinh", "softplus", "softshrink", "softsign", "sqrt", "square",
    "stop_gradient", "sub", "subtract", "tan", "tanh", "tanhshrink", "threshold", "trunc", "value_and_grad", "vjp",
    "where", "xlogy",
]  # fmt: skip


_HOMES = {
    "Tensor": "tensor",
    "detect_anomaly": "viz.anomaly.detection",
    "keep_memory": "arrays.memory",
    "vmap": "batching.api",
}


def __getattr__(name: str) -> typing.Any:
    """What needs NumPy, or is seldom needed, imported when first used."""
    if name.startswith("_") or importlib.util.find_spec(f"{__name__}.{name}"):
        raise _absent(name)  # a submodule: the import system will find it
    try:
        home = importlib.import_module(f"{__name__}.{_HOMES.get(name, 'arrays.functions')}")
    except ModuleNotFoundError as error:
        if error.name != "numpy":
            raise
        raise MissingExtraError(
            f"micrograd.engine has no {name!r} here. All that works on arrays needs NumPy: "
            'pip install "micrograd-engine[tensor]"'
        ) from None
    if name not in _HOMES and name not in home.__all__:
        from micrograd.engine.arrays.absent_names import ABSENT

        if name in ABSENT:
            raise ABSENT[name].error(__name__)
        raise _absent(name)
    found = globals()[name] = getattr(home, name)  # sooner the next time
    return found


def _absent(name: str) -> AttributeError:
    # With these two Python proposes a similar name.
    return AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name, obj=sys.modules[__name__])


def __dir__() -> list[str]:
    """All names, of which those of arrays are there where NumPy is."""
    names = {*globals(), *__all__}
    if importlib.util.find_spec("numpy"):
        names.update(_HOMES, importlib.import_module(f"{__name__}.arrays.functions").__all__)
    return [*names]
