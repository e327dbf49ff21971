"""How the derivative of an operation is written: in `x`, `y` and its result `out`, as Python would compute it.

The page shows these beside the numbers, which come from the engine's own rules and never from here; a test compares
the two. Operations that aren't listed show their numbers alone.
"""

from __future__ import annotations

DERIVATIVES: dict[str, tuple[str, ...]] = {
    "add": ("1", "1"),
    "sub": ("1", "-1"),
    "mul": ("y", "x"),
    "div": ("1 / y", "-x / y**2"),
    "neg": ("-1",),
    "reciprocal": ("-1 / x**2",),
    "pow": ("y * x**(y - 1)", "out * log(x)"),
    "square": ("2 * x",),
    "sqrt": ("1 / (2 * out)",),
    "rsqrt": ("-out / (2 * x)",),
    "cbrt": ("1 / (3 * out**2)",),
    "exp": ("out",),
    "expm1": ("exp(x)",),
    "exp2": ("log(2) * out",),
    "log": ("1 / x",),
    "log1p": ("1 / (1 + x)",),
    "log2": ("1 / (log(2) * x)",),
    "log10": ("1 / (log(10) * x)",),
    "sin": ("cos(x)",),
    "cos": ("-sin(x)",),
    "tan": ("1 + out**2",),
    "arcsin": ("1 / sqrt(1 - x**2)",),
    "arccos": ("-1 / sqrt(1 - x**2)",),
    "arctan": ("1 / (1 + x**2)",),
    "sinh": ("cosh(x)",),
    "cosh": ("sinh(x)",),
    "tanh": ("1 - out**2",),
    "arcsinh": ("1 / sqrt(x**2 + 1)",),
    "arctanh": ("1 / (1 - x**2)",),
    "hypot": ("x / out", "y / out"),
    "sigmoid": ("out * (1 - out)",),
    "logsigmoid": ("1 / (1 + exp(x))",),
    "softplus": ("1 / (1 + exp(-x))",),
    "relu": ("1 if x > 0 else 0",),
    "abs": ("1 if x > 0 else -1",),
    "sign": ("0",),
    "floor": ("0",),
    "ceil": ("0",),
    "trunc": ("0",),
    "round": ("0",),
    "floor_divide": ("0", "0"),
    "maximum": ("1 if x > y else 0", "1 if y > x else 0"),
    "minimum": ("1 if x < y else 0", "1 if y < x else 0"),
    "erf": ("2 / sqrt(pi) * exp(-x**2)",),
}
"""By the name of the primitive, the local derivative by each operand."""

HANDED_BACK: dict[str, tuple[str, ...]] = {
    "matmul": ("g @ yᵀ", "xᵀ @ g"),
    "affine": ("g @ weight", "gᵀ @ x", "g, summed over the rows of x"),
    "sum": ("g, repeated along what was summed",),
    "mean": ("g / count, repeated",),
    "max": ("g where the maximum was, else 0",),
    "min": ("g where the minimum was, else 0",),
    "softmax": ("out · (g − Σ g · out)",),
    "log_softmax": ("g − exp(out) · Σ g",),
    "logsumexp": ("g · softmax(x)",),
    "cross_entropy_of_labels": ("g · (softmax(x) − one-hot labels), a mean's share of it",),
    "reshape": ("g, in the shape of x",),
    "permute_dims": ("g, its axes put back",),
    "broadcast_to": ("g, summed along what was repeated",),
    "getitem": ("g at the places that were read, else 0",),
    "concatenate_op": ("the part of g that came from it",),
    "stack_op": ("the part of g that came from it",),
}
"""By the name of the primitive on arrays, what reaches each operand when `g` arrives."""


def derivatives(op: str) -> list[str]:
    """The local derivatives of a primitive, one for each operand; none if it isn't listed.

    Example:
        >>> derivatives("tanh")
        ['1 - out**2']
    """
    return list(DERIVATIVES.get(op, ()))


def handed_back(op: str) -> list[str]:
    """What a primitive on arrays hands back to each operand; none if it isn't listed.

    Example:
        >>> handed_back("matmul")
        ['g @ yᵀ', 'xᵀ @ g']
    """
    return list(HANDED_BACK.get(op, ()))
