"""Functions of functions: gradients, products with Jacobians, Jacobians and Hessians.

Each takes a function of floats, arrays, Values, Tensors, or nested lists, tuples and dicts of them, and returns
another. The function is run once on variables that record it; then the graph is swept, backwards (`vjp`, `grad`) or
forwards (`jvp`). Given plain numbers and arrays they return plain ones, also where `f` knows Values or Tensors from
elsewhere. Given Values or Tensors they return Values or Tensors that are recorded themselves, as is what they return
while another transform runs on whose variables it depends: that is how they nest, in any order and to any depth.
"""

from __future__ import annotations

import functools
from typing import Any

from micrograd.engine.arguments.callables import require_function
from micrograd.engine.arguments.calls import naming_arguments
from micrograd.engine.arguments.kinds import kind_of
from micrograd.engine.arguments.numeric import is_real
from micrograd.engine.arguments.trees import flatten, map_leaves
from micrograd.engine.batching.tracer import core, spread_over
from micrograd.engine.differentiation.forward import in_kind_of
from micrograd.engine.differentiation.outputs import check_numbers, number_and_more, one_number, weighed_sum
from micrograd.engine.differentiation.runs import (
    Function,
    has_variables,
    is_symbolic,
    plain,
    run_on_variables,
    sweeping,
)
from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.engine.graph import Node


@naming_arguments
def grad(f: Function, argnums: int | tuple[int, ...] = 0, has_aux: bool = False) -> Function:
    """A function that computes the gradient of `f` by its argument `argnums`, in that argument's structure.

    Args:
        f: Returns a single number: a Value, or a Tensor of one element.
        argnums: The position of the argument, or a tuple of positions, which gives a tuple of gradients.
        has_aux: Whether `f` returns a pair `(number, anything)`; the gradient function then returns
            `(gradient, anything)`.

    Raises:
        GraphError: If `f` returns anything else.
        MicrogradIndexError: If there is no such argument.
        MicrogradValueError: If `argnums` names an argument twice.

    Example:
        >>> grad(lambda x: x * x * x)(3.0)
        27.0
        >>> grad(grad(lambda x: x * x * x))(3.0)
        18.0
    """
    require_function("grad", f, "grad(f)(x)")
    both = value_and_grad(f, argnums, has_aux)

    def gradient(*args: Any, **kwargs: Any) -> Any:
        value, slopes = both(*args, **kwargs)
        return (slopes, value[1]) if has_aux else slopes

    return gradient


@naming_arguments
def value_and_grad(f: Function, argnums: int | tuple[int, ...] = 0, has_aux: bool = False) -> Function:
    """Like `grad`, but returns the pair `(value of f, gradient)`.

    Example:
        >>> value_and_grad(lambda w: w["a"] * w["b"])({"a": 2.0, "b": 5.0})
        (10.0, {'a': 5.0, 'b': 2.0})
    """
    require_function("value_and_grad", f, "value_and_grad(f)(x)")

    def both(*args: Any, **kwargs: Any) -> Any:
        positions = argnums if isinstance(argnums, tuple) else (argnums,)
        result, run = run_on_variables(f, args, positions, kwargs)
        out, aux = number_and_more(result) if has_aux else (result, None)
        with sweeping():
            slopes = run.pull_back(one_number(out), run.ones(out))
        value = run.finished(out)
        return ((value, run.finished_nodes(aux)) if has_aux else value), (
            tuple(slopes) if isinstance(argnums, tuple) else slopes[0]
        )

    return both


@naming_arguments
def vjp(f: Function, *primals: Any) -> tuple[Any, Function]:
    """The value of `f`, and the function that maps a gradient of the output to the gradients of the arguments.

    Returns:
        `(out, pull_back)`; `pull_back(g)`, with g in the structure of `out`, gives a tuple, one entry an argument.

    Raises:
        MicrogradTypeError: If `f` returns what is neither numbers nor arrays.
        MicrogradValueError: By `pull_back`, if g has not the structure and the shapes of `out`.

    Example:
        >>> out, pull_back = vjp(lambda x, y: x * y, 3.0, 5.0)
        >>> out, pull_back(10.0)
        (15.0, (50.0, 30.0))
    """
    require_function("vjp", f, "out, pull_back = vjp(f, x)")
    positions = tuple(range(len(primals)))
    out, run = run_on_variables(f, primals, positions, {})
    check_numbers("vjp", out)

    def pull_back(g: Any) -> tuple[Any, ...]:
        root, own, is_nested, parts = out, run, has_variables(g), flatten(g)[0]
        if run.shares(parts):  # within vmap, each row has a gradient of its own, and so variables of its own
            rows = map_leaves(functools.partial(spread_over, others=parts), primals)
            root, own = run_on_variables(f, rows, positions, {})
        with sweeping():
            total = weighed_sum(flatten(root)[0], parts)
            return tuple(own.pull_back(total, own.ones(total, is_nested), is_nested))

    return map_leaves(run.finished, out), pull_back


@naming_arguments
def jvp(f: Function, primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Any, Any]:
    """The value of `f` at `primals`, and its derivative in the direction `tangents`, by forward mode.

    Raises:
        MicrogradValueError: If there isn't one tangent for each number or array, of its shape.

    Example:
        >>> jvp(lambda x, y: x * y, (3.0, 5.0), (1.0, 0.0))
        (15.0, 5.0)
    """
    require_function("jvp", f, "jvp(f, (x,), (dx,))")
    given: tuple[Any, Any] = primals, tangents
    if not all(isinstance(part, (tuple, list)) for part in given):
        raise MicrogradTypeError(
            f"jvp(f, primals, tangents) takes a tuple of arguments and one of directions, but was given "
            f"{kind_of(primals)} and {kind_of(tangents)}. Write jvp(f, (x,), (dx,))."
        )
    primals, tangents = tuple(primals), tuple(tangents)
    leaves, directions = flatten(primals)[0], flatten(tangents)[0]
    if len(leaves) != len(directions):
        raise MicrogradValueError(
            f"jvp(f, primals, tangents): {len(leaves)} numbers or arrays, but {len(directions)} directions; give one "
            "each, as in jvp(f, (x, y), (dx, dy))"
        )
    primals = map_leaves(lambda x, tangent: spread_over(x, [tangent]), primals, tangents)
    out, run = run_on_variables(f, primals, tuple(range(len(primals))), {})
    check_numbers("jvp", out)
    run.is_nested = run.is_nested or has_variables(tangents)
    moves = {
        core(variable): _direction(
            core(variable), core(spread_over(tangent, [variable])), run.is_nested or run.is_traced
        )
        for variable, tangent in zip(flatten(run.variables)[0], directions, strict=True)
    }
    with sweeping():
        moved = map_leaves(lambda root: run.tangent_of(root, moves), out)
    return map_leaves(run.finished, out), moved


@naming_arguments
def hvp(f: Function, primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> Any:
    """The Hessian of `f` times a vector, without the Hessian: forward mode over reverse mode (Pearlmutter 1994).

    Example:
        >>> hvp(lambda x: x * x * x, (3.0,), (10.0,))
        180.0
    """
    return jvp(grad(f), primals, tangents)[1]


@naming_arguments
def jacobian(f: Function, argnums: int | tuple[int, ...] = 0) -> Function:
    """A function that computes the derivative of every output of `f` by every element of one argument.

    With a tuple for `argnums` there is a tuple of derivatives, one by each of these arguments.

    For an argument of shape `a` and an output of shape `o` it has shape `o + a`; for lists of numbers it is a list
    of lists.

    Example:
        >>> jacobian(lambda xy: [xy[0] * xy[1], xy[0] + xy[1]])([3.0, 5.0])
        [[5.0, 3.0], [1.0, 1.0]]
    """
    require_function("jacobian", f, "jacobian(f)(x)")

    def derivative(*args: Any, **kwargs: Any) -> Any:
        positions = argnums if isinstance(argnums, tuple) else (argnums,)
        out, run = run_on_variables(f, args, positions, kwargs)
        check_numbers("jacobian", out)
        with sweeping():
            return map_leaves(lambda root: chosen(run.rows_of(root)), out)

    def chosen(rows: list[Any]) -> Any:
        return tuple(rows) if isinstance(argnums, tuple) else rows[0]

    return derivative


@naming_arguments
def hessian(f: Function, argnums: int | tuple[int, ...] = 0) -> Function:
    """A function that computes the second derivatives of `f` by one argument: the Jacobian of its gradient.

    With a tuple for `argnums` there is a tuple of tuples: by each of these arguments and by each again.

    Example:
        >>> hessian(lambda xy: xy[0] * xy[0] * xy[1])([3.0, 5.0])
        [[10.0, 6.0], [6.0, 0.0]]
    """
    require_function("hessian", f, "hessian(f)(x)")
    return jacobian(grad(f, argnums), argnums)


def _direction(variable: Any, tangent: Any, is_nested: bool) -> Any:
    """A tangent in the shape and dtype of its variable, as a node if the result is to be differentiated again."""
    data = variable if is_symbolic(variable) else variable._data
    shape, given = getattr(data, "shape", ()), getattr(tangent, "shape", ())
    if shape != given:
        raise MicrogradValueError(f"a tangent of shape {given} for an argument of shape {shape}: they must agree")
    if isinstance(tangent, Node):
        tangent = in_kind_of(variable, tangent) if is_nested else plain(tangent)
    elif tangent.dtype.kind not in "biuf" if hasattr(tangent, "dtype") else not is_real(tangent):
        raise MicrogradTypeError(
            f"a tangent is of real numbers, but was given {tangent!r:.60}. Write jvp(f, (x,), (1.0,))."
        )
    elif given and not is_symbolic(tangent):
        from micrograd.engine.arrays.data import own_copy

        tangent = own_copy("jvp", tangent)  # without what a subclass would make of it
    if is_nested and isinstance(variable, Node) and not isinstance(tangent, Node):
        move = variable._probe()
        move._data = move._data + tangent
        tangent = move
    dtype = getattr(data, "dtype", None)
    return tangent if dtype is None or getattr(tangent, "dtype", dtype) == dtype else tangent.astype(dtype)
