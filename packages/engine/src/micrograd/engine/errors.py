"""Every exception that the engine raises on purpose.

::

    MicrogradError
    ├── MicrogradTypeError   (also a TypeError)       a thing of a kind that can't be used here
    ├── MicrogradValueError  (also a ValueError)      the right kind of thing, with a value that can't be used
    │   └── MicrogradIndexError  (also an IndexError)     an index or axis that isn't there
    ├── MicrogradAttributeError  (also an AttributeError)  a name that isn't there
    ├── GraphError           (also a RuntimeError)    a graph used in a way that has no right answer
    ├── TracingError         (also a TypeError)       code that jit can't write down, such as a branch on a traced value
    ├── ProgramError         (also a RuntimeError)    a program of the jit that isn't sound
    ├── GradientMismatch     (also an AssertionError) analytic and numeric gradients disagree
    ├── AnomalyError         (also a FloatingPointError) a nan, an infinity or a runaway gradient, under detect_anomaly
    └── MissingExtraError    (also an ImportError)    an optional dependency isn't installed

Catch `MicrogradError` for all of them, or the built-in that you would expect. A message says what happened,
why, and what to write instead.
"""

from typing import Any


class MicrogradError(Exception):
    """The root of every exception that MicroGrad raises on purpose.

    Example:
        >>> from micrograd.engine import Value
        >>> try:
        ...     Value("three")
        ... except MicrogradError as error:
        ...     print(type(error).__name__)
        MicrogradTypeError
    """


class MicrogradTypeError(MicrogradError, TypeError):
    """A thing of a kind that can't be used here, such as a string as data.

    Example:
        >>> from micrograd.engine import Value
        >>> Value("three")
        Traceback (most recent call last):
            ...
        micrograd.engine.errors.MicrogradTypeError: a Value holds one real number, but was given the text 'three'...
    """


class MicrogradValueError(MicrogradError, ValueError):
    """The right kind of thing with a value that can't be used, such as a negative learning rate.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.engine.viz import draw_dot
        >>> draw_dot(Value(1.0), rankdir="up")
        Traceback (most recent call last):
            ...
        micrograd.engine.errors.MicrogradValueError: rankdir='up' is no direction to draw in...
    """


class MicrogradIndexError(MicrogradValueError, IndexError):
    """An index or an axis that an array doesn't have.

    Example:
        >>> from micrograd.engine import Tensor
        >>> Tensor([1.0, 2.0])[5]
        Traceback (most recent call last):
            ...
        micrograd.engine.errors.MicrogradIndexError: getitem() of shapes (2,), index=5: index 5 is out of bounds...
    """


class MicrogradAttributeError(MicrogradError, AttributeError):
    """A name that isn't there; the message gives the code for what it stands for in PyTorch or NumPy.

    Example:
        >>> from micrograd.engine import Tensor
        >>> Tensor([[1.0, 2.0]]).view(2)
        Traceback (most recent call last):
            ...
        micrograd.engine.errors.MicrogradAttributeError: Tensor has no 'view'. Write t.reshape(9)...
    """


class GraphError(MicrogradError, RuntimeError):
    """A graph used in a way that has no right answer, or that is too large for what was asked.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.engine.viz import draw_dot
        >>> draw_dot(Value(1.0) + 2.0, max_nodes=1)
        Traceback (most recent call last):
            ...
        micrograd.engine.errors.GraphError: ...
    """


class TracingError(MicrogradError, TypeError):
    """Code that jit can't write down once for all data, such as a branch on a traced value.

    Example:
        >>> from micrograd.engine import jit
        >>> jit(lambda x: x if x > 0 else -x)(1.0)
        Traceback (most recent call last):
            ...
        micrograd.engine.errors.TracingError: a branch on a traced value...
    """


class ProgramError(MicrogradError, RuntimeError):
    """A program of the jit that isn't sound: a mistake in a pass, not in the user's code.

    Example:
        >>> from micrograd.engine import jit
        >>> square = jit(lambda x: x * x, backend="numpy")
        >>> square(3.0)
        9.0
        >>> square.program.instructions.clear()
        >>> square.program.check()
        Traceback (most recent call last):
            ...
        micrograd.engine.errors.ProgramError: the output v1 is never computed
    """


class GradientMismatch(MicrogradError, AssertionError):
    """Analytic and numeric gradients disagree; raised by `check_gradients` with both side by side.

    Example:
        >>> from micrograd.engine import check_gradients, stop_gradient, tanh
        >>> def wrong(x):  # the second x is a number to the engine, and a variable to the eye
        ...     return tanh(x) * stop_gradient(x)
        >>> try:
        ...     check_gradients(wrong, 0.5)
        ... except GradientMismatch as error:
        ...     print(type(error).__name__)
        GradientMismatch
    """


class AnomalyError(MicrogradError, FloatingPointError):
    """An operation gave a nan or an infinity, or a gradient ran away; raised under `detect_anomaly()`.

    Attributes:
        finding: What `find_bad` returns: the operation, its operands, the line, and more.

    Example:
        >>> from micrograd.engine import Value, detect_anomaly
        >>> with detect_anomaly():
        ...     y = Value(0.0).log()
        Traceback (most recent call last):
            ...
        micrograd.engine.errors.AnomalyError: log(0.0) gave -inf...
    """

    finding: Any = None

    def __reduce__(self) -> tuple[Any, ...]:
        # The message goes to another process, the graph stays here.
        return type(self), self.args


class MissingExtraError(MicrogradError, ImportError):
    """An optional dependency isn't installed; the message names the extra that brings it.

    Example:
        >>> try:
        ...     from micrograd.engine import Tensor
        ... except MissingExtraError as error:  # where there is no NumPy
        ...     print(error)  # ... pip install "micrograd-engine[tensor]"
    """
